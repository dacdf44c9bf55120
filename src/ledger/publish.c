/* From events to tiles. Each level of tiles holds the roots of the full tiles below it:
 *
 *     level 1            [h h . . .                    ]
 *                         | |
 *     level 0   [256 leaf hashes][256 leaf hashes][3 so far]
 *
 * Only the last tile of a level is open; a step of leaves writes it once, and each full one once.
 * Steps are transactions of their own, so that a long backlog holds nobody up. */
#include "ledger/ledger_inside.h"

#include "base/err.h"
#include "store/ledger_rows.h"

#include <likeness/alloc.h>
#include <stdlib.h>
#include <string.h>

enum { STEP_LEAVES = 64 * TILE_WIDTH };

_Static_assert(LEDGER_TILE_BYTES == TILE_WIDTH * TREE_HASH_BYTES, "a tile is 256 hashes");

/* The last tile of each level, and which one it is. */
struct edge {
    struct store_tx *tx;
    uint64_t n; /* leaves */
    uint64_t number[TILE_LEVELS];
    size_t n_hashes[TILE_LEVELS];
    bool moved[TILE_LEVELS];
    struct tree_hash hashes[TILE_LEVELS][TILE_WIDTH];
};

static enum lk_status edge_load(struct edge *edge, struct lk_error *err)
{
    uint64_t n = edge->n;
    for (unsigned level = 0; level < TILE_LEVELS; level++, n /= TILE_WIDTH) {
        size_t n_bytes = 0;
        edge->number[level] = n / TILE_WIDTH;
        edge->n_hashes[level] = n % TILE_WIDTH;
        if (edge->n_hashes[level] == 0)
            continue;
        TRY(ledger_tile_get(edge->tx, level, edge->number[level], (uint8_t *)edge->hashes[level],
                            &n_bytes, err));
        if (n_bytes != edge->n_hashes[level] * TREE_HASH_BYTES)
            return FAIL(err, LK_CORRUPT, "a tile of the ledger holds %zu hashes in place of %zu",
                        n_bytes / TREE_HASH_BYTES, edge->n_hashes[level]);
    }
    return LK_OK;
}

static enum lk_status edge_write(struct edge *edge, unsigned level, struct lk_error *err)
{
    edge->moved[level] = false;
    return ledger_tile_put(edge->tx, level, edge->number[level], edge->hashes[level][0].bytes,
                           edge->n_hashes[level] * TREE_HASH_BYTES, err);
}

static void fold_tile(struct tree_hash *hashes, size_t n)
{
    for (; n > 1; n /= 2)
        for (size_t i = 0; i < n / 2; i++)
            tree_node(&hashes[2 * i], &hashes[2 * i + 1], &hashes[i]);
}

static enum lk_status edge_add(struct edge *edge, const struct tree_hash *leaf,
                               struct lk_error *err)
{
    struct tree_hash hash = *leaf;
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        edge->hashes[level][edge->n_hashes[level]++] = hash;
        edge->moved[level] = true;
        if (edge->n_hashes[level] < TILE_WIDTH)
            break;
        TRY(edge_write(edge, level, err));
        fold_tile(edge->hashes[level], TILE_WIDTH);
        hash = edge->hashes[level][0];
        edge->n_hashes[level] = 0;
        edge->number[level]++;
    }
    edge->n++;
    return LK_OK;
}

static enum lk_status add_event(void *ctx, const struct event_seen *event, struct lk_error *err)
{
    struct edge *edge = ctx;
    struct leaf leaf;
    struct tree_hash hash;
    uint8_t bytes[LEAF_MAX_BYTES];
    if (event->seq != edge->n + 1)
        return FAIL(err, LK_CORRUPT, "event %llu is missing", (unsigned long long)edge->n + 1);
    TRY(ledger_leaf_of(event, &leaf, err));
    tree_leaf(bytes, leaf_put(&leaf, bytes), &hash);
    return edge_add(edge, &hash, err);
}

static enum lk_status grow(struct edge *edge, struct lk_error *err)
{
    TRY(ledger_row_lock(edge->tx, &edge->n, err));
    uint64_t before = edge->n;
    TRY(edge_load(edge, err));
    TRY(event_rows_after(edge->tx, edge->n, STEP_LEAVES, add_event, edge, err));
    for (unsigned level = 0; level < TILE_LEVELS; level++)
        if (edge->moved[level])
            TRY(edge_write(edge, level, err));
    return edge->n == before ? LK_OK : ledger_row_grow(edge->tx, edge->n, err);
}

struct step {
    struct ledger *ledger;
    uint64_t n_before, n_left;
    struct checkpoint *c;
};

static enum lk_status take_step(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct step *s = ctx;
    uint64_t last = 0;
    struct edge *edge = calloc(1, sizeof *edge);
    if (edge == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the ledger");
    edge->tx = tx;
    enum lk_status status = grow(edge, err);
    if (status == LK_OK)
        status = event_rows_last(tx, &last, err);
    s->n_left = last - edge->n;
    free(edge);
    return status;
}

static enum lk_status keep_checkpoint(void *ctx, const struct checkpoint_row *row,
                                      struct lk_error *err)
{
    struct checkpoint *c = ctx;
    (void)err;
    c->size = row->size;
    memcpy(c->root.bytes, row->root, sizeof c->root.bytes);
    return LK_OK;
}

/* A log that signs a tree which does not begin with what it signed before is a forked log: then it
 * says so instead of signing. */
static enum lk_status check_before(struct tile_reader *reader, const struct checkpoint *before,
                                   struct lk_error *err)
{
    struct tree_hash root;
    TRY(tree_root(tile_reader_get, reader, before->size, &root, err));
    if (!tree_equal(&root, &before->root))
        return FAIL(err, LK_CORRUPT,
                    "the tree is no longer the one that was signed at %llu leaves: nothing is "
                    "signed; bring the store back from its backup",
                    (unsigned long long)before->size);
    return LK_OK;
}

static enum lk_status put_note(struct ledger *ledger, struct store_tx *tx,
                               const struct checkpoint *c, struct lk_error *err)
{
    struct buf note;
    buf_init(&note, lk_alloc_heap(), NOTE_MAX_BYTES);
    checkpoint_put(c, &note);
    size_t n_text = note.n;
    struct buf line;
    buf_init(&line, lk_alloc_heap(), NOTE_MAX_BYTES);
    note_sign(&ledger->key, ledger->seed, note.p, n_text, 0, &line);
    buf_char(&note, '\n');
    buf_put(&note, line.p, line.n);
    enum lk_status status = buf_status(&line, "the signature", err);
    if (status == LK_OK)
        status = buf_status(&note, "the checkpoint", err);
    struct checkpoint_row row = {.size = c->size, .note = note.p, .n_note = note.n};
    memcpy(row.root, c->root.bytes, sizeof row.root);
    if (status == LK_OK)
        status = checkpoint_row_put(tx, &row, err);
    buf_fini(&line);
    buf_fini(&note);
    return status;
}

static enum lk_status sign(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct step *s = ctx;
    struct tile_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the ledger");
    reader->tx = tx;
    struct checkpoint *c = s->c;
    memcpy(c->origin, s->ledger->key.name, sizeof c->origin);
    enum lk_status status = checkpoint_row_last(tx, keep_checkpoint, c, err);
    bool first = status == LK_NOT_FOUND;
    uint64_t n = 0;
    if (first)
        status = LK_OK;
    if (status == LK_OK)
        status = ledger_row_lock(tx, &n, err);
    if (status == LK_OK && !first)
        status = check_before(reader, c, err);
    if (status == LK_OK && (first || n > c->size)) {
        c->size = n;
        status = tree_root(tile_reader_get, reader, n, &c->root, err);
        if (status == LK_OK)
            status = put_note(s->ledger, tx, c, err);
    }
    free(reader);
    return status;
}

enum lk_status ledger_publish(struct ledger *ledger, struct checkpoint *c, struct lk_error *err)
{
    struct step step = {.ledger = ledger, .c = c};
    do
        TRY(store_write(ledger->store, take_step, &step, err));
    while (step.n_left > 0);
    return store_write(ledger->store, sign, &step, err);
}
