/* service/api/reply.h - what a partner answers: about a match, or about an address in a letter. */
#ifndef SERVICE_API_REPLY_H
#define SERVICE_API_REPLY_H

#include "cases/match.h"
#include "service/route.h"
#include "sys/json_read.h"

/* Reads "outcome", "reason" and "note", and the Idempotency-Key. Texts point into the tree.
 * Errors: LK_INVALID. */
enum lk_status reply_read(const struct request *req, const struct json_tree *tree,
                          struct match_reply *out, struct lk_error *err) LK_MUST_CHECK;

/* Those three alone, of an object that may have others. */
enum lk_status reply_read_said(const struct json_tree *tree, struct match_reply *out,
                               struct lk_error *err) LK_MUST_CHECK;

#endif
