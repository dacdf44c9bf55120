#include "cases/notice.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/case_seal.h"
#include "cases/desk.h"
#include "law/clock.h"
#include "store/event_rows.h"
#include "store/mail_rows.h"
#include "store/notice_rows.h"

#include <string.h>

static const char *const names[NOTICE_N_STATES] = {
    [NOTICE_SENT] = "sent",
    [NOTICE_IN_REVIEW] = "in_review",
    [NOTICE_REMOVED] = "removed",
    [NOTICE_REFUSED] = "refused",
    [NOTICE_NOT_ACTIONABLE] = "not_actionable",
    [NOTICE_ESCALATED] = "escalated",
    [NOTICE_BACK] = "back",
};

const char *notice_state_name(unsigned state)
{
    return state > 0 && state < NOTICE_N_STATES ? names[state] : "unknown";
}

unsigned notice_state_of(const char *name)
{
    for (unsigned i = 1; name != NULL && i < NOTICE_N_STATES; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return 0;
}

bool notice_is_waiting(unsigned state)
{
    return state == NOTICE_SENT || state == NOTICE_IN_REVIEW || state == NOTICE_BACK;
}

enum { CLOCK_LAW = 1, CLOCK_OWN = 2 };

struct noticing {
    struct registry *r;
    uint8_t id[STORE_ID_BYTES];
    struct notice_row row;
    const char *recipient;
    int64_t span_ms; /* of the clock */
    bool is_location;
};

static enum lk_status see_text(void *ctx, const struct text_row *text, struct lk_error *err)
{
    struct noticing *c = ctx;
    (void)err;
    c->is_location |= text->number == c->row.text_number && text->kind == CASE_LOCATION;
    return LK_OK;
}

static enum lk_status put_event(struct store_tx *tx, const struct noticing *c, struct lk_error *err)
{
    struct event event = {
        .type = EVENT_NOTICE,
        .regime = c->row.regime[0] == '\0' ? NULL : c->row.regime,
        .clock_kind = c->row.by_law ? CLOCK_LAW : CLOCK_OWN,
        .event_ms = c->row.changed_ms,
        .due_ms = c->row.due_ms,
        .outcome = c->row.state,
    };
    memcpy(event.subjects[0], c->id, sizeof c->id);
    TRY(event_put(tx, &event, NULL, err));
    return mail_row_news(tx, c->row.case_row, err);
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
    return put_event(tx, c, err);
}

static enum lk_status parse_id(const char *case_id, uint8_t out[STORE_ID_BYTES],
                               struct lk_error *err)
{
    if (strlen(case_id) != DESK_CASE_CHARS || !hex_decode(case_id, out, STORE_ID_BYTES))
        return FAIL(err, LK_NOT_FOUND, "a case is named by %d hexadecimal digits", DESK_CASE_CHARS);
    return LK_OK;
}

static enum lk_status start_clock(struct noticing *c, const char *regime, struct lk_error *err)
{
    struct law_clock clock = {0};
    c->span_ms = c->r->answer_ms;
    if (regime == NULL)
        return LK_OK;
    TRY(law_clock_of(regime, &clock, err));
    if (strlen(regime) >= sizeof c->row.regime)
        return FAIL(err, LK_INVALID, "the id of the regime is too long");
    memcpy(c->row.regime, regime, strlen(regime) + 1);
    c->row.by_law = clock.runs;
    if (clock.runs)
        c->span_ms = (int64_t)clock.hours * 3600 * 1000;
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
    TRY(parse_id(case_id, c.id, err));
    TRY(start_clock(&c, regime, err));
    c.row.state = NOTICE_SENT;
    c.row.sent_ms = c.row.changed_ms = clock_now_ms(&r->clock);
    c.row.due_ms = c.row.sent_ms + c.span_ms;
    return store_write(r->store, write_notice, &c, err);
}

/* The notice as it stands, to go on from. */
static enum lk_status find_notice(void *ctx, const struct notice_row *notice, struct lk_error *err)
{
    struct noticing *c = ctx;
    (void)err;
    if (notice->text_number == c->row.text_number) {
        c->span_ms = notice->due_ms - notice->sent_ms;
        c->row.by_law = notice->by_law;
        c->row.due_ms = notice->due_ms;
        memcpy(c->row.regime, notice->regime, sizeof c->row.regime);
    }
    return LK_OK;
}

static enum lk_status mark_notice(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct noticing *c = ctx;
    struct case_row row;
    TRY(case_row_by_id(tx, c->id, &row, err));
    c->row.case_row = row.row;
    TRY(notice_rows_of_case(tx, row.row, find_notice, c, err));
    if (c->row.state == NOTICE_BACK)
        c->row.due_ms = c->row.changed_ms + c->span_ms;
    TRY(notice_row_mark(tx, row.row, c->row.text_number, c->row.state, c->row.due_ms,
                        c->row.changed_ms, err));
    return put_event(tx, c, err);
}

enum lk_status notice_mark(struct registry *r, const char *case_id, unsigned number, unsigned state,
                           struct lk_error *err)
{
    struct noticing c = {.r = r, .row.text_number = number, .row.state = state};
    if (state == 0 || state >= NOTICE_N_STATES)
        return FAIL(err, LK_INVALID, "there is no such state of a notice");
    TRY(parse_id(case_id, c.id, err));
    c.row.changed_ms = clock_now_ms(&r->clock);
    return store_write(r->store, mark_notice, &c, err);
}
