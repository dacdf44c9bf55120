/* Tiered merging. Segments of a tier are up to MERGE_FACTOR times as large as those of the tier
 * below; when a tier has MERGE_FACTOR of them they become one of the next. So a print is copied
 * once for each tier, and a search meets at most MERGE_FACTOR - 1 segments a tier. A segment more
 * than half of which is gone is written anew by itself.
 *
 * Rows removed while a merge runs were copied or not; lk_index_merge_end() compares the marks with
 * those that the copying saw and takes the late ones out of the new segment. */
#include "index_inside.h"

#include "base/err.h"

#include <string.h>

enum { MERGE_FACTOR = 4 };

struct source {
    struct part *part;
    uint64_t *seen; /* its marks when it was copied */
    size_t seen_bytes;
};

struct lk_index_merge {
    const struct lk_alloc *alloc;
    size_t n_sources;
    uint32_t n_rows;     /* in force at the beginning; what is removed before it is copied is not */
    struct part *merged; /* NULL when nothing is in force */
    bool done;
    struct source sources[];
};

static unsigned tier_of(const struct part *part)
{
    unsigned tier = 0;
    for (uint64_t most = (uint64_t)MEMTABLE_ROWS * MERGE_FACTOR; part_in_force(part) >= most;
         most *= MERGE_FACTOR)
        tier++;
    return tier;
}

static bool is_hollow(const struct part *part)
{
    return part->n_gone > part->s.n_rows / 2;
}

/* Which parts to merge: a hollow one, or `tier` when there are enough of it, and with it all that
 * is smaller, which costs little and leaves fewer for searches to visit. */
struct choice {
    bool any;
    const struct part *alone; /* or NULL: all of the tier and below */
    unsigned tier;
    size_t n;
};

static bool is_chosen(const struct choice *c, const struct part *part)
{
    return c->alone != NULL ? part == c->alone : tier_of(part) <= c->tier;
}

static struct choice choose(const struct view *view)
{
    enum { TIERS = 32 };
    size_t n_of[TIERS] = {0};
    for (size_t i = 0; i < view->n_parts; i++) {
        if (is_hollow(view->parts[i]))
            return (struct choice){.any = true, .alone = view->parts[i], .n = 1};
        n_of[tier_of(view->parts[i])]++;
    }
    struct choice choice = {0};
    size_t n = 0;
    for (unsigned tier = 0; tier < TIERS; tier++) {
        n += n_of[tier];
        if (n_of[tier] >= MERGE_FACTOR)
            choice = (struct choice){.any = true, .tier = tier, .n = n};
    }
    return choice;
}

static size_t merge_bytes(size_t n_sources)
{
    return sizeof(struct lk_index_merge) + n_sources * sizeof(struct source);
}

static void free_merge(struct lk_index_merge *m)
{
    const struct lk_alloc *alloc = m->alloc;
    for (size_t i = 0; i < m->n_sources; i++)
        if (m->sources[i].seen != NULL)
            alloc->free(alloc->ctx, m->sources[i].seen, m->sources[i].seen_bytes);
    part_free(m->merged);
    alloc->free(alloc->ctx, m, merge_bytes(m->n_sources));
}

static bool take_memory(struct lk_index_merge *m)
{
    for (size_t i = 0; i < m->n_sources; i++) {
        struct source *source = &m->sources[i];
        source->seen_bytes = (size_t)segment_sizes(source->part->s.n_rows).gone;
        source->seen = m->alloc->alloc(m->alloc->ctx, source->seen_bytes);
        if (source->seen == NULL)
            return false;
    }
    return true;
}

enum lk_status lk_index_merge_begin(struct lk_index *index, struct lk_index_merge **merge,
                                    struct lk_error *err)
{
    const struct view *view = index_view(index);
    struct choice choice = index->fixed ? (struct choice){0} : choose(view);
    *merge = NULL;
    if (!choice.any)
        return LK_OK;
    struct lk_index_merge *m = index->alloc->alloc(index->alloc->ctx, merge_bytes(choice.n));
    if (m == NULL)
        return FAIL(err, LK_NOMEM, "no memory to merge segments");
    memset(m, 0, merge_bytes(choice.n));
    m->alloc = index->alloc;
    for (size_t i = 0; i < view->n_parts; i++)
        if (is_chosen(&choice, view->parts[i])) {
            m->sources[m->n_sources++].part = view->parts[i];
            m->n_rows += part_in_force(view->parts[i]);
        }
    if (!take_memory(m)) {
        free_merge(m);
        return FAIL(err, LK_NOMEM, "no memory to merge segments");
    }
    *merge = m;
    return LK_OK;
}

static uint32_t copy_rows(struct part *to, uint32_t at, const struct source *from)
{
    const struct segment *s = &from->part->s;
    for (uint32_t row = 0; row < s->n_rows; row++) {
        if (row % 64 == 0)
            from->seen[row / 64] = __atomic_load_n(&s->gone[row / 64], __ATOMIC_ACQUIRE);
        if (from->seen[row / 64] >> (row % 64) & 1)
            continue;
        to->s.rows[at] = s->rows[row];
        to->s.labels[at] = s->labels[row];
        at++;
    }
    return at;
}

enum lk_status lk_index_merge_run(struct lk_index_merge *m, struct lk_error *err)
{
    if (m->n_rows > 0) {
        m->merged = part_new(m->alloc, m->n_rows);
        if (m->merged == NULL)
            return FAIL(err, LK_NOMEM, "no memory to merge segments");
        uint32_t n = 0;
        for (size_t i = 0; i < m->n_sources; i++)
            n = copy_rows(m->merged, n, &m->sources[i]);
        part_end_at(m->merged, n);
        if (!part_build(m->merged))
            return FAIL(err, LK_NOMEM, "no memory to merge segments");
    }
    m->done = true;
    return LK_OK;
}

/* Takes out of the new segment what was removed from a source since it was copied. Returns the row
 * behind its last. */
static uint32_t take_late(struct part *merged, uint32_t first, const struct source *from)
{
    const struct segment *s = &from->part->s;
    for (uint32_t word = 0; word * 64 < s->n_rows; word++) {
        uint32_t n = s->n_rows - word * 64 < 64 ? s->n_rows - word * 64 : 64;
        uint64_t all = n == 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
        uint64_t copied = ~from->seen[word] & all;
        uint64_t late = copied & __atomic_load_n(&s->gone[word], __ATOMIC_RELAXED);
        for (; late != 0; late &= late - 1) {
            uint64_t below = (late & -late) - 1;
            segment_erase_with(&merged->s, &merged->tables,
                               first + (uint32_t)__builtin_popcountll(copied & below), true);
            merged->n_gone++;
        }
        first += (uint32_t)__builtin_popcountll(copied);
    }
    return first;
}

static bool is_source(const struct lk_index_merge *m, const struct part *part)
{
    for (size_t i = 0; i < m->n_sources; i++)
        if (m->sources[i].part == part)
            return true;
    return false;
}

/* The new segment in place of its sources. false when there is no memory for the list. */
static bool exchange(struct lk_index *index, struct lk_index_merge *m)
{
    const struct view *old = index_view(index);
    struct change change;
    if (!index_change_new(index, old->n_parts - m->n_sources + (m->merged != NULL), m->n_sources,
                          &change))
        return false;
    size_t n = 0, n_going = 0;
    for (size_t i = 0; i < old->n_parts; i++)
        if (is_source(m, old->parts[i]))
            change.retired->parts[n_going++] = old->parts[i];
        else
            change.view->parts[n++] = old->parts[i];
    if (m->merged != NULL)
        change.view->parts[n] = m->merged;
    change.view->memtable = old->memtable;
    index_publish(index, &change);
    return true;
}

void lk_index_merge_end(struct lk_index *index, struct lk_index_merge *m)
{
    if (m == NULL)
        return;
    if (m->done) {
        uint32_t first = 0;
        for (size_t i = 0; m->merged != NULL && i < m->n_sources; i++)
            first = take_late(m->merged, first, &m->sources[i]);
        if (exchange(index, m))
            m->merged = NULL;
    }
    free_merge(m);
}

void lk_index_merge_by_caller(struct lk_index *index, bool by_caller)
{
    index->merges_by_caller = by_caller;
}

void index_merge_all(struct lk_index *index)
{
    struct lk_index_merge *merge;
    while (!index->merges_by_caller && lk_index_merge_begin(index, &merge, NULL) == LK_OK &&
           merge != NULL) {
        bool done = lk_index_merge_run(merge, NULL) == LK_OK;
        const struct view *before = index_view(index);
        lk_index_merge_end(index, merge);
        if (!done || index_view(index) == before)
            break;
    }
}
