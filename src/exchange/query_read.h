/* exchange/query_read.h - what is asked of a bank: queries as JSON, in full or as bare prints, or
 * as a binary message (docs/api.yaml, docs/formats/print.md). Threads: any. */
#ifndef EXCHANGE_QUERY_READ_H
#define EXCHANGE_QUERY_READ_H

#include "base/arena.h"
#include "cases/match.h"
#include "sys/json_read.h"

#define QUERY_MESSAGE_TYPE "application/vnd.likeness.sequences"

struct queries {
    const struct lk_sequence *sequences;
    const struct match_ref *refs; /* as many, or NULL */
    size_t n;                     /* may be 0 */
};

/* The record of a bare print: a whole print, fullres, of quality 100, its print still to be set. */
struct lk_record query_bare_record(void);

/* {"sequences": [...]} or {"prints": [...]}, with "refs" or without. Sequences live in the arena,
 * texts point into the tree. Errors: LK_INVALID (names member and place), LK_LIMIT (more than
 * 1000), LK_NOMEM. */
enum lk_status query_read_json(const struct json_tree *tree, struct arena *arena,
                               struct queries *out, struct lk_error *err) LK_MUST_CHECK;

/* A message of at most MATCH_MAX_QUERIES sequences, in the arena. Errors: those of
 * lk_message_begin() and lk_message_next(), LK_LIMIT, LK_NOMEM. */
enum lk_status query_read_message(const void *bytes, size_t n, struct arena *arena,
                                  struct queries *out, struct lk_error *err) LK_MUST_CHECK;

#endif
