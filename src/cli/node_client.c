#include "node_client.h"

#include "base/err.h"
#include "sys/fetch.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_BYTES = 64 << 20, DEADLINE_MS = 600000, TYPE_BYTES = 128 };

static const char standard[] = "http://127.0.0.1:8090";

void node_put_query(struct buf *path, const char *name, const char *value)
{
    buf_char(path, strchr(path->p == NULL ? "" : buf_text(path), '?') == NULL ? '?' : '&');
    buf_fmt(path, "%s=", name);
    for (; *value != '\0'; value++) {
        bool is_plain = isalnum((unsigned char)*value) || strchr("-_.", *value) != NULL;
        if (!is_plain)
            buf_char(path, '%');
        if (is_plain)
            buf_char(path, *value);
        else
            buf_hex(path, value, 1);
    }
}

uint64_t node_number(const struct json_tree *tree, const char *member)
{
    int64_t v = 0;
    return json_as_int(json_get(tree, member), 0, INT64_MAX, &v) ? (uint64_t)v : 0;
}

static enum lk_status status_of(unsigned http)
{
    switch (http) {
    case 404:
        return LK_NOT_FOUND;
    case 413:
        return LK_LIMIT;
    case 415:
        return LK_UNSUPPORTED;
    case 503:
        return LK_BUSY;
    default:
        return http >= 400 && http < 500 ? LK_INVALID : LK_IO;
    }
}

/* Why there is no good answer. */
static enum lk_status check_answer(const struct fetch_result *result, struct buf *body,
                                   struct lk_error *err)
{
    struct json_tree *problem;
    struct lk_error why;
    if (result->status == 0)
        return FAIL(err, LK_IO,
                    "no node answers (%s): start it, or say where it is with --node ADDRESS",
                    fetch_end_name(result->end));
    if (result->status == 200)
        return result->end == FETCH_DONE ? LK_OK
                                         : FAIL(err, LK_IO, "the node's answer was cut off");
    if (json_tree_parse(buf_text(body), body->n, &problem, &why) != LK_OK)
        problem = NULL;
    const char *detail = json_get_text(problem, "detail", NULL);
    enum lk_status status =
        FAIL(err, status_of(result->status), "the node says: %s", detail == NULL ? "no" : detail);
    json_tree_free(problem);
    return status;
}

static const char *address_of(const struct cli_call *call)
{
    const char *given = cli_value(call, "node"), *variable = getenv("LIKENESS_NODE");
    return given != NULL ? given : variable != NULL ? variable : standard;
}

static enum lk_status ask_into(const struct cli_call *call, const struct node_ask *ask,
                               struct buf *body, struct lk_error *err)
{
    char url[FETCH_MAX_URL_BYTES + 1], type[TYPE_BYTES];
    const char *address = address_of(call);
    bool is_socket = strncmp(address, "unix:", 5) == 0;
    const struct fetch_config config = {
        .user_agent = "likeness", .is_chosen = true, .socket = is_socket ? address + 5 : NULL};
    int n = snprintf(url, sizeof url, "%s%s", is_socket ? "http://node" : address, ask->path);
    if (n < 0 || (size_t)n >= sizeof url)
        return FAIL(err, LK_INVALID, "the address is longer than %d bytes", FETCH_MAX_URL_BYTES);
    snprintf(type, sizeof type, "Content-Type: %s", ask->type == NULL ? "" : ask->type);
    const char *const headers[] = {type};
    const struct fetch_post post = {ask->body == NULL ? "" : ask->body, ask->n_body, headers, 1};
    const struct fetch_request request = {.url = url,
                                          .post = strcmp(ask->method, "POST") == 0 ? &post : NULL,
                                          .delete = strcmp(ask->method, "DELETE") == 0,
                                          .deadline_ms = DEADLINE_MS,
                                          .max_bytes = ANSWER_BYTES,
                                          .body = body};
    struct fetch_result result;
    TRY(fetch(&config, &request, &result, err));
    return check_answer(&result, body, err);
}

enum lk_status node_ask_text(const struct cli_call *call, const struct node_ask *ask,
                             struct buf *out, struct lk_error *err)
{
    struct buf body;
    buf_init(&body, lk_alloc_heap(), ANSWER_BYTES);
    enum lk_status status = ask_into(call, ask, &body, err);
    if (status == LK_OK)
        buf_put(out, buf_text(&body), body.n);
    buf_fini(&body);
    return status;
}

enum lk_status node_ask(const struct cli_call *call, const struct node_ask *ask,
                        struct json_tree **out, struct lk_error *err)
{
    struct buf body;
    *out = NULL;
    buf_init(&body, lk_alloc_heap(), ANSWER_BYTES);
    enum lk_status status = ask_into(call, ask, &body, err);
    if (status == LK_OK)
        status = json_tree_parse(buf_text(&body), body.n, out, err);
    buf_fini(&body);
    return status;
}
