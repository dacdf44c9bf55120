/* bank/bank_pairs.h - which entries of a bank are alike among themselves: a join of the bank with
 * itself, for whoever looks for duplicates. */
#ifndef BANK_BANK_PAIRS_H
#define BANK_BANK_PAIRS_H

#include "bank.h"

struct bank_pair {
    uint8_t a[BANK_ID_BYTES], b[BANK_ID_BYTES]; /* two different entries */
    uint16_t dist_bits;
};

/* n > 0 pairs, borrowed until it returns. LK_OK goes on, any other status ends and is returned. */
typedef enum lk_status bank_on_pairs(void *ctx, const struct bank_pair *pairs, size_t n,
                                     struct lk_error *err);

/* Hands out every pair of prints of `kind` (enum lk_kind), of two different entries in force, that
 * lie within radius_bits (0..256) of each other: each pair of prints once, in no particular order.
 * Two entries come as often as they have such prints: a picture that is registered with its eight
 * turns, and again, at least eight times. An entry that is added or withdrawn meanwhile may be
 * among them or not. Threads: any; changes go on beside it.
 * Memory: some MiB of scratch from the bank's allocator, and 16 bytes for each print that lies near
 * the same one. Cost: that of joining each table and segment with itself (lk_index_join), and a
 * search in the larger of any two for each print of the smaller.
 * Errors: LK_INVALID (kind, radius), LK_NOMEM, and what `on_pairs` returns. */
enum lk_status bank_pairs(struct bank *bank, unsigned kind, unsigned radius_bits,
                          bank_on_pairs *on_pairs, void *ctx, struct lk_error *err) LK_MUST_CHECK;

#endif
