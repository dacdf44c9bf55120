#include "cases/receipt.h"

#include "store/seen_rows.h"

#include <stdlib.h>

enum { EVERY_MS = 60 * 1000 };

/* What was written last, by partner. */
struct seen {
    struct seen *next;
    int64_t partner_row;
    uint64_t seq;
    int64_t at_ms;
};

/* Whether it is to be written now; remembers that it is. */
static bool is_due(struct registry *r, int64_t partner_row, uint64_t seq, int64_t now_ms)
{
    struct seen *s = r->seen;
    while (s != NULL && s->partner_row != partner_row)
        s = s->next;
    if (s == NULL) {
        s = calloc(1, sizeof *s);
        if (s == NULL)
            return false;
        *s = (struct seen){r->seen, partner_row, 0, now_ms - EVERY_MS};
        r->seen = s;
    }
    if (seq <= s->seq || now_ms - s->at_ms < EVERY_MS)
        return false;
    s->seq = seq;
    s->at_ms = now_ms;
    return true;
}

static enum lk_status write_row(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct seen *s = ctx;
    return seen_row_put(tx, s->partner_row, s->seq, s->at_ms, err);
}

void receipt_note(struct registry *r, int64_t partner_row, uint64_t seq)
{
    struct seen seen = {.partner_row = partner_row, .seq = seq, .at_ms = clock_now_ms(&r->clock)};
    pthread_mutex_lock(&r->seen_lock);
    bool due = is_due(r, partner_row, seq, seen.at_ms);
    pthread_mutex_unlock(&r->seen_lock);
    if (due && store_write(r->store, write_row, &seen, NULL) != LK_OK) {
        pthread_mutex_lock(&r->seen_lock);
        for (struct seen *s = r->seen; s != NULL; s = s->next)
            if (s->partner_row == partner_row)
                s->seq = 0;
        pthread_mutex_unlock(&r->seen_lock);
    }
}

void receipt_forget(struct registry *r)
{
    while (r->seen != NULL) {
        struct seen *next = r->seen->next;
        free(r->seen);
        r->seen = next;
    }
}
