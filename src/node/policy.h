/* node/policy.h - what may follow a hit on this node: grade and tier, and what takes from that: the
 * brake of the entry, the quarantine, the allow bank, the largest distance, shadow mode. */
#ifndef NODE_POLICY_H
#define NODE_POLICY_H

#include "cases/match.h"
#include "node/lines.h"
#include "node/node_inside.h"

/* One request. */
struct policy {
    struct node *node;
    struct arena *arena;
    const struct lk_sequence *sequences; /* the queries that hits name */
    const struct node_line *lines;       /* what was said with them, at `places`; NULL: nothing */
    const size_t *places;                /* of the queries among the lines */
    int64_t now_ms;
    size_t looked_up; /* from 1: the query of which is_allowed says whether it is; 0: none yet */
    bool is_allowed;
};

struct policy_verdict {
    bool leave_out; /* farther than this node looks */
    uint8_t action; /* enum lk_action; 0: none */
    uint8_t effect; /* enum match_effect */
    uint8_t would;  /* enum lk_action without that effect */
};

/* Hits of one query come together. Errors: those of bank_match() in the allow bank. */
enum lk_status policy_judge(struct policy *p, const struct bank_match *hit, const struct mark *mark,
                            struct policy_verdict *out, struct lk_error *err) LK_MUST_CHECK;

#endif
