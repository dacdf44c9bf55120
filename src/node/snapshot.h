/* node/snapshot.h - the beginning of the feed from files: docs/formats/feed.md § 6. */
#ifndef NODE_SNAPSHOT_H
#define NODE_SNAPSHOT_H

#include "exchange/feed_chunk.h"
#include "node/node_inside.h"
#include "sys/json_read.h"

#define SNAPSHOT_MAX_URL 2048

struct snapshot {
    bool is_there;
    char url[SNAPSHOT_MAX_URL];
    uint8_t node[FEED_ID_BYTES], box_secret[SEAL_BOX_KEY_BYTES];
    uint64_t number; /* of the next file */
};

/* What the registry's answer to joining says of one; without, or with one that makes no sense,
 * is_there is false. */
void snapshot_take(const struct json_tree *joined, struct snapshot *out);
void snapshot_forget(struct snapshot *s);

/* The next file, which begins at the node's place. Errors: LK_NOT_FOUND (that was all), those of
 * registry_ask_file() and feed_chunk_read(). */
enum lk_status snapshot_next(struct node *node, struct snapshot *s, struct arena *arena,
                             struct feed_chunk *out, struct lk_error *err) LK_MUST_CHECK;

#endif
