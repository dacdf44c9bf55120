/* store/mail_rows.h - who asked to be told by mail, and whether there is something to tell. */
#ifndef STORE_MAIL_ROWS_H
#define STORE_MAIL_ROWS_H

#include "store/case_rows.h"

#define MAIL_LANG_BYTES 16

/* Sets the address (sealed) and language of a case; news begins with what comes next. */
enum lk_status mail_row_put(struct store_tx *tx, int64_t case_row, const uint8_t *address, size_t n,
                            const char *lang, struct lk_error *err) LK_MUST_CHECK;

enum lk_status mail_row_delete(struct store_tx *tx, int64_t case_row,
                               struct lk_error *err) LK_MUST_CHECK;

/* Something happened in a case. No row, no effect. */
enum lk_status mail_row_news(struct store_tx *tx, int64_t case_row,
                             struct lk_error *err) LK_MUST_CHECK;

/* A mail went out: nothing more on that day. */
enum lk_status mail_row_sent(struct store_tx *tx, int64_t case_row, int64_t day_ms,
                             struct lk_error *err) LK_MUST_CHECK;

struct mail_row {
    int64_t case_row;
    uint8_t public_id[STORE_ID_BYTES]; /* of the case */
    uint8_t key_by_master[CASE_WRAPPED_BYTES];
    const uint8_t *address; /* sealed; borrowed while shown */
    size_t n_address;
    char lang[MAIL_LANG_BYTES];
};
typedef enum lk_status mail_row_show(void *ctx, const struct mail_row *mail, struct lk_error *err);

/* Cases with news whose last mail was before day_ms, at most `limit`. */
enum lk_status mail_rows_due(struct store_tx *tx, int64_t day_ms, size_t limit, mail_row_show *show,
                             void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* That of one case, if it has one. */
enum lk_status mail_row_of_case(struct store_tx *tx, int64_t case_row, mail_row_show *show,
                                void *ctx, struct lk_error *err) LK_MUST_CHECK;

#endif
