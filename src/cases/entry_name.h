/* cases/entry_name.h - the id by which one partner knows an entry. Threads: any. */
#ifndef CASES_ENTRY_NAME_H
#define CASES_ENTRY_NAME_H

#include "cases/registry_inside.h"

/* Errors: LK_NOMEM. */
enum lk_status entry_name(const struct registry *r, int64_t partner_row,
                          const uint8_t entry_id[STORE_ID_BYTES], uint8_t name[STORE_ID_BYTES],
                          struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND (no entry in force has it), LK_NOMEM. */
enum lk_status entry_of_name(const struct registry *r, int64_t partner_row,
                             const uint8_t name[STORE_ID_BYTES], uint8_t entry_id[STORE_ID_BYTES],
                             struct lk_error *err) LK_MUST_CHECK;

#endif
