/* Insert, remove, and the life of an index. New rows go to the memtable; a batch that does not fit
 * into it becomes one segment together with what the memtable holds, so that there is one rule for
 * one print and for a million. */
#include "index_inside.h"

#include "base/err.h"
#include "core/kernels/cpu.h"

#include <string.h>

static enum lk_status make(const struct lk_alloc *alloc, unsigned kind, unsigned mask,
                           size_t n_parts, struct lk_index **out, struct lk_error *err)
{
    const struct index_config *config = index_config_of(kind);
    if (config == NULL)
        return FAIL(err, LK_INVALID, "kind %u of prints is not known", kind);
    struct lk_index *index = alloc->alloc(alloc->ctx, sizeof *index);
    if (index == NULL)
        return FAIL(err, LK_NOMEM, "no memory for an index");
    memset(index, 0, sizeof *index);
    index->alloc = alloc;
    index->config = config;
    index->kernels = segment_kernels_of(mask);
    epoch_init(&index->epoch);
    struct view *view = index_view_new(index, n_parts);
    if (view == NULL) {
        alloc->free(alloc->ctx, index, sizeof *index);
        return FAIL(err, LK_NOMEM, "no memory for an index");
    }
    atomic_init(&index->view, view);
    *out = index;
    return LK_OK;
}

enum lk_status index_new_masked(const struct lk_alloc *alloc, unsigned kind, unsigned mask,
                                struct lk_index **out, struct lk_error *err)
{
    struct lk_index *index = NULL;
    TRY(make(alloc, kind, mask, 0, &index, err));
    index_view(index)->memtable = memtable_new(alloc);
    if (index_view(index)->memtable == NULL) {
        lk_index_free(index);
        return FAIL(err, LK_NOMEM, "no memory for an index");
    }
    *out = index;
    return LK_OK;
}

enum lk_status lk_index_new(const struct lk_alloc *alloc, unsigned kind, struct lk_index **out,
                            struct lk_error *err)
{
    return index_new_masked(alloc, kind, cpu_mask(), out, err);
}

enum lk_status index_attach(const struct lk_alloc *alloc, unsigned kind, unsigned mask,
                            const struct segment *s, bool may_wipe, struct lk_index **out,
                            struct lk_error *err)
{
    struct lk_index *index = NULL;
    TRY(make(alloc, kind, mask, 1, &index, err));
    struct view *view = index_view(index);
    index->fixed = true;
    view->parts[0] = part_over(alloc, s, may_wipe);
    if (view->parts[0] == NULL) {
        lk_index_free(index);
        return FAIL(err, LK_NOMEM, "no memory for an index");
    }
    *out = index;
    return LK_OK;
}

void lk_index_free(struct lk_index *index)
{
    if (index == NULL)
        return;
    index_reclaim(index);
    struct view *view = index_view(index);
    memtable_free(view->memtable);
    for (size_t i = 0; i < view->n_parts; i++)
        part_free(view->parts[i]);
    index_view_free(index, view);
    index->alloc->free(index->alloc->ctx, index, sizeof *index);
}

struct lk_print index_row_of(unsigned kind, const struct lk_print *print)
{
    return index_in_order(index_config_of(kind)->order, print);
}

struct lk_print index_print_of(unsigned kind, const struct lk_print *row)
{
    return index_out_of_order(index_config_of(kind)->order, row);
}

/* Where a pair is. part is NULL when the memtable has it. */
struct place {
    struct part *part;
    uint32_t row;
};

static bool find(const struct lk_index *index, const struct lk_print *row, uint64_t label,
                 struct place *place)
{
    const struct view *view = index_view(index);
    *place = (struct place){0};
    for (size_t i = 0; i < view->n_parts; i++)
        segment_ask(&view->parts[i]->s, row);
    if (view->memtable != NULL &&
        (place->row = memtable_find(view->memtable, row, label)) != REFSET_NONE)
        return true;
    for (size_t i = 0; i < view->n_parts; i++) {
        place->part = view->parts[i];
        place->row = segment_find(&place->part->s, &place->part->tables, row, label);
        if (place->row != SEGMENT_NONE)
            return true;
    }
    return false;
}

static enum lk_status conflict(struct lk_error *err, size_t i)
{
    return FAIL(err, LK_CONFLICT, "print %zu is in the index already under its label", i);
}

static enum lk_status no_memory(struct lk_error *err, size_t n)
{
    return FAIL(err, LK_NOMEM, "no memory for %zu more prints in the index", n);
}

static enum lk_status append(struct lk_index *index, const struct lk_print *prints,
                             const uint64_t *labels, size_t n, struct lk_error *err)
{
    struct memtable *m = index_view(index)->memtable;
    if (!memtable_reserve(m, n))
        return no_memory(err, n);
    for (size_t i = 0; i < n; i++) {
        struct lk_print row = index_in_order(index->config->order, &prints[i]);
        struct place place;
        if (find(index, &row, labels[i], &place)) {
            for (uint32_t k = 0; k < i; k++)
                memtable_erase(m, m->n - 1 - k);
            return conflict(err, i);
        }
        memtable_put(m, &row, labels[i]);
    }
    return LK_OK;
}

/* Copies the rows in force of the memtable and then the batch. Returns the row where the batch
 * begins. */
static uint32_t fill_part(const struct lk_index *index, struct part *part,
                          const struct lk_print *prints, const uint64_t *labels, size_t n)
{
    const struct memtable *m = index_view(index)->memtable;
    uint32_t at = 0, n_rows = m->n;
    for (uint32_t row = 0; row < n_rows; row++)
        if (memtable_row(m, row, &part->s.rows[at], &part->s.labels[at]))
            at++;
    for (size_t i = 0; i < n; i++)
        part->s.rows[at + i] = index_in_order(index->config->order, &prints[i]);
    memcpy(part->s.labels + at, labels, n * sizeof *labels);
    return at;
}

/* Says whether a row of the batch is in the index already, or twice in the batch. */
static enum lk_status check_batch(const struct lk_index *index, const struct part *part,
                                  uint32_t first, struct lk_error *err)
{
    const struct segment *s = &part->s;
    for (uint32_t row = first; row < s->n_rows; row++) {
        struct place place;
        if (find(index, &s->rows[row], s->labels[row], &place) ||
            segment_find(s, &part->tables, &s->rows[row], s->labels[row]) != row)
            return conflict(err, row - first);
    }
    return LK_OK;
}

/* The memtable and the batch become a segment, and an empty memtable takes their place. */
static enum lk_status seal(struct lk_index *index, const struct lk_print *prints,
                           const uint64_t *labels, size_t n, struct lk_error *err)
{
    const struct view *old = index_view(index);
    uint32_t n_rows = old->memtable->n - old->memtable->n_gone + (uint32_t)n;
    struct part *part = part_new(index->alloc, n_rows);
    struct memtable *memtable = memtable_new(index->alloc);
    struct change change = {0};
    enum lk_status status = LK_OK;
    if (part == NULL || memtable == NULL || !index_change_new(index, old->n_parts + 1, 0, &change))
        status = no_memory(err, n);
    if (status == LK_OK) {
        uint32_t first = fill_part(index, part, prints, labels, n);
        status = part_build(part) ? check_batch(index, part, first, err) : no_memory(err, n);
    }
    if (status != LK_OK) {
        part_free(part);
        memtable_free(memtable);
        index_change_drop(index, &change);
        return status;
    }
    memcpy(change.view->parts, old->parts, old->n_parts * sizeof *old->parts);
    change.view->parts[old->n_parts] = part;
    change.view->memtable = memtable;
    change.retired->memtable = old->memtable;
    index_publish(index, &change);
    return LK_OK;
}

static uint64_t n_in_force(const struct view *view)
{
    uint64_t n = view->memtable != NULL ? view->memtable->n - view->memtable->n_gone : 0;
    for (size_t i = 0; i < view->n_parts; i++)
        n += part_in_force(view->parts[i]);
    return n;
}

enum lk_status lk_index_insert(struct lk_index *index, const struct lk_print *prints,
                               const uint64_t *labels, size_t n, struct lk_error *err)
{
    if (index->fixed)
        return FAIL(err, LK_DENIED, "an index over a file takes no new prints");
    if (n >= SEGMENT_NONE - n_in_force(index_view(index)))
        return FAIL(err, LK_LIMIT, "an index holds fewer than 2^32 - 1 prints");
    index_reclaim(index);
    if (n <= MEMTABLE_ROWS - index_view(index)->memtable->n)
        return append(index, prints, labels, n, err);
    TRY(seal(index, prints, labels, n, err));
    index_merge_all(index);
    return LK_OK;
}

enum lk_status lk_index_remove(struct lk_index *index, const struct lk_print *print, uint64_t label,
                               struct lk_error *err)
{
    struct lk_print row = index_in_order(index->config->order, print);
    struct place place;
    if (!find(index, &row, label, &place))
        return FAIL(err, LK_NOT_FOUND, "the index has no such print under this label");
    if (place.part == NULL) {
        memtable_erase(index_view(index)->memtable, place.row);
        return LK_OK;
    }
    segment_erase_with(&place.part->s, &place.part->tables, place.row, place.part->may_wipe);
    place.part->n_gone++;
    if (place.part->n_gone > place.part->s.n_rows / 2)
        index_merge_all(index);
    return LK_OK;
}

struct lk_index_stats lk_index_stats(const struct lk_index *index)
{
    struct reading r = index_enter(index);
    struct lk_index_stats stats = {.n_prints = n_in_force(r.view),
                                   .n_bytes = sizeof *index,
                                   .n_segments = (unsigned)r.view->n_parts,
                                   .structure =
                                       r.view->n_parts > 0 ? "pair-filtered multi-index" : "scan",
                                   .kernel = index->kernels.name};
    if (r.view->memtable != NULL)
        stats.n_bytes += memtable_bytes(r.view->memtable);
    for (size_t i = 0; i < r.view->n_parts; i++)
        stats.n_bytes += r.view->parts[i]->n_bytes;
    index_leave(index, r);
    return stats;
}
