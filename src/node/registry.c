#include "node/registry.h"

#include "base/err.h"
#include "sys/fetch.h"

#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 128 };

static enum lk_status judge(const struct fetch_result *result, struct lk_error *err)
{
    switch (result->status) {
    case 0:
        return FAIL(err, LK_IO, "the registry cannot be reached: %s", fetch_end_name(result->end));
    case 200:
    case 204:
        return result->end == FETCH_DONE ? LK_OK
                                         : FAIL(err, LK_IO, "the registry's answer was cut off");
    case 400:
        return FAIL(err, LK_INVALID, "the registry does not understand what was asked");
    case 401:
    case 403:
        return FAIL(err, LK_DENIED, "the registry does not take the partner key");
    case 429:
    case 503:
        return FAIL(err, LK_BUSY, "the registry is busy");
    default:
        return FAIL(err, LK_IO, "the registry answered with status %u", result->status);
    }
}

enum lk_status registry_ask(struct node *node, const char *path, const char *body, size_t max_bytes,
                            unsigned deadline_ms, struct buf *out, unsigned *status,
                            struct lk_error *err)
{
    char url[FETCH_MAX_URL_BYTES + 1], key[LINE_BYTES];
    const struct fetch_config config = {.user_agent = "likeness-node",
                                        .proxy = node->config->proxy,
                                        .is_chosen = true,
                                        .stop = &node->stop};
    int n = snprintf(url, sizeof url, "%s%s", node->config->registry, path);
    if (n < 0 || (size_t)n >= sizeof url)
        return FAIL(err, LK_INVALID, "the address of the registry is too long");
    snprintf(key, sizeof key, "Authorization: Bearer %s", node->config->partner_key);
    const char *const headers[] = {key, "Content-Type: application/json"};
    const struct fetch_post post = {
        .bytes = body, .n = body == NULL ? 0 : strlen(body), .headers = headers, .n_headers = 2};
    const struct fetch_request request = {
        .url = url,
        .post = body == NULL ? NULL : &post,
        .headers = headers,
        .n_headers = 1,
        .deadline_ms = deadline_ms,
        .max_bytes = max_bytes,
        .body = out,
    };
    struct fetch_result result;
    *status = 0;
    TRY(fetch(&config, &request, &result, err));
    *status = result.status;
    return judge(&result, err);
}

enum lk_status registry_ask_file(struct node *node, const char *url, size_t max_bytes,
                                 unsigned deadline_ms, struct buf *out, struct lk_error *err)
{
    bool is_inside = strncmp(node->config->registry, "http://", 7) == 0;
    const struct fetch_config config = {.user_agent = "likeness-node",
                                        .proxy = node->config->proxy,
                                        .is_chosen = is_inside,
                                        .stop = &node->stop};
    const struct fetch_request request = {.url = url,
                                          .only_https = !is_inside,
                                          .deadline_ms = deadline_ms,
                                          .max_bytes = max_bytes,
                                          .body = out};
    struct fetch_result result;
    TRY(fetch(&config, &request, &result, err));
    if (result.status == 404)
        return FAIL(err, LK_NOT_FOUND, "there is no such file");
    return result.status == 200 && result.end == FETCH_DONE
               ? LK_OK
               : FAIL(err, LK_IO, "a file of the snapshot cannot be had: %s",
                      result.status == 0 ? fetch_end_name(result.end) : "the host refuses it");
}
