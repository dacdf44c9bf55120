#include "cases/notice.h"

#include "base/err.h"
#include "cases/desk_inside.h"
#include "cases/escalate.h"
#include "cases/notice_change.h"
#include "law/deadline.h"

#include <string.h>

struct noticing {
    struct registry *r;
    uint8_t id[STORE_ID_BYTES];
    struct notice_row row;
    struct notice_change change;
    const char *recipient;
    bool is_location;
};

static enum lk_status see_text(void *ctx, const struct text_row *text, struct lk_error *err)
{
    struct noticing *c = ctx;
    (void)err;
    c->is_location |= text->number == c->row.text_number && text->kind == CASE_LOCATION;
    return LK_OK;
}

static enum lk_status write_notice(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct noticing *c = ctx;
    struct case_row row;
    uint8_t key[SEAL_KEY_BYTES];
    uint8_t sealed[NOTICE_MAX_RECIPIENT_BYTES + SEAL_OVERHEAD_BYTES];
    TRY(case_row_by_id(tx, c->id, &row, err));
    if (!row.has_keys)
        return FAIL(err, LK_CONFLICT, "the case is closed");
    c->row.case_row = row.row;
    TRY(text_rows_of_case(tx, row.row, see_text, c, err));
    if (!c->is_location)
        return FAIL(err, LK_INVALID, "the case has no address of that number");
    TRY(case_unwrap_by_master(c->r, row.public_id, row.key_by_master, sizeof row.key_by_master, key,
                              err));
    size_t n = strlen(c->recipient);
    seal_put(key, LABEL_RECIPIENT, (struct seal_part){row.public_id, sizeof row.public_id},
             c->recipient, n, sealed);
    seal_wipe(key, sizeof key);
    c->row.recipient = sealed;
    c->row.n_recipient = n + SEAL_OVERHEAD_BYTES;
    TRY(notice_row_add(tx, &c->row, err));
    TRY(notice_began(tx, &c->row, row.public_id, &c->change, err));
    return escalate_review(tx, c->r, row.row, c->row.text_number, c->change.now_ms, err);
}

enum lk_status notice_set_clock(const struct registry *r, struct notice_row *row,
                                const char *regime, enum law_event event, struct lk_error *err)
{
    struct law_deadline clock;
    int64_t now_ms = clock_now_ms(&r->clock);
    row->span_ms = r->answer_ms;
    row->clock_kind = LAW_CLOCK_OWN;
    if (regime == NULL)
        return LK_OK;
    TRY(law_deadline(regime, event, now_ms, NULL, &clock, err));
    if (clock.reason == LAW_NO_REGIME || strlen(regime) >= sizeof row->regime)
        return FAIL(err, LK_INVALID, "there is no regime of that id in data/law");
    memcpy(row->regime, regime, strlen(regime) + 1);
    if (clock.runs)
        row->span_ms = clock.due_ms - now_ms;
    row->by_law = clock.runs && clock.counts_publicly;
    if (row->by_law)
        row->clock_kind = clock.kind;
    return LK_OK;
}

enum lk_status notice_send(struct registry *r, const char *case_id, unsigned number,
                           const char *recipient, const char *regime, struct lk_error *err)
{
    struct noticing c = {.r = r, .recipient = recipient, .row.text_number = number};
    if (recipient[0] == '\0')
        return FAIL(err, LK_INVALID, "the recipient has no name");
    TRY(refusal_check_text(recipient, strlen(recipient), NOTICE_MAX_RECIPIENT_BYTES,
                           "the recipient's name", err));
    TRY(desk_parse_id(case_id, c.id, err));
    TRY(notice_set_clock(r, &c.row, regime, LAW_NOTICE_RECEIVED, err));
    c.change = (struct notice_change){
        .state = NOTICE_SENT, .actor = NOTICE_BY_DESK, .now_ms = clock_now_ms(&r->clock)};
    c.row.state = NOTICE_SENT;
    c.row.changed_ms = c.change.now_ms;
    notice_start(&c.row, c.change.now_ms);
    return store_write(r->store, write_notice, &c, err);
}

struct marking {
    struct registry *r;
    uint8_t id[STORE_ID_BYTES];
    unsigned number;
    int64_t row; /* instead of id and number; 0: these */
    struct notice_change change;
    struct notice_kept kept;
};

static enum lk_status find_notice(void *ctx, const struct notice_row *notice, struct lk_error *err)
{
    struct marking *m = ctx;
    return notice->text_number == m->number ? notice_keep(&m->kept, notice, err) : LK_OK;
}

static enum lk_status mark_notice(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct marking *m = ctx;
    struct case_row row;
    TRY(case_row_by_id(tx, m->id, &row, err));
    TRY(notice_rows_of_case(tx, row.row, find_notice, m, err));
    if (!m->kept.found)
        return FAIL(err, LK_NOT_FOUND, "no notice was sent about this address yet");
    return notice_change(tx, m->r, &m->kept.row, &m->change, err);
}

enum lk_status notice_mark(struct registry *r, const char *case_id, unsigned number, unsigned state,
                           struct lk_error *err)
{
    struct marking m = {.r = r, .number = number};
    if (state == 0 || state >= NOTICE_N_STATES)
        return FAIL(err, LK_INVALID, "there is no such state of a notice");
    TRY(desk_parse_id(case_id, m.id, err));
    m.change = (struct notice_change){
        .state = state, .actor = NOTICE_BY_DESK, .now_ms = clock_now_ms(&r->clock)};
    return store_write(r->store, mark_notice, &m, err);
}

static enum lk_status see_again(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct marking *m = ctx;
    TRY(notice_row_get(tx, m->row, notice_keep, &m->kept, err));
    if (!m->kept.found)
        return FAIL(err, LK_NOT_FOUND, "the notice does not exist");
    if (m->kept.row.state != NOTICE_REMOVED)
        return LK_OK;
    return notice_change(tx, m->r, &m->kept.row, &m->change, err);
}

enum lk_status notice_seen_again(struct registry *r, int64_t notice_row, struct lk_error *err)
{
    struct marking m = {
        .r = r,
        .row = notice_row,
        .change = {.state = NOTICE_BACK,
                   .actor = NOTICE_BY_CHECK,
                   .now_ms = clock_now_ms(&r->clock)},
    };
    return store_write(r->store, see_again, &m, err);
}
