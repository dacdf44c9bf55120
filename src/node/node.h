/* node/node.h - a platform's own matcher: it follows the feed of one registry, keeps what it gets
 * in a sealed bank on disk, and answers, on the machine itself, whether an upload is something that
 * somebody wants taken down.
 *
 * It serves what it holds whether the registry can be reached or not, and says how old that is.
 * docs/ops/node.md is for those who run one, docs/formats/feed.md is what it follows. */
#ifndef NODE_NODE_H
#define NODE_NODE_H

#include "http/http.h"
#include "node/quarantine.h"
#include "sys/log.h"

struct node_config {
    struct http_config http; /* where it listens */
    const char *directory;   /* of bank, state and marks; made when missing */
    const char *key_path;    /* the node's own key; made when missing */
    const char *registry; /* "https://registry.example"; NULL: follow nobody, serve what is there */
    const char *partner_key; /* lk_... */
    const char *proxy;       /* to reach the registry; NULL: none */
    struct quarantine_config quarantine;
    uint8_t
        max_dist_bits[LK_TIER_CONFIRMED + 1]; /* of whole pictures, by tier; farther: no match */
    uint8_t allow_dist_bits;                  /* how near a picture of the allow bank must be */
    bool is_shadow;   /* every action becomes "queue": nothing is to be done, only noted */
    bool speaks_hma;  /* also the addresses of HMA's matcher, prints in the query and all */
    bool takes_media; /* files too, decoded in the jail */
    struct log log;
    void (*on_ready)(void *ctx, const char *host, uint16_t port); /* may be NULL */
    void *on_ready_ctx;
};

/* Serves until SIGINT or SIGTERM. Call it from the main thread, before others are started. Errors:
 * LK_BUSY (another node uses the directory), LK_DENIED (the key file is readable by others),
 * LK_CORRUPT, LK_IO, LK_NOMEM, and those of http_start(). */
enum lk_status node_run(const struct node_config *config, struct lk_error *err) LK_MUST_CHECK;

#endif
