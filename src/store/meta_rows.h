/* store/meta_rows.h - named facts about the store as a whole. */
#ifndef STORE_META_ROWS_H
#define STORE_META_ROWS_H

#include "store/store.h"

#include <stdbool.h>

/* *found says whether there is one; it then has exactly n bytes, or LK_CORRUPT. */
enum lk_status meta_get(struct store_tx *tx, const char *name, void *value, size_t n, bool *found,
                        struct lk_error *err) LK_MUST_CHECK;
enum lk_status meta_put(struct store_tx *tx, const char *name, const void *value, size_t n,
                        struct lk_error *err) LK_MUST_CHECK;

#endif
