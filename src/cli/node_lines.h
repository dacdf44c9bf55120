/* cli/node_lines.h - contents on their way to a node, as lines in requests of a bearable size. */
#ifndef CLI_NODE_LINES_H
#define CLI_NODE_LINES_H

#include "inputs.h"
#include "node_client.h"

struct node_sender {
    const struct cli_call *call;
    const char *path; /* of the node's API */
    size_t most;      /* lines in a request; 0: 500 */
    struct buf lines;
    size_t n;
    /* What the node answered to a request of n lines. */
    enum lk_status (*on_answer)(void *ctx, const struct json_tree *answer, size_t n,
                                struct lk_error *err);
    void *ctx;
};

/* Path, answer handler and the rest are set by the caller. */
void node_sender_init(struct node_sender *s);
void node_sender_fini(struct node_sender *s);

/* A content with the name that it has at the platform; or a line as it came. Errors: those of
 * node_ask() and on_answer(). */
enum lk_status node_send_sequence(struct node_sender *s, const char *name,
                                  const struct lk_sequence *sequence,
                                  struct lk_error *err) LK_MUST_CHECK;
enum lk_status node_send_line(struct node_sender *s, const char *line, size_t n,
                              struct lk_error *err) LK_MUST_CHECK;

/* What is left. */
enum lk_status node_send_rest(struct node_sender *s, struct lk_error *err) LK_MUST_CHECK;

#endif
