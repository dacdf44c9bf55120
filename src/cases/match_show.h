/* cases/match_show.h - match rows as their partner sees them. */
#ifndef CASES_MATCH_SHOW_H
#define CASES_MATCH_SHOW_H

#include "cases/match.h"
#include "cases/registry_inside.h"
#include "store/match_rows.h"

/* The id by which one partner knows an entry. */
void match_entry_id(const struct registry *r, int64_t partner_row,
                    const uint8_t entry_id[STORE_ID_BYTES], char text[MATCH_ID_CHARS + 1]);

void match_from_row(const struct registry *r, const struct match_row *row, struct match *out);

/* Reads a match id as a partner sends it. Errors: LK_NOT_FOUND ("no match with this id"). */
enum lk_status match_read_id(const char *id, size_t n_id, uint8_t public_id[STORE_ID_BYTES],
                             struct lk_error *err) LK_MUST_CHECK;

#endif
