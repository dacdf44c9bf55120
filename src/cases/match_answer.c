#include "cases/again.h"
#include "cases/case_keys.h"
#include "cases/match_show.h"
#include "store/event_rows.h"
#include "store/mail_rows.h"

#include "base/err.h"

#include <string.h>

struct answering {
    struct registry *r;
    int64_t partner_row;
    uint8_t public_id[STORE_ID_BYTES];
    const struct match_reply *reply;
    struct again again;
    /* the match as it stands */
    struct match_row row;
    bool note_same; /* the note kept is the one given */
    uint8_t key[SEAL_KEY_BYTES];
    bool has_key;
    struct match out;
    bool recorded;
};

enum lk_status match_check_reply(const struct match_reply *reply, struct lk_error *err)
{
    if (reply->outcome <= MATCH_FOUND || reply->outcome >= MATCH_N_STATES)
        return FAIL(err, LK_INVALID,
                    "the outcome must be acknowledged, removed, limited, refused, not_actionable, "
                    "disputed or restored");
    if (match_needs_reason(reply->outcome) && reply->reason == MATCH_REASON_NONE)
        return FAIL(err, LK_INVALID, "outcome '%s' needs a reason",
                    match_state_name(reply->outcome));
    if (reply->reason != MATCH_REASON_NONE && match_reason_outcome(reply->reason) != reply->outcome)
        return FAIL(err, LK_INVALID, "reason '%s' does not belong to outcome '%s'",
                    match_reason_name(reply->reason), match_state_name(reply->outcome));
    return refusal_check_text(reply->note, reply->n_note, MATCH_MAX_NOTE_BYTES, "the note", err);
}

static struct seal_part note_id(const struct answering *a)
{
    return (struct seal_part){a->public_id, sizeof a->public_id};
}

/* The key of the match's case, unless it is closed. */
static enum lk_status load_key(struct answering *a, struct store_tx *tx, int64_t case_row,
                               struct lk_error *err)
{
    struct case_row row;
    TRY(case_row_get(tx, case_row, &row, err));
    a->has_key = row.has_keys;
    if (!a->has_key)
        return LK_OK;
    return case_unwrap_by_master(a->r, row.public_id, row.key_by_master, sizeof row.key_by_master,
                                 a->key, err);
}

static bool is_same_note(const struct answering *a, const struct match_row *row)
{
    uint8_t text[MATCH_MAX_NOTE_BYTES];
    size_t n = row->n_note < SEAL_OVERHEAD_BYTES ? 0 : row->n_note - SEAL_OVERHEAD_BYTES;
    if (!a->has_key || row->note == NULL)
        return a->reply->n_note == 0 || !a->has_key;
    bool same = n == a->reply->n_note && n <= sizeof text &&
                seal_take(a->key, LABEL_MATCH_NOTE, note_id(a), row->note, row->n_note, text) &&
                (n == 0 || memcmp(text, a->reply->note, n) == 0);
    seal_wipe(text, sizeof text);
    return same;
}

static enum lk_status keep_row(void *ctx, const struct match_row *row, struct lk_error *err)
{
    struct answering *a = ctx;
    (void)err;
    a->row = *row;
    a->note_same = is_same_note(a, row);
    a->row.note = NULL; /* borrowed, gone after this */
    a->row.evidence = NULL;
    a->row.partner_name = NULL;
    return LK_OK;
}

static enum lk_status show_row(void *ctx, const struct match_row *row, struct lk_error *err)
{
    struct answering *a = ctx;
    TRY(match_from_row(a->r, row, &a->out, err));
    return LK_OK;
}

static enum lk_status find_case(void *ctx, const struct match_row *row, struct lk_error *err)
{
    (void)err;
    *(int64_t *)ctx = row->case_row;
    return LK_OK;
}

static enum lk_status record(struct answering *a, struct store_tx *tx, struct lk_error *err)
{
    const struct match_reply *reply = a->reply;
    uint8_t sealed[MATCH_MAX_NOTE_BYTES + SEAL_OVERHEAD_BYTES];
    bool noted = reply->n_note > 0 && a->has_key;
    if (noted)
        seal_put(a->key, LABEL_MATCH_NOTE, note_id(a), reply->note, reply->n_note, sealed);
    int64_t now_ms = clock_now_ms(&a->r->clock);
    TRY(match_row_answer(tx, a->row.row, reply->outcome, reply->reason, now_ms,
                         noted ? sealed : NULL, noted ? reply->n_note + SEAL_OVERHEAD_BYTES : 0,
                         err));
    struct event event = {
        .type = EVENT_ANSWER,
        .partner = a->partner_row,
        .event_ms = now_ms,
        .outcome = reply->outcome,
        .reason = reply->reason,
        .tier = a->row.tier,
        .medium = a->row.medium,
        .case_row = a->row.case_row,
    };
    memcpy(event.subjects[0], a->public_id, STORE_ID_BYTES);
    memcpy(event.subjects[1], a->row.entry_id, STORE_ID_BYTES);
    TRY(event_put(tx, &event, NULL, err));
    TRY(mail_row_news(tx, a->row.case_row, err));
    a->recorded = true;
    return LK_OK;
}

static enum lk_status answer(struct answering *a, struct store_tx *tx, struct lk_error *err)
{
    const struct match_reply *reply = a->reply;
    int64_t case_row = 0;
    TRY(match_row_get(tx, a->partner_row, a->public_id, find_case, &case_row, err));
    TRY(load_key(a, tx, case_row, err));
    TRY(match_row_get(tx, a->partner_row, a->public_id, keep_row, a, err));
    if (!match_may_follow(a->row.state, reply->outcome))
        return FAIL(err, LK_CONFLICT, "a match that is '%s' cannot become '%s'",
                    match_state_name(a->row.state), match_state_name(reply->outcome));
    bool repeated =
        a->row.state == reply->outcome && a->row.reason == reply->reason && a->note_same;
    return repeated ? LK_OK : record(a, tx, err);
}

/* An idempotency row for an answer keeps nothing but that it was given. */
static enum lk_status write_answer(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct answering *a = ctx;
    static const uint8_t done[1] = {1};
    uint8_t kept[1];
    bool found = false;
    a->recorded = false;
    TRY(again_look(a->r, tx, &a->again, kept, sizeof kept, &found, err));
    if (!found) {
        TRY(answer(a, tx, err));
        TRY(again_keep(a->r, tx, &a->again, done, sizeof done, err));
    }
    return match_row_get(tx, a->partner_row, a->public_id, show_row, a, err);
}

enum lk_status match_answer(struct registry *r, const struct partner *partner, const char *id,
                            size_t n_id, const struct match_reply *reply, struct match *out,
                            struct lk_error *err)
{
    struct answering a = {.r = r, .partner_row = partner->id, .reply = reply};
    TRY(match_check_reply(reply, err));
    TRY(match_read_id(id, n_id, a.public_id, err));
    struct idempotency asked = reply->idempotency;
    again_bind(&asked, a.public_id);
    TRY(again_init(r, "answer", partner->id, &asked, &a.again, err));
    enum lk_status status = store_write(r->store, write_answer, &a, err);
    seal_wipe(a.key, sizeof a.key);
    seal_wipe(&a.again, sizeof a.again);
    TRY(status);
    if (out != NULL)
        *out = a.out;
    if (a.recorded)
        registry_add_count(r, COUNT_ANSWERS, 1);
    return LK_OK;
}
