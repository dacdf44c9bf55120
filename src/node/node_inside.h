/* node/node_inside.h - a node's insides, for the files of this folder alone. */
#ifndef NODE_NODE_INSIDE_H
#define NODE_NODE_INSIDE_H

#include "bank/bank.h"
#include "http/metrics.h"
#include "media/media.h"
#include "node/findings.h"
#include "node/marks.h"
#include "node/node.h"
#include "node/shelf.h"
#include "node/state.h"

#include <pthread.h>
#include <stdatomic.h>

#define NODE_PATH_BYTES 4096

enum node_count {
    COUNT_QUERIES,
    COUNT_MATCHES,
    COUNT_CHUNKS,
    COUNT_ADDED,
    COUNT_DELETED,
    COUNT_FINDINGS,
    N_COUNTS
};

struct node {
    const struct node_config *config;
    struct keys *keys;
    struct bank *bank;
    struct marks *marks;
    struct shelf *archive; /* the platform's own contents */
    struct shelf *allow;   /* what is known to be lawful */
    struct findings *findings;
    struct quarantine *quarantine;
    struct media *media; /* NULL: takes none */
    struct http *http;
    struct metrics *metrics;
    char state_path[NODE_PATH_BYTES], marks_path[NODE_PATH_BYTES];

    struct node_state state; /* the follower's alone */

    atomic_bool stop;
    atomic_bool is_current;     /* the last answer of the registry left nothing to come */
    _Atomic int64_t current_ms; /* when it last was; 0: never */
    atomic_uint_least64_t counts[N_COUNTS];
    pthread_mutex_t problem_lock;
    char problem[LK_ERROR_TEXT_BYTES]; /* why it does not follow; "": it does */
};

static inline void node_count(struct node *node, enum node_count which, uint64_t n)
{
    atomic_fetch_add_explicit(&node->counts[which], n, memory_order_relaxed);
}

/* How this node answers requests. */
struct http_app node_app(struct node *node);
struct route_table node_routes(void);

#endif
