/* A query, from the bank to durable matches:
 *
 *     bank_match            hits: (query, entry, verdict)
 *     store_read            which of them are matches already?  all: done, nothing is written
 *     store_write           the others: entry still in force?  insert match and event
 *
 * Between the read and the write another caller may have inserted the same: the writer looks again,
 * and the unique constraint stands behind it. */
#include "cases/canary_inside.h"
#include "cases/match_show.h"
#include "cases/receipt.h"
#include "store/entry_rows.h"
#include "store/event_rows.h"
#include "store/mail_rows.h"

#include "base/err.h"
#include "sys/rand.h"

#include <string.h>

/* One hit on its way to becoming a match. */
struct finding {
    const struct bank_match *hit;
    size_t query; /* index in the caller's array */
    uint8_t content[SEAL_HASH_BYTES];
    bool known; /* out is filled */
    bool gone;  /* the entry was withdrawn meanwhile */
    struct match_evidence *evidence;
    struct match out;
};

struct search {
    struct registry *r;
    int64_t partner_row;
    struct arena *arena;
    const struct lk_sequence *sequences;
    const struct match_ref *refs;
    size_t n;
    struct match_result *results;
    struct finding *findings;
    size_t n_findings, n_missing;
    uint64_t n_new;
};

static enum lk_status no_room(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for the matches of this request: ask for fewer at once");
}

static enum lk_status check_query(const struct search *s, size_t i, struct lk_error *err)
{
    struct lk_error why;
    enum lk_status status = lk_sequence_check(&s->sequences[i], &why);
    if (status != LK_OK)
        return FAIL(err, status, "query %zu: %s", i + 1, why.text);
    if (s->sequences[i].n_records == 0 && s->sequences[i].n_digests == 0)
        return FAIL(err, LK_INVALID, "query %zu: there is no print in it", i + 1);
    if (s->refs == NULL || s->refs[i].text == NULL)
        return LK_OK;
    if (s->refs[i].n == 0 || s->refs[i].n > MATCH_MAX_REF_BYTES)
        return FAIL(err, LK_INVALID, "query %zu: the reference is %zu bytes long, 1 to %d allowed",
                    i + 1, s->refs[i].n, MATCH_MAX_REF_BYTES);
    return LK_OK;
}

/* The queries that may be searched, and where in the caller's array each stands. */
static enum lk_status choose(struct search *s, struct lk_sequence **chosen, size_t **places,
                             size_t *n_chosen, struct lk_error *err)
{
    *chosen = arena_alloc(s->arena, s->n * sizeof **chosen);
    *places = arena_alloc(s->arena, s->n * sizeof **places);
    s->results = arena_zalloc(s->arena, s->n, sizeof *s->results);
    if (*chosen == NULL || *places == NULL || s->results == NULL)
        return no_room(err);
    *n_chosen = 0;
    for (size_t i = 0; i < s->n; i++) {
        struct lk_error unheard; /* registry_refusal() tells it to whoever asks */
        TRY(check_query(s, i, err));
        s->results[i].refused = refusal_check_flat(&s->sequences[i], &unheard) != LK_OK;
        if (s->results[i].refused)
            continue;
        (*places)[*n_chosen] = i;
        (*chosen)[(*n_chosen)++] = s->sequences[i];
    }
    return LK_OK;
}

/* What tells one content from another for this partner: its reference, else the query's prints. */
static enum lk_status hash_content(const struct search *s, size_t query,
                                   uint8_t content[SEAL_HASH_BYTES], struct lk_error *err)
{
    if (s->refs != NULL && s->refs[query].text != NULL) {
        const struct seal_part parts[] = {SEAL_TEXT("ref"),
                                          {s->refs[query].text, s->refs[query].n}};
        keys_hash(s->r->keys, KEY_DEDUPE, parts, 2, content, SEAL_HASH_BYTES);
        return LK_OK;
    }
    /* What a client says about a print (its quality, its front end) does not make it another. */
    struct lk_sequence bare = s->sequences[query];
    struct lk_record *records = arena_alloc(s->arena, bare.n_records * sizeof *records);
    if (records == NULL)
        return no_room(err);
    for (size_t i = 0; i < bare.n_records; i++) {
        records[i] = bare.records[i];
        records[i].quality = records[i].front_end = 0;
    }
    bare.records = records;
    size_t n = lk_sequence_encoded_bytes(&bare);
    uint8_t *bytes = arena_alloc(s->arena, n);
    if (bytes == NULL)
        return no_room(err);
    lk_sequence_encode(&bare, bytes);
    const struct seal_part parts[] = {SEAL_TEXT("prints"), {bytes, n}};
    keys_hash(s->r->keys, KEY_DEDUPE, parts, 2, content, SEAL_HASH_BYTES);
    return LK_OK;
}

static enum lk_status see_whole(void *ctx, const struct bank_entry *entry, struct lk_error *err)
{
    (void)err;
    *(struct lk_frame *)ctx = match_whole_frame(&entry->sequence);
    return LK_OK;
}

/* What agreed, and the shapes of both pictures. */
static enum lk_status gather(const struct search *s, struct finding *f, struct lk_error *err)
{
    struct lk_error gone; /* withdrawn meanwhile: the store will say so */
    f->evidence = arena_zalloc(s->arena, 1, sizeof *f->evidence);
    if (f->evidence == NULL)
        return no_room(err);
    f->evidence->verdict = f->hit->verdict;
    f->evidence->query_whole = match_whole_frame(&s->sequences[f->query]);
    enum lk_status status =
        bank_get(s->r->bank, f->hit->id, see_whole, &f->evidence->entry_whole, &gone);
    return status == LK_OK || status == LK_NOT_FOUND ? LK_OK : FAIL(err, status, "%s", gone.text);
}

static enum lk_status collect(struct search *s, const struct bank_matches *hits,
                              const size_t *places, struct lk_error *err)
{
    s->findings = arena_zalloc(s->arena, hits->n, sizeof *s->findings);
    if (s->findings == NULL)
        return no_room(err);
    size_t n_of_query = 0;
    for (size_t i = 0; i < hits->n; i++) {
        const struct bank_match *hit = &hits->p[i];
        if (canary_is(hit))
            continue;
        struct finding *last = s->n_findings == 0 ? NULL : &s->findings[s->n_findings - 1];
        bool same = last != NULL && last->hit->query == hit->query;
        n_of_query = same ? n_of_query + 1 : 1;
        if (n_of_query > MATCH_MAX_HITS)
            continue;
        struct finding *f = &s->findings[s->n_findings++];
        f->hit = hit;
        f->query = places[hit->query];
        if (same)
            memcpy(f->content, last->content, sizeof f->content);
        else
            TRY(hash_content(s, f->query, f->content, err));
        TRY(gather(s, f, err));
    }
    return LK_OK;
}

struct filling {
    struct search *s;
    struct finding *f;
};

/* A match known before keeps its id and its past; what may follow is as the bank says now, unless
 * the entry is braked. */
static enum lk_status fill(void *ctx, const struct match_row *row, struct lk_error *err)
{
    struct filling *x = ctx;
    const struct bank_match *hit = x->f->hit;
    TRY(match_from_row(x->s->r, row, &x->f->out, err));
    x->f->out.grade = hit->verdict.grade;
    x->f->out.tier = hit->tier;
    x->f->out.action = row->brake != 0 ? LK_ACT_QUEUE : hit->action;
    x->f->out.turn = hit->verdict.turn;
    x->f->out.dist_bits = hit->verdict.dist_bits;
    x->f->out.n_votes = hit->verdict.n_votes;
    x->f->out.coverage_percent = hit->verdict.coverage_percent;
    x->f->out.from_ms = hit->verdict.from_ms;
    x->f->out.to_ms = hit->verdict.to_ms;
    x->f->out.evidence = x->f->evidence;
    x->f->gone = !row->in_force;
    return LK_OK;
}

static enum lk_status find_known(struct search *s, struct store_tx *tx, struct finding *f,
                                 struct lk_error *err)
{
    struct filling x = {s, f};
    return match_row_known(tx, s->partner_row, f->hit->id, f->content, fill, &x, &f->known, err);
}

static enum lk_status read_known(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct search *s = ctx;
    s->n_missing = 0;
    for (size_t i = 0; i < s->n_findings; i++) {
        TRY(find_known(s, tx, &s->findings[i], err));
        s->n_missing += !s->findings[i].known;
    }
    return LK_OK;
}

static enum lk_status insert(struct search *s, struct store_tx *tx, struct finding *f,
                             const struct entry_row *entry, struct lk_error *err)
{
    const struct lk_verdict *v = &f->hit->verdict;
    struct match_row row = {
        .partner_row = s->partner_row,
        .entry_row = entry->row,
        .grade = v->grade,
        .tier = f->hit->tier,
        .action = f->hit->action,
        .turn = v->turn,
        .coverage = v->coverage_percent,
        .dist_bits = v->dist_bits,
        .n_votes = v->n_votes,
        .from_ms = v->from_ms,
        .to_ms = v->to_ms,
        .found_ms = clock_now_ms(&s->r->clock),
        .state = MATCH_FOUND,
    };
    memcpy(row.content, f->content, sizeof row.content);
    rand_bytes(row.public_id, sizeof row.public_id);
    uint8_t sealed[MATCH_SEALED_EVIDENCE_BYTES];
    TRY(match_seal_evidence(s->r, tx, entry->case_row, row.public_id, f->evidence, sealed,
                            &row.n_evidence, err));
    row.evidence = row.n_evidence > 0 ? sealed : NULL;
    TRY(match_row_add(tx, &row, err));
    struct event event = {
        .type = EVENT_MATCH_REPORTED,
        .partner = s->partner_row,
        .event_ms = row.found_ms,
        .tier = row.tier,
        .medium = entry->medium,
        .case_row = entry->case_row,
    };
    memcpy(event.subjects[0], row.public_id, STORE_ID_BYTES);
    memcpy(event.subjects[1], entry->public_id, STORE_ID_BYTES);
    TRY(event_put(tx, &event, NULL, err));
    TRY(mail_row_news(tx, entry->case_row, err));
    s->n_new++;
    return find_known(s, tx, f, err);
}

static enum lk_status write_missing(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct search *s = ctx;
    s->n_new = 0;
    for (size_t i = 0; i < s->n_findings; i++) {
        struct finding *f = &s->findings[i];
        struct entry_row entry;
        if (f->known)
            continue;
        TRY(find_known(s, tx, f, err));
        if (f->known)
            continue;
        TRY(entry_row_find(tx, f->hit->id, &entry, err));
        f->gone = !entry.in_force;
        if (!f->gone)
            TRY(insert(s, tx, f, &entry, err));
    }
    return LK_OK;
}

/* Findings stand in the order of their queries: each result takes its run of them. */
static enum lk_status hand_out(struct search *s, struct lk_error *err)
{
    struct match *all = arena_alloc(s->arena, s->n_findings * sizeof *all);
    if (all == NULL)
        return no_room(err);
    for (size_t i = 0; i < s->n_findings; i++) {
        const struct finding *f = &s->findings[i];
        struct match_result *result = &s->results[f->query];
        if (f->gone)
            continue;
        if (result->n == 0)
            result->matches = all;
        *all++ = f->out;
        result->n++;
    }
    return LK_OK;
}

static enum lk_status search(struct search *s, struct lk_error *err)
{
    struct lk_sequence *chosen = NULL;
    size_t *places = NULL, n_chosen = 0;
    struct bank_matches hits;
    TRY(choose(s, &chosen, &places, &n_chosen, err));
    TRY(registry_catch_up(s->r, err));
    uint64_t seq = atomic_load(&s->r->last_change); /* at least that much is in the bank */
    TRY(bank_match(s->r->bank, chosen, n_chosen, &s->arena->alloc, &hits, err));
    receipt_note(s->r, s->partner_row, seq);
    registry_add_count(s->r, COUNT_QUERIES, n_chosen);
    if (hits.n == 0)
        return LK_OK;
    TRY(canary_note(s->r, s->partner_row, &hits, err));
    TRY(collect(s, &hits, places, err));
    if (s->n_findings == 0)
        return LK_OK;
    TRY(store_read(s->r->store, read_known, s, err));
    if (s->n_missing > 0)
        TRY(store_write(s->r->store, write_missing, s, err));
    registry_add_count(s->r, COUNT_MATCHES, s->n_new);
    return hand_out(s, err);
}

enum lk_status match_query(struct registry *r, const struct partner *partner, struct arena *arena,
                           const struct lk_sequence *sequences, const struct match_ref *refs,
                           size_t n, struct match_result **results, struct lk_error *err)
{
    if (n > MATCH_MAX_QUERIES)
        return FAIL(err, LK_LIMIT, "%zu queries are more than the %d of one request", n,
                    MATCH_MAX_QUERIES);
    struct search s = {
        .r = r,
        .partner_row = partner->id,
        .arena = arena,
        .sequences = sequences,
        .refs = refs,
        .n = n,
    };
    TRY(search(&s, err));
    *results = s.results;
    return LK_OK;
}
