#include "cases/feed_snapshot.h"

#include "base/err.h"
#include "base/hex.h"
#include "base/le.h"
#include "cases/registry_inside.h"
#include "store/feed_rows.h"
#include "sys/rand.h"

#include <string.h>

#define LABEL_SEED "feed_snapshot.seed"

static void part_of_partner(int64_t partner_row, uint8_t bytes[8])
{
    le_put64(bytes, (uint64_t)partner_row);
}

void feed_snapshot_id(const struct registry *r, int64_t partner_row, uint8_t id[FEED_ID_BYTES])
{
    uint8_t number[8];
    part_of_partner(partner_row, number);
    const struct seal_part parts[] = {SEAL_TEXT("snapshot"), {number, sizeof number}};
    keys_hash(r->keys, KEY_CURSOR, parts, 2, id, FEED_ID_BYTES);
}

/* Everything that the seed gives. */
static void derive(const struct registry *r, struct feed_snapshot *s)
{
    uint8_t name[FEED_SNAPSHOT_NAME_CHARS / 2], box_seed[SEAL_KEY_BYTES];
    const struct seal_part of_name = SEAL_TEXT("name"), of_box = SEAL_TEXT("box");
    seal_hash(s->seed, &of_name, 1, name, sizeof name);
    seal_hash(s->seed, &of_box, 1, box_seed, sizeof box_seed);
    hex_encode(name, sizeof name, s->name);
    seal_box_of_seed(box_seed, s->box_public, s->box_secret);
    seal_wipe(box_seed, sizeof box_seed);
    feed_snapshot_id(r, s->partner_row, s->node);
}

void feed_snapshot_draw(struct registry *r, const struct partner *partner,
                        struct feed_snapshot *out)
{
    *out = (struct feed_snapshot){.partner_row = partner->id, .made_ms = clock_now_ms(&r->clock)};
    rand_bytes(out->seed, sizeof out->seed);
    derive(r, out);
}

struct feed_node feed_snapshot_reader(const struct feed_snapshot *snapshot)
{
    struct feed_node node = {.partner_row = snapshot->partner_row};
    memcpy(node.id, snapshot->node, sizeof node.id);
    memcpy(node.box_key, snapshot->box_public, sizeof node.box_key);
    return node;
}

static enum lk_status put(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    return feed_snapshot_row_put(tx, ctx, err);
}

enum lk_status feed_snapshot_keep(struct registry *r, const struct feed_snapshot *snapshot,
                                  struct lk_error *err)
{
    uint8_t number[8];
    const struct seal_part id = {number, sizeof number};
    struct feed_snapshot_row row = {.partner_row = snapshot->partner_row,
                                    .made_ms = snapshot->made_ms,
                                    .n_files = snapshot->n_files};
    part_of_partner(snapshot->partner_row, number);
    seal_put(keys_get(r->keys, KEY_WRAP), LABEL_SEED, id, snapshot->seed, sizeof snapshot->seed,
             row.seed);
    return store_write(r->store, put, &row, err);
}

static enum lk_status get(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct feed_snapshot_row *row = ctx;
    return feed_snapshot_row_get(tx, row->partner_row, row, err);
}

enum lk_status feed_snapshot_get(struct registry *r, const struct partner *partner,
                                 struct feed_snapshot *out, struct lk_error *err)
{
    uint8_t number[8];
    const struct seal_part id = {number, sizeof number};
    struct feed_snapshot_row row = {.partner_row = partner->id};
    TRY(store_read(r->store, get, &row, err));
    *out = (struct feed_snapshot){
        .partner_row = partner->id, .made_ms = row.made_ms, .n_files = row.n_files};
    part_of_partner(partner->id, number);
    if (!seal_take(keys_get(r->keys, KEY_WRAP), LABEL_SEED, id, row.seed, sizeof row.seed,
                   out->seed))
        return FAIL(err, LK_CORRUPT, "the seed of a snapshot does not open");
    derive(r, out);
    return LK_OK;
}
