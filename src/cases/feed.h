/* cases/feed.h - what a partner's machines may follow: the changes of the bank, in order, under
 * this partner's names for entries; and what they sign in return.
 *
 * A machine joins with two public keys: what is sent is sealed to one of them, what it says is
 * signed by the other. It asks for the changes after a place that it was given; that it asks from
 * there is no proof that it did what it was told, its signed receipt is. Threads: any. */
#ifndef CASES_FEED_H
#define CASES_FEED_H

#include "cases/partner.h"
#include "cases/registry.h"
#include "sys/seal.h"

#define FEED_ID_BYTES     16
#define FEED_CURSOR_BYTES 48 /* a place in the feed, sealed; zeros: the beginning */
#define FEED_MAX_NODES    64 /* of one partner */
#define FEED_MAX_REGIMES  8
#define FEED_REGIME_BYTES 64

/* Entries with this bit of the scope are for the partner of the other bits alone: a canary. */
#define FEED_SCOPE_ONLY (UINT32_C(1) << 31)

struct feed_node {
    int64_t row, partner_row;
    uint8_t id[FEED_ID_BYTES];
    uint8_t box_key[SEAL_BOX_KEY_BYTES], sign_key[SEAL_SIGN_KEY_BYTES];
    int64_t joined_ms, seen_ms;
    uint64_t n_behind;  /* changes that it has not confirmed */
    uint64_t n_entries; /* that it says it holds */
    int64_t owes_ms;    /* since when it owes a receipt for a withdrawal; 0: it owes none */
};

#define FEED_LATE_MS INT64_C(3600000) /* a node that owes one for longer is late */

/* The machine with this sign_key, new or as it is known. Errors: LK_DENIED (no platform or
 * peer), LK_INVALID (a key that is none), LK_LIMIT (FEED_MAX_NODES), LK_IO. */
enum lk_status feed_join(struct registry *r, const struct partner *partner,
                         const uint8_t box_key[SEAL_BOX_KEY_BYTES],
                         const uint8_t sign_key[SEAL_SIGN_KEY_BYTES], struct feed_node *out,
                         struct lk_error *err) LK_MUST_CHECK;

/* One of the partner's own. Errors: LK_NOT_FOUND, LK_IO. */
enum lk_status feed_node_get(struct registry *r, const struct partner *partner,
                             const uint8_t id[FEED_ID_BYTES], struct feed_node *out,
                             struct lk_error *err) LK_MUST_CHECK;

/* Those of a partner, or (0) all, the oldest first, in the arena. */
enum lk_status feed_nodes(struct registry *r, int64_t partner_row, struct arena *arena,
                          struct feed_node **out, size_t *n, struct lk_error *err) LK_MUST_CHECK;

/* The seed of the key that signs the feed, and the key of exact digests. Borrowed. */
const uint8_t *registry_feed_seed(const struct registry *r);
const uint8_t *registry_digest_key(const struct registry *r);

enum feed_op { FEED_ADD = 1, FEED_CHANGE = 2, FEED_WITHDRAW = 3 };

/* One change, with the entry as it is now. Of a withdrawal only op and id. In the arena. */
struct feed_change {
    unsigned op;
    uint8_t id[FEED_ID_BYTES]; /* this partner's */
    uint8_t tier;              /* enum lk_tier */
    uint8_t brake;             /* enum match_reason; unless 0, for review alone */
    uint32_t expires_day;      /* the last day, in days since 1970 */
    const char *regimes[FEED_MAX_REGIMES];
    size_t n_regimes;
    struct lk_sequence sequence; /* of FEED_ADD */
};

struct feed_page {
    uint8_t from[FEED_CURSOR_BYTES], to[FEED_CURSOR_BYTES];
    struct feed_change *changes;
    size_t n;
    bool more; /* there are others after these, now */
};

/* The changes after a place, at most max_changes and not much more than max_bytes. *out lives in
 * the arena; n may be 0 although more is true (all of them were for others). Errors: LK_INVALID (no
 * place of this node), LK_IO, LK_CORRUPT, LK_NOMEM. */
enum lk_status feed_read(struct registry *r, const struct feed_node *node,
                         const uint8_t from[FEED_CURSOR_BYTES], size_t max_changes,
                         size_t max_bytes, struct arena *arena, struct feed_page *out,
                         struct lk_error *err) LK_MUST_CHECK;

/* Whether there is anything after a place: cheap, reads no change. */
enum lk_status feed_has_news(struct registry *r, const struct feed_node *node,
                             const uint8_t from[FEED_CURSOR_BYTES], bool *has,
                             struct lk_error *err) LK_MUST_CHECK;

/* What a node signs: that it applied everything up to a place, and which entries it deleted since
 * another. body is what the signature is of (docs/formats/feed.md); the rest was read from it. */
struct feed_receipt {
    uint8_t from[FEED_CURSOR_BYTES], to[FEED_CURSOR_BYTES];
    uint64_t n_entries;   /* that it holds now */
    uint32_t n_withdrawn; /* that it deleted between the two */
    const uint8_t *body;
    size_t n_body;
    uint8_t signature[SEAL_SIGNATURE_BYTES];
};

/* Errors: LK_DENIED (the signature is not this node's), LK_INVALID (places that are none, or
 * exchanged), LK_IO. */
enum lk_status feed_confirm(struct registry *r, const struct feed_node *node,
                            const struct feed_receipt *receipt, struct lk_error *err) LK_MUST_CHECK;

/* Waits at most timeout_ms for the bank to change after `seen` (registry_stats().last_change), and
 * looks for what other processes on the same store did. Returns the number of the last change. */
uint64_t registry_wait(struct registry *r, uint64_t seen, unsigned timeout_ms);

#endif
