/* cli/serving.h - what the commands that serve share: where to listen, what to log. */
#ifndef CLI_SERVING_H
#define CLI_SERVING_H

#include "config.h"
#include "http/http.h"
#include "sys/log.h"

/* "[::1]:8080", "host:8080", "unix:PATH". Texts live as long as the call. Errors: LK_INVALID,
 * LK_NOMEM. */
enum lk_status serving_read_listen(struct cli_call *call, const char *text,
                                   struct http_config *http, struct lk_error *err) LK_MUST_CHECK;

/* The settings log-level and log-format. Errors: LK_INVALID. */
enum lk_status serving_read_log(const struct config *config, struct log *log,
                                struct lk_error *err) LK_MUST_CHECK;

/* Prints "listening on http://127.0.0.1:8080/", or on which socket. */
void serving_say_ready(void *ctx, const char *host, uint16_t port);

#endif
