#include "serving.h"

#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "[::1]:8080", "host:8080" */
enum lk_status serving_read_listen(struct cli_call *call, const char *text,
                                   struct http_config *http, struct lk_error *err)
{
    if (strncmp(text, "unix:", 5) == 0) {
        http->host = text;
        return LK_OK;
    }
    const char *colon = strrchr(text, ':');
    char *end = NULL;
    unsigned long port = colon != NULL ? strtoul(colon + 1, &end, 10) : 65536;
    if (colon == NULL || colon == text || end == colon + 1 || *end != '\0' || port > 65535)
        return FAIL(err, LK_INVALID, "listen takes HOST:PORT, as in 127.0.0.1:8080, not '%s'",
                    text);
    size_t n = (size_t)(colon - text);
    if (text[0] == '[' && text[n - 1] == ']') {
        text++;
        n -= 2;
    }
    http->host = arena_copy(&call->arena, text, n);
    http->port = (uint16_t)port;
    return http->host != NULL ? LK_OK : FAIL(err, LK_NOMEM, "no memory for the settings");
}

enum lk_status serving_read_log(const struct config *config, struct log *log, struct lk_error *err)
{
    static const char *const levels[] = {"error", "warn", "info", "debug"};
    const char *level = config_text(config, "log-level");
    const char *format = config_text(config, "log-format");
    *log = (struct log){.fd = STDERR_FILENO, .json = strcmp(format, "json") == 0};
    if (!log->json && strcmp(format, "text") != 0)
        return FAIL(err, LK_INVALID, "log-format is text or json, not '%s'", format);
    for (unsigned i = 0; i < sizeof levels / sizeof *levels; i++) {
        log->level = (enum log_level)i;
        if (strcmp(level, levels[i]) == 0)
            return LK_OK;
    }
    return FAIL(err, LK_INVALID, "log-level is error, warn, info or debug, not '%s'", level);
}

void serving_say_ready(void *ctx, const char *host, uint16_t port)
{
    (void)ctx;
    if (strncmp(host, "unix:", 5) == 0) {
        printf("listening on %s\n", host);
        fflush(stdout);
        return;
    }
    bool is_v6 = strchr(host, ':') != NULL;
    printf("listening on http://%s%s%s:%u/\n", is_v6 ? "[" : "", host, is_v6 ? "]" : "", port);
    fflush(stdout);
}
