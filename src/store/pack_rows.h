/* store/pack_rows.h - evidence packs that wait to be taken. They are sealed to their recipient. */
#ifndef STORE_PACK_ROWS_H
#define STORE_PACK_ROWS_H

#include "store/store.h"

struct pack_row {
    int64_t request; /* that it was made for */
    int64_t case_row;
    int64_t staff; /* who may take it */
    int64_t until_ms;
    const uint8_t *pack; /* borrowed while shown; NULL in pack_rows() */
    size_t n_pack;
};

enum lk_status pack_row_add(struct store_tx *tx, const struct pack_row *pack,
                            struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status pack_row_show(void *ctx, const struct pack_row *pack, struct lk_error *err);

/* The one of a request, with its content. Errors: LK_NOT_FOUND (there is none, or not any more). */
enum lk_status pack_row_get(struct store_tx *tx, int64_t request, pack_row_show *show, void *ctx,
                            struct lk_error *err) LK_MUST_CHECK;

/* Those of a member (0: of all), the newest first, without their content. */
enum lk_status pack_rows(struct store_tx *tx, int64_t staff, pack_row_show *show, void *ctx,
                         struct lk_error *err) LK_MUST_CHECK;

/* Deletes those whose time is over. */
enum lk_status pack_rows_expire(struct store_tx *tx, int64_t now_ms,
                                struct lk_error *err) LK_MUST_CHECK;

#endif
