#include "cases/escalate.h"

#include "base/err.h"
#include "cases/desk_act.h"
#include "cases/ladder.h"
#include "cases/letter.h"
#include "cases/notice_change.h"
#include "store/partner_rows.h"
#include "sys/rand.h"

#include <string.h>

enum { MAX_ASKED = 64 };

#define BIT(target) (1U << (target))

/* Beside the line there may be several of a kind: that one of them was asked says nothing of the
 * others. */
static bool is_beside(unsigned target)
{
    const unsigned beside =
        BIT(LAW_TARGET_SEARCH) | BIT(LAW_TARGET_APP_STORE) | BIT(LAW_TARGET_ADVERTISING);
    return target < LAW_N_TARGETS && (beside & BIT(target)) != 0;
}

/* ---- whether it may wait ---- */

struct judging {
    struct store_tx *tx;
    const uint8_t *case_id, *key;
    const struct escalate_candidate *candidate;
    int64_t now_ms;
    struct ladder_notice notices[MAX_ASKED];
    size_t n;
    const char *why;
    bool is_asked; /* the same recipient, about the same address */
    bool has_clock;
};

static enum lk_status see_target(void *ctx, const struct letter_row *letter, struct lk_error *err)
{
    (void)err;
    *(enum law_target *)ctx = (enum law_target)letter->target;
    return LK_OK;
}

/* A short sealed text; false: it does not open, or is too long for one. */
static bool open_name(const uint8_t *key, const char *label, const uint8_t *id,
                      const uint8_t *sealed, size_t n, char out[NOTICE_MAX_RECIPIENT_BYTES + 1])
{
    if (sealed == NULL || n < SEAL_OVERHEAD_BYTES ||
        n > NOTICE_MAX_RECIPIENT_BYTES + SEAL_OVERHEAD_BYTES)
        return false;
    out[n - SEAL_OVERHEAD_BYTES] = '\0';
    return seal_take(key, label, (struct seal_part){id, STORE_ID_BYTES}, sealed, n, (uint8_t *)out);
}

/* The notice that is waited for counts as one whose time is over now. */
static void pretend_overdue(struct judging *j, const struct notice_row *row,
                            struct ladder_notice *out)
{
    j->has_clock = true;
    if (!notice_is_waiting(row->state) && row->state != NOTICE_READY)
        j->why = "not sent: the notice before it was answered, or no longer waits for an answer";
    else if (!row->by_law)
        j->why = "not sent: the clock before it is no law's that counts";
    out->state = NOTICE_SENT;
    out->due_ms = j->now_ms;
}

static enum lk_status see_notice(void *ctx, const struct notice_row *row, struct lk_error *err)
{
    struct judging *j = ctx;
    const struct escalate_candidate *c = j->candidate;
    char name[NOTICE_MAX_RECIPIENT_BYTES + 1];
    struct ladder_notice out = {
        .target = LAW_TARGET_PLATFORM,
        .state = row->state,
        .sent_ms = row->sent_ms,
        .due_ms = row->due_ms,
        .is_public = row->by_law,
    };
    if (row->text_number != c->wait.text_number)
        return LK_OK;
    if (row->state != NOTICE_FAILED &&
        open_name(j->key, LABEL_RECIPIENT, j->case_id, row->recipient, row->n_recipient, name))
        j->is_asked |= strcmp(name, c->recipient) == 0;
    if (row->letter != 0)
        TRY(letter_row_get(j->tx, row->letter, see_target, &out.target, err));
    if (row->row == c->wait.notice)
        pretend_overdue(j, row, &out);
    if ((is_beside(c->target) && out.target == c->target) || j->n == MAX_ASKED)
        return LK_OK;
    j->notices[j->n++] = out;
    return LK_OK;
}

static bool is_next_step(const struct judging *j)
{
    struct ladder ladder;
    const struct ladder_question q = {
        .notices = j->notices,
        .n_notices = j->n,
        .platform_has_contact = true,
        .host_is_known = j->candidate->target == LAW_TARGET_HOST,
        .is_tool = j->candidate->target == LAW_TARGET_APP_STORE,
        .now_ms = j->now_ms,
    };
    ladder_suggest(&q, &ladder);
    for (size_t i = 0; i < ladder.n; i++)
        if (ladder.steps[i].rung == j->candidate->target &&
            ladder_may_go_alone(j->candidate->rule, &ladder.steps[i]))
            return true;
    return false;
}

struct finding_partner {
    int64_t row;
    bool is_in_force;
};

static enum lk_status see_partner(void *ctx, const struct partner_row *row, struct lk_error *err)
{
    struct finding_partner *f = ctx;
    (void)err;
    f->is_in_force |= row->row == f->row && row->revoked_ms == 0;
    return LK_OK;
}

/* The inbox of a partner whose key was revoked is read by nobody. */
static enum lk_status check_way(struct store_tx *tx, const struct escalate_candidate *c,
                                const char **why, struct lk_error *err)
{
    struct finding_partner f = {.row = c->partner};
    if (c->partner == 0)
        return LK_OK;
    TRY(partner_row_each(tx, see_partner, &f, err));
    if (!f.is_in_force)
        *why = "not sent: the recipient's inbox is closed";
    return LK_OK;
}

enum lk_status escalate_judge(struct store_tx *tx, const struct registry *r,
                              const uint8_t case_id[STORE_ID_BYTES],
                              const uint8_t key[SEAL_KEY_BYTES],
                              const struct escalate_candidate *candidate, const char **why,
                              struct lk_error *err)
{
    struct judging j = {.tx = tx,
                        .case_id = case_id,
                        .key = key,
                        .candidate = candidate,
                        .now_ms = clock_now_ms(&r->clock)};
    TRY(notice_rows_all(tx, candidate->wait.case_row, see_notice, &j, err));
    if (!j.has_clock)
        j.why = "not sent: the notice before it is gone";
    else if (j.is_asked)
        j.why = "not sent: the recipient was asked about this address already";
    else if (j.why == NULL && !is_next_step(&j))
        j.why = "not sent: it is not the next step any more, or the operator's rule leaves it to a "
                "person";
    if (j.why == NULL)
        TRY(check_way(tx, candidate, &j.why, err));
    *why = j.why;
    return LK_OK;
}

/* ---- going out ---- */

struct outgoing {
    struct escalate_candidate candidate;
    char recipient[NOTICE_MAX_RECIPIENT_BYTES + 1];
    char regime[LETTER_WORD_BYTES];
    unsigned channel;
    bool opens;
    const char *why; /* it may not wait any more */
    const uint8_t *key;
    /* of the notice whose clock it waits for */
    uint8_t place[CASE_TEXT_MAX_BYTES + SEAL_OVERHEAD_BYTES];
    size_t n_place;
    uint8_t place_hash[SEAL_HASH_BYTES];
    bool is_overdue;
};

static enum lk_status see_letter(void *ctx, const struct letter_row *letter, struct lk_error *err)
{
    struct outgoing *o = ctx;
    (void)err;
    o->candidate.target = letter->target;
    o->candidate.partner = letter->partner;
    o->candidate.recipient = o->recipient;
    o->channel = letter->channel;
    memcpy(o->regime, letter->regime, sizeof o->regime);
    o->opens = open_name(o->key, LABEL_LETTER_RECIPIENT, letter->public_id, letter->recipient,
                         letter->n_recipient, o->recipient);
    return LK_OK;
}

static enum lk_status see_clock(void *ctx, const struct notice_row *row, struct lk_error *err)
{
    struct outgoing *o = ctx;
    (void)err;
    o->is_overdue = row->alarm == NOTICE_OVERDUE;
    o->n_place = row->n_place <= sizeof o->place ? row->n_place : 0;
    if (row->place == NULL || o->n_place == 0)
        o->opens = false;
    else
        memcpy(o->place, row->place, o->n_place);
    memcpy(o->place_hash, row->place_hash, sizeof o->place_hash);
    return LK_OK;
}

static enum lk_status load(struct store_tx *tx, const struct letter_wait *wait, const uint8_t *key,
                           struct outgoing *o, struct lk_error *err)
{
    *o = (struct outgoing){.candidate.wait = *wait, .key = key};
    TRY(letter_row_get(tx, wait->letter, see_letter, o, err));
    TRY(notice_row_get(tx, wait->notice, see_clock, o, err));
    if (!o->opens)
        o->why = "not sent: it does not open";
    return LK_OK;
}

static enum lk_status put_notice(struct store_tx *tx, const struct registry *r,
                                 const struct case_row *c, const struct outgoing *o, int64_t letter,
                                 const struct notice_change *change, struct lk_error *err)
{
    uint8_t sealed[NOTICE_MAX_RECIPIENT_BYTES + SEAL_OVERHEAD_BYTES];
    size_t n = strlen(o->recipient);
    struct notice_row row = {
        .case_row = c->row,
        .letter = letter,
        .partner = o->candidate.partner,
        .text_number = o->candidate.wait.text_number,
        .state = change->state,
        .changed_ms = change->now_ms,
        .recipient = sealed,
        .n_recipient = n + SEAL_OVERHEAD_BYTES,
        .place = o->place,
        .n_place = o->n_place,
    };
    memcpy(row.place_hash, o->place_hash, sizeof row.place_hash);
    rand_bytes(row.inbox_id, sizeof row.inbox_id);
    seal_put(o->key, LABEL_RECIPIENT, (struct seal_part){c->public_id, STORE_ID_BYTES},
             o->recipient, n, sealed);
    TRY(notice_set_clock(r, &row, o->regime[0] == '\0' ? NULL : o->regime, LAW_EVENT_NONE, err));
    if (notice_is_waiting(row.state))
        notice_start(&row, change->now_ms);
    TRY(notice_row_add(tx, &row, err));
    return notice_began(tx, &row, c->public_id, change, err);
}

static enum lk_status go(struct store_tx *tx, const struct registry *r, const struct case_row *c,
                         const struct outgoing *o, const struct staff_hand *by, int64_t now_ms,
                         struct lk_error *err)
{
    bool by_mail = o->channel == LETTER_MAIL;
    int64_t letter = 0;
    const struct notice_change change = {
        .state = by_mail ? NOTICE_READY : NOTICE_DELIVERED,
        .actor = by == NULL ? NOTICE_BY_RULE : NOTICE_BY_DESK,
        .staff = by == NULL ? 0 : by->staff,
        .partner = o->candidate.partner,
        .now_ms = now_ms,
    };
    const struct staff_hand nobody = {0};
    TRY(letter_wait_release(tx, o->candidate.wait.letter, by_mail ? LETTER_READY : LETTER_GIVEN,
                            by_mail ? now_ms : 0, now_ms, &letter, err));
    TRY(put_notice(tx, r, c, o, letter, &change, err));
    return desk_act_put(tx, by == NULL ? &nobody : by,
                        by == NULL ? ACT_SENT_BY_RULE : ACT_SENT_LETTER, c->row, letter, now_ms,
                        err);
}

enum lk_status escalate_stop_one(struct store_tx *tx, const struct staff_hand *by,
                                 const struct letter_wait *wait, const char *why, int64_t now_ms,
                                 struct lk_error *err)
{
    const struct staff_hand nobody = {0};
    TRY(letter_wait_stop(tx, wait->letter, LETTER_STOPPED, why, now_ms, err));
    return desk_act_put(tx, by == NULL ? &nobody : by, ACT_STOPPED_LETTER, wait->case_row,
                        wait->letter, now_ms, err);
}

/* ---- all about one address ---- */

struct gathering {
    struct letter_wait waits[ESCALATE_MAX_WAITING];
    size_t n;
};

static enum lk_status keep(void *ctx, const struct letter_wait *wait, struct lk_error *err)
{
    struct gathering *g = ctx;
    (void)err;
    if (g->n < ESCALATE_MAX_WAITING)
        g->waits[g->n++] = *wait;
    return LK_OK;
}

enum lk_status escalate_stop(struct store_tx *tx, const struct staff_hand *by, int64_t case_row,
                             unsigned text_number, const char *why, int64_t now_ms,
                             struct lk_error *err)
{
    struct gathering g;
    do {
        g.n = 0;
        TRY(letter_wait_rows(tx, case_row, text_number, keep, &g, err));
        for (size_t i = 0; i < g.n; i++)
            TRY(escalate_stop_one(tx, by, &g.waits[i], why, now_ms, err));
    } while (g.n == ESCALATE_MAX_WAITING);
    return LK_OK;
}

/* When the time is over the operator's rule decides; before, only what no rule would let go. */
static enum lk_status decide(struct store_tx *tx, const struct registry *r,
                             const struct case_row *c, const uint8_t *key,
                             const struct letter_wait *wait, struct outgoing *o,
                             struct lk_error *err)
{
    TRY(load(tx, wait, key, o, err));
    if (o->why != NULL)
        return LK_OK;
    o->candidate.rule = o->is_overdue ? r->escalate : LADDER_AUTO_UP_TO_REGISTRAR;
    return escalate_judge(tx, r, c->public_id, key, &o->candidate, &o->why, err);
}

/* All are judged before the first goes: what goes now says nothing against the one beside it. */
static enum lk_status review(struct store_tx *tx, const struct registry *r,
                             const struct case_row *c, const uint8_t *key,
                             const struct gathering *g, int64_t now_ms, struct lk_error *err)
{
    bool goes[ESCALATE_MAX_WAITING] = {false};
    struct outgoing o;
    for (size_t i = 0; i < g->n; i++) {
        TRY(decide(tx, r, c, key, &g->waits[i], &o, err));
        goes[i] = o.why == NULL && o.is_overdue;
        if (o.why != NULL)
            TRY(escalate_stop_one(tx, NULL, &g->waits[i], o.why, now_ms, err));
    }
    for (size_t i = 0; i < g->n; i++) {
        if (!goes[i])
            continue;
        TRY(load(tx, &g->waits[i], key, &o, err));
        TRY(go(tx, r, c, &o, NULL, now_ms, err));
    }
    return LK_OK;
}

enum lk_status escalate_review(struct store_tx *tx, const struct registry *r, int64_t case_row,
                               unsigned text_number, int64_t now_ms, struct lk_error *err)
{
    struct gathering g = {.n = 0};
    struct case_row c;
    uint8_t key[SEAL_KEY_BYTES];
    TRY(letter_wait_rows(tx, case_row, text_number, keep, &g, err));
    if (g.n == 0)
        return LK_OK;
    TRY(case_row_get(tx, case_row, &c, err));
    TRY(case_unwrap_by_master(r, c.public_id, c.key_by_master, sizeof c.key_by_master, key, err));
    enum lk_status status = review(tx, r, &c, key, &g, now_ms, err);
    seal_wipe(key, sizeof key);
    return status;
}

/* A person may send what is no step of the ladder, but nothing twice. */
static enum lk_status send_one(struct store_tx *tx, const struct registry *r,
                               const struct case_row *c, const uint8_t *key,
                               const struct staff_hand *by, const struct letter_wait *wait,
                               int64_t now_ms, struct lk_error *err)
{
    struct outgoing o;
    TRY(load(tx, wait, key, &o, err));
    struct judging j = {
        .tx = tx, .case_id = c->public_id, .key = key, .candidate = &o.candidate, .now_ms = now_ms};
    if (o.why == NULL)
        TRY(notice_rows_all(tx, c->row, see_notice, &j, err));
    if (o.why == NULL && j.is_asked)
        o.why = "not sent: the recipient was asked about this address already";
    if (o.why == NULL)
        TRY(check_way(tx, &o.candidate, &o.why, err));
    if (o.why != NULL)
        return FAIL(err, LK_CONFLICT, "%s", o.why);
    return go(tx, r, c, &o, by, now_ms, err);
}

enum lk_status escalate_send_one(struct store_tx *tx, const struct registry *r,
                                 const struct staff_hand *by, const struct letter_wait *wait,
                                 int64_t now_ms, struct lk_error *err)
{
    struct case_row c;
    uint8_t key[SEAL_KEY_BYTES];
    TRY(case_row_get(tx, wait->case_row, &c, err));
    TRY(case_unwrap_by_master(r, c.public_id, c.key_by_master, sizeof c.key_by_master, key, err));
    enum lk_status status = send_one(tx, r, &c, key, by, wait, now_ms, err);
    seal_wipe(key, sizeof key);
    return status;
}
