/* cases/match_show.h - match rows as their partner sees them. */
#ifndef CASES_MATCH_SHOW_H
#define CASES_MATCH_SHOW_H

#include "cases/match.h"
#include "cases/registry_inside.h"
#include "store/match_rows.h"

/* The id, and a keyed hash of it that only we can make. */
void match_link(const struct registry *r, const uint8_t public_id[STORE_ID_BYTES],
                char link[MATCH_LINK_CHARS + 1]);

/* Errors: LK_NOMEM. */
enum lk_status match_from_row(const struct registry *r, const struct match_row *row,
                              struct match *out, struct lk_error *err) LK_MUST_CHECK;

/* What agreed, sealed under the key of the entry's case for the row with this id; *n 0 when the
 * case is closed. Errors: LK_IO, LK_CORRUPT (the case's key). */
#define MATCH_SEALED_EVIDENCE_BYTES (MATCH_EVIDENCE_BYTES + SEAL_OVERHEAD_BYTES)
enum lk_status match_seal_evidence(const struct registry *r, struct store_tx *tx, int64_t case_row,
                                   const uint8_t public_id[STORE_ID_BYTES],
                                   const struct match_evidence *evidence,
                                   uint8_t out[MATCH_SEALED_EVIDENCE_BYTES], size_t *n,
                                   struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_INVALID (outcome, reason, text), LK_LIMIT (note). */
enum lk_status match_check_reply(const struct match_reply *reply,
                                 struct lk_error *err) LK_MUST_CHECK;

/* Reads a match id as a partner sends it. Errors: LK_NOT_FOUND ("no match with this id"). */
enum lk_status match_read_id(const char *id, size_t n_id, uint8_t public_id[STORE_ID_BYTES],
                             struct lk_error *err) LK_MUST_CHECK;

#endif
