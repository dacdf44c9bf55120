/* sys/json_time.h - times and days in JSON. Threads: any. */
#ifndef SYS_JSON_TIME_H
#define SYS_JSON_TIME_H

#include "base/json.h"

/* Writes "key":"2026-11-22T10:20:30Z", or the day alone; nothing for 0. */
void json_put_time(struct json *j, const char *key, int64_t time_ms);
void json_put_day(struct json *j, const char *key, int64_t time_ms);

#endif
