#include "cases/notice_change.h"

#include "base/err.h"
#include "cases/escalate.h"
#include "store/desk_rows.h"
#include "store/event_rows.h"
#include "store/mail_rows.h"
#include "store/webhook_rows.h"

#include <string.h>

static const char *const names[NOTICE_N_STATES] = {
    [NOTICE_SENT] = "sent",
    [NOTICE_IN_REVIEW] = "in_review",
    [NOTICE_REMOVED] = "removed",
    [NOTICE_REFUSED] = "refused",
    [NOTICE_NOT_ACTIONABLE] = "not_actionable",
    [NOTICE_ESCALATED] = "escalated",
    [NOTICE_BACK] = "back",
    [NOTICE_READY] = "ready",
    [NOTICE_DELIVERED] = "delivered",
    [NOTICE_LIMITED] = "limited",
    [NOTICE_DISPUTED] = "disputed",
    [NOTICE_ACCEPTED] = "accepted",
    [NOTICE_CLOSED] = "closed",
    [NOTICE_FAILED] = "failed",
};

static const char *const actors[] = {
    [NOTICE_BY_DESK] = "desk",   [NOTICE_BY_PARTNER] = "partner", [NOTICE_BY_CLOCK] = "clock",
    [NOTICE_BY_CHECK] = "check", [NOTICE_BY_MAIL] = "mail",       [NOTICE_BY_RULE] = "rule",
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

const char *notice_actor_name(unsigned actor)
{
    return actor >= NOTICE_BY_DESK && actor <= NOTICE_BY_RULE ? actors[actor] : "unknown";
}

#define BIT(state) (1U << (state))

bool notice_is_waiting(unsigned state)
{
    const unsigned waiting =
        BIT(NOTICE_SENT) | BIT(NOTICE_DELIVERED) | BIT(NOTICE_IN_REVIEW) | BIT(NOTICE_BACK);
    return state < NOTICE_N_STATES && (waiting & BIT(state)) != 0;
}

bool notice_may_follow(unsigned from, unsigned to)
{
    const unsigned answers = BIT(NOTICE_IN_REVIEW) | BIT(NOTICE_REMOVED) | BIT(NOTICE_LIMITED) |
                             BIT(NOTICE_REFUSED) | BIT(NOTICE_NOT_ACTIONABLE) |
                             BIT(NOTICE_DISPUTED);
    const unsigned desk = BIT(NOTICE_ESCALATED) | BIT(NOTICE_CLOSED);
    static const unsigned nothing = 0;
    const unsigned after[NOTICE_N_STATES] = {
        [NOTICE_READY] = BIT(NOTICE_SENT) | BIT(NOTICE_DELIVERED) | BIT(NOTICE_FAILED) | desk,
        [NOTICE_SENT] = answers | desk | BIT(NOTICE_DELIVERED) | BIT(NOTICE_FAILED),
        [NOTICE_DELIVERED] = answers | desk | BIT(NOTICE_FAILED),
        [NOTICE_IN_REVIEW] = answers | desk,
        [NOTICE_REMOVED] = BIT(NOTICE_BACK) | BIT(NOTICE_DISPUTED) | BIT(NOTICE_ACCEPTED),
        [NOTICE_LIMITED] = answers | desk | BIT(NOTICE_BACK),
        [NOTICE_REFUSED] = answers | desk | BIT(NOTICE_ACCEPTED),
        [NOTICE_NOT_ACTIONABLE] = answers | desk,
        [NOTICE_ESCALATED] = answers | BIT(NOTICE_CLOSED) | BIT(NOTICE_BACK),
        [NOTICE_BACK] = answers | desk,
        [NOTICE_DISPUTED] = answers | desk | BIT(NOTICE_ACCEPTED) | BIT(NOTICE_BACK),
        [NOTICE_ACCEPTED] = BIT(NOTICE_DISPUTED),
        [NOTICE_CLOSED] = BIT(NOTICE_BACK) | BIT(NOTICE_REMOVED),
        [NOTICE_FAILED] = BIT(NOTICE_SENT) | BIT(NOTICE_DELIVERED) | desk,
    };
    unsigned may = from < NOTICE_N_STATES ? after[from] : nothing;
    return from != to && to > 0 && to < NOTICE_N_STATES && (may & BIT(to)) != 0;
}

enum lk_status notice_keep(void *ctx, const struct notice_row *notice, struct lk_error *err)
{
    struct notice_kept *kept = ctx;
    (void)err;
    kept->row = *notice;
    kept->row.recipient = kept->row.place = NULL;
    kept->found = true;
    return LK_OK;
}

void notice_start(struct notice_row *row, int64_t now_ms)
{
    row->sent_ms = now_ms;
    row->due_ms = now_ms + row->span_ms;
}

static enum lk_status put_event(struct store_tx *tx, const struct notice_row *row,
                                const uint8_t case_id[STORE_ID_BYTES],
                                const struct notice_change *change, struct lk_error *err)
{
    struct event event = {
        .type = change->alarm == NOTICE_OVERDUE ? EVENT_OVERDUE : EVENT_NOTICE,
        .partner = change->partner,
        .regime = row->regime[0] == '\0' ? NULL : row->regime,
        .clock_kind = row->clock_kind,
        .event_ms = change->now_ms,
        .due_ms = row->due_ms,
        .outcome = row->state,
        .reason = row->reason,
        .case_row = row->case_row,
    };
    memcpy(event.subjects[0], case_id, STORE_ID_BYTES);
    return event_put(tx, &event, NULL, err);
}

static enum lk_status put_step(struct store_tx *tx, const struct notice_row *row,
                               const uint8_t case_id[STORE_ID_BYTES], const uint8_t *key,
                               const struct notice_change *change, struct lk_error *err)
{
    uint8_t sealed[CASE_TEXT_MAX_BYTES + SEAL_OVERHEAD_BYTES];
    struct notice_step step = {
        .notice = row->row,
        .at_ms = change->now_ms,
        .due_ms = row->due_ms,
        .state = row->state,
        .alarm = row->alarm,
        .actor = change->actor,
        .reason = row->reason,
        .staff = change->staff,
    };
    size_t n = change->note == NULL ? 0 : strlen(change->note);
    if (n > CASE_TEXT_MAX_BYTES)
        return FAIL(err, LK_LIMIT, "a note holds %d bytes", CASE_TEXT_MAX_BYTES);
    if (n > 0 && key != NULL) {
        seal_put(key, LABEL_STEP_NOTE, (struct seal_part){case_id, STORE_ID_BYTES}, change->note, n,
                 sealed);
        step.note = sealed;
        step.n_note = n + SEAL_OVERHEAD_BYTES;
    }
    return notice_step_add(tx, &step, err);
}

/* The partner in whose inbox the notice is: of what others did to it. */
static enum lk_status tell_partner(struct store_tx *tx, const struct notice_row *row,
                                   const struct notice_change *change, struct lk_error *err)
{
    enum webhook_type type = WEBHOOK_NOTICE_CHANGED;
    if (change->alarm != NOTICE_CALM)
        type = change->alarm == NOTICE_OVERDUE ? WEBHOOK_NOTICE_OVERDUE : WEBHOOK_NOTICE_DUE_SOON;
    if (row->partner == 0 || change->actor == NOTICE_BY_PARTNER)
        return LK_OK;
    return webhook_tell(tx, row->partner, type, row->inbox_id, change->now_ms, err);
}

enum lk_status notice_began(struct store_tx *tx, const struct notice_row *row,
                            const uint8_t case_id[STORE_ID_BYTES],
                            const struct notice_change *change, struct lk_error *err)
{
    TRY(put_step(tx, row, case_id, NULL, change, err));
    TRY(put_event(tx, row, case_id, change, err));
    TRY(mail_row_news(tx, row->case_row, err));
    if (row->partner != 0)
        TRY(webhook_tell(tx, row->partner, WEBHOOK_NOTICE_CREATED, row->inbox_id, change->now_ms,
                         err));
    return desk_row_refresh(tx, row->case_row, change->now_ms, err);
}

/* The clock follows the state: it starts when the notice goes out, anew when the content is back,
 * goes on while the recipient has the next move, and stops when it has not. */
static void follow_clock(struct notice_row *row, unsigned from, int64_t now_ms)
{
    bool goes_out = row->state == NOTICE_SENT || row->state == NOTICE_DELIVERED;
    if (row->state == NOTICE_BACK || (goes_out && row->due_ms == 0)) {
        int64_t sent_ms = row->sent_ms;
        notice_start(row, now_ms);
        if (row->state == NOTICE_BACK)
            row->sent_ms = sent_ms;
        row->alarm = NOTICE_CALM;
    } else if (!notice_is_waiting(row->state)) {
        row->due_ms = 0;
        row->alarm = NOTICE_CALM;
    } else if (!notice_is_waiting(from)) {
        row->due_ms = now_ms + row->span_ms; /* it is theirs again */
        row->alarm = NOTICE_CALM;
    }
}

static enum lk_status write_change(struct store_tx *tx, const struct registry *r,
                                   struct notice_row *row, const struct notice_change *change,
                                   struct lk_error *err)
{
    struct case_row c;
    uint8_t key[SEAL_KEY_BYTES];
    row->changed_ms = change->now_ms;
    TRY(case_row_get(tx, row->case_row, &c, err));
    if (!c.has_keys)
        return FAIL(err, LK_CONFLICT, "the case is closed");
    TRY(case_unwrap_by_master(r, c.public_id, c.key_by_master, sizeof c.key_by_master, key, err));
    TRY(notice_row_change(tx, row, err));
    enum lk_status status = put_step(tx, row, c.public_id, key, change, err);
    seal_wipe(key, sizeof key);
    TRY(status);
    if (change->alarm != NOTICE_DUE_SOON)
        TRY(put_event(tx, row, c.public_id, change, err));
    if (change->alarm == NOTICE_CALM)
        TRY(mail_row_news(tx, row->case_row, err));
    TRY(escalate_review(tx, r, row->case_row, row->text_number, change->now_ms, err));
    TRY(tell_partner(tx, row, change, err));
    return desk_row_refresh(tx, row->case_row, change->now_ms, err);
}

enum lk_status notice_change(struct store_tx *tx, const struct registry *r, struct notice_row *row,
                             const struct notice_change *change, struct lk_error *err)
{
    if (change->state == row->state && change->alarm > row->alarm) {
        row->alarm = change->alarm;
        return write_change(tx, r, row, change, err);
    }
    if (!notice_may_follow(row->state, change->state))
        return FAIL(err, LK_CONFLICT, "a notice that is '%s' cannot become '%s'",
                    notice_state_name(row->state), notice_state_name(change->state));
    unsigned from = row->state;
    row->state = change->state;
    row->reason = change->reason;
    follow_clock(row, from, change->now_ms);
    return write_change(tx, r, row, change, err);
}

enum lk_status notice_correct(struct store_tx *tx, const struct registry *r, struct notice_row *row,
                              const struct notice_change *change, struct lk_error *err)
{
    row->reason = change->reason;
    return write_change(tx, r, row, change, err);
}
