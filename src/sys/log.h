/* sys/log.h - one line per event on a descriptor: key=value, or JSON.
 *
 * Nothing personal goes here, ever: no print, no URL of content, no contact detail, no address. */
#ifndef SYS_LOG_H
#define SYS_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

struct log {
    int fd;
    enum log_level level; /* lines above it are dropped */
    bool json;
};

/* A value of a log line. */
struct log_field {
    const char *key;
    const char *text; /* NULL: use number */
    int64_t number;
};

#define LOG_TEXT(key, value)   ((struct log_field){(key), (value), 0})
#define LOG_NUMBER(key, value) ((struct log_field){(key), NULL, (int64_t)(value)})

/* Writes one line with one write(2): "level=info event=started port=8080". Threads: any. */
void log_write(const struct log *log, enum log_level level, const char *event,
               const struct log_field *fields, int n_fields);

/* LOG(log, LOG_LEVEL_INFO, "started", LOG_NUMBER("port", port)); at least one field. */
#define LOG(log, level, event, ...)                                                                \
    log_write((log), (level), (event), (const struct log_field[]){__VA_ARGS__},                    \
              (int)(sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field)))

#endif
