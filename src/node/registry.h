/* node/registry.h - what a node says to the registry. */
#ifndef NODE_REGISTRY_H
#define NODE_REGISTRY_H

#include "node/node_inside.h"

/* GET (body NULL) or POST of JSON; the answer is added to `out`. Errors: LK_DENIED (401, 403: the
 * key), LK_INVALID (400: what was asked), LK_BUSY (429, 503), LK_IO (nobody there, or another
 * status); the text says which, without addresses. *status: of HTTP, 0 without an answer. */
enum lk_status registry_ask(struct node *node, const char *path, const char *body, size_t max_bytes,
                            unsigned deadline_ms, struct buf *out, unsigned *status,
                            struct lk_error *err) LK_MUST_CHECK;

/* GET of a file elsewhere that the registry named, without the partner key. Only https at public
 * hosts, unless the registry itself is asked by http. Errors: LK_NOT_FOUND (404), LK_IO. */
enum lk_status registry_ask_file(struct node *node, const char *url, size_t max_bytes,
                                 unsigned deadline_ms, struct buf *out,
                                 struct lk_error *err) LK_MUST_CHECK;

#endif
