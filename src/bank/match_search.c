/* What queries meet in tables and segments.
 *
 * Whole prints are searched exactly and completely: beyond WHOLE_CAP hits of one print (a picture
 * that thousands registered) it is searched once more, alone, with room for all of them, as an
 * entry of a higher tier must not be hidden behind many of a lower one.
 *
 * Anchors are searched lean, as votes forgive misses. What one of them meets is counted first, as
 * far as ANCHOR_CAP in each table and segment; those that many different pictures share are muted,
 * and only for the others is the rest fetched, as far as MAX_MET hits a query go round. */
#include "match_inside.h"

#include "base/err.h"
#include "core/image/background.h"
#include "core/index/index.h"

#include <likeness/fingerprint.h>

/* MAX_ANCHORS: of one query at most so many anchored prints are looked for, as many as a picture
 * can have of all kinds; of more, every second, third ... is taken. An anchored print that comes
 * twice in a query is looked for once. */
enum {
    WHOLE_CAP = 1024,
    ANCHOR_CAP = 64,
    MAX_ANCHORS = LK_MAX_IMAGE_RECORDS,
    MAX_MET = 1 << 17,
    BATCH = 64
};

static enum lk_status take_hits(const struct search *s, size_t i, const struct lk_hit *hits,
                                size_t n_hits, struct lk_error *err)
{
    struct matcher *m = s->m;
    const struct probe *probe = (const struct probe *)m->probes.p + s->first + i;
    struct asked *asked = match_asked(m, probe->query);
    if (s->is_bounded && n_hits > MAX_MET - asked->n_met)
        n_hits = MAX_MET - asked->n_met;
    if (!list_reserve(&m->found, n_hits))
        return match_no_memory(err);
    for (size_t k = 0; k < n_hits; k++)
        *(struct found *)list_put(&m->found) =
            (struct found){.query = probe->query,
                           .source = s->source,
                           .number = (uint32_t)(hits[k].label >> 16),
                           .probe = (uint32_t)(s->first + i),
                           .entry_record = (uint16_t)hits[k].label,
                           .dist_bits = hits[k].dist_bits};
    if (s->is_bounded)
        asked->n_met += (uint32_t)n_hits;
    return LK_OK;
}

static enum lk_status on_hits(void *ctx, size_t i, const struct lk_hit *hits, size_t n_hits,
                              size_t n_total, struct lk_error *err)
{
    const struct search *s = ctx;
    if (n_total > n_hits) {
        struct crowd *crowd = list_put(&s->m->crowds);
        if (crowd == NULL)
            return match_no_memory(err);
        *crowd = (struct crowd){s->source, s->first + i, n_total};
        if (!s->is_bounded)
            return LK_OK;
    }
    return take_hits(s, i, hits, n_hits, err);
}

static enum lk_status on_crowd(void *ctx, size_t i, const struct lk_hit *hits, size_t n_hits,
                               size_t n_total, struct lk_error *err)
{
    (void)n_total; /* more may have come in meanwhile */
    const struct search *s = ctx;
    size_t n_known = s->n_known < n_hits ? s->n_known : n_hits;
    return take_hits(s, i, hits + n_known, n_hits - n_known, err);
}

static enum lk_status search_table(struct search *s, const struct table *t, lk_on_hits *on,
                                   struct lk_error *err)
{
    const struct lk_print *prints = (const struct lk_print *)s->m->prints.p + s->first;
    return (s->lean ? lk_index_search_batch_lean : lk_index_search_batch)(
        t->index[s->kind], prints, s->n, s->radius_bits, s->cap, on, s, err);
}

/* Probes [from, from + n) of the search in a segment. */
static enum lk_status search_some(struct search *s, const struct bank_segment *segment, size_t from,
                                  size_t n, lk_on_hits *on, struct lk_error *err)
{
    const struct lk_alloc *alloc = s->m->bank->alloc;
    const struct lk_print *rows = (const struct lk_print *)s->m->rows.p + from;
    struct hits hits[BATCH];
    for (size_t i = 0; i < n; i++)
        hits[i] = (struct hits){.cap = s->cap, .grows = alloc};
    bool is_complete =
        bank_segment_search(segment, s->kind, rows, n, s->radius_bits, s->lean, hits);
    enum lk_status status = LK_OK;
    for (size_t i = 0; i < n; i++) {
        if (status == LK_OK && (!is_complete || hits[i].failed))
            status = match_no_memory(err);
        hits_sort(&hits[i]);
        if (status == LK_OK && hits[i].n > 0)
            status = on(s, from + i, hits[i].p, hits[i].n, hits[i].n_total, err);
        hits_fini(&hits[i]);
    }
    return status;
}

static enum lk_status search_segment(struct search *s, const struct bank_segment *segment,
                                     lk_on_hits *on, struct lk_error *err)
{
    for (size_t from = 0; from < s->n; from += BATCH) {
        size_t n = s->n - from < BATCH ? s->n - from : BATCH;
        TRY(search_some(s, segment, from, n, on, err));
    }
    return LK_OK;
}

/* In one table or segment. */
static enum lk_status search_source(struct search *s, lk_on_hits *on, struct lk_error *err)
{
    const struct bank_view *view = s->m->view;
    return s->source < view->n_tables
               ? search_table(s, view->tables[s->source]->table, on, err)
               : search_segment(s, view->segments[s->source - view->n_tables], on, err);
}

/* The prints of probes as they stand in an index. */
static enum lk_status order_rows(const struct search *s, struct lk_error *err)
{
    struct matcher *m = s->m;
    const struct lk_print *prints = (const struct lk_print *)m->prints.p + s->first;
    m->rows.n = 0;
    if (!list_reserve(&m->rows, s->n))
        return match_no_memory(err);
    for (size_t i = 0; i < s->n; i++)
        *(struct lk_print *)list_put(&m->rows) = index_row_of(s->kind, &prints[i]);
    return LK_OK;
}

enum lk_status match_search_run(struct search *s, struct lk_error *err)
{
    const struct bank_view *view = s->m->view;
    s->m->crowds.n = 0;
    if (s->n == 0)
        return LK_OK;
    TRY(order_rows(s, err));
    for (s->source = 0; s->source < view->n_tables + view->n_segments; s->source++)
        TRY(search_source(s, on_hits, err));
    return LK_OK;
}

/* Once more, with room: for what the first search had too many hits of. */
static enum lk_status search_crowds(const struct search *of, struct lk_error *err)
{
    struct matcher *m = of->m;
    for (size_t i = 0; i < m->crowds.n; i++) {
        const struct crowd crowd = ((const struct crowd *)m->crowds.p)[i];
        const struct probe *probe = (const struct probe *)m->probes.p + crowd.probe;
        const struct asked *asked = match_asked(m, probe->query);
        struct search s = *of;
        s.first = crowd.probe;
        s.n = 1;
        s.source = crowd.source;
        s.cap = crowd.n;
        if (probe->muted)
            continue;
        if (s.is_bounded) {
            size_t share = MAX_MET / asked->n_anchors;
            s.cap = crowd.n < share ? crowd.n : share;
            s.n_known = of->cap;
        }
        TRY(order_rows(&s, err));
        TRY(search_source(&s, on_crowd, err));
    }
    return LK_OK;
}

static enum lk_status found_by_digest(struct matcher *m, size_t query, uint32_t source,
                                      uint32_t number, struct lk_error *err)
{
    struct found *f = list_put(&m->found);
    if (f == NULL)
        return match_no_memory(err);
    *f = (struct found){
        .query = (uint32_t)query, .source = source, .number = number, .by_digest = true};
    return LK_OK;
}

static enum lk_status search_digest(struct matcher *m, size_t query, const struct lk_digest *digest,
                                    struct lk_error *err)
{
    const struct bank_view *view = m->view;
    uint32_t source = 0;
    for (; source < view->n_tables; source++) {
        const struct table *t = view->tables[source]->table;
        struct refs_walk walk = table_with_digest(t, digest);
        uint32_t slot;
        while ((slot = table_next_with(t, &walk, digest)) != REFS_NONE)
            TRY(found_by_digest(m, query, source, slot, err));
    }
    for (; source < view->n_tables + view->n_segments; source++) {
        const struct bank_segment *s = view->segments[source - view->n_tables];
        uint64_t at = UINT64_MAX;
        uint32_t ordinal;
        while ((ordinal = segment_image_next_with(s->image, digest, &at)) != SEGMENT_NO_ENTRY)
            if (bank_segment_in_force(s, ordinal))
                TRY(found_by_digest(m, query, source, ordinal, err));
    }
    return LK_OK;
}

static enum lk_status search_digests(struct matcher *m, struct lk_error *err)
{
    for (size_t q = m->from; q < m->to; q++)
        for (size_t i = 0; i < m->queries[q].n_digests; i++)
            TRY(search_digest(m, q, &m->queries[q].digests[i], err));
    return LK_OK;
}

enum lk_status match_put_probe(struct matcher *m, size_t query, size_t record, struct lk_error *err)
{
    struct lk_print *print = list_put(&m->prints);
    struct probe *probe = list_put(&m->probes);
    if (print == NULL || probe == NULL)
        return match_no_memory(err);
    *print = bank_key_print(m->bank, &m->queries[query].records[record].print);
    *probe = (struct probe){.query = (uint32_t)query, .record = (uint16_t)record};
    return LK_OK;
}

/* Whole prints of pictures, completely. */
static enum lk_status search_whole(struct matcher *m, struct lk_error *err)
{
    struct search s = {.m = m, .kind = LK_WHOLE, .first = m->probes.n, .cap = WHOLE_CAP};
    bool judged;
    s.radius_bits = lk_match_radius(LK_WHOLE, &judged);
    for (size_t q = m->from; q < m->to; q++)
        for (size_t i = 0; i < m->queries[q].n_records; i++)
            if (m->queries[q].records[i].kind == LK_WHOLE)
                TRY(match_put_probe(m, q, i, err));
    s.n = m->probes.n - s.first;
    TRY(match_search_run(&s, err));
    return search_crowds(&s, err);
}

enum lk_status match_search_whole(struct matcher *m, struct lk_error *err)
{
    TRY(search_digests(m, err));
    TRY(search_whole(m, err));
    return match_search_timed(m, err);
}

/* Whether the query's anchors noted so far, from probe `first` on, have this print. */
static bool is_noted(const struct matcher *m, size_t first, const struct lk_print *print)
{
    const struct lk_print *prints = m->prints.p;
    for (size_t i = first; i < m->prints.n; i++)
        if (lk_print_distance(&prints[i], print) == 0)
            return true;
    return false;
}

enum lk_status match_take_anchors(struct matcher *m, size_t query, struct lk_error *err)
{
    const struct lk_sequence *sequence = &m->queries[query];
    struct asked *asked = match_asked(m, query);
    size_t n = 0, at = 0;
    for (size_t i = 0; i < sequence->n_records; i++)
        n += sequence->records[i].kind == LK_ANCHOR;
    size_t n_taken = n < MAX_ANCHORS ? n : MAX_ANCHORS;
    asked->anchors = (uint32_t)m->probes.n;
    for (size_t i = 0; i < sequence->n_records; i++) {
        if (sequence->records[i].kind != LK_ANCHOR)
            continue;
        bool is_taken = (at + 1) * n_taken / n > at * n_taken / n;
        at++;
        const struct lk_print *print = &sequence->records[i].print;
        const struct lk_print own = bank_key_print(m->bank, print);
        if (is_taken && !is_noted(m, asked->anchors, &own) && !background_has(print))
            TRY(match_put_probe(m, query, i, err));
    }
    asked->n_anchors = (uint32_t)m->probes.n - asked->anchors;
    return LK_OK;
}

enum lk_status match_search_anchors(struct matcher *m, struct lk_error *err)
{
    bool judged;
    struct search s = {.m = m,
                       .kind = LK_ANCHOR,
                       .first = m->probes.n,
                       .cap = ANCHOR_CAP,
                       .lean = true,
                       .is_bounded = true};
    size_t n_before = m->found.n;
    unsigned evidence_bits = lk_match_radius(LK_ANCHOR, &judged);
    unsigned mute_bits = match_mute_radius(m->n_items);
    if (!judged)
        return LK_OK;
    for (size_t q = m->from; q < m->to; q++)
        if (!match_asked(m, q)->is_done)
            TRY(match_take_anchors(m, q, err));
    s.n = m->probes.n - s.first;
    s.radius_bits = mute_bits > evidence_bits ? mute_bits : evidence_bits;
    TRY(match_search_run(&s, err));
    match_mute(m, n_before, evidence_bits);
    m->n_anchors += s.n;
    s.radius_bits = evidence_bits;
    return search_crowds(&s, err);
}
