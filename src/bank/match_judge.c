/* From what connects a query with an entry to a verdict.
 *
 *   before anchors were searched   whole prints and digests. A near match with a checked entry may
 *                                  block when anchors agree, so the query's anchors are compared
 *                                  with that entry's, without any index.
 *   afterwards                     entries that several anchors met are candidates; each is
 *                                  compared with all anchors in the same way. So what lean probing
 *                                  missed of an entry does not matter once it found two of it.
 *
 * Bounded whatever comes in: MAX_CANDIDATES entries of each tier, so that those of a lower one
 * cannot push out others, and MAX_PAIRS prints compared; beyond, what the search met is judged. */
#include "match_inside.h"

#include "base/err.h"
#include "core/kernels/cpu.h"
#include "core/kernels/hamming.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_CANDIDATES = 64, MAX_PAIRS = 1 << 23, MAX_EVIDENCE = 1 << 14, MIN_ANCHORS = 2 };

static int by_query_and_entry(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->query != y->query)
        return x->query < y->query ? -1 : 1;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    if (x->by_digest != y->by_digest)
        return x->by_digest ? -1 : 1;
    return x->probe < y->probe ? -1 : x->probe > y->probe;
}

static int best_candidate_first(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->is_certain != y->is_certain)
        return x->is_certain ? -1 : 1;
    if (x->tier != y->tier)
        return (int)y->tier - (int)x->tier;
    if (x->n_met != y->n_met)
        return x->n_met > y->n_met ? -1 : 1;
    return x->from < y->from ? -1 : x->from > y->from;
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

bool match_copy_record(const struct matcher *m, const struct found *f, size_t record,
                       struct lk_record *out)
{
    const struct bank_view *view = m->view;
    return f->source < view->n_tables
               ? table_copy_record(view->tables[f->source]->table, f->number, record, out)
               : bank_segment_copy_record(view->segments[f->source - view->n_tables], f->number,
                                          record, out);
}

enum lk_status match_copy_all(struct matcher *m, const struct found *f,
                              struct lk_sequence *sequence, bool *in_force, struct lk_error *err)
{
    const struct bank_view *view = m->view;
    struct bank_entry entry = {0};
    m->records.n = 0;
    if (f->source < view->n_tables) {
        const struct table *t = view->tables[f->source]->table;
        size_t n = table_at(t, f->number)->n_records;
        if (!list_reserve(&m->records, n))
            return match_no_memory(err);
        *in_force = table_show(t, f->number, m->records.p, &entry);
    } else {
        const struct bank_segment *s = view->segments[f->source - view->n_tables];
        size_t n = s->image->entries[f->number].n_records;
        if (!list_reserve(&m->records, n))
            return match_no_memory(err);
        *in_force = bank_segment_show(s, f->number, true, m->records.p, &entry);
    }
    m->records.n = *in_force ? entry.sequence.n_records : 0;
    *sequence = entry.sequence;
    return LK_OK;
}

static enum lk_status put_evidence(struct matcher *m, uint32_t probe, const struct lk_record *entry,
                                   unsigned dist_bits, struct lk_error *err)
{
    const struct probe *p = (const struct probe *)m->probes.p + probe;
    struct lk_evidence *e = list_put(&m->evidence);
    if (e == NULL)
        return match_no_memory(err);
    *e = (struct lk_evidence){&m->queries[p->query].records[p->record], entry, (uint16_t)dist_bits};
    return LK_OK;
}

/* Up to HAMMING_QUERIES anchors of a query that count, from probe *at on. */
struct anchors {
    struct lk_print print[HAMMING_QUERIES];
    uint32_t probe[HAMMING_QUERIES];
    size_t n;
};

static void next_anchors(const struct matcher *m, uint32_t *at, uint32_t end, struct anchors *out)
{
    const struct lk_print *prints = m->prints.p;
    const struct probe *probes = m->probes.p;
    for (out->n = 0; *at < end && out->n < HAMMING_QUERIES; (*at)++) {
        if (probes[*at].muted)
            continue;
        out->print[out->n] = prints[*at];
        out->probe[out->n++] = *at;
    }
}

/* Compares the anchors of a query with records[0..n), at most a block of them. */
static enum lk_status compare_block(struct matcher *m, const struct asked *asked,
                                    const struct lk_record *records, size_t n, struct lk_error *err)
{
    _Alignas(64) struct hamming_block block;
    hamming_pair pairs[HAMMING_BLOCK_ROWS * HAMMING_QUERIES];
    bool judged;
    const char *name;
    unsigned radius_bits = lk_match_radius(LK_ANCHOR, &judged);
    hamming_scan *scan = hamming_select(cpu_mask(), &name);
    for (size_t i = 0; i < n; i++)
        for (size_t w = 0; w < 4; w++)
            block.w[w][i] = records[i].print.w[w];
    uint32_t at = asked->anchors, end = asked->anchors + asked->n_anchors;
    while (at < end) {
        struct anchors some;
        next_anchors(m, &at, end, &some);
        size_t n_pairs = scan(&block, n, some.print, some.n, radius_bits, pairs);
        for (size_t i = 0; i < n_pairs && m->evidence.n < MAX_EVIDENCE; i++) {
            size_t of = pairs[i] / HAMMING_BLOCK_ROWS;
            const struct lk_record *r = &records[pairs[i] % HAMMING_BLOCK_ROWS];
            unsigned dist_bits = lk_print_distance(&some.print[of], &r->print);
            if (r->kind == LK_ANCHOR && dist_bits <= radius_bits)
                TRY(put_evidence(m, some.probe[of], r, dist_bits, err));
        }
    }
    return LK_OK;
}

static enum lk_status compare(struct matcher *m, struct asked *asked, struct lk_error *err)
{
    const struct lk_record *records = m->records.p;
    asked->n_pairs += m->records.n * asked->n_anchors;
    for (size_t i = 0, n; i < m->records.n; i += n) {
        n = m->records.n - i < HAMMING_BLOCK_ROWS ? m->records.n - i : HAMMING_BLOCK_ROWS;
        TRY(compare_block(m, asked, &records[i], n, err));
    }
    return LK_OK;
}

/* Of the first whole print, which is the picture's own. */
static struct lk_frame whole_frame(const struct lk_record *records, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (records[i].kind == LK_WHOLE)
            return records[i].frame;
    return (struct lk_frame){0};
}

static struct lk_match_terms terms_of(const struct matcher *m, size_t query,
                                      const struct lk_record *records, size_t n)
{
    const struct lk_sequence *sequence = &m->queries[query];
    return (struct lk_match_terms){m->n_items, whole_frame(sequence->records, sequence->n_records),
                                   whole_frame(records, n)};
}

/* The verdict on what was found alone. */
static enum lk_status weigh_found(struct matcher *m, const struct found *found, size_t n,
                                  struct lk_verdict *verdict, struct lk_error *err)
{
    m->evidence.n = m->records.n = 0;
    if (!list_reserve(&m->records, n + 1))
        return match_no_memory(err);
    struct lk_record *records = m->records.p, first;
    size_t n_first = match_copy_record(m, found, 0, &first) ? 1 : 0;
    for (size_t i = 0; i < n; i++)
        if (match_copy_record(m, &found[i], found[i].entry_record, &records[i]))
            TRY(put_evidence(m, found[i].probe, &records[i], found[i].dist_bits, err));
    const struct lk_match_terms terms = terms_of(m, found->query, &first, n_first);
    *verdict = lk_match_judge(m->evidence.p, m->evidence.n, &terms);
    return LK_OK;
}

/* The verdict on the whole prints found and all anchors of the query. */
static enum lk_status weigh_all(struct matcher *m, const struct found *found, size_t n,
                                struct lk_verdict *verdict, struct lk_error *err)
{
    struct lk_sequence sequence;
    bool in_force = false;
    m->evidence.n = 0;
    TRY(match_copy_all(m, found, &sequence, &in_force, err));
    *verdict = (struct lk_verdict){0};
    if (!in_force)
        return LK_OK;
    const struct lk_record *records = m->records.p;
    for (size_t i = 0; i < n; i++)
        if (found[i].entry_record < m->records.n &&
            records[found[i].entry_record].kind != LK_ANCHOR)
            TRY(put_evidence(m, found[i].probe, &records[found[i].entry_record], found[i].dist_bits,
                             err));
    TRY(compare(m, match_asked(m, found->query), err));
    const struct lk_match_terms terms = terms_of(m, found->query, records, m->records.n);
    *verdict = lk_match_judge(m->evidence.p, m->evidence.n, &terms);
    return LK_OK;
}

static enum lk_status weigh(struct matcher *m, const struct found *found, size_t n, bool all,
                            struct bank_match *match, struct lk_error *err)
{
    bool compares = all && match_asked(m, found->query)->n_pairs < MAX_PAIRS;
    if (match->medium != LK_IMAGE || m->queries[found->query].medium != LK_IMAGE)
        TRY(match_weigh_timed(m, found, n, &match->verdict, err));
    else
        TRY((compares ? weigh_all : weigh_found)(m, found, n, &match->verdict, err));
    match->action = (uint8_t)lk_match_action(match->verdict.grade, match->tier,
                                             match->verdict.two_prints_agree);
    return LK_OK;
}

/* Whether the query's anchors can change what may follow from its whole prints. */
static bool anchors_decide(const struct bank_match *match)
{
    return match->verdict.grade != 0 && !match->verdict.two_prints_agree &&
           lk_match_action(match->verdict.grade, match->tier, true) > match->action;
}

static enum lk_status judge(struct matcher *m, const struct candidate *c, bool with_anchors,
                            struct lk_error *err)
{
    const struct found *found = (const struct found *)m->found.p + c->from;
    struct bank_match match = {.query = found->query, .verdict = lk_match_same_file()};
    if (!describe(m->view, found, &match))
        return LK_OK;
    if (found->by_digest)
        match.action = (uint8_t)lk_match_action(match.verdict.grade, match.tier, false);
    else
        TRY(weigh(m, found, c->n, with_anchors, &match, err));
    if (!with_anchors && match.medium == LK_IMAGE && anchors_decide(&match)) {
        if (match_asked(m, found->query)->n_anchors == 0)
            TRY(match_take_anchors(m, found->query, err));
        TRY(weigh(m, found, c->n, true, &match, err));
    }
    if (match.verdict.grade == 0)
        return LK_OK;
    struct bank_match *out = list_put(&m->best);
    if (out == NULL)
        return match_no_memory(err);
    *out = match;
    return LK_OK;
}

/* What found[from..from + n), of one entry, is worth following. */
static struct candidate candidate_of(const struct matcher *m, size_t from, size_t n)
{
    const struct found *found = (const struct found *)m->found.p + from;
    const struct probe *probes = m->probes.p;
    struct candidate c = {.from = from, .n = n};
    struct bank_match match;
    if (describe(m->view, found, &match))
        c.tier = match.tier;
    for (size_t i = 0; i < n; i++) {
        const struct probe *p = &probes[found[i].probe];
        if (found[i].by_digest || m->queries[p->query].records[p->record].kind == LK_WHOLE) {
            c.is_certain = true;
            continue;
        }
        const bool is_near_frame = m->queries[p->query].records[p->record].kind == LK_FRAME &&
                                   found[i].dist_bits <= LK_NEAR_RADIUS;
        if (i == 0 || found[i].probe != found[i - 1].probe)
            c.n_met += is_near_frame ? 2 : 1;
    }
    return c;
}

/* Judges the candidates of one query. */
static enum lk_status judge_candidates(struct matcher *m, bool with_anchors, struct lk_error *err)
{
    struct candidate *candidates = m->candidates.p;
    size_t n_of_tier[LK_TIER_CONFIRMED + 1] = {0};
    if (m->candidates.n > 1)
        qsort(candidates, m->candidates.n, sizeof *candidates, best_candidate_first);
    for (size_t i = 0; i < m->candidates.n; i++)
        if (candidates[i].is_certain || n_of_tier[candidates[i].tier]++ < MAX_CANDIDATES)
            TRY(judge(m, &candidates[i], with_anchors, err));
    m->candidates.n = 0;
    return LK_OK;
}

enum lk_status match_judge(struct matcher *m, bool with_anchors, struct lk_error *err)
{
    struct found *found = m->found.p;
    size_t n_found = m->found.n;
    unsigned least = lk_match_votes_needed(LK_REVIEW, m->n_items) < MIN_ANCHORS ? 1 : MIN_ANCHORS;
    if (n_found > 1)
        qsort(found, n_found, sizeof *found, by_query_and_entry);
    for (size_t i = 0, n; i < n_found; i += n) {
        for (n = 1; i + n < n_found && match_same_entry(&found[i + n], &found[i]); n++)
            ;
        const struct candidate c = candidate_of(m, i, n);
        if (c.is_certain || c.n_met >= least) {
            struct candidate *put = list_put(&m->candidates);
            if (put == NULL)
                return match_no_memory(err);
            *put = c;
        }
        if (i + n == n_found || found[i + n].query != found[i].query)
            TRY(judge_candidates(m, with_anchors, err));
    }
    return LK_OK;
}
