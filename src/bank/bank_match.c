/* Matching, a group of queries at a time so that a writer need not wait for a whole bulk request:
 *
 *   queries -> prints of each judged kind -> hits of the index  \
 *           -> digests                    -> entries with them  / found, sorted by query and entry
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

/* A connection between a query and an entry. */
struct found {
    uint32_t query, slot;
    uint16_t query_record, entry_record, dist_bits;
    bool by_digest;
};

struct matcher {
    struct bank *bank;
    const struct lk_sequence *queries;
    struct list prints, probes; /* struct lk_print, struct probe: side by side, of one kind */
    struct list found;          /* struct found */
    struct list evidence;       /* struct lk_evidence */
    struct list best;           /* struct bank_match, of one query */
    unsigned kind, radius_bits;
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
                            .slot = bank_label_slot(hits[i].label),
                            .query_record = from->record,
                            .entry_record = bank_label_record(hits[i].label),
                            .dist_bits = hits[i].dist_bits};
    }
    return LK_OK;
}

static enum lk_status search_alone(struct matcher *m, size_t probe, size_t n_total,
                                   struct lk_error *err)
{
    const struct lk_alloc *alloc = m->bank->alloc;
    struct lk_hit *hits = alloc->alloc(alloc->ctx, n_total * sizeof *hits);
    if (hits == NULL)
        return no_memory(err);
    size_t n_hits = 0;
    const struct lk_print *print = (const struct lk_print *)m->prints.p + probe;
    enum lk_status status = lk_index_search(m->bank->index[m->kind], print, m->radius_bits, hits,
                                            n_total, &n_hits, NULL, err);
    if (status == LK_OK)
        status = take_hits(m, probe, hits, n_hits, err);
    alloc->free(alloc->ctx, hits, n_total * sizeof *hits);
    return status;
}

static enum lk_status on_hits(void *ctx, size_t probe, const struct lk_hit *hits, size_t n_hits,
                              size_t n_total, struct lk_error *err)
{
    if (n_total > n_hits)
        return search_alone(ctx, probe, n_total, err);
    return take_hits(ctx, probe, hits, n_hits, err);
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
    return lk_index_search_batch(m->bank->index[kind], m->prints.p, m->prints.n, m->radius_bits,
                                 HIT_CAP, on_hits, m, err);
}

static enum lk_status search_digests(struct matcher *m, size_t from, size_t to,
                                     struct lk_error *err)
{
    for (size_t q = from; q < to; q++)
        for (size_t i = 0; i < m->queries[q].n_digests; i++) {
            size_t at = SIZE_MAX;
            uint32_t slot;
            while ((slot = entries_next_with(&m->bank->entries, &m->queries[q].digests[i], &at)) !=
                   REFSET_NONE) {
                struct found *f = list_put(&m->found);
                if (f == NULL)
                    return no_memory(err);
                *f = (struct found){.query = (uint32_t)q, .slot = slot, .by_digest = true};
            }
        }
    return LK_OK;
}

static int by_query_and_entry(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->query != y->query)
        return x->query < y->query ? -1 : 1;
    if (x->slot != y->slot)
        return x->slot < y->slot ? -1 : 1;
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

/* Judges found[0..n), which connect one query with one entry. */
static enum lk_status judge(struct matcher *m, const struct found *found, size_t n,
                            struct lk_error *err)
{
    const struct entry *e = entries_at(&m->bank->entries, found->slot);
    const struct lk_sequence *query = &m->queries[found->query];
    struct lk_verdict verdict = lk_match_same_file();
    if (!found->by_digest) {
        m->evidence.n = 0;
        for (size_t i = 0; i < n; i++) {
            struct lk_evidence *piece = list_put(&m->evidence);
            if (piece == NULL)
                return no_memory(err);
            *piece =
                (struct lk_evidence){&query->records[found[i].query_record],
                                     &entry_records(e)[found[i].entry_record], found[i].dist_bits};
        }
        verdict = lk_match_judge(m->evidence.p, n);
    }
    if (verdict.grade == 0)
        return LK_OK;
    struct bank_match *match = list_put(&m->best);
    if (match == NULL)
        return no_memory(err);
    *match = (struct bank_match){.query = found->query,
                                 .tier = e->tier,
                                 .medium = e->medium,
                                 .scope = e->scope,
                                 .verdict = verdict};
    match->action = (uint8_t)lk_match_action(verdict.grade, e->tier, verdict.two_prints_agree);
    memcpy(match->id, e->id, BANK_ID_BYTES);
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
            if (found[i + n].query != found[i].query || found[i + n].slot != found[i].slot)
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
        pthread_rwlock_rdlock(&m->bank->lock);
        enum lk_status status = match_group(m, from, to, err);
        pthread_rwlock_unlock(&m->bank->lock);
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
                        .evidence = {own, .size = sizeof(struct lk_evidence)},
                        .best = {own, .size = sizeof(struct bank_match)},
                        .results = {results, .size = sizeof(struct bank_match)}};
    enum lk_status status = match_all(&m, n, err);
    list_fini(&m.prints);
    list_fini(&m.probes);
    list_fini(&m.found);
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
