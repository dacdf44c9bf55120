#include "cases/notice_inbox.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/again.h"
#include "cases/case_seal.h"
#include "cases/match_show.h"
#include "cases/notice_change.h"
#include "law/letter.h"
#include "store/letter_rows.h"

#include <string.h>

enum { DEFAULT_LIMIT = 20, PAGE_BYTES = 8 << 20 };

/* A case whose letters are read, as far as it is known. */
struct reading {
    const struct registry *r;
    const struct partner *partner;
    struct arena *arena;
    struct store_tx *tx;
    int64_t case_row; /* 0: none yet */
    uint8_t case_id[STORE_ID_BYTES];
    uint8_t key[SEAL_KEY_BYTES];
    int64_t now_ms;
};

static enum lk_status only_platforms(const struct partner *partner, struct lk_error *err)
{
    return partner->role == PARTNER_PLATFORM
               ? LK_OK
               : FAIL(err, LK_DENIED, "only platforms have an inbox; this key is of a %s",
                      partner_role_name(partner->role));
}

static enum lk_status read_id(const char *id, size_t n, uint8_t out[STORE_ID_BYTES],
                              struct lk_error *err)
{
    if (n != INBOX_ID_CHARS || !hex_decode(id, out, STORE_ID_BYTES))
        return FAIL(err, LK_NOT_FOUND, "no notice with this id");
    return LK_OK;
}

/* Letters end with their case: where there is one, the case has its key. */
static enum lk_status open_case(struct reading *i, int64_t case_row, struct lk_error *err)
{
    struct case_row row;
    if (i->case_row == case_row)
        return LK_OK;
    TRY(case_row_get(i->tx, case_row, &row, err));
    if (!row.has_keys)
        return FAIL(err, LK_CORRUPT, "a letter is left of a closed case");
    TRY(case_unwrap_by_master(i->r, row.public_id, row.key_by_master, sizeof row.key_by_master,
                              i->key, err));
    memcpy(i->case_id, row.public_id, sizeof i->case_id);
    i->case_row = case_row;
    return LK_OK;
}

static enum lk_status open_text(struct reading *i, const char *label, const uint8_t *id,
                                const uint8_t *sealed, size_t n, const char **out,
                                struct lk_error *err)
{
    struct seal_part text;
    TRY(case_open_text(i->arena, i->key, label, (struct seal_part){id, STORE_ID_BYTES}, sealed, n,
                       &text, err));
    *out = text.p;
    return LK_OK;
}

static enum lk_status read_notice(struct reading *i, const struct notice_row *row,
                                  struct inbox_notice *out, struct lk_error *err)
{
    *out = (struct inbox_notice){
        .state = (uint8_t)row->state,
        .reason = (uint8_t)row->reason,
        .sent_ms = row->sent_ms,
        .changed_ms = row->changed_ms,
        .due_ms = row->due_ms,
        .by_law = row->by_law,
        .is_overdue = row->due_ms > 0 && row->due_ms < i->now_ms,
    };
    hex_encode(row->inbox_id, sizeof row->inbox_id, out->id);
    TRY(open_case(i, row->case_row, err));
    return open_text(i, LABEL_PLACE, i->case_id, row->place, row->n_place, &out->address, err);
}

/* All of a letter but its notices. */
static enum lk_status read_letter(struct reading *i, const struct letter_row *row,
                                  struct inbox_letter *out, struct lk_error *err)
{
    size_t n_regime = strlen(row->regime);
    *out = (struct inbox_letter){
        .regime = n_regime == 0 ? NULL : arena_copy(i->arena, row->regime, n_regime),
        .lang = arena_copy(i->arena, row->lang, strlen(row->lang)),
        .kind = (uint8_t)row->kind,
        .origin = (uint8_t)row->origin,
        .medium = (uint8_t)row->medium,
        .made_ms = row->made_ms,
        .seq = (uint64_t)row->row,
    };
    out->notices = arena_zalloc(i->arena, LETTER_MAX_URLS, sizeof *out->notices);
    if (out->lang == NULL || out->notices == NULL || (n_regime > 0 && out->regime == NULL))
        return FAIL(err, LK_NOMEM, "no memory to read a letter");
    hex_encode(row->public_id, sizeof row->public_id, out->id);
    letter_reference(row->public_id, out->reference);
    TRY(open_case(i, row->case_row, err));
    TRY(open_text(i, LABEL_LETTER_SUBJECT, row->public_id, row->subject, row->n_subject,
                  &out->subject, err));
    return open_text(i, LABEL_LETTER_BODY, row->public_id, row->body, row->n_body, &out->body, err);
}

struct listing {
    struct reading in;
    const struct inbox_filter *filter;
    struct inbox_letter *letters;
    size_t n, limit, n_bytes;
    bool more;
};

static enum lk_status add_notice(void *ctx, const struct notice_row *row, struct lk_error *err)
{
    struct listing *l = ctx;
    struct inbox_letter *letter = &l->letters[l->n];
    if (letter->n_notices == LETTER_MAX_URLS)
        return FAIL(err, LK_CORRUPT, "a letter is about more than %d addresses", LETTER_MAX_URLS);
    return read_notice(&l->in, row, &letter->notices[letter->n_notices++], err);
}

static enum lk_status add_letter(void *ctx, const struct letter_row *row, struct lk_error *err)
{
    struct listing *l = ctx;
    if (l->n == l->limit || l->n_bytes > PAGE_BYTES) {
        l->more = true;
        return LK_OK;
    }
    TRY(read_letter(&l->in, row, &l->letters[l->n], err));
    TRY(notice_rows_of_letter(l->in.tx, row->row, add_notice, l, err));
    l->n_bytes += row->n_body;
    l->n++;
    return LK_OK;
}

static enum lk_status read_list(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct listing *l = ctx; /* one more than asked tells whether there are others */
    int64_t partner = l->in.partner->id, after = (int64_t)l->filter->after;
    l->in.tx = tx;
    if (l->filter->is_waiting)
        return letter_rows_open_at_partner(tx, partner, after, l->limit + 1, add_letter, l, err);
    return letter_rows_of_partner(tx, partner, after, l->limit + 1, LETTER_GIVEN, add_letter, l,
                                  err);
}

enum lk_status inbox_list(struct registry *r, const struct partner *partner, struct arena *arena,
                          const struct inbox_filter *filter, struct inbox_letter **letters,
                          size_t *n, bool *more, struct lk_error *err)
{
    struct listing l = {
        .in = {.r = r, .partner = partner, .arena = arena, .now_ms = clock_now_ms(&r->clock)},
        .filter = filter,
        .limit = filter->limit == 0 ? DEFAULT_LIMIT : filter->limit,
    };
    TRY(only_platforms(partner, err));
    if (l.limit > INBOX_MAX_LIST)
        return FAIL(err, LK_LIMIT, "limit %u is above %d", filter->limit, INBOX_MAX_LIST);
    if (filter->after > INT64_MAX)
        return FAIL(err, LK_INVALID, "'after' is not the seq of a letter");
    l.letters = arena_zalloc(arena, l.limit, sizeof *l.letters);
    if (l.letters == NULL)
        return FAIL(err, LK_NOMEM, "no memory to list %zu letters", l.limit);
    enum lk_status status = store_read(r->store, read_list, &l, err);
    seal_wipe(l.in.key, sizeof l.in.key);
    TRY(status);
    *letters = l.letters;
    *n = l.n;
    *more = l.more;
    return LK_OK;
}

/* One notice, of this partner and no other. */
struct one {
    struct reading in;
    uint8_t id[STORE_ID_BYTES];
    struct notice_kept kept;
    struct inbox_letter letter;
    struct inbox_notice notice;
};

static enum lk_status find_notice(struct one *o, struct lk_error *err)
{
    o->kept.found = false;
    TRY(notice_row_in_inbox(o->in.tx, o->in.partner->id, o->id, notice_keep, &o->kept, err));
    return o->kept.found ? LK_OK : FAIL(err, LK_NOT_FOUND, "no notice with this id");
}

static enum lk_status see_notice(void *ctx, const struct notice_row *row, struct lk_error *err)
{
    struct one *o = ctx;
    return read_notice(&o->in, row, &o->notice, err);
}

static enum lk_status show_notice(struct one *o, struct lk_error *err)
{
    return notice_row_in_inbox(o->in.tx, o->in.partner->id, o->id, see_notice, o, err);
}

static enum lk_status see_letter(void *ctx, const struct letter_row *row, struct lk_error *err)
{
    struct one *o = ctx;
    return read_letter(&o->in, row, &o->letter, err);
}

static enum lk_status read_one(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct one *o = ctx;
    o->in.tx = tx;
    TRY(find_notice(o, err));
    TRY(show_notice(o, err));
    TRY(letter_row_get(tx, o->kept.row.letter, see_letter, o, err));
    o->letter.notices[o->letter.n_notices++] = o->notice;
    return LK_OK;
}

enum lk_status inbox_get(struct registry *r, const struct partner *partner, const char *id,
                         size_t n_id, struct arena *arena, struct inbox_letter *out,
                         struct lk_error *err)
{
    struct one o = {
        .in = {.r = r, .partner = partner, .arena = arena, .now_ms = clock_now_ms(&r->clock)}};
    TRY(only_platforms(partner, err));
    TRY(read_id(id, n_id, o.id, err));
    enum lk_status status = store_read(r->store, read_one, &o, err);
    seal_wipe(o.in.key, sizeof o.in.key);
    TRY(status);
    *out = o.letter;
    return LK_OK;
}

struct answering {
    struct one one;
    const struct match_reply *reply;
    unsigned state; /* enum notice_state that the outcome is */
    char note[MATCH_MAX_NOTE_BYTES + 1];
    struct again again;
    bool is_said; /* the partner's last step says the same */
    bool recorded;
};

static unsigned state_of(unsigned outcome)
{
    static const unsigned states[MATCH_N_STATES] = {
        [MATCH_ACKNOWLEDGED] = NOTICE_IN_REVIEW,
        [MATCH_REMOVED] = NOTICE_REMOVED,
        [MATCH_LIMITED] = NOTICE_LIMITED,
        [MATCH_REFUSED] = NOTICE_REFUSED,
        [MATCH_NOT_ACTIONABLE] = NOTICE_NOT_ACTIONABLE,
        [MATCH_DISPUTED] = NOTICE_DISPUTED,
        [MATCH_RESTORED] = NOTICE_BACK,
    };
    return states[outcome];
}

bool inbox_may_answer(unsigned state, unsigned outcome)
{
    return outcome > MATCH_FOUND && outcome < MATCH_N_STATES &&
           (state == state_of(outcome) || notice_may_follow(state, state_of(outcome)));
}

/* As for a match; but here a platform that puts something back may say why. */
static enum lk_status check_reply(const struct match_reply *reply, struct lk_error *err)
{
    struct match_reply plain = *reply;
    unsigned of = match_reason_outcome(reply->reason);
    if (reply->outcome == MATCH_RESTORED && (of == MATCH_REFUSED || of == MATCH_DISPUTED))
        plain.reason = MATCH_REASON_NONE;
    return match_check_reply(&plain, err);
}

static enum lk_status compare(void *ctx, const struct notice_step *step, struct lk_error *err)
{
    struct answering *a = ctx;
    const char *note = "";
    if (step->note != NULL)
        TRY(open_text(&a->one.in, LABEL_STEP_NOTE, a->one.in.case_id, step->note, step->n_note,
                      &note, err));
    a->is_said =
        step->state == a->state && step->reason == a->reply->reason && strcmp(note, a->note) == 0;
    return LK_OK;
}

static enum lk_status record(struct answering *a, struct lk_error *err)
{
    struct one *o = &a->one;
    struct notice_row *row = &o->kept.row;
    size_t n = 0;
    const struct notice_change change = {
        .state = a->state,
        .reason = a->reply->reason,
        .actor = NOTICE_BY_PARTNER,
        .partner = o->in.partner->id,
        .note = a->note[0] == '\0' ? NULL : a->note,
        .now_ms = o->in.now_ms,
    };
    TRY(notice_steps_count(o->in.tx, row->row, NOTICE_BY_PARTNER, &n, err));
    if (n >= INBOX_MAX_ANSWERS)
        return FAIL(err, LK_LIMIT, "this notice was answered %zu times: write to the desk", n);
    a->recorded = true;
    return row->state == a->state ? notice_correct(o->in.tx, o->in.r, row, &change, err)
                                  : notice_change(o->in.tx, o->in.r, row, &change, err);
}

static enum lk_status answer(struct answering *a, struct lk_error *err)
{
    struct one *o = &a->one;
    a->is_said = false;
    TRY(open_case(&o->in, o->kept.row.case_row, err));
    TRY(notice_step_newest(o->in.tx, o->kept.row.row, NOTICE_BY_PARTNER, compare, a, err));
    return a->is_said && o->kept.row.state == a->state ? LK_OK : record(a, err);
}

/* An idempotency row for an answer keeps nothing but that it was given. */
static enum lk_status write_answer(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct answering *a = ctx;
    static const uint8_t done[1] = {1};
    uint8_t kept[1];
    bool found = false;
    a->one.in.tx = tx;
    a->recorded = false;
    TRY(find_notice(&a->one, err));
    TRY(again_look(a->one.in.r, tx, &a->again, kept, sizeof kept, &found, err));
    if (!found) {
        TRY(answer(a, err));
        TRY(again_keep(a->one.in.r, tx, &a->again, done, sizeof done, err));
    }
    return show_notice(&a->one, err);
}

enum lk_status inbox_answer(struct registry *r, const struct partner *partner, const char *id,
                            size_t n_id, const struct match_reply *reply, struct arena *arena,
                            struct inbox_notice *out, struct lk_error *err)
{
    struct answering a = {
        .one.in = {.r = r, .partner = partner, .arena = arena, .now_ms = clock_now_ms(&r->clock)},
        .reply = reply,
    };
    TRY(only_platforms(partner, err));
    TRY(check_reply(reply, err));
    a.state = state_of(reply->outcome);
    if (reply->n_note > 0)
        memcpy(a.note, reply->note, reply->n_note);
    TRY(read_id(id, n_id, a.one.id, err));
    struct idempotency asked = reply->idempotency;
    again_bind(&asked, a.one.id);
    TRY(again_init(r, "notice", partner->id, &asked, &a.again, err));
    enum lk_status status = store_write(r->store, write_answer, &a, err);
    seal_wipe(a.one.in.key, sizeof a.one.in.key);
    seal_wipe(a.note, sizeof a.note);
    seal_wipe(&a.again, sizeof a.again);
    TRY(status);
    *out = a.one.notice;
    if (a.recorded)
        registry_add_count(r, COUNT_ANSWERS, 1);
    return LK_OK;
}
