#include "log.h"

#include "base/json.h"

#include <string.h>
#include <unistd.h>

static const char *const names[] = {"error", "warn", "info", "debug"};

static bool is_plain(const char *text)
{
    for (const char *p = text; *p != '\0'; p++)
        if (*p <= ' ' || *p == '"' || *p == '=' || *p == '\\' || *p > '~')
            return false;
    return *text != '\0';
}

static void write_plain(struct buf *b, const char *key, const struct log_field *field)
{
    buf_fmt(b, "%s%s=", b->n > 0 ? " " : "", key);
    if (field->text == NULL) {
        buf_fmt(b, "%lld", (long long)field->number);
    } else if (is_plain(field->text)) {
        buf_str(b, field->text);
    } else {
        struct json j;
        json_init(&j, b);
        json_text(&j, field->text);
    }
}

static void write_json(struct json *j, const char *key, const struct log_field *field)
{
    if (field->text == NULL)
        json_put_i64(j, key, field->number);
    else
        json_put_text(j, key, field->text);
}

void log_write(const struct log *log, enum log_level level, const char *event,
               const struct log_field *fields, int n_fields)
{
    if (level > log->level)
        return;
    struct buf b;
    buf_init(&b, lk_alloc_heap(), 8192);
    struct json j;
    json_init(&j, &b);
    if (log->json)
        json_object(&j);
    for (int i = -2; i < n_fields; i++) {
        struct log_field head =
            LOG_TEXT(i == -2 ? "level" : "event", i == -2 ? names[level] : event);
        const struct log_field *field = i < 0 ? &head : &fields[i];
        if (log->json)
            write_json(&j, field->key, field);
        else
            write_plain(&b, field->key, field);
    }
    if (log->json)
        json_end_object(&j);
    buf_char(&b, '\n');
    if (b.n > 0 && b.status == LK_OK) {
        ssize_t ignored = write(log->fd, b.p, b.n); /* a log that cannot be written stays unsaid */
        (void)ignored;
    }
    buf_fini(&b);
}
