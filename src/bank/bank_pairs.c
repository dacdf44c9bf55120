/* Every table and segment is joined with itself, and any two of them with each other: the prints of
 * one are looked for in the other. The view is held until the end, so nothing moves meanwhile. */
#include "bank_pairs.h"
#include "bank_inside.h"
#include "base/err.h"
#include "core/index/config.h"
#include "core/index/segment_batch.h"

#include <string.h>

enum { OUT_PAIRS = 1024, FIRST_ROOM = 1024 };

/* A table or a segment of the view. */
struct part {
    const struct table *table; /* or NULL, and then */
    const struct bank_segment *segment;
};

struct joining {
    const struct lk_alloc *alloc;
    unsigned kind, radius_bits;
    bank_on_pairs *on_pairs;
    void *ctx;
    struct part from, to; /* what is being joined */
    struct hits hits;
    size_t n_out;
    struct bank_pair out[OUT_PAIRS];
};

static bool id_of(const struct part *part, uint64_t label, uint8_t id[BANK_ID_BYTES])
{
    uint32_t number = (uint32_t)(label >> 16);
    if (part->table != NULL) {
        const struct table_entry *e = table_at(part->table, number);
        memcpy(id, e->id, BANK_ID_BYTES);
        return state_tier(table_state(e)) != 0;
    }
    if (!bank_segment_in_force(part->segment, number))
        return false;
    memcpy(id, part->segment->image->entries[number].id, BANK_ID_BYTES);
    return true;
}

static enum lk_status hand_out(struct joining *j, struct lk_error *err)
{
    size_t n = j->n_out;
    j->n_out = 0;
    return n == 0 ? LK_OK : j->on_pairs(j->ctx, j->out, n, err);
}

static enum lk_status put(struct joining *j, uint64_t label_a, uint64_t label_b, unsigned dist_bits,
                          struct lk_error *err)
{
    struct bank_pair *pair = &j->out[j->n_out];
    bool is_one_part = j->from.table == j->to.table && j->from.segment == j->to.segment;
    if (is_one_part && label_a >> 16 == label_b >> 16)
        return LK_OK;
    if (!id_of(&j->from, label_a, pair->a) || !id_of(&j->to, label_b, pair->b))
        return LK_OK;
    pair->dist_bits = (uint16_t)dist_bits;
    return ++j->n_out == OUT_PAIRS ? hand_out(j, err) : LK_OK;
}

static enum lk_status search_once(struct joining *j, const struct lk_print *print,
                                  struct lk_error *err)
{
    struct hits *h = &j->hits;
    h->n = h->n_total = 0;
    if (j->to.table != NULL)
        return lk_index_search(j->to.table->index[j->kind], print, j->radius_bits, h->p, h->cap,
                               &h->n, &h->n_total, err);
    const struct bank_segment *s = j->to.segment;
    segment_search(&s->image->index[j->kind], &s->tables[j->kind], &s->kernels, print, 0,
                   j->radius_bits, h);
    return LK_OK;
}

/* Everything in `to` that is near a print of `from`; for a segment the print stands in the order of
 * its index. */
static enum lk_status search(struct joining *j, const struct lk_print *print, uint64_t label,
                             struct lk_error *err)
{
    TRY(search_once(j, print, err));
    if (j->hits.n_total > j->hits.cap) {
        struct hits *h = &j->hits;
        size_t room = h->n_total + h->n_total / 8;
        struct lk_hit *p =
            j->alloc->resize(j->alloc->ctx, h->p, h->room * sizeof *p, room * sizeof *p);
        if (p == NULL)
            return FAIL(err, LK_NOMEM, "no memory for %zu prints that are alike", h->n_total);
        *h = (struct hits){.p = p, .room = room, .cap = room};
        TRY(search_once(j, print, err));
    }
    for (size_t i = 0; i < j->hits.n; i++)
        TRY(put(j, label, j->hits.p[i].label, j->hits.p[i].dist_bits, err));
    return LK_OK;
}

static enum lk_status on_prints(void *ctx, const struct lk_print *prints, const uint64_t *labels,
                                size_t n, struct lk_error *err)
{
    struct joining *j = ctx;
    enum index_order order = index_config_of(j->kind)->order;
    for (size_t i = 0; i < n; i++) {
        struct lk_print print = prints[i];
        if (j->to.segment != NULL)
            print = index_in_order(order, &prints[i]);
        TRY(search(j, &print, labels[i], err));
    }
    return LK_OK;
}

static enum lk_status search_rows(struct joining *j, struct lk_error *err)
{
    const struct segment *s = &j->from.segment->image->index[j->kind];
    for (uint32_t row = 0; row < s->n_rows; row++) {
        if (segment_is_gone(s, row))
            continue;
        TRY(search(j, &s->rows[row], s->labels[row], err));
    }
    return LK_OK;
}

static enum lk_status on_table_pairs(void *ctx, const struct lk_pair *pairs, size_t n,
                                     struct lk_error *err)
{
    for (size_t i = 0; i < n; i++)
        TRY(put(ctx, pairs[i].label_a, pairs[i].label_b, pairs[i].dist_bits, err));
    return LK_OK;
}

static enum lk_status on_segment_pairs(void *ctx, const struct segment_pair *pairs, size_t n,
                                       struct lk_error *err)
{
    struct joining *j = ctx;
    const uint64_t *labels = j->from.segment->image->index[j->kind].labels;
    for (size_t i = 0; i < n; i++)
        TRY(put(j, labels[pairs[i].row_a], labels[pairs[i].row_b], pairs[i].dist_bits, err));
    return LK_OK;
}

static enum lk_status join_itself(struct joining *j, struct lk_error *err)
{
    const struct bank_segment *s = j->from.segment;
    if (s == NULL)
        return lk_index_join(j->from.table->index[j->kind], j->radius_bits, on_table_pairs, j, err);
    if (s->image->index[j->kind].n_rows == 0)
        return LK_OK;
    return segment_join(&s->image->index[j->kind], &s->tables[j->kind], &s->kernels, j->alloc,
                        j->radius_bits, on_segment_pairs, j, err);
}

/* Tables stand before segments: the prints of a table are looked for in a segment, not the other
 * way round, and of two segments those of the smaller one in the larger. */
static enum lk_status join_two(struct joining *j, struct part a, struct part b,
                               struct lk_error *err)
{
    if (a.segment != NULL &&
        a.segment->image->index[j->kind].n_rows > b.segment->image->index[j->kind].n_rows) {
        struct part other = a;
        a = b;
        b = other;
    }
    j->from = a;
    j->to = b;
    if (a.table != NULL)
        return lk_index_each(a.table->index[j->kind], on_prints, j, err);
    return search_rows(j, err);
}

static struct part part_at(const struct bank_view *view, size_t i)
{
    if (i < view->n_tables)
        return (struct part){.table = view->tables[i]->table};
    return (struct part){.segment = view->segments[i - view->n_tables]};
}

static enum lk_status join_all(struct joining *j, const struct bank_view *view,
                               struct lk_error *err)
{
    size_t n = view->n_tables + view->n_segments;
    for (size_t i = 0; i < n; i++) {
        j->from = j->to = part_at(view, i);
        TRY(join_itself(j, err));
        for (size_t k = i + 1; k < n; k++)
            TRY(join_two(j, part_at(view, i), part_at(view, k), err));
    }
    return hand_out(j, err);
}

enum lk_status bank_pairs(struct bank *bank, unsigned kind, unsigned radius_bits,
                          bank_on_pairs *on_pairs, void *ctx, struct lk_error *err)
{
    if (index_config_of(kind) == NULL)
        return FAIL(err, LK_INVALID, "kind %u is none", kind);
    if (radius_bits > LK_PRINT_BITS)
        return FAIL(err, LK_INVALID, "radius %u is more than the %u bits of a print", radius_bits,
                    LK_PRINT_BITS);
    const struct lk_alloc *alloc = bank->alloc;
    struct joining *j = alloc->alloc(alloc->ctx, sizeof *j);
    if (j == NULL)
        return FAIL(err, LK_NOMEM, "no memory for looking for pairs");
    *j = (struct joining){
        .alloc = alloc, .kind = kind, .radius_bits = radius_bits, .on_pairs = on_pairs, .ctx = ctx};
    j->hits.p = alloc->alloc(alloc->ctx, FIRST_ROOM * sizeof *j->hits.p);
    enum lk_status status = LK_NOMEM;
    if (j->hits.p == NULL) {
        status = FAIL(err, LK_NOMEM, "no memory for looking for pairs");
    } else {
        j->hits.room = j->hits.cap = FIRST_ROOM;
        struct bank_reader reader = views_enter(&bank->views);
        status = join_all(j, reader.view, err);
        views_leave(&bank->views, reader);
        alloc->free(alloc->ctx, j->hits.p, j->hits.room * sizeof *j->hits.p);
    }
    alloc->free(alloc->ctx, j, sizeof *j);
    return status;
}
