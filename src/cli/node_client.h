/* cli/node_client.h - asks a node that runs on this machine: docs/node-api.yaml. */
#ifndef CLI_NODE_CLIENT_H
#define CLI_NODE_CLIENT_H

#include "cli.h"
#include "sys/json_read.h"

#define NODE_OPTION                                                                                \
    {                                                                                              \
        "node", "ADDRESS", "where the node answers (default http://127.0.0.1:8090), or unix:PATH"  \
    }

/* What is sent. */
struct node_ask {
    const char *method; /* GET, POST or DELETE */
    const char *path;   /* and the query */
    const char *type;   /* of the body */
    const void *body;
    size_t n_body;
};

/* Asks the node that --node names, or LIKENESS_NODE. *out is the answer, for json_tree_free().
 * Errors: what the node says was wrong, by its status; LK_IO (nobody answers), LK_NOMEM. */
enum lk_status node_ask(const struct cli_call *call, const struct node_ask *ask,
                        struct json_tree **out, struct lk_error *err) LK_MUST_CHECK;

/* The same; the answer's text is added to `out`. */
enum lk_status node_ask_text(const struct cli_call *call, const struct node_ask *ask,
                             struct buf *out, struct lk_error *err) LK_MUST_CHECK;

/* Puts a value into the query of an address, its bytes escaped where needed. */
void node_put_query(struct buf *path, const char *name, const char *value);

/* A whole number of an answer; 0 when it has none. */
uint64_t node_number(const struct json_tree *tree, const char *member);

#endif
