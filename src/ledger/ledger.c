#include "ledger/ledger_inside.h"

#include "base/be.h"
#include "base/err.h"
#include "store/keys.h"
#include "store/ledger_rows.h"
#include "store/meta_rows.h"
#include "sys/clock.h"

#include <stdlib.h>
#include <string.h>

struct naming {
    const char *given;
    char name[NOTE_MAX_NAME_BYTES + 1];
};

static enum lk_status settle_name(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct naming *n = ctx;
    bool found = false;
    if (n->given == NULL) {
        TRY(meta_get(tx, "ledger.name", n->name, sizeof n->name, &found, err));
        if (!found)
            memcpy(n->name, LEDGER_NAME, sizeof LEDGER_NAME);
        return LK_OK;
    }
    memcpy(n->name, n->given, strlen(n->given));
    return meta_put(tx, "ledger.name", n->name, sizeof n->name, err);
}

static enum lk_status make_key(struct ledger *ledger, const char *origin, struct lk_error *err)
{
    struct naming naming = {.given = origin};
    uint8_t public_key[SEAL_SIGN_KEY_BYTES];
    seal_sign_public(ledger->seed, public_key);
    if (origin != NULL) /* before it is remembered: is it a name at all? */
        TRY(note_key_init(&ledger->key, origin, NOTE_ED25519, public_key, err));
    if (origin == NULL)
        TRY(store_read(ledger->store, settle_name, &naming, err));
    else
        TRY(store_write(ledger->store, settle_name, &naming, err));
    return note_key_init(&ledger->key, naming.name, NOTE_ED25519, public_key, err);
}

enum lk_status ledger_open(struct store *store, const struct keys *keys, const char *origin,
                           struct ledger **out, struct lk_error *err)
{
    struct ledger *ledger = seal_locked_new(sizeof *ledger);
    if (ledger == NULL)
        return FAIL(err, LK_NOMEM, "no memory that can be locked for the ledger's key");
    ledger->store = store;
    memcpy(ledger->seed, keys_get(keys, KEY_LEDGER), sizeof ledger->seed);
    enum lk_status status = make_key(ledger, origin, err);
    if (status != LK_OK) {
        ledger_close(ledger);
        return status;
    }
    *out = ledger;
    return LK_OK;
}

void ledger_close(struct ledger *ledger)
{
    seal_locked_free(ledger);
}

const struct note_key *ledger_key(const struct ledger *ledger)
{
    return &ledger->key;
}

static bool keep_text(char *out, size_t max, const char *text, size_t n)
{
    if (n > max)
        return false;
    if (n > 0)
        memcpy(out, text, n);
    out[n] = '\0';
    return true;
}

enum lk_status ledger_leaf_of(const struct event_seen *event, struct leaf *leaf,
                              struct lk_error *err)
{
    const struct event *e = &event->event;
    *leaf = (struct leaf){
        .sequence = event->seq,
        .type = (uint8_t)e->type,
        .clock_kind = (uint8_t)e->clock_kind,
        .outcome = (uint8_t)e->outcome,
        .reason = (uint8_t)e->reason,
        .tier = (uint8_t)e->tier,
        .medium = (uint8_t)e->medium,
        .confidence = (uint8_t)e->confidence,
        .day_only = clock_day_start_ms(e->event_ms) == e->event_ms,
        .event_s = e->event_ms / 1000,
        .due_s = e->due_ms / 1000,
    };
    memcpy(leaf->commitment, event->commitment, sizeof leaf->commitment);
    if (!keep_text(leaf->partner, LEAF_MAX_PARTNER_BYTES, event->partner, event->n_partner) ||
        !keep_text(leaf->regime, LEAF_MAX_REGIME_BYTES, event->regime, event->n_regime))
        return FAIL(err, LK_CORRUPT, "event %llu has a name that no leaf holds",
                    (unsigned long long)event->seq);
    return LK_OK;
}

enum lk_status tile_reader_get(void *ctx, unsigned level, uint64_t index, struct tree_hash *out,
                               struct lk_error *err)
{
    struct tile_reader *r = ctx;
    unsigned tile_level = level / 8, height = level % 8;
    uint64_t first = index << height, number = first / TILE_WIDTH;
    size_t at = first % TILE_WIDTH, n = (size_t)1 << height;
    struct tree_hash hashes[TILE_WIDTH / 2];
    if (r->n == 0 || r->level != tile_level || r->number != number) {
        r->level = tile_level;
        r->number = number;
        TRY(ledger_tile_get(r->tx, tile_level, number, r->bytes, &r->n, err));
    }
    if (r->n < (at + n) * TREE_HASH_BYTES)
        return FAIL(err, LK_CORRUPT, "the ledger lacks hashes of level %u", level);
    memcpy(hashes, r->bytes + at * TREE_HASH_BYTES, n * TREE_HASH_BYTES);
    for (; n > 1; n /= 2)
        for (size_t i = 0; i < n / 2; i++)
            tree_node(&hashes[2 * i], &hashes[2 * i + 1], &hashes[i]);
    *out = hashes[0];
    return LK_OK;
}

static enum lk_status read_size(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    return ledger_row_size(tx, ctx, err);
}

enum lk_status ledger_size(struct ledger *ledger, uint64_t *n, struct lk_error *err)
{
    return store_read(ledger->store, read_size, n, err);
}

struct walk {
    uint64_t from, to;
    ledger_each *each;
    void *ctx;
};

static enum lk_status show_leaf(void *ctx, const struct event_seen *event, struct lk_error *err)
{
    const struct walk *w = ctx;
    struct leaf leaf;
    TRY(ledger_leaf_of(event, &leaf, err));
    return w->each(w->ctx, event->seq - 1, &leaf, err);
}

static enum lk_status walk(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct walk *w = ctx;
    uint64_t n = w->to - w->from;
    return event_rows_after(tx, w->from, n > INT64_MAX ? INT64_MAX : (size_t)n, show_leaf, w, err);
}

enum lk_status ledger_leaves(struct ledger *ledger, uint64_t from, uint64_t to, ledger_each *each,
                             void *ctx, struct lk_error *err)
{
    struct walk w = {from, to, each, ctx};
    return from >= to ? LK_OK : store_read(ledger->store, walk, &w, err);
}

/* What is read of the published tree in one snapshot. */
struct look {
    const struct tile *tile;
    uint64_t n_old, n;
    struct tree_proof *proof;
    struct receipt *receipt;
    struct buf *out;
};

static enum lk_status copy_note(void *ctx, const struct checkpoint_row *row, struct lk_error *err)
{
    struct look *l = ctx;
    l->n = row->size;
    buf_put(l->out, row->note, row->n_note);
    return buf_status(l->out, "the checkpoint", err);
}

static enum lk_status read_note(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    return checkpoint_row_last(tx, copy_note, ctx, err);
}

enum lk_status ledger_note(struct ledger *ledger, struct buf *out, struct lk_error *err)
{
    struct look look = {.out = out};
    return store_read(ledger->store, read_note, &look, err);
}

static enum lk_status put_entry(void *ctx, const struct event_seen *event, struct lk_error *err)
{
    struct buf *out = ctx;
    struct leaf leaf;
    uint8_t bytes[2 + LEAF_MAX_BYTES];
    TRY(ledger_leaf_of(event, &leaf, err));
    size_t n = leaf_put(&leaf, bytes + 2);
    bytes[0] = (uint8_t)(n >> 8);
    bytes[1] = (uint8_t)n;
    buf_put(out, bytes, n + 2);
    return LK_OK;
}

static enum lk_status no_tile(struct lk_error *err)
{
    return FAIL(err, LK_NOT_FOUND, "the ledger has no such tile yet");
}

static enum lk_status read_tile(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct look *l = ctx;
    const struct tile *t = l->tile;
    uint64_t n = 0;
    TRY(ledger_row_size(tx, &n, err));
    n >>= t->level == TILE_ENTRIES ? 0 : 8 * t->level;
    if (t->number > n / TILE_WIDTH || t->number * TILE_WIDTH + t->width > n)
        return no_tile(err);
    if (t->level == TILE_ENTRIES) {
        TRY(event_rows_after(tx, t->number * TILE_WIDTH, t->width, put_entry, l->out, err));
    } else {
        uint8_t bytes[LEDGER_TILE_BYTES];
        size_t n_bytes = 0;
        TRY(ledger_tile_get(tx, t->level, t->number, bytes, &n_bytes, err));
        if (n_bytes < t->width * TREE_HASH_BYTES)
            return no_tile(err);
        buf_put(l->out, bytes, t->width * TREE_HASH_BYTES);
    }
    return buf_status(l->out, "the tile", err);
}

enum lk_status ledger_tile(struct ledger *ledger, const struct tile *tile, struct buf *out,
                           struct lk_error *err)
{
    struct look look = {.tile = tile, .out = out};
    return store_read(ledger->store, read_tile, &look, err);
}

static enum lk_status keep_leaf(void *ctx, const struct event_seen *event, struct lk_error *err)
{
    struct receipt *r = ctx;
    struct leaf leaf;
    TRY(ledger_leaf_of(event, &leaf, err));
    r->n_extra = leaf_put(&leaf, r->extra);
    return LK_OK;
}

static enum lk_status read_receipt(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct look *l = ctx;
    struct receipt *r = l->receipt;
    TRY(checkpoint_row_last(tx, copy_note, l, err));
    if (r->index >= l->n)
        return FAIL(err, LK_NOT_FOUND,
                    "the ledger's checkpoint has %llu leaves, none of index %llu",
                    (unsigned long long)l->n, (unsigned long long)r->index);
    TRY(event_rows_after(tx, r->index, 1, keep_leaf, r, err));
    struct tile_reader reader = {.tx = tx};
    return tree_prove_leaf(tile_reader_get, &reader, r->index, l->n, &r->proof, err);
}

enum lk_status ledger_receipt(struct ledger *ledger, uint64_t index, struct buf *out,
                              struct lk_error *err)
{
    struct receipt receipt = {.index = index};
    struct buf note;
    buf_init(&note, out->alloc, NOTE_MAX_BYTES);
    struct look look = {.out = &note, .receipt = &receipt};
    enum lk_status status = store_read(ledger->store, read_receipt, &look, err);
    receipt.note = note.p;
    receipt.n_note = note.n;
    if (status == LK_OK)
        receipt_put(&receipt, out);
    buf_fini(&note);
    return status != LK_OK ? status : buf_status(out, "the receipt", err);
}

static enum lk_status read_growth(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct look *l = ctx;
    uint64_t n = 0;
    TRY(ledger_row_size(tx, &n, err));
    if (l->n > n)
        return FAIL(err, LK_INVALID, "the ledger has %llu leaves, not %llu", (unsigned long long)n,
                    (unsigned long long)l->n);
    struct tile_reader reader = {.tx = tx};
    return tree_prove_growth(tile_reader_get, &reader, l->n_old, l->n, l->proof, err);
}

enum lk_status ledger_growth(struct ledger *ledger, uint64_t n_old, uint64_t n,
                             struct tree_proof *out, struct lk_error *err)
{
    struct look look = {.n_old = n_old, .n = n, .proof = out};
    return store_read(ledger->store, read_growth, &look, err);
}
