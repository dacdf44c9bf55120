/* bank/match_inside.h - what the files of bank_match() share.
 *
 *   bank_match.c    groups of queries, the two stages, the best of each query
 *   match_search.c  digests and prints of queries -> what they meet in tables and segments
 *   match_timed.c   frames and sound, and the judging of what lasts
 *   match_crowd.c   anchors that meet too many different pictures: their evidence is dropped
 *   match_judge.c   what connects a query with an entry -> a verdict
 *
 * One call of bank_match() has one struct matcher; nothing is shared between threads but the bank.
 */
#ifndef BANK_MATCH_INSIDE_H
#define BANK_MATCH_INSIDE_H

#include "bank_inside.h"

/* An anchor that meets many pictures within so many bits is muted; fewer bits in a large bank. */
enum { MATCH_MUTE_RADIUS = LK_ANCHOR_RADIUS + 6 };
unsigned match_mute_radius(uint64_t n_items);

/* A group ends at so many queries, or with the one that fills it up to so many prints. */
enum { MATCH_GROUP_QUERIES = 256, MATCH_GROUP_PRINTS = 2048 };

/* An array that grows. */
struct list {
    const struct lk_alloc *alloc;
    void *p;
    size_t n, room, size; /* size: bytes of one */
};

/* One more; NULL when there is no memory. */
void *list_put(struct list *l);
/* Room for n more behind those there are. */
bool list_reserve(struct list *l, size_t n);
void list_fini(struct list *l);

/* A print of a query that is looked for. */
struct probe {
    uint32_t query;
    uint16_t record;
    bool muted;
};

/* A connection between a query and an entry: slot `number` of a table, or ordinal of a segment. */
struct found {
    uint32_t query, source, number; /* source: number of a table, or behind them of a segment */
    uint32_t probe;                 /* not by_digest: which print of the query */
    uint16_t entry_record, dist_bits;
    bool by_digest;
};

/* found[from..from + n) connect one query with one entry. */
struct candidate {
    size_t from, n;
    uint32_t
        n_met; /* different anchors, frames and sounds that met it; a near frame counts twice */
    uint8_t tier;
    bool is_certain; /* whole prints or digests lead to it */
};

/* Probes [first, first + n) on their way through the sources. */
struct search {
    struct matcher *m;
    unsigned kind, radius_bits; /* kind: of the index */
    size_t first, n, cap;
    bool lean;
    bool is_bounded; /* votes forgive what is beyond `cap`, and beyond what a query may meet */
    uint32_t source;
    size_t n_known; /* so many of the hits were taken before */
};

/* A print with more hits than the batch keeps. */
struct crowd {
    uint32_t source;
    size_t probe, n;
};

/* What is known of a query of the group. */
struct asked {
    uint32_t anchors, n_anchors; /* its anchors among the probes */
    uint32_t n_met;              /* hits of anchors that were kept */
    uint64_t n_pairs;            /* compared with prints of entries */
    bool is_done;                /* nothing more could come of its anchors */
};

struct matcher {
    struct bank *bank;
    const struct bank_view *view;
    const struct lk_sequence *queries;
    size_t from, to; /* the group */
    uint64_t n_items;
    struct asked asked[MATCH_GROUP_QUERIES];
    struct list prints, probes; /* struct lk_print, struct probe: side by side */
    struct list rows;           /* struct lk_print: of probes, in the order of an index */
    struct list found;          /* struct found */
    struct list crowds;         /* struct crowd */
    struct list records;        /* struct lk_record, of an entry */
    struct list evidence;       /* struct lk_evidence */
    struct list candidates;     /* struct candidate */
    struct list best;           /* struct bank_match, of the group */
    struct list results;        /* struct bank_match */
    size_t n_left_out;
    size_t n_anchors, n_muted; /* that were searched, and of them muted */
};

enum lk_status match_no_memory(struct lk_error *err);

static inline struct asked *match_asked(struct matcher *m, size_t query)
{
    return &m->asked[query - m->from];
}

static inline bool match_same_entry(const struct found *a, const struct found *b)
{
    return a->query == b->query && a->source == b->source && a->number == b->number;
}

/* Notes record `record` of a query as a probe. */
enum lk_status match_put_probe(struct matcher *m, size_t query, size_t record,
                               struct lk_error *err);

/* Runs the probes of a search through all sources. */
enum lk_status match_search_run(struct search *s, struct lk_error *err);

/* What lasts on one side: frames among frames, whole prints of pictures among frames and frames
 * among whole prints, sound among sound. */
enum lk_status match_search_timed(struct matcher *m, struct lk_error *err);

/* The verdict on a query and an entry of which one lasts. */
enum lk_status match_weigh_timed(struct matcher *m, const struct found *found, size_t n,
                                 struct lk_verdict *verdict, struct lk_error *err);

/* All records of an entry, into m->records, with its medium and duration in *sequence; *in_force
 * false when it was withdrawn. */
enum lk_status match_copy_all(struct matcher *m, const struct found *f,
                              struct lk_sequence *sequence, bool *in_force, struct lk_error *err);

/* Everything of the group but its anchors. */
enum lk_status match_search_whole(struct matcher *m, struct lk_error *err);

/* Notes the anchors of a query as probes. */
enum lk_status match_take_anchors(struct matcher *m, size_t query, struct lk_error *err);

/* The anchors of the queries that are not done, except those that were muted. */
enum lk_status match_search_anchors(struct matcher *m, struct lk_error *err);

/* Mutes the probes that meet too many different pictures in found[from..), which are of anchors;
 * takes out what they met, and what is farther than evidence. */
void match_mute(struct matcher *m, size_t from, unsigned evidence_bits);

/* Judges all that was found of the queries that are not done, and puts what matches into m->best.
 * `with_anchors`: after match_search_anchors(). */
enum lk_status match_judge(struct matcher *m, bool with_anchors, struct lk_error *err);

/* One record of an entry; false when it is no longer in force. */
bool match_copy_record(const struct matcher *m, const struct found *f, size_t record,
                       struct lk_record *out);

#endif
