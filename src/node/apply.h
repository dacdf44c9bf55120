/* node/apply.h - a chunk of the feed into bank and marks. The follower's thread alone. */
#ifndef NODE_APPLY_H
#define NODE_APPLY_H

#include "node/node_inside.h"

/* When it returns LK_OK everything is durable, and what was withdrawn is gone. Applying the same
 * chunk again changes nothing. deleted receives the ids that the chunk withdraws, in the order of
 * their coming; it has room for FEED_CHUNK_MAX_CHANGES. Errors: those of the bank and of
 * marks_save(): apply it again. */
enum lk_status apply_chunk(struct node *node, const struct feed_chunk *chunk,
                           uint8_t (*deleted)[FEED_ID_BYTES], size_t *n_deleted,
                           struct lk_error *err) LK_MUST_CHECK;

/* Deletes every entry whose last day is over. *n: how many. */
enum lk_status apply_expiry(struct node *node, int64_t now_ms, size_t *n,
                            struct lk_error *err) LK_MUST_CHECK;

/* Deletes everything. */
enum lk_status apply_nothing(struct node *node, struct lk_error *err) LK_MUST_CHECK;

#endif
