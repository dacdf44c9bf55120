/* What the desk learned about a letter on its way, or about one of its notices. */
#include "cases/desk_letter.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/brake_inside.h"
#include "cases/desk_act.h"
#include "cases/desk_inside.h"
#include "cases/escalate.h"
#include "cases/match_state.h"
#include "cases/notice_change.h"
#include "store/letter_rows.h"

#include <string.h>

enum { MAX_NOTICES = LETTER_MAX_URLS };

struct settling {
    struct registry *r;
    const struct staff_hand *by;
    uint8_t id[STORE_ID_BYTES];
    bool was_sent;
    int64_t row, case_row;
    unsigned state;
    struct notice_kept kept[MAX_NOTICES];
    size_t n;
};

static enum lk_status see_letter(void *ctx, const struct letter_row *letter, struct lk_error *err)
{
    struct settling *s = ctx;
    (void)err;
    s->row = letter->row;
    s->case_row = letter->case_row;
    s->state = letter->state;
    return LK_OK;
}

static enum lk_status keep_notice(void *ctx, const struct notice_row *row, struct lk_error *err)
{
    struct settling *s = ctx;
    return s->n < MAX_NOTICES ? notice_keep(&s->kept[s->n++], row, err) : LK_OK;
}

static enum lk_status settle(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct settling *s = ctx;
    const struct notice_change change = {
        .state = s->was_sent ? NOTICE_SENT : NOTICE_FAILED,
        .actor = NOTICE_BY_DESK,
        .staff = s->by->staff,
        .now_ms = clock_now_ms(&s->r->clock),
    };
    TRY(letter_row_find(tx, s->id, see_letter, s, err));
    if (s->state != LETTER_READY && s->state != LETTER_UNCLEAR && s->state != LETTER_DEAD &&
        s->state != LETTER_BOUNCED)
        return FAIL(err, LK_CONFLICT, "the letter is %s: there is nothing to settle",
                    letter_state_name(s->state));
    TRY(letter_row_state(tx, s->row, s->was_sent ? LETTER_GIVEN : LETTER_DEAD, 0, change.now_ms,
                         err));
    TRY(notice_rows_of_letter(tx, s->row, keep_notice, s, err));
    for (size_t i = 0; i < s->n; i++)
        if (notice_may_follow(s->kept[i].row.state, change.state))
            TRY(notice_change(tx, s->r, &s->kept[i].row, &change, err));
    return desk_act_put(tx, s->by, ACT_SETTLED_LETTER, s->case_row, s->row, change.now_ms, err);
}

enum lk_status desk_letter_settle(struct registry *r, const struct staff_hand *by,
                                  const char *letter, bool was_sent, struct lk_error *err)
{
    struct settling s = {.r = r, .by = by, .was_sent = was_sent};
    if (strlen(letter) != 2 * STORE_ID_BYTES || !hex_decode(letter, s.id, sizeof s.id))
        return FAIL(err, LK_NOT_FOUND, "the letter does not exist");
    return store_write(r->store, settle, &s, err);
}

static enum lk_status end_wait(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct settling *s = ctx;
    struct letter_wait wait;
    bool waits = false;
    int64_t now_ms = clock_now_ms(&s->r->clock);
    TRY(letter_row_find(tx, s->id, see_letter, s, err));
    TRY(letter_wait_find(tx, s->row, &wait, &waits, err));
    if (!waits)
        return FAIL(err, LK_CONFLICT, "the letter is %s: it waits for no clock",
                    letter_state_name(s->state));
    if (!s->was_sent)
        return escalate_stop_one(tx, s->by, &wait, "not sent: stopped by the desk", now_ms, err);
    return escalate_send_one(tx, s->r, s->by, &wait, now_ms, err);
}

enum lk_status desk_letter_wait_end(struct registry *r, const struct staff_hand *by,
                                    const char *letter, bool is_sent, struct lk_error *err)
{
    struct settling s = {.r = r, .by = by, .was_sent = is_sent};
    if (strlen(letter) != 2 * STORE_ID_BYTES || !hex_decode(letter, s.id, sizeof s.id))
        return FAIL(err, LK_NOT_FOUND, "the letter does not exist");
    return store_write(r->store, end_wait, &s, err);
}

struct marking {
    struct registry *r;
    const struct staff_hand *by;
    uint8_t id[STORE_ID_BYTES];
    int64_t notice;
    struct notice_change change;
    struct notice_kept kept;
    bool was_mine;   /* this member had a hand in it */
    unsigned item;   /* the file it is about, for what is accepted */
    bool has_braked; /* or lifted */
};

static enum lk_status see_step(void *ctx, const struct notice_step *step, struct lk_error *err)
{
    struct marking *m = ctx;
    (void)err;
    m->was_mine |= step->notice == m->notice && step->staff == m->by->staff;
    return LK_OK;
}

/* That content stays is decided by somebody who had no hand in the notice. */
static enum lk_status check_second(struct store_tx *tx, struct marking *m, int64_t case_row,
                                   struct lk_error *err)
{
    if (m->change.state != NOTICE_ACCEPTED || m->by->staff == 0)
        return LK_OK;
    TRY(notice_steps_of_case(tx, case_row, see_step, m, err));
    if (m->was_mine)
        return FAIL(err, LK_CONFLICT,
                    "whether a refusal is accepted is decided by a second person: ask a colleague");
    return LK_OK;
}

/* An accepted refusal brakes the file; disputing it after all lifts that. */
static enum lk_status set_brake(struct store_tx *tx, struct marking *m, int64_t case_row,
                                unsigned from, struct lk_error *err)
{
    const struct brake_decision decision = {
        .by = m->by,
        .case_row = case_row,
        .notice = m->notice,
        .item = m->item,
        .now_ms = m->change.now_ms,
    };
    if (m->change.state == NOTICE_ACCEPTED)
        return brake_accept_notice(tx, m->r, &decision, &m->has_braked, err);
    if (from == NOTICE_ACCEPTED)
        return brake_lift_notice(tx, &decision, &m->has_braked, err);
    return LK_OK;
}

static enum lk_status mark(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct marking *m = ctx;
    struct case_row row;
    TRY(case_row_by_id(tx, m->id, &row, err));
    TRY(notice_row_get(tx, m->notice, notice_keep, &m->kept, err));
    if (!m->kept.found || m->kept.row.case_row != row.row)
        return FAIL(err, LK_NOT_FOUND, "the case has no such notice");
    TRY(check_second(tx, m, row.row, err));
    unsigned from = m->kept.row.state;
    TRY(notice_change(tx, m->r, &m->kept.row, &m->change, err));
    TRY(set_brake(tx, m, row.row, from, err));
    unsigned act = m->change.state == NOTICE_ACCEPTED || m->change.state == NOTICE_DISPUTED
                       ? ACT_DECIDED_DISPUTE
                       : ACT_MARKED_NOTICE;
    return desk_act_put(tx, m->by, act, row.row, m->notice, m->change.now_ms, err);
}

static enum lk_status check_reason(unsigned state, unsigned reason, struct lk_error *err)
{
    static const unsigned outcomes[NOTICE_N_STATES] = {
        [NOTICE_REFUSED] = MATCH_REFUSED,
        [NOTICE_NOT_ACTIONABLE] = MATCH_NOT_ACTIONABLE,
        [NOTICE_DISPUTED] = MATCH_DISPUTED,
    };
    if (reason != MATCH_REASON_NONE && match_reason_outcome(reason) != outcomes[state])
        return FAIL(err, LK_INVALID, "the reason '%s' does not go with '%s'",
                    match_reason_name(reason), notice_state_name(state));
    return LK_OK;
}

static enum lk_status write_mark(struct marking *m, const char *case_id, unsigned state,
                                 unsigned reason, const char *note, struct lk_error *err)
{
    if (state == 0 || state >= NOTICE_N_STATES)
        return FAIL(err, LK_INVALID, "there is no such state of a notice");
    TRY(check_reason(state, reason, err));
    if (note != NULL && note[0] != '\0')
        TRY(refusal_check_text(note, strlen(note), CASE_TEXT_MAX_BYTES, "the note", err));
    TRY(desk_parse_id(case_id, m->id, err));
    m->change = (struct notice_change){
        .state = state,
        .reason = reason,
        .actor = NOTICE_BY_DESK,
        .staff = m->by->staff,
        .note = note,
        .now_ms = clock_now_ms(&m->r->clock),
    };
    TRY(store_write(m->r->store, mark, m, err));
    if (m->has_braked)
        registry_committed(m->r);
    return LK_OK;
}

enum lk_status desk_notice_mark(struct registry *r, const struct staff_hand *by,
                                const char *case_id, int64_t notice, unsigned state,
                                unsigned reason, const char *note, struct lk_error *err)
{
    struct marking m = {.r = r, .by = by, .notice = notice};
    return write_mark(&m, case_id, state, reason, note, err);
}

enum lk_status desk_notice_accept(struct registry *r, const struct staff_hand *by,
                                  const char *case_id, int64_t notice, unsigned item,
                                  const char *note, struct lk_error *err)
{
    struct marking m = {.r = r, .by = by, .notice = notice};
    m.item = item == 0 ? BRAKE_NO_ITEM : item;
    return write_mark(&m, case_id, NOTICE_ACCEPTED, 0, note, err);
}

struct listing {
    struct arena *arena;
    struct desk_waiting_letter *letters;
    size_t n;
};

static const char *word_or_null(struct listing *l, const char *word, size_t n)
{
    return word == NULL || n == 0 ? NULL : arena_copy(l->arena, word, n);
}

static enum lk_status add_waiting(void *ctx, const struct letter_row *row, struct lk_error *err)
{
    struct listing *l = ctx;
    struct desk_waiting_letter *out = &l->letters[l->n++];
    (void)err;
    *out = (struct desk_waiting_letter){
        .target = row->target,
        .channel = row->channel,
        .state = row->state,
        .platform = word_or_null(l, row->platform, strlen(row->platform)),
        .regime = word_or_null(l, row->regime, strlen(row->regime)),
        .problem = word_or_null(l, row->problem, row->n_problem),
        .made_ms = row->made_ms,
    };
    hex_encode(row->public_id, STORE_ID_BYTES, out->id);
    hex_encode(row->case_id, STORE_ID_BYTES, out->case_id);
    return LK_OK;
}

static const struct {
    unsigned channel, state;
} waiting[] = {
    {LETTER_FORM, LETTER_READY},
    {LETTER_MAIL, LETTER_UNCLEAR},
    {LETTER_MAIL, LETTER_BOUNCED},
    {LETTER_MAIL, LETTER_DEAD},
};
enum { N_WAITING = sizeof waiting / sizeof waiting[0] };

static enum lk_status list_waiting(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    for (size_t i = 0; i < N_WAITING; i++)
        TRY(letter_rows_in_state(tx, waiting[i].channel, waiting[i].state, DESK_MAX_WAITING,
                                 add_waiting, ctx, err));
    return LK_OK;
}

enum lk_status desk_letters_waiting(struct registry *r, struct arena *arena,
                                    struct desk_waiting_letter **out, size_t *n,
                                    struct lk_error *err)
{
    struct listing l = {.arena = arena};
    l.letters = arena_zalloc(arena, N_WAITING * DESK_MAX_WAITING, sizeof *l.letters);
    if (l.letters == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the list of letters");
    TRY(store_read(r->store, list_waiting, &l, err));
    *out = l.letters;
    *n = l.n;
    return LK_OK;
}
