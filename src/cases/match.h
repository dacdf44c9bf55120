/* cases/match.h - what a partner does: ask whether it has copies, and answer for each.
 *
 * A query that meets an entry becomes a match: a row with a random id, written together with the
 * event "a match was reported to this partner". Asking again for the same content finds the same
 * match (same partner, entry and content reference; without a reference, same query prints), and
 * then nothing is written. A query that meets nothing is never written down at all.
 *
 * Partners see entry ids that are keyed hashes for them alone: two partners cannot join theirs.
 * (Equal prints join what they describe all the same; DESIGN says so and so do the documents.) */
#ifndef CASES_MATCH_H
#define CASES_MATCH_H

#include "cases/match_evidence.h"
#include "cases/match_state.h"
#include "cases/partner.h"
#include "cases/registry.h"

#define MATCH_MAX_QUERIES    10000
#define MATCH_MAX_REF_BYTES  256
#define MATCH_MAX_HITS       64 /* reported for one query, the best first */
#define MATCH_MAX_NOTE_BYTES 2000
#define MATCH_MAX_LIST       1000
#define MATCH_LINK_CHARS     (MATCH_ID_CHARS + 1 + 22) /* id, '.', token */

/* What may lower the action at a node, whatever grade, tier and brake say. */
enum match_effect { MATCH_NO_EFFECT, MATCH_SHADOW, MATCH_QUARANTINED, MATCH_ALLOWED };

/* A match as its partner sees it. */
struct match {
    char id[MATCH_ID_CHARS + 1];
    char entry[MATCH_ID_CHARS + 1]; /* this partner's id of the entry */
    uint8_t medium;                 /* enum lk_medium of the entry */
    uint8_t grade;                  /* enum lk_grade */
    uint8_t tier;                   /* enum lk_tier */
    uint8_t action;                 /* enum lk_action: what may follow unseen; 0: nothing */
    uint8_t brake; /* enum match_reason: why the entry is braked here (cases/brake.h); 0: it is not.
                      Then the action is LK_ACT_QUEUE, whatever the grade and the tier */
    uint8_t effect; /* enum match_effect: what a node's operator set; else the action holds */
    uint8_t would;  /* enum lk_action that would be without that effect */
    uint8_t turn;   /* enum lk_turn under which it was met */
    uint8_t coverage_percent;
    uint16_t dist_bits;
    uint16_t n_votes;
    uint32_t from_ms, to_ms; /* range in the entry; 0..0 for an image */
    int64_t found_ms;        /* first seen */
    uint8_t state;           /* enum match_state */
    uint8_t reason;          /* enum match_reason */
    int64_t answered_ms;     /* 0: not yet */
    bool withdrawn;          /* the entry is no longer in force */
    uint64_t seq;            /* rises with time: the `after` of the next page */
    /* Opens match_view(): whoever has it may look. */
    char link[MATCH_LINK_CHARS + 1];
    /* What agreed; NULL: not kept (found by an older version, or withdrawn), or not asked for. */
    const struct match_evidence *evidence;
};

/* A partner's own name for a piece of content. Stored only as a keyed hash. Borrowed. */
struct match_ref {
    const char *text; /* NULL: none */
    size_t n;         /* 1..MATCH_MAX_REF_BYTES */
};

/* What was found for one query. Queries without matches have n 0. */
struct match_result {
    const struct match *matches; /* the best first */
    size_t n;
    bool refused; /* flat or tiny picture: not searched; registry_refusal() says why */
};

/* Searches n sequences. refs is NULL or has n places. results receives an array of n in the arena.
 * When it returns LK_OK, every match reported is durable.
 * Cost: the bank's search; a read when there are matches; one shared commit when they are new.
 * Errors: LK_INVALID (query 3: why; from 1), LK_LIMIT, LK_BUSY or LK_IO (store, or the bank is
 * behind and cannot follow), LK_NOMEM. */
enum lk_status match_query(struct registry *r, const struct partner *partner, struct arena *arena,
                           const struct lk_sequence *sequences, const struct match_ref *refs,
                           size_t n, struct match_result **results,
                           struct lk_error *err) LK_MUST_CHECK;

struct match_filter {
    unsigned state; /* enum match_state; 0: any */
    uint64_t after; /* seq of the last one already seen; 0: from the first */
    unsigned limit; /* 1..MATCH_MAX_LIST; 0: 100 */
};

/* A partner's matches, the oldest first, without evidence. *more: there are others after these. */
enum lk_status match_list(struct registry *r, const struct partner *partner, struct arena *arena,
                          const struct match_filter *filter, struct match **matches, size_t *n,
                          bool *more, struct lk_error *err) LK_MUST_CHECK;

/* out->evidence is `evidence`, filled, or NULL; evidence NULL: it is not asked for. Errors:
 * LK_NOT_FOUND (no such match, or another partner's: never which), LK_CORRUPT (the evidence). */
enum lk_status match_get(struct registry *r, const struct partner *partner, const char *id,
                         size_t n_id, struct match *out, struct match_evidence *evidence,
                         struct lk_error *err) LK_MUST_CHECK;

/* The same for whoever has the link, a moderator without a key: the link holds a keyed hash of the
 * match's id, and is good until the partner's key is revoked. Errors: LK_NOT_FOUND, whatever is
 * wrong with it; LK_CORRUPT. */
enum lk_status match_view(struct registry *r, const char *link, size_t n_link, struct match *out,
                          struct match_evidence *evidence, struct lk_error *err) LK_MUST_CHECK;

struct match_reply {
    unsigned outcome; /* MATCH_ACKNOWLEDGED .. MATCH_RESTORED */
    unsigned reason;  /* enum match_reason; must belong to the outcome, 0 where none is needed */
    const char *note; /* shown to the person; NULL: none */
    size_t n_note;    /* 0..MATCH_MAX_NOTE_BYTES */
    struct idempotency idempotency; /* key NULL: none */
};

/* Records an answer and its event in one transaction; *out (may be NULL) receives the match after
 * it. The note is sealed under the case's key; once the case is closed it has none, and the note
 * is not kept. Errors: LK_INVALID (outcome, reason, text), LK_LIMIT (note), LK_NOT_FOUND,
 * LK_CONFLICT (the table in match_state.h, or an idempotency key used for another request), LK_IO.
 */
enum lk_status match_answer(struct registry *r, const struct partner *partner, const char *id,
                            size_t n_id, const struct match_reply *reply, struct match *out,
                            struct lk_error *err) LK_MUST_CHECK;

#endif
