/* Matching, a group of queries at a time so that what was replaced can be freed between groups:
 *
 *   queries -> prints of each judged kind -> hits in each table and segment  \
 *           -> digests                    -> entries with them               / found, sorted
 *   -> lk_match_judge for each (query, entry) -> the best of each query
 */
#include "bank.h"
#include "bank_inside.h"
#include "base/err.h"

#include <stdlib.h>
#include <string.h>

/* HIT_CAP: beyond so many hits of one print (a picture that thousands registered) the print is
 * searched once more, alone, with room for all of them: an entry of a higher tier must not be
 * hidden behind many of a lower one. */
enum { GROUP_QUERIES = 256, GROUP_PRINTS = 1024, HIT_CAP = 1024 };

/* An array that grows. */
struct list {
    const struct lk_alloc *alloc;
    void *p;
    size_t n, room, size; /* size: bytes of one */
};

static void *list_put(struct list *l)
{
    if (l->n == l->room) {
        size_t room = l->room == 0 ? 64 : l->room * 2;
        void *p = l->alloc->resize(l->alloc->ctx, l->p, l->room * l->size, room * l->size);
        if (p == NULL)
            return NULL;
        l->p = p;
        l->room = room;
    }
    return (char *)l->p + l->n++ * l->size;
}

static void list_fini(struct list *l)
{
    l->alloc->free(l->alloc->ctx, l->p, l->room * l->size);
}

/* A print of a query. */
struct probe {
    uint32_t query;
    uint16_t record;
};

/* A connection between a query and an entry: slot `number` of a table, or ordinal of a segment. */
struct found {
    uint32_t query, source, number; /* source: number of a table, or behind them of a segment */
    uint16_t query_record, entry_record, dist_bits;
    bool by_digest;
};

/* A print with more hits than the batch keeps. */
struct crowd {
    size_t probe, n;
};

struct matcher {
    struct bank *bank;
    const struct bank_view *view;
    const struct lk_sequence *queries;
    struct list prints, probes; /* struct lk_print, struct probe: side by side, of one kind */
    struct list found;          /* struct found */
    struct list hits;           /* struct lk_hit */
    struct list crowds;         /* struct crowd */
    struct list records;        /* struct lk_record, of an entry */
    struct list evidence;       /* struct lk_evidence */
    struct list best;           /* struct bank_match, of one query */
    unsigned kind, radius_bits;
    uint32_t source;
    size_t crowd;        /* the probe that is searched alone */
    struct list results; /* struct bank_match */
    size_t n_left_out;
};

static enum lk_status no_memory(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for matching; ask with fewer queries at once");
}

static enum lk_status take_hits(struct matcher *m, size_t probe, const struct lk_hit *hits,
                                size_t n_hits, struct lk_error *err)
{
    const struct probe *from = (const struct probe *)m->probes.p + probe;
    for (size_t i = 0; i < n_hits; i++) {
        struct found *f = list_put(&m->found);
        if (f == NULL)
            return no_memory(err);
        *f = (struct found){.query = from->query,
                            .source = m->source,
                            .number = (uint32_t)(hits[i].label >> 16),
                            .query_record = from->record,
                            .entry_record = (uint16_t)hits[i].label,
                            .dist_bits = hits[i].dist_bits};
    }
    return LK_OK;
}

/* Room for n hits. */
static struct lk_hit *hits_room(struct matcher *m, size_t n)
{
    while (m->hits.room < n) {
        m->hits.n = m->hits.room;
        if (list_put(&m->hits) == NULL)
            return NULL;
    }
    return m->hits.p;
}

/* Too many for the batch: noted, and searched alone afterwards. */
static enum lk_status put_off(struct matcher *m, size_t probe, size_t n_total, struct lk_error *err)
{
    struct crowd *crowd = list_put(&m->crowds);
    if (crowd == NULL)
        return no_memory(err);
    *crowd = (struct crowd){probe, n_total};
    return LK_OK;
}

static enum lk_status on_hits(void *ctx, size_t probe, const struct lk_hit *hits, size_t n_hits,
                              size_t n_total, struct lk_error *err)
{
    if (n_total > n_hits)
        return put_off(ctx, probe, n_total, err);
    return take_hits(ctx, probe, hits, n_hits, err);
}

static enum lk_status on_crowd(void *ctx, size_t probe, const struct lk_hit *hits, size_t n_hits,
                               size_t n_total, struct lk_error *err)
{
    (void)probe;
    (void)n_total; /* more may have come in meanwhile */
    struct matcher *m = ctx;
    return take_hits(m, m->crowd, hits, n_hits, err);
}

static enum lk_status search_table(struct matcher *m, const struct table *t, struct lk_error *err)
{
    const struct lk_index *index = t->index[m->kind];
    const struct lk_print *prints = m->prints.p;
    m->crowds.n = 0;
    TRY(lk_index_search_batch(index, prints, m->prints.n, m->radius_bits, HIT_CAP, on_hits, m,
                              err));
    for (size_t i = 0; i < m->crowds.n; i++) {
        struct crowd crowd = ((const struct crowd *)m->crowds.p)[i];
        m->crowd = crowd.probe;
        TRY(lk_index_search_batch(index, &prints[crowd.probe], 1, m->radius_bits, crowd.n, on_crowd,
                                  m, err));
    }
    return LK_OK;
}

static enum lk_status search_segment(struct matcher *m, const struct bank_segment *s,
                                     struct lk_error *err)
{
    const struct lk_print *prints = m->prints.p;
    for (size_t i = 0; i < m->prints.n; i++) {
        size_t room = HIT_CAP, n_total = 0;
        do {
            struct hits hits = {.p = hits_room(m, room), .room = room, .cap = room};
            if (hits.p == NULL)
                return no_memory(err);
            bank_segment_search(s, m->kind, &prints[i], 0, m->radius_bits, &hits);
            n_total = hits.n_total;
            if (n_total <= room)
                TRY(take_hits(m, i, hits.p, hits.n, err));
        } while (n_total > room && (room = n_total) > 0);
    }
    return LK_OK;
}

/* All prints of one kind of queries [from, to). */
static enum lk_status search_kind(struct matcher *m, unsigned kind, size_t from, size_t to,
                                  struct lk_error *err)
{
    bool judged;
    m->radius_bits = lk_match_radius(kind, &judged);
    m->kind = kind;
    m->prints.n = m->probes.n = 0;
    if (!judged)
        return LK_OK;
    for (size_t q = from; q < to; q++)
        for (size_t i = 0; i < m->queries[q].n_records; i++) {
            if (m->queries[q].records[i].kind != kind)
                continue;
            struct lk_print *print = list_put(&m->prints);
            struct probe *probe = list_put(&m->probes);
            if (print == NULL || probe == NULL)
                return no_memory(err);
            *print = m->queries[q].records[i].print;
            *probe = (struct probe){(uint32_t)q, (uint16_t)i};
        }
    if (m->prints.n == 0)
        return LK_OK;
    const struct bank_view *view = m->view;
    for (m->source = 0; m->source < view->n_tables; m->source++)
        TRY(search_table(m, view->tables[m->source]->table, err));
    for (; m->source < view->n_tables + view->n_segments; m->source++)
        TRY(search_segment(m, view->segments[m->source - view->n_tables], err));
    return LK_OK;
}

static enum lk_status found_by_digest(struct matcher *m, size_t query, uint32_t number,
                                      struct lk_error *err)
{
    struct found *f = list_put(&m->found);
    if (f == NULL)
        return no_memory(err);
    *f = (struct found){
        .query = (uint32_t)query, .source = m->source, .number = number, .by_digest = true};
    return LK_OK;
}

static enum lk_status search_digest(struct matcher *m, size_t query, const struct lk_digest *digest,
                                    struct lk_error *err)
{
    const struct bank_view *view = m->view;
    for (m->source = 0; m->source < view->n_tables; m->source++) {
        const struct table *t = view->tables[m->source]->table;
        struct refs_walk walk = table_with_digest(t, digest);
        uint32_t slot;
        while ((slot = table_next_with(t, &walk, digest)) != REFS_NONE)
            TRY(found_by_digest(m, query, slot, err));
    }
    for (; m->source < view->n_tables + view->n_segments; m->source++) {
        const struct bank_segment *s = view->segments[m->source - view->n_tables];
        uint64_t at = UINT64_MAX;
        uint32_t ordinal;
        while ((ordinal = segment_image_next_with(s->image, digest, &at)) != SEGMENT_NO_ENTRY)
            if (bank_segment_in_force(s, ordinal))
                TRY(found_by_digest(m, query, ordinal, err));
    }
    return LK_OK;
}

static enum lk_status search_digests(struct matcher *m, size_t from, size_t to,
                                     struct lk_error *err)
{
    for (size_t q = from; q < to; q++)
        for (size_t i = 0; i < m->queries[q].n_digests; i++)
            TRY(search_digest(m, q, &m->queries[q].digests[i], err));
    return LK_OK;
}

static bool same_entry(const struct found *a, const struct found *b)
{
    return a->query == b->query && a->source == b->source && a->number == b->number;
}

static int by_query_and_entry(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->query != y->query)
        return x->query < y->query ? -1 : 1;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return (int)y->by_digest - (int)x->by_digest;
}

static int best_first(const void *a, const void *b)
{
    const struct bank_match *x = a, *y = b;
    if (x->action != y->action)
        return (int)y->action - (int)x->action;
    if (x->verdict.grade != y->verdict.grade)
        return (int)x->verdict.grade - (int)y->verdict.grade;
    if (x->verdict.dist_bits != y->verdict.dist_bits)
        return (int)x->verdict.dist_bits - (int)y->verdict.dist_bits;
    return memcmp(x->id, y->id, BANK_ID_BYTES);
}

/* What a match tells of its entry; false when it is no longer in force. */
static bool describe(const struct bank_view *view, const struct found *f, struct bank_match *out)
{
    if (f->source < view->n_tables) {
        const struct table_entry *e = table_at(view->tables[f->source]->table, f->number);
        out->tier = (uint8_t)state_tier(table_state(e));
        out->medium = e->medium;
        out->scope = e->scope;
        memcpy(out->id, e->id, BANK_ID_BYTES);
    } else {
        const struct bank_segment *s = view->segments[f->source - view->n_tables];
        const struct segment_entry *e = &s->image->entries[f->number];
        out->tier = (uint8_t)state_tier(bank_segment_state(s, f->number));
        out->medium = e->medium;
        out->scope = e->scope;
        memcpy(out->id, e->id, BANK_ID_BYTES);
    }
    return out->tier != 0;
}

static bool copy_record(const struct bank_view *view, const struct found *f, struct lk_record *out)
{
    return f->source < view->n_tables
               ? table_copy_record(view->tables[f->source]->table, f->number, f->entry_record, out)
               : bank_segment_copy_record(view->segments[f->source - view->n_tables], f->number,
                                          f->entry_record, out);
}

static uint64_t judged_as_items(const struct matcher *m)
{
    const struct bank_view *view = m->view;
    uint64_t n = 0;
    if (m->bank->judged_as_items > 0)
        return m->bank->judged_as_items;
    for (size_t i = 0; i < view->n_tables; i++)
        n += atomic_load_explicit(&view->tables[i]->table->n_entries, memory_order_relaxed);
    for (size_t i = 0; i < view->n_segments; i++)
        n += atomic_load_explicit(&view->segments[i]->n_entries, memory_order_relaxed);
    return n;
}

/* The verdict on found[0..n), which connect one query with one entry; grade 0 too when the entry
 * was withdrawn meanwhile. */
static enum lk_status weigh(struct matcher *m, const struct found *found, size_t n,
                            struct lk_verdict *verdict, struct lk_error *err)
{
    const struct lk_sequence *query = &m->queries[found->query];
    m->evidence.n = m->records.n = 0;
    for (size_t i = 0; i < n; i++)
        if (list_put(&m->evidence) == NULL || list_put(&m->records) == NULL)
            return no_memory(err);
    struct lk_evidence *evidence = m->evidence.p;
    struct lk_record *records = m->records.p;
    size_t n_pieces = 0;
    for (size_t i = 0; i < n; i++) {
        if (!copy_record(m->view, &found[i], &records[n_pieces]))
            continue;
        evidence[n_pieces] = (struct lk_evidence){&query->records[found[i].query_record],
                                                  &records[n_pieces], found[i].dist_bits};
        n_pieces++;
    }
    const struct lk_match_terms terms = {.n_items = judged_as_items(m)};
    *verdict = lk_match_judge(evidence, n_pieces, &terms);
    return LK_OK;
}

/* Judges found[0..n), which connect one query with one entry. */
static enum lk_status judge(struct matcher *m, const struct found *found, size_t n,
                            struct lk_error *err)
{
    struct bank_match match = {.query = found->query, .verdict = lk_match_same_file()};
    if (!found->by_digest)
        TRY(weigh(m, found, n, &match.verdict, err));
    if (match.verdict.grade == 0 || !describe(m->view, found, &match))
        return LK_OK;
    match.action =
        (uint8_t)lk_match_action(match.verdict.grade, match.tier, match.verdict.two_prints_agree);
    struct bank_match *out = list_put(&m->best);
    if (out == NULL)
        return no_memory(err);
    *out = match;
    return LK_OK;
}

static enum lk_status keep_best(struct matcher *m, struct lk_error *err)
{
    const struct bank_match *best = m->best.p;
    if (m->best.n > 1)
        qsort(m->best.p, m->best.n, sizeof *best, best_first);
    size_t n = m->best.n < BANK_MAX_MATCHES ? m->best.n : BANK_MAX_MATCHES;
    m->n_left_out += m->best.n - n;
    for (size_t i = 0; i < n; i++) {
        struct bank_match *out = list_put(&m->results);
        if (out == NULL)
            return no_memory(err);
        *out = best[i];
    }
    m->best.n = 0;
    return LK_OK;
}

static enum lk_status judge_group(struct matcher *m, struct lk_error *err)
{
    const struct found *found = m->found.p;
    if (m->found.n > 1)
        qsort(m->found.p, m->found.n, sizeof *found, by_query_and_entry);
    for (size_t i = 0, n; i < m->found.n; i += n) {
        for (n = 1; i + n < m->found.n; n++)
            if (!same_entry(&found[i + n], &found[i]))
                break;
        TRY(judge(m, &found[i], n, err));
        if (i + n == m->found.n || found[i + n].query != found[i].query)
            TRY(keep_best(m, err));
    }
    return LK_OK;
}

static enum lk_status match_group(struct matcher *m, size_t from, size_t to, struct lk_error *err)
{
    m->found.n = 0;
    TRY(search_digests(m, from, to, err));
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        TRY(search_kind(m, kind, from, to, err));
    return judge_group(m, err);
}

static size_t group_end(const struct lk_sequence *queries, size_t from, size_t n)
{
    size_t to = from, n_records = 0;
    while (to < n && to - from < GROUP_QUERIES && n_records < GROUP_PRINTS)
        n_records += queries[to++].n_records;
    return to;
}

static enum lk_status match_all(struct matcher *m, size_t n, struct lk_error *err)
{
    for (size_t from = 0, to; from < n; from = to) {
        to = group_end(m->queries, from, n);
        struct bank_reader reader = views_enter(&m->bank->views);
        m->view = reader.view;
        enum lk_status status = match_group(m, from, to, err);
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
                        .found = {own, .size = sizeof(struct found)},
                        .hits = {own, .size = sizeof(struct lk_hit)},
                        .crowds = {own, .size = sizeof(struct crowd)},
                        .records = {own, .size = sizeof(struct lk_record)},
                        .evidence = {own, .size = sizeof(struct lk_evidence)},
                        .best = {own, .size = sizeof(struct bank_match)},
                        .results = {results, .size = sizeof(struct bank_match)}};
    enum lk_status status = match_all(&m, n, err);
    list_fini(&m.prints);
    list_fini(&m.probes);
    list_fini(&m.found);
    list_fini(&m.hits);
    list_fini(&m.crowds);
    list_fini(&m.records);
    list_fini(&m.evidence);
    list_fini(&m.best);
    *out = (struct bank_matches){m.results.p, m.results.n, m.n_left_out, m.results.room};
    if (status != LK_OK)
        bank_matches_free(results, out);
    return status;
}

void bank_matches_free(const struct lk_alloc *results, struct bank_matches *matches)
{
    results->free(results->ctx, matches->p, matches->room * sizeof *matches->p);
    *matches = (struct bank_matches){0};
}
