#include "sys/json_time.h"

#include "sys/clock.h"

void json_put_time(struct json *j, const char *key, int64_t time_ms)
{
    char text[32];
    if (time_ms == 0)
        return;
    clock_format_time(time_ms, text);
    json_put_text(j, key, text);
}

void json_put_day(struct json *j, const char *key, int64_t time_ms)
{
    char text[32];
    if (time_ms == 0)
        return;
    clock_format_day(time_ms, text);
    json_put_text(j, key, text);
}
