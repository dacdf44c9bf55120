/* Matching, a group of queries at a time so that what was replaced can be freed between groups:
 *
 *   queries -> digests, whole prints -> entries -> lk_match_judge  -> the best of each query
 *        \-> what is not done by that: anchors  -> entries -> lk_match_judge  /
 *
 * A query is done when what may follow from its whole prints is at least what its anchors could
 * bring (a hold): with a near match of an entry that somebody registered about himself it goes on,
 * or that would hide what the anchors find of a confirmed one. */
#include "match_inside.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

bool list_reserve(struct list *l, size_t n)
{
    size_t room = l->room == 0 ? 64 : l->room;
    while (room - l->n < n)
        room *= 2;
    if (room == l->room)
        return true;
    void *p = l->alloc->resize(l->alloc->ctx, l->p, l->room * l->size, room * l->size);
    if (p == NULL)
        return false;
    l->p = p;
    l->room = room;
    return true;
}

void *list_put(struct list *l)
{
    return list_reserve(l, 1) ? (char *)l->p + l->n++ * l->size : NULL;
}

void list_fini(struct list *l)
{
    l->alloc->free(l->alloc->ctx, l->p, l->room * l->size);
}

enum lk_status match_no_memory(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for matching; ask with fewer queries at once");
}

static int best_first(const void *a, const void *b)
{
    const struct bank_match *x = a, *y = b;
    if (x->query != y->query)
        return x->query < y->query ? -1 : 1;
    if (x->action != y->action)
        return (int)y->action - (int)x->action;
    if (x->verdict.grade != y->verdict.grade)
        return (int)x->verdict.grade - (int)y->verdict.grade;
    if (x->verdict.dist_bits != y->verdict.dist_bits)
        return (int)x->verdict.dist_bits - (int)y->verdict.dist_bits;
    return memcmp(x->id, y->id, BANK_ID_BYTES);
}

static enum lk_status keep_best(struct matcher *m, struct lk_error *err)
{
    const struct bank_match *best = m->best.p;
    if (m->best.n > 1)
        qsort(m->best.p, m->best.n, sizeof *best, best_first);
    for (size_t i = 0, n_kept = 0; i < m->best.n; i++) {
        n_kept = i > 0 && best[i].query == best[i - 1].query ? n_kept : 0;
        if (n_kept++ >= BANK_MAX_MATCHES) {
            m->n_left_out++;
            continue;
        }
        struct bank_match *out = list_put(&m->results);
        if (out == NULL)
            return match_no_memory(err);
        *out = best[i];
    }
    return LK_OK;
}

/* Which queries are done; what the others found and matched is judged again with their anchors. */
static void end_whole(struct matcher *m)
{
    struct bank_match *best = m->best.p;
    struct found *found = m->found.p;
    size_t n_best = 0, n_found = 0;
    if (!m->bank->always_anchors)
        for (size_t i = 0; i < m->best.n; i++)
            match_asked(m, best[i].query)->is_done |= best[i].action >= LK_ACT_HOLD;
    for (size_t q = m->from; q < m->to; q++)
        match_asked(m, q)->is_done |= m->queries[q].medium != LK_IMAGE;
    for (size_t i = 0; i < m->best.n; i++)
        if (match_asked(m, best[i].query)->is_done)
            best[n_best++] = best[i];
    for (size_t i = 0; i < m->found.n; i++)
        if (!match_asked(m, found[i].query)->is_done)
            found[n_found++] = found[i];
    m->best.n = n_best;
    m->found.n = n_found;
}

static enum lk_status match_group(struct matcher *m, struct lk_error *err)
{
    m->prints.n = m->probes.n = m->found.n = m->best.n = 0;
    memset(m->asked, 0, sizeof m->asked);
    TRY(match_search_whole(m, err));
    TRY(match_judge(m, false, err));
    end_whole(m);
    TRY(match_search_anchors(m, err));
    TRY(match_judge(m, true, err));
    return keep_best(m, err);
}

static size_t group_end(const struct lk_sequence *queries, size_t from, size_t n)
{
    size_t to = from, n_records = 0;
    while (to < n && to - from < MATCH_GROUP_QUERIES && n_records < MATCH_GROUP_PRINTS)
        n_records += queries[to++].n_records;
    return to;
}

/* How many entries a bank of this view is judged as. */
static uint64_t count_items(const struct matcher *m)
{
    const struct bank_view *view = m->view;
    uint64_t n = 0;
    if (m->bank->judged_as_items != 0)
        return m->bank->judged_as_items;
    for (size_t i = 0; i < view->n_tables; i++)
        n += atomic_load_explicit(&view->tables[i]->table->n_entries, memory_order_relaxed);
    for (size_t i = 0; i < view->n_segments; i++)
        n += atomic_load_explicit(&view->segments[i]->n_entries, memory_order_relaxed);
    return n;
}

static enum lk_status match_all(struct matcher *m, size_t n, struct lk_error *err)
{
    for (m->from = 0; m->from < n; m->from = m->to) {
        m->to = group_end(m->queries, m->from, n);
        struct bank_reader reader = views_enter(&m->bank->views);
        m->view = reader.view;
        m->n_items = count_items(m);
        enum lk_status status = match_group(m, err);
        views_leave(&m->bank->views, reader);
        if (status != LK_OK)
            return status;
    }
    return LK_OK;
}

enum lk_status bank_match(struct bank *bank, const struct lk_sequence *queries, size_t n,
                          const struct lk_alloc *results, struct bank_matches *out,
                          struct lk_error *err)
{
    *out = (struct bank_matches){0};
    if (n > UINT32_MAX)
        return FAIL(err, LK_INVALID, "%zu queries at once; at most 2^32 - 1 may come", n);
    for (size_t i = 0; i < n; i++)
        TRY(lk_sequence_check(&queries[i], err));
    const struct lk_alloc *own = bank->alloc;
    struct matcher m = {.bank = bank,
                        .queries = queries,
                        .prints = {own, .size = sizeof(struct lk_print)},
                        .probes = {own, .size = sizeof(struct probe)},
                        .rows = {own, .size = sizeof(struct lk_print)},
                        .found = {own, .size = sizeof(struct found)},
                        .crowds = {own, .size = sizeof(struct crowd)},
                        .records = {own, .size = sizeof(struct lk_record)},
                        .evidence = {own, .size = sizeof(struct lk_evidence)},
                        .candidates = {own, .size = sizeof(struct candidate)},
                        .best = {own, .size = sizeof(struct bank_match)},
                        .results = {results, .size = sizeof(struct bank_match)}};
    struct list *scratch[] = {&m.prints,  &m.probes,   &m.rows,       &m.found, &m.crowds,
                              &m.records, &m.evidence, &m.candidates, &m.best};
    enum lk_status status = match_all(&m, n, err);
    for (size_t i = 0; i < sizeof scratch / sizeof *scratch; i++)
        list_fini(scratch[i]);
    *out = (struct bank_matches){.p = m.results.p,
                                 .n = m.results.n,
                                 .n_left_out = m.n_left_out,
                                 .n_anchors = m.n_anchors,
                                 .n_muted = m.n_muted,
                                 .room = m.results.room};
    if (status != LK_OK)
        bank_matches_free(results, out);
    return status;
}

void bank_matches_free(const struct lk_alloc *results, struct bank_matches *matches)
{
    results->free(results->ctx, matches->p, matches->room * sizeof *matches->p);
    *matches = (struct bank_matches){0};
}
