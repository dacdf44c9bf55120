/* Frames and sound: what they meet, and the verdict on it.
 *
 *   query      looked for among
 *   picture    whole prints of good quality: frames, exactly
 *   video      frames: whole prints, exactly; frames, lean
 *              sound: sound, lean
 *   recording  sound: sound, lean
 *
 * What is met only says where to look: an entry that enough prints lead to is copied whole and
 * compared along a line in time (lk_match_judge_timed). */
#include "match_inside.h"

#include "base/err.h"

#include <string.h>

/* MAX_PROBES: of one query and kind; of more, every second, third ... is looked for, evenly. A
 * print that has more than CAP hits in a table or segment is of something that many show: the first
 * of them stand for all. */
enum { CAP = 64, MAX_PROBES = 16384 };

static enum lk_status put_probes(struct matcher *m, size_t query, unsigned kind,
                                 unsigned least_quality, struct lk_error *err)
{
    const struct lk_sequence *sequence = &m->queries[query];
    size_t n = 0, at = 0;
    for (size_t i = 0; i < sequence->n_records; i++)
        n += sequence->records[i].kind == kind && sequence->records[i].quality >= least_quality;
    const size_t n_taken = n < MAX_PROBES ? n : MAX_PROBES;
    for (size_t i = 0; i < sequence->n_records; i++) {
        if (sequence->records[i].kind != kind || sequence->records[i].quality < least_quality)
            continue;
        if ((at + 1) * n_taken / n > at * n_taken / n)
            TRY(match_put_probe(m, query, i, err));
        at++;
    }
    return LK_OK;
}

/* Looks for the prints of one kind in the index of a kind. */
static enum lk_status look_for(struct matcher *m, unsigned kind, unsigned among,
                               unsigned radius_bits, bool lean, struct lk_error *err)
{
    struct search s = {.m = m,
                       .kind = among,
                       .radius_bits = radius_bits,
                       .first = m->probes.n,
                       .cap = CAP,
                       .lean = lean,
                       .is_bounded = true};
    for (size_t q = m->from; q < m->to; q++)
        TRY(put_probes(m, q, kind, kind == LK_SOUND || lean ? 0 : LK_MIN_QUALITY, err));
    s.n = m->probes.n - s.first;
    return match_search_run(&s, err);
}

enum lk_status match_search_timed(struct matcher *m, struct lk_error *err)
{
    TRY(look_for(m, LK_WHOLE, LK_FRAME, LK_NEAR_RADIUS, false, err));
    TRY(look_for(m, LK_FRAME, LK_WHOLE, LK_NEAR_RADIUS, false, err));
    TRY(look_for(m, LK_FRAME, LK_FRAME, LK_FRAME_RADIUS, true, err));
    return look_for(m, LK_SOUND, LK_SOUND, LK_SOUND_RADIUS, true, err);
}

/* What was found, as pairs of records of both sides. */
static enum lk_status put_pairs(struct matcher *m, const struct lk_record *query,
                                const struct found *found, size_t n, struct lk_error *err)
{
    const struct lk_record *records = m->records.p;
    const struct probe *probes = m->probes.p;
    for (size_t i = 0; i < n; i++) {
        if (found[i].by_digest || found[i].entry_record >= m->records.n)
            continue;
        struct lk_evidence *e = list_put(&m->evidence);
        if (e == NULL)
            return match_no_memory(err);
        *e = (struct lk_evidence){&query[probes[found[i].probe].record],
                                  &records[found[i].entry_record], found[i].dist_bits};
    }
    return LK_OK;
}

enum lk_status match_weigh_timed(struct matcher *m, const struct found *found, size_t n,
                                 struct lk_verdict *verdict, struct lk_error *err)
{
    const struct bank_entry asked = {.sequence = m->queries[found->query]};
    struct bank_keyed keyed; /* the query as the bank has its prints */
    struct lk_sequence entry;
    bool in_force = false;
    m->evidence.n = 0;
    *verdict = (struct lk_verdict){0};
    TRY(match_copy_all(m, found, &entry, &in_force, err));
    if (!in_force)
        return LK_OK;
    TRY(bank_key_entries(m->bank, &asked, 1, &keyed, err));
    const struct lk_sequence *query = &keyed.entries[0].sequence;
    enum lk_status status = put_pairs(m, query->records, found, n, err);
    if (status == LK_OK)
        *verdict = lk_match_judge_timed(query, &entry, m->evidence.p, m->evidence.n);
    bank_keyed_free(m->bank, &keyed);
    return status;
}
