/* service/api/body.h - what the JSON handlers share. */
#ifndef SERVICE_API_BODY_H
#define SERVICE_API_BODY_H

#include "base/json.h"
#include "cases/registry.h"
#include "service/route.h"
#include "sys/json_read.h"
#include "sys/json_time.h"

/* Elements of an array, for the lists of members that json_only() takes. */
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A handler that works on the tree of a JSON body; the tree ends when it returns. */
typedef enum lk_status json_handler(struct service *service, const struct request *req,
                                    struct response *res, const struct json_tree *tree,
                                    struct lk_error *err);

/* Parses the body and runs fn. Errors: LK_INVALID, and what fn returns. */
enum lk_status body_json(struct service *service, const struct request *req, struct response *res,
                         json_handler *fn, struct lk_error *err) LK_MUST_CHECK;

/* The same with a part of the body. */
enum lk_status body_json_text(struct service *service, const struct request *req,
                              struct response *res, const char *text, size_t n, json_handler *fn,
                              struct lk_error *err) LK_MUST_CHECK;

/* Begins a JSON answer in res. */
void body_answer(struct response *res, struct json *j);

/* The Idempotency-Key of a request and the hash of what it names; key NULL when there is none.
 * `what` tells requests to different addresses apart. Errors: LK_INVALID (empty, too long, or not
 * plain text), LK_NOMEM. */
enum lk_status body_idempotency(const struct request *req, const char *what,
                                struct idempotency *out, struct lk_error *err) LK_MUST_CHECK;

/* A decimal number of the query, at most max <= 10^18; missing: 0. Errors: LK_INVALID. */
enum lk_status body_query_number(const struct request *req, const char *name, uint64_t max,
                                 uint64_t *out, struct lk_error *err) LK_MUST_CHECK;

/* A member's bytes, sent as base64url without padding, in the arena; false when it is no such text.
 */
bool body_bytes(const struct json_tree *v, const char *key, struct arena *arena,
                const uint8_t **out, size_t *n);

#endif
