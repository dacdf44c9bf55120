/* bank/bank.h - the live bank: every entry in force, in memory, searchable.
 *
 * The service, the command line and nodes all match through this one object. It is not durable:
 * whoever owns it fills it from a log (bank/bank_file.h, or the store's change log) and applies
 * each change once the log has it. An added entry is found by every bank_match() that begins after
 * bank_add() returns, a removed one by none that begins after bank_remove() returns, and its prints
 * are wiped from memory.
 *
 * Threads: any number may match, list and look while one changes; a waiting writer goes before new
 * readers, and readers let it in between groups of queries.
 * Memory: about 140 bytes for an entry of one print; 80 and about 100 a print for others, and 41
 * a digest. */
#ifndef BANK_BANK_H
#define BANK_BANK_H

#include <likeness/alloc.h>
#include <likeness/match.h>

struct bank; /* opaque */

#define BANK_ID_BYTES 16

/* An entry as it comes in and as it is shown. Its sequence borrows records. */
struct bank_entry {
    uint8_t id[BANK_ID_BYTES];
    uint8_t tier;   /* enum lk_tier */
    uint32_t scope; /* the owner's number for who may see it; kept, not interpreted */
    struct lk_sequence sequence;
};

/* `alloc` must serve several threads and outlive the bank. Errors: LK_NOMEM. */
enum lk_status bank_new(const struct lk_alloc *alloc, struct bank **out,
                        struct lk_error *err) LK_MUST_CHECK;

/* NULL is fine. Nobody may be using it. */
void bank_free(struct bank *bank);

/* Adds copies of n entries, all or none. About 1 us an entry.
 * Errors: LK_CONFLICT (an id is there already or comes twice), LK_INVALID (tier, or what
 * lk_sequence_check says), LK_LIMIT (2^30 entries), LK_NOMEM. */
enum lk_status bank_add(struct bank *bank, const struct bank_entry *entries, size_t n,
                        struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND. Needs no memory. */
enum lk_status bank_remove(struct bank *bank, const uint8_t id[BANK_ID_BYTES],
                           struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND, LK_INVALID (tier). Needs no memory. */
enum lk_status bank_set_tier(struct bank *bank, const uint8_t id[BANK_ID_BYTES], unsigned tier,
                             struct lk_error *err) LK_MUST_CHECK;

bool bank_has(struct bank *bank, const uint8_t id[BANK_ID_BYTES]);

/* Shows one entry, or each in no particular order. What `show` gets is borrowed until it returns;
 * it must not call the bank. LK_OK goes on, any other status ends and is returned.
 * Errors: LK_NOT_FOUND (bank_get), and what `show` returns. */
typedef enum lk_status bank_show(void *ctx, const struct bank_entry *entry, struct lk_error *err);
enum lk_status bank_get(struct bank *bank, const uint8_t id[BANK_ID_BYTES], bank_show *show,
                        void *ctx, struct lk_error *err) LK_MUST_CHECK;
enum lk_status bank_each(struct bank *bank, bank_show *show, void *ctx,
                         struct lk_error *err) LK_MUST_CHECK;

struct bank_stats {
    uint64_t n_entries;
    uint64_t n_prints[LK_KIND_MAX + 1]; /* by enum lk_kind */
    uint64_t n_digests;
    uint64_t n_bytes;      /* memory held */
    const char *structure; /* of the index of whole prints, see lk_index_stats */
    const char *kernel;
};
struct bank_stats bank_stats(struct bank *bank);

/* One entry that one query matches. */
struct bank_match {
    size_t query; /* index of the query */
    uint8_t id[BANK_ID_BYTES];
    uint8_t tier, medium; /* of the entry */
    uint8_t action;       /* enum lk_action: what may follow, from lk_match_action */
    uint32_t scope;
    struct lk_verdict verdict;
};

/* Queries rising; the matches of one query best first: strongest action, surest grade, nearest,
 * smallest id. */
struct bank_matches {
    struct bank_match *p;
    size_t n;
    size_t n_left_out; /* matches beyond BANK_MAX_MATCHES of their query */
    size_t room;       /* for bank_matches_free() */
};
#define BANK_MAX_MATCHES 256 /* of one query; the best are kept */

/* Matches n queries (each must pass lk_sequence_check; lk_sequence_decode has done that) with every
 * entry in force. Equal digests of the same type make an exact match, prints whatever
 * lk_match_judge says of them. The result is taken from `results`: an arena's allocator, or the
 * heap and bank_matches_free() afterwards. Scratch memory comes from the bank's own allocator and
 * is given back. Errors: LK_NOMEM, LK_INVALID; the result is then empty. Cost: a walk over all
 * whole prints, shared by up to 256 queries. */
enum lk_status bank_match(struct bank *bank, const struct lk_sequence *queries, size_t n,
                          const struct lk_alloc *results, struct bank_matches *out,
                          struct lk_error *err) LK_MUST_CHECK;

void bank_matches_free(const struct lk_alloc *results, struct bank_matches *matches);

#endif
