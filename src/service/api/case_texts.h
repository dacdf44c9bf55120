/* service/api/case_texts.h - the texts of a case in JSON, plain or sealed. */
#ifndef SERVICE_API_CASE_TEXTS_H
#define SERVICE_API_CASE_TEXTS_H

#include "cases/case.h"
#include "service/route.h"
#include "sys/json_read.h"

/* Reads a list of texts, each {"kind", "text"} or {"kind", "own", "desk"} with sealed boxes in
 * base64url. NULL: none. Texts are borrowed from the tree, boxes live in the arena.
 * Errors: LK_INVALID, LK_LIMIT, naming the text; LK_NOMEM. */
enum lk_status case_texts_read(const struct json_tree *list, struct arena *arena,
                               struct case_request *out, struct lk_error *err) LK_MUST_CHECK;

/* The same from a text of JSON, of which only sealed ones are taken: nothing is borrowed. */
enum lk_status case_texts_parse(const char *json, size_t n, struct arena *arena,
                                struct case_request *out, struct lk_error *err) LK_MUST_CHECK;

#endif
