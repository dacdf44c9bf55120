#include "node/match.h"

#include "base/err.h"
#include "base/hex.h"
#include "node/policy.h"
#include "sys/clock.h"

#include <string.h>

struct matching {
    struct node *node;
    struct arena *arena;
    const struct lk_sequence *sequences;
    struct match_result *results;
    struct policy policy;
};

static enum lk_status no_memory(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for the matches of this request: ask for fewer at once");
}

/* Queries that are worth a search, and the place of each. */
static enum lk_status choose(struct matching *m, size_t n, struct lk_sequence *chosen,
                             size_t *places, size_t *n_chosen, struct lk_error *err)
{
    *n_chosen = 0;
    for (size_t i = 0; i < n; i++) {
        struct lk_error why;
        const struct lk_sequence *s = &m->sequences[i];
        enum lk_status status = lk_sequence_check(s, &why);
        if (status != LK_OK)
            return FAIL(err, status, "query %zu: %s", i + 1, why.text);
        if (s->n_records == 0 && s->n_digests == 0)
            return FAIL(err, LK_INVALID, "query %zu: there is no print in it", i + 1);
        m->results[i].refused = s->n_records > 0 && registry_refusal(s, &why) != LK_OK;
        if (m->results[i].refused)
            continue;
        places[*n_chosen] = i;
        chosen[(*n_chosen)++] = *s;
    }
    return LK_OK;
}

static enum lk_status fill(struct matching *m, const struct bank_match *hit,
                           const struct mark *mark, const struct policy_verdict *judged,
                           struct match *out, struct lk_error *err)
{
    const struct lk_verdict *v = &hit->verdict;
    struct match_evidence *evidence = arena_zalloc(m->arena, 1, sizeof *evidence);
    if (evidence == NULL)
        return no_memory(err);
    evidence->verdict = *v;
    *out = (struct match){
        .medium = hit->medium,
        .grade = v->grade,
        .tier = hit->tier,
        .action = judged->action,
        .effect = judged->effect,
        .would = judged->would,
        .brake = mark->brake,
        .turn = v->turn,
        .coverage_percent = v->coverage_percent,
        .dist_bits = v->dist_bits,
        .n_votes = v->n_votes,
        .from_ms = v->from_ms,
        .to_ms = v->to_ms,
        .evidence = evidence,
    };
    hex_encode(hit->id, sizeof hit->id, out->entry);
    return LK_OK;
}

static enum lk_status hand_out(struct matching *m, const struct bank_matches *hits,
                               struct lk_error *err)
{
    struct match *all = arena_alloc(m->arena, hits->n * sizeof *all);
    if (all == NULL)
        return no_memory(err);
    for (size_t i = 0; i < hits->n; i++) {
        const struct bank_match *hit = &hits->p[i];
        struct match_result *result = &m->results[m->policy.places[hit->query]];
        struct mark mark = marks_get(m->node->marks, hit->id, hit->scope);
        struct policy_verdict judged;
        bool is_over = mark.last_day != MARKS_NO_DAY &&
                       (int64_t)mark.last_day < m->policy.now_ms / CLOCK_DAY_MS;
        if (is_over || result->n == MATCH_MAX_HITS)
            continue;
        TRY(policy_judge(&m->policy, hit, &mark, &judged, err));
        if (judged.leave_out)
            continue;
        if (result->n == 0)
            result->matches = all;
        TRY(fill(m, hit, &mark, &judged, all++, err));
        result->n++;
    }
    return LK_OK;
}

enum lk_status node_match(struct node *node, const struct lk_sequence *sequences,
                          const struct node_line *lines, size_t n, struct arena *arena,
                          struct match_result **results, struct lk_error *err)
{
    struct clock clock = clock_real();
    struct matching m = {.node = node,
                         .arena = arena,
                         .sequences = sequences,
                         .results = arena_zalloc(arena, n, sizeof *m.results)};
    struct lk_sequence *chosen = arena_alloc(arena, n * sizeof *chosen);
    size_t *places = arena_alloc(arena, n * sizeof *places), n_chosen = 0;
    struct bank_matches hits;
    if (m.results == NULL || chosen == NULL || places == NULL)
        return no_memory(err);
    *results = m.results;
    TRY(choose(&m, n, chosen, places, &n_chosen, err));
    TRY(bank_match(node->bank, chosen, n_chosen, &arena->alloc, &hits, err));
    node_count(node, COUNT_QUERIES, n_chosen);
    node_count(node, COUNT_MATCHES, hits.n);
    m.policy = (struct policy){.node = node,
                               .arena = arena,
                               .sequences = chosen,
                               .lines = lines,
                               .places = places,
                               .now_ms = clock_now_ms(&clock)};
    return hits.n == 0 ? LK_OK : hand_out(&m, &hits, err);
}
