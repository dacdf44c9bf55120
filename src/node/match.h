/* node/match.h - what a node answers to queries. */
#ifndef NODE_MATCH_H
#define NODE_MATCH_H

#include "cases/match.h"
#include "node/lines.h"
#include "node/node_inside.h"

/* Searches n sequences. *results receives an array of n in the arena, in the form that the service
 * answers with (cases/match.h) but without id, state and link: a node keeps no matches. What may
 * follow is what grade and tier allow (lk_match_action) less what node/policy.h takes from it.
 * lines: what was said with each, or NULL. Entries whose last day is over match nothing. Threads:
 * any. Errors: LK_INVALID (query 3: why; from 1), LK_NOMEM. */
enum lk_status node_match(struct node *node, const struct lk_sequence *sequences,
                          const struct node_line *lines, size_t n, struct arena *arena,
                          struct match_result **results, struct lk_error *err) LK_MUST_CHECK;

#endif
