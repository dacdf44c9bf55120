/* cases/feed_snapshot.h - the beginning of the feed for one partner's newcomers, kept as files
 * somewhere else: what it is sealed to, and where it lies.
 *
 * Everything hangs on a random seed that is drawn anew with each snapshot: the name of its place,
 * which nobody guesses, and the pair of keys that opens it, which a node is given when it joins.
 * Once a newer one is kept, the seed of the one before is gone, and with it what was withdrawn
 * since. Threads: any. */
#ifndef CASES_FEED_SNAPSHOT_H
#define CASES_FEED_SNAPSHOT_H

#include "cases/feed.h"

#define FEED_SNAPSHOT_NAME_CHARS 32 /* hexadecimal digits */

struct feed_snapshot {
    int64_t partner_row;
    char name[FEED_SNAPSHOT_NAME_CHARS + 1];
    uint8_t node[FEED_ID_BYTES]; /* for whom its chunks are: the same in all of a partner's */
    uint8_t box_public[SEAL_BOX_KEY_BYTES], box_secret[SEAL_BOX_KEY_BYTES];
    uint8_t seed[SEAL_KEY_BYTES];
    int64_t made_ms;
    uint64_t n_files;
};

/* For whom the chunks of a partner's snapshots are. */
void feed_snapshot_id(const struct registry *r, int64_t partner_row, uint8_t id[FEED_ID_BYTES]);

/* Draws a new one; nobody is told of it before feed_snapshot_keep(). */
void feed_snapshot_draw(struct registry *r, const struct partner *partner,
                        struct feed_snapshot *out);

/* Whom feed_read() reads for, to fill a snapshot. */
struct feed_node feed_snapshot_reader(const struct feed_snapshot *snapshot);

/* From now on newcomers are told of this one. Errors: LK_IO. */
enum lk_status feed_snapshot_keep(struct registry *r, const struct feed_snapshot *snapshot,
                                  struct lk_error *err) LK_MUST_CHECK;

/* The one that is kept. Errors: LK_NOT_FOUND, LK_CORRUPT, LK_IO. */
enum lk_status feed_snapshot_get(struct registry *r, const struct partner *partner,
                                 struct feed_snapshot *out, struct lk_error *err) LK_MUST_CHECK;

#endif
