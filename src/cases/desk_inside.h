/* cases/desk_inside.h - what the files of the desk share, for this folder alone. */
#ifndef CASES_DESK_INSIDE_H
#define CASES_DESK_INSIDE_H

#include "cases/desk_case.h"
#include "cases/registry_inside.h"

/* Errors: LK_NOT_FOUND: no case is named so. */
enum lk_status desk_parse_id(const char *id, uint8_t out[STORE_ID_BYTES],
                             struct lk_error *err) LK_MUST_CHECK;

/* desk_case_open(), without writing the look down. */
enum lk_status desk_case_look(struct registry *r, const struct staff_hand *by, const char *id,
                              struct arena *arena, struct desk_view *out,
                              struct lk_error *err) LK_MUST_CHECK;

#endif
