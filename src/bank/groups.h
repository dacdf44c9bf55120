/* bank/groups.h - entries that pairs hold together: who is alike, directly or through others.
 *
 * Pairs go in one by one, in any order and as often as they come; memory grows with the number of
 * entries in them, not of pairs: about 70 bytes each. Being alike through others is a chain: its
 * ends may be further apart than any pair. */
#ifndef BANK_GROUPS_H
#define BANK_GROUPS_H

#include "bank.h"
#include "base/refset.h"

struct groups_member {
    uint8_t id[BANK_ID_BYTES];
    uint8_t group[BANK_ID_BYTES]; /* the smallest id in its group; set by groups_sort() */
    uint32_t n_members;           /* of its group; set by groups_sort() */
    uint32_t parent;              /* inside: the way to the smallest id */
    uint16_t nearest_bits;        /* how far its nearest of all pairs is */
};

struct groups {
    const struct lk_alloc *alloc;
    struct groups_member *p; /* n of them */
    size_t n, room;
    struct refset by_id;
};

/* Must not move afterwards. */
void groups_init(struct groups *groups, const struct lk_alloc *alloc);
void groups_fini(struct groups *groups);

/* a and b are alike. Errors: LK_NOMEM, LK_LIMIT (2^32 - 2 entries). */
enum lk_status groups_pair(struct groups *groups, const uint8_t a[BANK_ID_BYTES],
                           const uint8_t b[BANK_ID_BYTES], unsigned dist_bits,
                           struct lk_error *err) LK_MUST_CHECK;

/* Puts members in order: larger groups first, then by smallest id; in a group the nearest first,
 * then by id. No pair may follow. */
void groups_sort(struct groups *groups);

#endif
