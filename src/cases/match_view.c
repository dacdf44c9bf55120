/* One match with what agreed: to its partner by its id, to whoever has its link.
 *
 * The evidence is sealed under the case's key, which is wrapped by the master key in the case's
 * row: all of it is read in one transaction, and a closed case has no key. */
#include "cases/case_keys.h"
#include "cases/match_show.h"

#include "base/err.h"

#include <string.h>

#define LABEL_MATCH_EVIDENCE "case_match.evidence"

struct looking {
    const struct registry *r;
    const struct partner *partner; /* NULL: whoever has the link */
    uint8_t public_id[STORE_ID_BYTES];
    struct match *out;
    struct match_evidence *evidence;
    /* of the row */
    int64_t case_row;
    uint8_t sealed[MATCH_SEALED_EVIDENCE_BYTES];
    size_t n_sealed;
};

static struct seal_part id_part(const uint8_t *public_id)
{
    return (struct seal_part){public_id, STORE_ID_BYTES};
}

/* *has_key: the case is open. */
static enum lk_status case_key(const struct registry *r, struct store_tx *tx, int64_t case_row,
                               uint8_t key[SEAL_KEY_BYTES], bool *has_key, struct lk_error *err)
{
    struct case_row row;
    TRY(case_row_get(tx, case_row, &row, err));
    *has_key = row.has_keys;
    if (!row.has_keys)
        return LK_OK;
    return case_unwrap_by_master(r, row.public_id, row.key_by_master, sizeof row.key_by_master, key,
                                 err);
}

enum lk_status match_seal_evidence(const struct registry *r, struct store_tx *tx, int64_t case_row,
                                   const uint8_t public_id[STORE_ID_BYTES],
                                   const struct match_evidence *evidence,
                                   uint8_t out[MATCH_SEALED_EVIDENCE_BYTES], size_t *n,
                                   struct lk_error *err)
{
    uint8_t key[SEAL_KEY_BYTES], plain[MATCH_EVIDENCE_BYTES];
    bool has_key = false;
    *n = 0;
    TRY(case_key(r, tx, case_row, key, &has_key, err));
    if (!has_key)
        return LK_OK;
    size_t n_plain = match_evidence_write(evidence, plain);
    seal_put(key, LABEL_MATCH_EVIDENCE, id_part(public_id), plain, n_plain, out);
    *n = n_plain + SEAL_OVERHEAD_BYTES;
    seal_wipe(key, sizeof key);
    seal_wipe(plain, sizeof plain);
    return LK_OK;
}

static enum lk_status keep(void *ctx, const struct match_row *row, struct lk_error *err)
{
    struct looking *l = ctx;
    TRY(match_from_row(l->r, row, l->out, err));
    l->case_row = row->case_row;
    l->n_sealed = row->evidence == NULL ? 0 : row->n_evidence;
    if (l->n_sealed > sizeof l->sealed)
        return FAIL(err, LK_CORRUPT, "what agreed in a match is longer than it was written");
    if (l->n_sealed > 0)
        memcpy(l->sealed, row->evidence, l->n_sealed);
    return LK_OK;
}

/* The row's own columns say the rest. */
static void complete(const struct match *match, struct lk_verdict *v)
{
    v->grade = match->grade;
    v->dist_bits = match->dist_bits;
    v->n_votes = match->n_votes;
    v->coverage_percent = match->coverage_percent;
    v->turn = match->turn;
    v->from_ms = match->from_ms;
    v->to_ms = match->to_ms;
}

static enum lk_status unseal(struct looking *l, struct store_tx *tx, struct lk_error *err)
{
    uint8_t key[SEAL_KEY_BYTES], plain[MATCH_SEALED_EVIDENCE_BYTES];
    bool has_key = false;
    TRY(case_key(l->r, tx, l->case_row, key, &has_key, err));
    if (!has_key)
        return LK_OK;
    enum lk_status status = LK_OK;
    if (l->n_sealed < SEAL_OVERHEAD_BYTES ||
        !seal_take(key, LABEL_MATCH_EVIDENCE, id_part(l->public_id), l->sealed, l->n_sealed, plain))
        status = FAIL(err, LK_CORRUPT, "what agreed in a match was changed since it was stored");
    seal_wipe(key, sizeof key);
    TRY(status);
    TRY(match_evidence_read(plain, l->n_sealed - SEAL_OVERHEAD_BYTES, l->evidence, err));
    complete(l->out, &l->evidence->verdict);
    l->out->evidence = l->evidence;
    return LK_OK;
}

static enum lk_status look(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct looking *l = ctx;
    if (l->partner != NULL)
        TRY(match_row_get(tx, l->partner->id, l->public_id, keep, l, err));
    else
        TRY(match_row_find(tx, l->public_id, keep, l, err));
    return l->n_sealed > 0 && l->evidence != NULL ? unseal(l, tx, err) : LK_OK;
}

enum lk_status match_get(struct registry *r, const struct partner *partner, const char *id,
                         size_t n_id, struct match *out, struct match_evidence *evidence,
                         struct lk_error *err)
{
    struct looking l = {.r = r, .partner = partner, .out = out, .evidence = evidence};
    TRY(match_read_id(id, n_id, l.public_id, err));
    return store_read(r->store, look, &l, err);
}

enum lk_status match_view(struct registry *r, const char *link, size_t n_link, struct match *out,
                          struct match_evidence *evidence, struct lk_error *err)
{
    struct looking l = {.r = r, .out = out, .evidence = evidence};
    char right[MATCH_LINK_CHARS + 1];
    if (n_link != MATCH_LINK_CHARS)
        return FAIL(err, LK_NOT_FOUND, "no match with this link");
    TRY(match_read_id(link, MATCH_ID_CHARS, l.public_id, err));
    match_link(r, l.public_id, right);
    if (!seal_equal(right, link, MATCH_LINK_CHARS))
        return FAIL(err, LK_NOT_FOUND, "no match with this link");
    return store_read(r->store, look, &l, err);
}
