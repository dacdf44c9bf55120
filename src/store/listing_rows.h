/* store/listing_rows.h - the bank as protocols that name entries by hash see it (cases/listing.h),
 * and what partners say and hand in by them. */
#ifndef STORE_LISTING_ROWS_H
#define STORE_LISTING_ROWS_H

#include "store/change_rows.h"
#include "sys/seal.h"

#include <stdbool.h>

struct listing_state {
    uint64_t seq, n;
    int64_t at_s;
    int64_t told_s; /* up to here somebody was told that this is all */
};
enum lk_status listing_state_get(struct store_tx *tx, struct listing_state *out,
                                 struct lk_error *err) LK_MUST_CHECK;
enum lk_status listing_state_put(struct store_tx *tx, const struct listing_state *state,
                                 struct lk_error *err) LK_MUST_CHECK;

struct listing_row {
    int64_t entry_row;
    uint8_t entry_id[STORE_ID_BYTES]; /* read only */
    uint64_t n;
    int64_t at_s;
    bool is_video, is_withdrawn;
    uint8_t tier;
    uint32_t scope;
    const uint8_t *prints; /* sealed; borrowed */
    size_t n_prints;
};

/* In place of what was known of the entry. */
enum lk_status listing_row_put(struct store_tx *tx, const struct listing_row *row,
                               struct lk_error *err) LK_MUST_CHECK;

/* Changes all but the prints of an entry that is listed; of one that is not, nothing. */
enum lk_status listing_row_change(struct store_tx *tx, const struct listing_row *row,
                                  struct lk_error *err) LK_MUST_CHECK;

enum lk_status listing_print_put(struct store_tx *tx, int64_t entry_row,
                                 const uint8_t hash[SEAL_HASH_BYTES],
                                 struct lk_error *err) LK_MUST_CHECK;

/* What one partner may see: after n (or, with after 0, from from_s on) up to until_s (0: no end),
 * in the order of n. */
struct listing_range {
    int64_t partner, from_s, until_s;
    uint64_t after;
    unsigned least_tier;
    size_t limit;
};
typedef enum lk_status listing_row_show(void *ctx, const struct listing_row *row,
                                        struct lk_error *err);
enum lk_status listing_rows(struct store_tx *tx, const struct listing_range *range,
                            listing_row_show *show, void *ctx, struct lk_error *err) LK_MUST_CHECK;
/* The last of them alone. */
enum lk_status listing_row_last(struct store_tx *tx, const struct listing_range *range,
                                listing_row_show *show, void *ctx,
                                struct lk_error *err) LK_MUST_CHECK;
/* Those with that print. */
enum lk_status listing_rows_with(struct store_tx *tx, const struct listing_range *range,
                                 const uint8_t hash[SEAL_HASH_BYTES], listing_row_show *show,
                                 void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* Deletes what was withdrawn before a time; INT64_MAX: all there is, and the state. */
enum lk_status listing_rows_forget(struct store_tx *tx, int64_t before_s,
                                   struct lk_error *err) LK_MUST_CHECK;

/* The switches of a partner: 0 and 0 where it has none. */
enum lk_status protocol_row_get(struct store_tx *tx, int64_t partner, unsigned *protocols,
                                unsigned *least_tier, struct lk_error *err) LK_MUST_CHECK;
enum lk_status protocol_row_put(struct store_tx *tx, int64_t partner, unsigned protocols,
                                unsigned least_tier, struct lk_error *err) LK_MUST_CHECK;
/* Has any partner one? */
enum lk_status protocol_rows_any(struct store_tx *tx, bool *any,
                                 struct lk_error *err) LK_MUST_CHECK;

enum lk_status opinion_row_put(struct store_tx *tx, int64_t partner, int64_t entry_row,
                               unsigned opinion, int64_t at_ms, struct lk_error *err) LK_MUST_CHECK;
/* How many entries a partner has each opinion of. */
enum lk_status opinion_rows_count(struct store_tx *tx, int64_t partner, size_t n_by[4],
                                  struct lk_error *err) LK_MUST_CHECK;

struct submitted_row {
    int64_t partner, at_ms;
    uint8_t hash[SEAL_HASH_BYTES];
    bool is_video;
    unsigned opinion;
    const uint8_t *print; /* sealed; borrowed */
    size_t n_print;
};
enum lk_status submitted_row_put(struct store_tx *tx, const struct submitted_row *row,
                                 struct lk_error *err) LK_MUST_CHECK;
typedef enum lk_status submitted_row_show(void *ctx, const struct submitted_row *row,
                                          struct lk_error *err);
enum lk_status submitted_rows(struct store_tx *tx, int64_t partner, submitted_row_show *show,
                              void *ctx, struct lk_error *err) LK_MUST_CHECK;
enum lk_status submitted_rows_count(struct store_tx *tx, int64_t partner, size_t *n,
                                    struct lk_error *err) LK_MUST_CHECK;

#endif
