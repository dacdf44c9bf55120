#include "cases/desk_case.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/case_seal.h"
#include "cases/desk_act.h"
#include "cases/desk_inside.h"
#include "cases/match_show.h"
#include "store/desk_rows.h"
#include "store/letter_wait_rows.h"
#include "store/mail_rows.h"
#include "store/notice_rows.h"

#include <string.h>

enum { MAX_NOTICES = 2000, MAX_STEPS = 20000, MAX_LETTERS = 1000, MAX_REMARKS = 500 };

struct looking {
    struct registry *r;
    const struct staff_hand *by;
    struct arena *arena;
    struct desk_view *out;
    uint8_t id[STORE_ID_BYTES];
    struct case_access access; /* by the master key: no texts open with it */
    struct case_row row;
    struct store_tx *tx;
    struct case_written *texts;
    struct desk_notice *notices;
    struct desk_step *steps; /* of all notices, in order */
    int64_t *step_of;        /* the notice's row of each */
    size_t n_steps;
    struct desk_letter *letters;
    struct desk_remark *remarks;
};

static enum lk_status no_room(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory to show the case");
}

enum lk_status desk_parse_id(const char *id, uint8_t out[STORE_ID_BYTES], struct lk_error *err)
{
    if (strlen(id) != DESK_CASE_CHARS || !hex_decode(id, out, STORE_ID_BYTES))
        return FAIL(err, LK_NOT_FOUND, "a case is named by %d hexadecimal digits", DESK_CASE_CHARS);
    return LK_OK;
}

static enum lk_status open_sealed(struct looking *l, const char *label, const uint8_t *id,
                                  const uint8_t *sealed, size_t n, const char **out,
                                  struct lk_error *err)
{
    struct seal_part plain;
    *out = NULL;
    if (sealed == NULL)
        return LK_OK;
    TRY(case_open_text(l->arena, l->access.key, label, (struct seal_part){id, STORE_ID_BYTES},
                       sealed, n, &plain, err));
    *out = plain.p;
    return LK_OK;
}

static const char *copy_or_null(struct looking *l, const char *text, size_t n)
{
    return text == NULL || n == 0 ? NULL : arena_copy(l->arena, text, n);
}

static enum lk_status add_text(void *ctx, const struct text_row *text, struct lk_error *err)
{
    struct looking *l = ctx;
    if (l->out->n_texts == CASE_MAX_TEXTS || text->desk == NULL)
        return LK_OK;
    struct case_written *out = &l->texts[l->out->n_texts++];
    *out = case_written_of(text);
    if (!l->by->has_secret)
        return LK_OK;
    TRY(case_open_box(l->arena, l->by->secret, text->desk, text->n_desk, out, err));
    if (out->text == NULL || (out->kind != CASE_SITUATION && out->kind != CASE_FACTS))
        return LK_OK;
    if (out->kind == CASE_FACTS && !out->is_by_desk)
        return LK_OK;
    l->out->facts.is_from_desk |= out->kind == CASE_FACTS;
    return case_facts_read(l->arena, out->text, out->n, &l->out->facts, err);
}

static enum lk_status add_notice(void *ctx, const struct notice_row *row, struct lk_error *err)
{
    struct looking *l = ctx;
    if (l->out->n_notices == MAX_NOTICES)
        return FAIL(err, LK_LIMIT, "the case has more than %d notices", MAX_NOTICES);
    struct desk_notice *out = &l->notices[l->out->n_notices++];
    *out = (struct desk_notice){
        .row = row->row,
        .number = row->text_number,
        .regime = copy_or_null(l, row->regime, strlen(row->regime)),
        .state = row->state,
        .alarm = row->alarm,
        .reason = row->reason,
        .clock_kind = row->clock_kind,
        .sent_ms = row->sent_ms,
        .due_ms = row->due_ms,
        .changed_ms = row->changed_ms,
        .span_ms = row->span_ms,
        .by_law = row->by_law,
        .letter = row->letter,
        .is_newest = true,
    };
    for (size_t i = 0; i + 1 < l->out->n_notices; i++)
        l->notices[i].is_newest &= l->notices[i].number != out->number;
    if (row->place != NULL)
        TRY(notice_rows_same_place(l->tx, row->case_row, row->place_hash, &out->n_elsewhere, err));
    return open_sealed(l, LABEL_RECIPIENT, l->row.public_id, row->recipient, row->n_recipient,
                       &out->recipient, err);
}

static enum lk_status add_step(void *ctx, const struct notice_step *row, struct lk_error *err)
{
    struct looking *l = ctx;
    if (l->n_steps == MAX_STEPS)
        return FAIL(err, LK_LIMIT, "the case has more than %d steps", MAX_STEPS);
    struct desk_step *out = &l->steps[l->n_steps];
    l->step_of[l->n_steps++] = row->notice;
    *out = (struct desk_step){
        .at_ms = row->at_ms,
        .due_ms = row->due_ms,
        .state = row->state,
        .alarm = row->alarm,
        .actor = row->actor,
        .reason = row->reason,
        .staff = copy_or_null(l, row->staff_name, row->n_staff_name),
    };
    return open_sealed(l, LABEL_STEP_NOTE, l->row.public_id, row->note, row->n_note, &out->note,
                       err);
}

/* Steps come in the order written; each notice takes its own, together. */
static enum lk_status give_steps(struct looking *l, struct lk_error *err)
{
    struct desk_step *sorted = arena_zalloc(l->arena, l->n_steps + 1, sizeof *sorted);
    size_t n = 0;
    if (sorted == NULL)
        return no_room(err);
    for (size_t i = 0; i < l->out->n_notices; i++) {
        struct desk_notice *notice = &l->notices[i];
        notice->steps = &sorted[n];
        for (size_t k = 0; k < l->n_steps; k++)
            if (l->step_of[k] == notice->row)
                sorted[n++] = l->steps[k];
        notice->n_steps = (size_t)(&sorted[n] - notice->steps);
    }
    return LK_OK;
}

static enum lk_status add_letter(void *ctx, const struct letter_row *row, struct lk_error *err)
{
    struct looking *l = ctx;
    if (l->out->n_letters == MAX_LETTERS)
        return FAIL(err, LK_LIMIT, "the case has more than %d letters", MAX_LETTERS);
    struct desk_letter *out = &l->letters[l->out->n_letters++];
    *out = (struct desk_letter){
        .row = row->row,
        .target = row->target,
        .channel = row->channel,
        .state = row->state,
        .n_tries = row->n_tries,
        .regime = copy_or_null(l, row->regime, strlen(row->regime)),
        .platform = copy_or_null(l, row->platform, strlen(row->platform)),
        .lang = arena_copy(l->arena, row->lang, strlen(row->lang)),
        .law_date = copy_or_null(l, row->law_date, strlen(row->law_date)),
        .partner = copy_or_null(l, row->partner_name, row->n_partner_name),
        .staff = copy_or_null(l, row->staff_name, row->n_staff_name),
        .problem = copy_or_null(l, row->problem, row->n_problem),
        .made_ms = row->made_ms,
        .changed_ms = row->changed_ms,
        .next_ms = row->next_ms,
    };
    hex_encode(row->public_id, STORE_ID_BYTES, out->id);
    TRY(open_sealed(l, LABEL_LETTER_RECIPIENT, row->public_id, row->recipient, row->n_recipient,
                    &out->recipient, err));
    TRY(open_sealed(l, LABEL_LETTER_ADDRESS, row->public_id, row->address, row->n_address,
                    &out->address, err));
    TRY(open_sealed(l, LABEL_LETTER_SUBJECT, row->public_id, row->subject, row->n_subject,
                    &out->subject, err));
    return open_sealed(l, LABEL_LETTER_BODY, row->public_id, row->body, row->n_body, &out->body,
                       err);
}

static void give_targets(struct looking *l)
{
    for (size_t i = 0; i < l->out->n_notices; i++)
        for (size_t k = 0; k < l->out->n_letters; k++)
            if (l->letters[k].row == l->notices[i].letter)
                l->notices[i].target = l->letters[k].target;
}

static enum lk_status give_wait(void *ctx, const struct letter_wait *wait, struct lk_error *err)
{
    struct looking *l = ctx;
    (void)err;
    for (size_t i = 0; i < l->out->n_letters; i++)
        if (l->letters[i].row == wait->letter) {
            l->letters[i].waits_about = wait->text_number;
            l->letters[i].waits_for = wait->notice;
        }
    return LK_OK;
}

static enum lk_status add_remark(void *ctx, const struct desk_note_row *row, struct lk_error *err)
{
    struct looking *l = ctx;
    struct case_written text = {0};
    if (l->out->n_remarks == MAX_REMARKS)
        return LK_OK;
    struct desk_remark *out = &l->remarks[l->out->n_remarks++];
    *out = (struct desk_remark){
        .at_ms = row->at_ms,
        .staff = copy_or_null(l, row->staff_name, row->n_staff_name),
    };
    if (l->by->has_secret)
        TRY(case_open_box(l->arena, l->by->secret, row->note, row->n_note, &text, err));
    out->text = text.text;
    return LK_OK;
}

static enum lk_status see_row(void *ctx, const struct desk_row *row, struct lk_error *err)
{
    struct looking *l = ctx;
    l->out->lang = arena_copy(l->arena, row->lang, strlen(row->lang));
    l->out->harm = row->harm;
    l->out->staff_row = row->staff;
    l->out->staff = copy_or_null(l, row->staff_name, row->n_staff_name);
    l->out->is_waiting = row->is_waiting;
    return l->out->lang == NULL ? no_room(err) : LK_OK;
}

static enum lk_status read_case(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct looking *l = ctx;
    l->tx = tx;
    TRY(case_row_by_id(tx, l->id, &l->row, err));
    if (!l->row.has_keys)
        return FAIL(err, LK_CONFLICT, "the case is closed: nothing is kept of it for the desk");
    TRY(case_unwrap_by_master(l->r, l->row.public_id, l->row.key_by_master,
                              sizeof l->row.key_by_master, l->access.key, err));
    l->access.case_id = l->row.row;
    l->access.has_key = true;
    TRY(desk_row_get(tx, l->row.row, see_row, l, err));
    TRY(text_rows_of_case(tx, l->row.row, add_text, l, err));
    TRY(notice_rows_all(tx, l->row.row, add_notice, l, err));
    TRY(notice_steps_of_case(tx, l->row.row, add_step, l, err));
    TRY(give_steps(l, err));
    TRY(letter_rows_of_case(tx, l->row.row, add_letter, l, err));
    TRY(letter_wait_rows(tx, l->row.row, 0, give_wait, l, err));
    give_targets(l);
    return desk_notes_of_case(tx, l->row.row, add_remark, l, err);
}

static enum lk_status make_room(struct looking *l, struct lk_error *err)
{
    l->texts = arena_zalloc(l->arena, CASE_MAX_TEXTS, sizeof *l->texts);
    l->notices = arena_zalloc(l->arena, MAX_NOTICES, sizeof *l->notices);
    l->steps = arena_zalloc(l->arena, MAX_STEPS, sizeof *l->steps);
    l->step_of = arena_zalloc(l->arena, MAX_STEPS, sizeof *l->step_of);
    l->letters = arena_zalloc(l->arena, MAX_LETTERS, sizeof *l->letters);
    l->remarks = arena_zalloc(l->arena, MAX_REMARKS, sizeof *l->remarks);
    return l->texts != NULL && l->notices != NULL && l->steps != NULL && l->step_of != NULL &&
                   l->letters != NULL && l->remarks != NULL
               ? LK_OK
               : no_room(err);
}

static enum lk_status add_drawings(struct looking *l, const struct case_view *view,
                                   struct lk_error *err)
{
    const char **drawings = arena_zalloc(l->arena, view->n_copies + 1, sizeof *drawings);
    if (drawings == NULL)
        return no_room(err);
    for (size_t i = 0; i < view->n_copies; i++) {
        uint8_t id[STORE_ID_BYTES];
        char link[MATCH_LINK_CHARS + 1];
        if (!hex_decode(view->copies[i].id, id, sizeof id))
            return FAIL(err, LK_INTERNAL, "a match has no name");
        match_link(l->r, id, link);
        drawings[i] = arena_copy(l->arena, link, MATCH_LINK_CHARS);
        if (drawings[i] == NULL)
            return no_room(err);
    }
    l->out->drawings = drawings;
    return LK_OK;
}

static enum lk_status add_files(struct looking *l, struct lk_error *err)
{
    struct case_view view;
    TRY(case_view(l->r, &l->access, l->arena, &view, err));
    l->out->items = view.items;
    l->out->n_items = view.n_items;
    l->out->brakes = view.brakes;
    l->out->n_brakes = view.n_brakes;
    l->out->copies = view.copies;
    l->out->n_copies = view.n_copies;
    l->out->state = view.state;
    l->out->opened_day_ms = view.opened_day_ms;
    l->out->expires_ms = view.expires_ms;
    return add_drawings(l, &view, err);
}

enum lk_status desk_case_look(struct registry *r, const struct staff_hand *by, const char *id,
                              struct arena *arena, struct desk_view *out, struct lk_error *err)
{
    struct looking l = {.r = r, .by = by, .arena = arena, .out = out};
    *out = (struct desk_view){0};
    TRY(desk_parse_id(id, l.id, err));
    TRY(make_room(&l, err));
    enum lk_status status = store_read(r->store, read_case, &l, err);
    if (status == LK_OK)
        status = add_files(&l, err);
    case_logout(&l.access);
    TRY(status);
    hex_encode(l.id, sizeof l.id, out->id);
    out->row = l.row.row;
    out->texts = l.texts;
    out->notices = l.notices;
    out->letters = l.letters;
    out->remarks = l.remarks;
    return LK_OK;
}

struct noting_look {
    const struct staff_hand *by;
    unsigned act;
    int64_t case_row, subject, now_ms;
};

static enum lk_status note_look(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct noting_look *n = ctx;
    return desk_act_put(tx, n->by, n->act, n->case_row, n->subject, n->now_ms, err);
}

enum lk_status desk_case_open(struct registry *r, const struct staff_hand *by, const char *id,
                              struct arena *arena, struct desk_view *out, struct lk_error *err)
{
    TRY(desk_case_look(r, by, id, arena, out, err));
    struct noting_look note = {by, ACT_READ_CASE, out->row, 0, clock_now_ms(&r->clock)};
    return store_write(r->store, note_look, &note, err);
}

enum lk_status desk_case_open_link(struct registry *r, const struct staff_hand *by, const char *id,
                                   unsigned number, struct arena *arena,
                                   struct desk_opened_link *out, struct lk_error *err)
{
    struct desk_view view;
    struct desk_exposure *days;
    size_t n_days = 0;
    *out = (struct desk_opened_link){0};
    TRY(desk_case_look(r, by, id, arena, &view, err));
    for (size_t i = 0; i < view.n_texts; i++)
        if (view.texts[i].kind == CASE_LOCATION && view.texts[i].number == number) {
            out->address = view.texts[i].text;
            if (out->address == NULL)
                return FAIL(err, LK_DENIED, "the address cannot be opened with this key");
        }
    if (out->address == NULL)
        return FAIL(err, LK_NOT_FOUND, "the case has no address of number %u", number);
    struct noting_look note = {by, ACT_OPENED_LINK, view.row, number, clock_now_ms(&r->clock)};
    TRY(store_write(r->store, note_look, &note, err));
    TRY(desk_exposures(r, by->staff, 1, arena, &days, &n_days, err));
    out->n_today = n_days == 0 ? 0 : days[0].n_links;
    return LK_OK;
}

enum lk_status desk_case_took_pack(struct registry *r, const struct staff_hand *by,
                                   const struct desk_view *view, struct lk_error *err)
{
    struct noting_look note = {by, ACT_TOOK_PACK, view->row, 0, clock_now_ms(&r->clock)};
    return store_write(r->store, note_look, &note, err);
}
