/* The change log as one partner sees it.
 *
 * A place in the log is its number, sealed to the node: it says nothing about how much others
 * register, and nobody makes one up. A place that a snapshot of the partner ends at is as good. */
#include "cases/feed_snapshot.h"

#include "base/err.h"
#include "base/le.h"
#include "cases/case_seal.h"
#include "cases/entry_name.h"
#include "cases/receipt.h"
#include "store/brake_rows.h"
#include "store/feed_rows.h"
#include "store/seen_rows.h"
#include "sys/rand.h"

#include <string.h>
#include <time.h>

#define LABEL_CURSOR "feed.cursor"
#define SEEN_FOR_MS  (INT64_C(30) * CLOCK_DAY_MS) /* a node that was not heard of longer is gone */

_Static_assert(FEED_CURSOR_BYTES == SEAL_OVERHEAD_BYTES + 8, "a place is a sealed number");
_Static_assert(FEED_ID_BYTES == STORE_ID_BYTES, "ids are ids");

const uint8_t *registry_feed_seed(const struct registry *r)
{
    return keys_get(r->keys, KEY_FEED);
}

const uint8_t *registry_digest_key(const struct registry *r)
{
    return keys_get(r->keys, KEY_DIGEST);
}

/* ---- places ---- */

static void place_put(const struct registry *r, const struct feed_node *node, uint64_t seq,
                      uint8_t cursor[FEED_CURSOR_BYTES])
{
    uint8_t number[8];
    const struct seal_part id = {node->id, sizeof node->id};
    le_put64(number, seq);
    seal_put(keys_get(r->keys, KEY_CURSOR), LABEL_CURSOR, id, number, sizeof number, cursor);
}

static enum lk_status place_take(const struct registry *r, const struct feed_node *node,
                                 const uint8_t cursor[FEED_CURSOR_BYTES], uint64_t *seq,
                                 struct lk_error *err)
{
    static const uint8_t beginning[FEED_CURSOR_BYTES];
    uint8_t number[8];
    const struct seal_part id = {node->id, sizeof node->id};
    *seq = 0;
    if (memcmp(cursor, beginning, sizeof beginning) == 0)
        return LK_OK;
    uint8_t snapshot[FEED_ID_BYTES];
    feed_snapshot_id(r, node->partner_row, snapshot);
    const struct seal_part snapshot_id = {snapshot, sizeof snapshot};
    const uint8_t *key = keys_get(r->keys, KEY_CURSOR);
    if (!seal_take(key, LABEL_CURSOR, id, cursor, FEED_CURSOR_BYTES, number) &&
        !seal_take(key, LABEL_CURSOR, snapshot_id, cursor, FEED_CURSOR_BYTES, number))
        return FAIL(err, LK_INVALID,
                    "this is no place in the feed of this node: begin again without one");
    *seq = le_get64(number);
    return LK_OK;
}

/* ---- nodes ---- */

static struct feed_node node_of(const struct feed_node_row *row, uint64_t last)
{
    struct feed_node node = {
        .row = row->row,
        .partner_row = row->partner_row,
        .joined_ms = row->joined_ms,
        .seen_ms = row->seen_ms,
        .n_behind = last > row->confirmed ? last - row->confirmed : 0,
        .n_entries = row->n_entries,
        .owes_ms = row->owes_ms,
    };
    memcpy(node.id, row->public_id, sizeof node.id);
    memcpy(node.box_key, row->box_key, sizeof node.box_key);
    memcpy(node.sign_key, row->sign_key, sizeof node.sign_key);
    return node;
}

struct joining {
    struct feed_node_row row;
    size_t n;
    bool is_known;
};

static enum lk_status count_others(void *ctx, const struct feed_node_row *node,
                                   struct lk_error *err)
{
    struct joining *j = ctx;
    (void)err;
    j->n++;
    j->is_known |= memcmp(node->sign_key, j->row.sign_key, sizeof node->sign_key) == 0;
    return LK_OK;
}

static enum lk_status join(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct joining *j = ctx;
    j->n = 0;
    j->is_known = false;
    TRY(feed_node_rows(tx, j->row.partner_row, count_others, j, err));
    if (!j->is_known && j->n >= FEED_MAX_NODES)
        return FAIL(err, LK_LIMIT, "%d machines have joined with this key, which is the limit",
                    FEED_MAX_NODES);
    return feed_node_row_put(tx, &j->row, err);
}

enum lk_status feed_join(struct registry *r, const struct partner *partner,
                         const uint8_t box_key[SEAL_BOX_KEY_BYTES],
                         const uint8_t sign_key[SEAL_SIGN_KEY_BYTES], struct feed_node *out,
                         struct lk_error *err)
{
    static const uint8_t any[SEAL_KEY_BYTES] = {1};
    uint8_t shared[32];
    struct joining j = {.row = {.partner_row = partner->id, .joined_ms = clock_now_ms(&r->clock)}};
    if (partner->role != PARTNER_PLATFORM && partner->role != PARTNER_PEER)
        return FAIL(err, LK_DENIED, "the feed is for platforms and for banks of other countries");
    if (!seal_x25519(any, box_key, shared))
        return FAIL(err, LK_INVALID, "box_key is no public key of X25519");
    rand_bytes(j.row.public_id, sizeof j.row.public_id);
    memcpy(j.row.box_key, box_key, sizeof j.row.box_key);
    memcpy(j.row.sign_key, sign_key, sizeof j.row.sign_key);
    TRY(store_write(r->store, join, &j, err));
    *out = node_of(&j.row, atomic_load(&r->last_change));
    return LK_OK;
}

struct finding {
    int64_t partner_row;
    const uint8_t *id;
    struct feed_node_row row;
};

static enum lk_status find(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct finding *f = ctx;
    return feed_node_row_find(tx, f->partner_row, f->id, &f->row, err);
}

enum lk_status feed_node_get(struct registry *r, const struct partner *partner,
                             const uint8_t id[FEED_ID_BYTES], struct feed_node *out,
                             struct lk_error *err)
{
    struct finding f = {.partner_row = partner->id, .id = id};
    TRY(store_read(r->store, find, &f, err));
    *out = node_of(&f.row, atomic_load(&r->last_change));
    return LK_OK;
}

struct listing {
    struct arena *arena;
    int64_t partner_row;
    uint64_t last;
    struct feed_node *nodes;
    size_t n, room;
};

static enum lk_status list_one(void *ctx, const struct feed_node_row *row, struct lk_error *err)
{
    struct listing *l = ctx;
    if (l->n == l->room) {
        size_t room = l->room == 0 ? 16 : 2 * l->room;
        struct feed_node *nodes = arena_alloc(l->arena, room * sizeof *nodes);
        if (nodes == NULL)
            return FAIL(err, LK_NOMEM, "no memory for the nodes of partners");
        if (l->n > 0)
            memcpy(nodes, l->nodes, l->n * sizeof *nodes);
        l->nodes = nodes;
        l->room = room;
    }
    l->nodes[l->n++] = node_of(row, l->last);
    return LK_OK;
}

static enum lk_status list(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct listing *l = ctx;
    l->n = 0;
    return feed_node_rows(tx, l->partner_row, list_one, l, err);
}

enum lk_status feed_nodes(struct registry *r, int64_t partner_row, struct arena *arena,
                          struct feed_node **out, size_t *n, struct lk_error *err)
{
    struct listing l = {
        .arena = arena, .partner_row = partner_row, .last = atomic_load(&r->last_change)};
    TRY(store_read(r->store, list, &l, err));
    *out = l.nodes;
    *n = l.n;
    return LK_OK;
}

/* ---- reading ---- */

struct reading {
    struct registry *r;
    const struct feed_node *node;
    struct arena *arena;
    struct feed_page *page;
    uint64_t seq; /* of the last change looked at */
    size_t max_changes, max_bytes, n_bytes, n_seen;
    int64_t case_row; /* whose key this is; 0: none */
    uint8_t key[SEAL_KEY_BYTES];
    struct store_tx *tx;
};

static enum lk_status keep_regime(void *ctx, const char *regime, size_t n, struct lk_error *err)
{
    struct feed_change *change =
        ((struct reading *)ctx)->page->changes + ((struct reading *)ctx)->page->n;
    if (n == 0 || n > FEED_REGIME_BYTES)
        return LK_OK;
    change->regimes[change->n_regimes] = arena_copy(((struct reading *)ctx)->arena, regime, n);
    return change->regimes[change->n_regimes++] != NULL
               ? LK_OK
               : FAIL(err, LK_NOMEM, "no memory for the feed");
}

static enum lk_status open_record(struct reading *x, const struct change *c,
                                  struct feed_change *out, struct lk_error *err)
{
    if (c->case_row != x->case_row) {
        TRY(case_unwrap_by_master(x->r, c->case_id, c->key_by_master, c->n_key_by_master, x->key,
                                  err));
        x->case_row = c->case_row;
    }
    x->n_bytes += c->n_record;
    return case_open_entry(x->arena, x->key, c->entry_id, c->record, c->n_record, &out->sequence,
                           err);
}

/* Whether this partner may know of it. */
static bool is_for(const struct reading *x, const struct change *c)
{
    return (c->scope & FEED_SCOPE_ONLY) == 0 ||
           (int64_t)(c->scope & ~FEED_SCOPE_ONLY) == x->node->partner_row;
}

static enum lk_status take_change(struct reading *x, const struct change *c, struct lk_error *err)
{
    struct feed_change *out = &x->page->changes[x->page->n];
    *out = (struct feed_change){
        .op = c->op == CHANGE_ADD    ? FEED_ADD
              : c->op == CHANGE_TIER ? FEED_CHANGE
                                     : FEED_WITHDRAW,
        .tier = c->tier,
        .expires_day = (uint32_t)(c->expires_ms / CLOCK_DAY_MS),
    };
    bool is_gone = c->record == NULL || c->key_by_master == NULL;
    if (out->op != FEED_WITHDRAW && is_gone)
        return LK_OK; /* its withdrawal follows */
    TRY(entry_name(x->r, x->node->partner_row, c->entry_id, out->id, err));
    if (out->op == FEED_ADD)
        TRY(open_record(x, c, out, err));
    if (out->op != FEED_WITHDRAW) {
        unsigned reason = 0;
        TRY(brake_reason(x->tx, c->entry_row, x->node->partner_row, &reason, err));
        out->brake = (uint8_t)reason;
        TRY(store_regimes_of_case(x->tx, c->case_row, FEED_MAX_REGIMES, keep_regime, x, err));
    }
    x->page->n++;
    return LK_OK;
}

static enum lk_status see_change(void *ctx, const struct change *c, struct lk_error *err)
{
    struct reading *x = ctx;
    if (x->n_bytes >= x->max_bytes)
        return LK_OK; /* for the next page */
    if (is_for(x, c)) {
        struct lk_error why;
        enum lk_status status = take_change(x, c, &why);
        if (status != LK_OK)
            return FAIL(err, status, "change %llu: %s", (unsigned long long)c->seq, why.text);
    }
    x->seq = c->seq;
    return LK_OK;
}

static enum lk_status read_changes(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct reading *x = ctx;
    uint64_t last = 0;
    x->tx = tx;
    TRY(store_changes_after(tx, x->seq, x->max_changes, see_change, x, err));
    TRY(change_last(tx, &last, err));
    x->page->more = last > x->seq;
    return LK_OK;
}

enum lk_status feed_read(struct registry *r, const struct feed_node *node,
                         const uint8_t from[FEED_CURSOR_BYTES], size_t max_changes,
                         size_t max_bytes, struct arena *arena, struct feed_page *out,
                         struct lk_error *err)
{
    struct reading x = {.r = r,
                        .node = node,
                        .arena = arena,
                        .page = out,
                        .max_changes = max_changes,
                        .max_bytes = max_bytes};
    *out = (struct feed_page){.n = 0};
    TRY(place_take(r, node, from, &x.seq, err));
    uint64_t first = x.seq;
    out->changes = arena_alloc(arena, max_changes * sizeof *out->changes);
    if (out->changes == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the feed");
    enum lk_status status = store_read(r->store, read_changes, &x, err);
    seal_wipe(x.key, sizeof x.key);
    TRY(status);
    memcpy(out->from, from, FEED_CURSOR_BYTES);
    if (x.seq == first)
        memcpy(out->to, from, FEED_CURSOR_BYTES);
    else
        place_put(r, node, x.seq, out->to);
    return LK_OK;
}

enum lk_status feed_has_news(struct registry *r, const struct feed_node *node,
                             const uint8_t from[FEED_CURSOR_BYTES], bool *has, struct lk_error *err)
{
    uint64_t seq = 0;
    TRY(place_take(r, node, from, &seq, err));
    if (seq > atomic_load(&r->last_change)) /* another process gave it, or the store was set back */
        TRY(registry_follow(r, err));
    if (seq > atomic_load(&r->last_change))
        return FAIL(err, LK_INVALID, "this registry was set back to an earlier time: begin again");
    *has = atomic_load(&r->last_change) > seq;
    return LK_OK;
}

/* ---- receipts ---- */

struct confirming {
    const struct feed_node *node;
    const struct feed_receipt *receipt;
    uint64_t from_seq, to_seq;
    int64_t now_ms;
};

static enum lk_status confirm(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct confirming *c = ctx;
    const struct feed_receipt *receipt = c->receipt;
    uint64_t all = 0;
    bool any = false;
    TRY(feed_node_row_confirm(tx, c->node->row, c->to_seq, receipt->n_entries, c->now_ms, err));
    if (receipt->n_withdrawn > 0) {
        struct feed_receipt_row row = {
            .node_row = c->node->row,
            .from_seq = c->from_seq,
            .to_seq = c->to_seq,
            .received_ms = c->now_ms,
            .body = receipt->body,
            .n_body = receipt->n_body,
        };
        memcpy(row.signature, receipt->signature, sizeof row.signature);
        TRY(feed_receipt_row_add(tx, &row, err));
    }
    TRY(feed_node_rows_confirmed(tx, c->node->partner_row, c->now_ms - SEEN_FOR_MS, &all, &any,
                                 err));
    return any ? seen_row_put(tx, c->node->partner_row, all, c->now_ms, err) : LK_OK;
}

enum lk_status feed_confirm(struct registry *r, const struct feed_node *node,
                            const struct feed_receipt *receipt, struct lk_error *err)
{
    struct confirming c = {.node = node, .receipt = receipt, .now_ms = clock_now_ms(&r->clock)};
    if (!seal_sign_check(node->sign_key, receipt->body, receipt->n_body, receipt->signature))
        return FAIL(err, LK_DENIED, "the receipt is not signed by this node");
    TRY(place_take(r, node, receipt->from, &c.from_seq, err));
    TRY(place_take(r, node, receipt->to, &c.to_seq, err));
    if (c.from_seq > c.to_seq)
        return FAIL(err, LK_INVALID, "the receipt ends before it begins");
    return store_write(r->store, confirm, &c, err);
}

/* ---- news ---- */

uint64_t registry_wait(struct registry *r, uint64_t seen, unsigned timeout_ms)
{
    int64_t until_ns = clock_monotonic_ns() + (int64_t)timeout_ms * 1000000;
    struct timespec until = {.tv_sec = until_ns / 1000000000, .tv_nsec = until_ns % 1000000000};
    struct lk_error unheard; /* r->behind says it to whoever matches next */
    pthread_mutex_lock(&r->news_lock);
    while (atomic_load(&r->last_change) == seen &&
           pthread_cond_timedwait(&r->news, &r->news_lock, &until) == 0)
        continue;
    pthread_mutex_unlock(&r->news_lock);
    if (atomic_load(&r->last_change) == seen && registry_catch_up(r, &unheard) != LK_OK)
        return seen;
    return atomic_load(&r->last_change);
}
