/* Additions gather and enter the bank together, and so do withdrawals; each first lets the other
 * in. The prints of an id never change: one that is there already only gets what is said about it.
 */
#include "node/apply.h"

#include "base/err.h"
#include "node/look.h"
#include "sys/clock.h"

#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 4096 };

struct applying {
    struct node *node;
    struct bank_entry *added; /* FEED_CHUNK_MAX_CHANGES places, as the next */
    size_t n_added;
    uint8_t (*gone)[BANK_ID_BYTES];
    size_t n_gone;
};

static enum lk_status flush_added(struct applying *a, struct lk_error *err)
{
    if (a->n_added == 0)
        return LK_OK;
    TRY(marks_save(a->node->marks, a->node->marks_path, a->node->keys, err));
    TRY(look_for_entries(a->node, a->added, a->n_added, err));
    TRY(bank_add(a->node->bank, a->added, a->n_added, 0, err));
    node_count(a->node, COUNT_ADDED, a->n_added);
    a->n_added = 0;
    return LK_OK;
}

static enum lk_status flush_gone(struct applying *a, struct lk_error *err)
{
    if (a->n_gone == 0)
        return LK_OK;
    TRY(bank_remove(a->node->bank, (const void *)a->gone, a->n_gone, err));
    node_count(a->node, COUNT_DELETED, a->n_gone);
    a->n_gone = 0;
    return look_drop_gone(a->node, err);
}

static bool is_pending(const struct applying *a, const uint8_t id[FEED_ID_BYTES])
{
    for (size_t i = 0; i < a->n_added; i++)
        if (memcmp(a->added[i].id, id, FEED_ID_BYTES) == 0)
            return true;
    return false;
}

/* The tier and what else is said of an entry that is there. */
static enum lk_status change(struct applying *a, const struct feed_change *c, struct lk_error *err)
{
    TRY(flush_added(a, err));
    TRY(flush_gone(a, err));
    enum lk_status status = bank_set_tier(a->node->bank, c->id, c->tier, err);
    if (status == LK_NOT_FOUND)
        return LK_OK;
    TRY(status);
    return marks_change(a->node->marks, c, err);
}

static enum lk_status add(struct applying *a, const struct feed_change *c, struct lk_error *err)
{
    TRY(flush_gone(a, err));
    if (bank_has(a->node->bank, c->id) || is_pending(a, c->id))
        return change(a, c, err);
    struct bank_entry *entry = &a->added[a->n_added];
    *entry = (struct bank_entry){.tier = c->tier, .sequence = c->sequence};
    memcpy(entry->id, c->id, sizeof entry->id);
    TRY(marks_pack(a->node->marks, c, &entry->scope, err));
    a->n_added++;
    return LK_OK;
}

static enum lk_status withdraw(struct applying *a, const struct feed_change *c,
                               struct lk_error *err)
{
    TRY(flush_added(a, err));
    if (bank_has(a->node->bank, c->id))
        memcpy(a->gone[a->n_gone++], c->id, BANK_ID_BYTES);
    marks_forget(a->node->marks, c->id);
    return LK_OK;
}

static enum lk_status apply_each(struct applying *a, const struct feed_chunk *chunk,
                                 uint8_t (*deleted)[FEED_ID_BYTES], size_t *n_deleted,
                                 struct lk_error *err)
{
    *n_deleted = 0;
    for (size_t i = 0; i < chunk->n; i++) {
        const struct feed_change *c = &chunk->changes[i];
        if (c->op == FEED_ADD) {
            TRY(add(a, c, err));
        } else if (c->op == FEED_CHANGE) {
            TRY(change(a, c, err));
        } else {
            TRY(withdraw(a, c, err));
            memcpy(deleted[(*n_deleted)++], c->id, FEED_ID_BYTES);
        }
    }
    TRY(flush_added(a, err));
    TRY(flush_gone(a, err));
    return marks_save(a->node->marks, a->node->marks_path, a->node->keys, err);
}

enum lk_status apply_chunk(struct node *node, const struct feed_chunk *chunk,
                           uint8_t (*deleted)[FEED_ID_BYTES], size_t *n_deleted,
                           struct lk_error *err)
{
    struct applying a = {.node = node};
    a.added = malloc((chunk->n + 1) * sizeof *a.added);
    a.gone = malloc((chunk->n + 1) * sizeof *a.gone);
    enum lk_status status = a.added != NULL && a.gone != NULL
                                ? apply_each(&a, chunk, deleted, n_deleted, err)
                                : FAIL(err, LK_NOMEM, "no memory to apply the feed");
    free(a.added);
    free(a.gone);
    return status;
}

/* ---- the end of entries ---- */

struct ending {
    struct node *node;
    int64_t today; /* INT64_MAX: all are over */
    uint8_t (*ids)[BANK_ID_BYTES];
    size_t n;
};

static enum lk_status note_over(void *ctx, const struct bank_entry *entry, struct lk_error *err)
{
    struct ending *e = ctx;
    (void)err;
    struct mark mark = marks_get(e->node->marks, entry->id, entry->scope);
    bool is_over = e->today == INT64_MAX ||
                   (mark.last_day != MARKS_NO_DAY && (int64_t)mark.last_day < e->today);
    if (is_over && e->n < AT_ONCE)
        memcpy(e->ids[e->n++], entry->id, BANK_ID_BYTES);
    return LK_OK;
}

static enum lk_status end_all(struct ending *e, size_t *n, struct lk_error *err)
{
    do {
        e->n = 0;
        TRY(bank_each(e->node->bank, note_over, e, err));
        if (e->n > 0)
            TRY(bank_remove(e->node->bank, (const void *)e->ids, e->n, err));
        for (size_t i = 0; i < e->n; i++)
            marks_forget(e->node->marks, e->ids[i]);
        *n += e->n;
    } while (e->n == AT_ONCE);
    node_count(e->node, COUNT_DELETED, *n);
    if (*n > 0 && e->today != INT64_MAX) /* else most come again */
        TRY(look_drop_gone(e->node, err));
    return marks_save(e->node->marks, e->node->marks_path, e->node->keys, err);
}

static enum lk_status end_before(struct node *node, int64_t today, size_t *n, struct lk_error *err)
{
    struct ending e = {.node = node, .today = today};
    *n = 0;
    e.ids = malloc(AT_ONCE * sizeof *e.ids);
    enum lk_status status =
        e.ids != NULL ? end_all(&e, n, err) : FAIL(err, LK_NOMEM, "no memory to delete entries");
    free(e.ids);
    return status;
}

enum lk_status apply_expiry(struct node *node, int64_t now_ms, size_t *n, struct lk_error *err)
{
    return end_before(node, now_ms / CLOCK_DAY_MS, n, err);
}

enum lk_status apply_nothing(struct node *node, struct lk_error *err)
{
    size_t n = 0;
    return end_before(node, INT64_MAX, &n, err);
}
