#include "cases/block.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/entry_name.h"
#include "store/block_rows.h"
#include "store/entry_rows.h"

uint64_t block_step(uint64_t n)
{
    uint64_t step = 1;
    if (n == 0)
        return 0;
    while (step <= UINT64_MAX / 10 && step * 10 <= n)
        step *= 10;
    return step * 5 <= n ? step * 5 : step;
}

struct reporting {
    struct registry *r;
    int64_t partner;
    const struct block_count *counts;
    size_t n, n_unknown;
};

static enum lk_status put(struct store_tx *tx, struct reporting *p, const struct block_count *c,
                          struct lk_error *err)
{
    uint8_t name[STORE_ID_BYTES], entry_id[STORE_ID_BYTES];
    struct entry_row row;
    struct lk_error why;
    enum lk_status status = LK_NOT_FOUND;
    if (c->n_entry == 2 * sizeof name && hex_decode(c->entry, name, sizeof name))
        status = entry_of_name(p->r, p->partner, name, entry_id, &why);
    if (status == LK_OK)
        status = entry_row_find(tx, entry_id, &row, &why);
    if (status == LK_NOT_FOUND || (status == LK_OK && !row.in_force)) {
        p->n_unknown++;
        return LK_OK;
    }
    if (status != LK_OK)
        return FAIL(err, status, "%s", why.text);
    return block_row_put(tx, row.row, p->partner, c->day, c->n, err);
}

static enum lk_status put_all(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct reporting *p = ctx;
    p->n_unknown = 0;
    for (size_t i = 0; i < p->n; i++)
        TRY(put(tx, p, &p->counts[i], err));
    return LK_OK;
}

enum lk_status block_report(struct registry *r, const struct partner *partner,
                            const struct block_count *counts, size_t n, size_t *n_unknown,
                            struct lk_error *err)
{
    struct reporting p = {.r = r, .partner = partner->id, .counts = counts, .n = n};
    int64_t today = clock_now_ms(&r->clock) / CLOCK_DAY_MS;
    if (partner->role != PARTNER_PLATFORM)
        return FAIL(err, LK_DENIED, "only platforms stop uploads; this key is of a %s",
                    partner_role_name(partner->role));
    if (n > BLOCK_MAX_LIST)
        return FAIL(err, LK_LIMIT, "%zu counts are more than the %d of one request", n,
                    BLOCK_MAX_LIST);
    for (size_t i = 0; i < n; i++) {
        if (counts[i].day > today + 1 || counts[i].day < today - BLOCK_MAX_AGE)
            return FAIL(err, LK_INVALID, "count %zu: its day is not one of the last %d", i + 1,
                        BLOCK_MAX_AGE);
        if (counts[i].n == 0 || counts[i].n > BLOCK_MAX_COUNT)
            return FAIL(err, LK_INVALID, "count %zu: a number from 1 to %d", i + 1,
                        BLOCK_MAX_COUNT);
    }
    TRY(store_write(r->store, put_all, &p, err));
    *n_unknown = p.n_unknown;
    return LK_OK;
}
