/* cases/listing.h - the bank as protocols that name entries by hash can pull it (docs/formats/
 * foreign.md): StopNCII's, NCMEC's, ThreatExchange's. Each is an operator's switch for a partner.
 *
 * The list follows the change log into tables of its own, when it is asked for: an entry's whole
 * print and exact digests, when it last changed, whether it is withdrawn. Such protocols tell a
 * withdrawal by the hash, so the print of a withdrawn entry is kept, sealed, for LISTING_KEPT_DAYS;
 * while no partner has a protocol, nothing is kept at all. A braked entry is shown as withdrawn,
 * for these protocols have no word for "look, and do nothing".
 *
 * Times are seconds. A change is dated when the list meets it, but later than anything up to which
 * somebody was told that this is all: a client that asks in ranges misses nothing. Threads: any. */
#ifndef CASES_LISTING_H
#define CASES_LISTING_H

#include "cases/partner.h"

enum listing_protocol {
    LISTING_STOPNCII = 1,
    LISTING_NCMEC = 2,
    LISTING_THREATEXCHANGE = 4,
};
/* "stopncii" "ncmec" "threatexchange" of one bit; 0 for other names. */
const char *listing_protocol_name(unsigned protocol);
unsigned listing_protocol_from_name(const char *name, size_t n);

#define LISTING_KEPT_DAYS     100
#define LISTING_MAX_PRINTS    3 /* of an entry */
#define LISTING_ID_BYTES      16
#define LISTING_MAX_PAGE      20000
#define LISTING_MAX_SUBMITTED 100000 /* hashes that one partner may hand in */

enum listing_type { LISTING_PDQ = 1, LISTING_MD5 = 2, LISTING_SHA1 = 3 };

struct listing_print {
    uint8_t type;                   /* enum listing_type */
    uint8_t bytes[LK_DIGEST_BYTES]; /* a PDQ in the exchange form; the rest is zero */
};

struct listing_item {
    uint8_t id[LISTING_ID_BYTES]; /* this partner's name of the entry */
    uint64_t n;                   /* rises with changes: `after` of the next page */
    int64_t at_s;
    bool is_video, is_withdrawn;
    uint8_t tier; /* enum lk_tier */
    uint8_t n_prints;
    struct listing_print prints[LISTING_MAX_PRINTS];
};

/* Sets which protocols a partner may use, and the least tier of what it sees. With none left for
 * anybody the list is deleted. Errors: LK_NOT_FOUND (no such partner), LK_INVALID (no platform or
 * peer), LK_IO. */
enum lk_status listing_allow(struct registry *r, const char *name, unsigned protocols,
                             unsigned least_tier, struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_DENIED (the partner may not use it), LK_IO. */
enum lk_status listing_check(struct registry *r, const struct partner *partner, unsigned protocol,
                             struct lk_error *err) LK_MUST_CHECK;

struct listing_query {
    int64_t from_s, until_s; /* both within; until_s 0: no end */
    uint64_t after;          /* of the item before; 0: from from_s on */
    size_t limit;            /* 1..LISTING_MAX_PAGE */
    bool or_last;            /* where there is nothing, the last item of all, if there is one */
};

/* Follows the change log, and reads a page in the order of changes, into the arena. *more: there
 * are others. Errors: LK_CORRUPT, LK_IO, LK_NOMEM. Cost: of what changed since anybody asked. */
enum lk_status listing_read(struct registry *r, const struct partner *partner,
                            const struct listing_query *query, struct arena *arena,
                            struct listing_item **out, size_t *n, bool *more,
                            struct lk_error *err) LK_MUST_CHECK;

/* The opinion of a partner (enum foreign_opinion) of whatever in its list has that print, or of the
 * entry with that name. It is kept, and decides nothing. Errors: LK_NOT_FOUND, LK_IO. */
enum lk_status listing_opinion_of_print(struct registry *r, const struct partner *partner,
                                        const struct listing_print *print, unsigned opinion,
                                        struct lk_error *err) LK_MUST_CHECK;
enum lk_status listing_opinion_of_entry(struct registry *r, const struct partner *partner,
                                        const uint8_t id[LISTING_ID_BYTES], unsigned opinion,
                                        struct lk_error *err) LK_MUST_CHECK;

/* Hashes that a partner hands in. They are the partner's, sealed, in nobody's feed and in no bank:
 * an operator may read them out. Handed in again, the opinion is the new one. Errors: LK_LIMIT
 * (LISTING_MAX_SUBMITTED), LK_IO. */
struct listing_submitted {
    struct listing_print print;
    bool is_video;
    uint8_t opinion;
    int64_t at_ms; /* read only */
};
enum lk_status listing_submit(struct registry *r, const struct partner *partner,
                              const struct listing_submitted *list, size_t n,
                              struct lk_error *err) LK_MUST_CHECK;
typedef enum lk_status listing_show(void *ctx, const struct listing_submitted *one,
                                    struct lk_error *err);
enum lk_status listing_each_submitted(struct registry *r, const struct partner *partner,
                                      listing_show *show, void *ctx,
                                      struct lk_error *err) LK_MUST_CHECK;

/* The switches, and how many entries the partner has each opinion of. */
struct listing_summary {
    unsigned protocols, least_tier;
    size_t n_by[4]; /* enum foreign_opinion */
    size_t n_submitted;
};
enum lk_status listing_summary(struct registry *r, const struct partner *partner,
                               struct listing_summary *out, struct lk_error *err) LK_MUST_CHECK;

#endif
