#include "exchange/pack_collect.h"

#include "base/err.h"

#include <string.h>

static enum lk_status no_room(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for an evidence pack");
}

static enum lk_status add_items(struct arena *arena, const struct desk_view *view,
                                struct pack_source *out, struct lk_error *err)
{
    struct pack_item *items = arena_zalloc(arena, view->n_items + 1, sizeof *items);
    struct pack_copy *copies = arena_zalloc(arena, view->n_copies + 1, sizeof *copies);
    if (items == NULL || copies == NULL)
        return no_room(err);
    for (size_t i = 0; i < view->n_items; i++)
        items[i] =
            (struct pack_item){view->items[i].number, view->items[i].medium, view->items[i].tier,
                               view->items[i].in_force, view->items[i].n_copies};
    for (size_t i = 0; i < view->n_copies; i++) {
        const struct case_copy *copy = &view->copies[i];
        copies[i] = (struct pack_copy){
            .partner = copy->partner,
            .note = copy->note,
            .item = copy->item,
            .grade = copy->grade,
            .state = copy->state,
            .reason = copy->reason,
            .found_ms = copy->found_ms,
            .answered_ms = copy->answered_ms,
            .due_ms = copy->due_ms,
            .is_overdue = copy->is_overdue,
            .is_again = copy->is_again,
        };
    }
    out->items = items;
    out->n_items = view->n_items;
    out->copies = copies;
    out->n_copies = view->n_copies;
    return LK_OK;
}

/* What waits for a clock, or waited and did not go, was told to nobody. */
static bool went_out(const struct desk_letter *letter)
{
    return letter->state != LETTER_WAITING && letter->state != LETTER_STOPPED;
}

static enum lk_status add_letters(struct arena *arena, const struct desk_view *view,
                                  struct pack_source *out, struct lk_error *err)
{
    struct pack_letter *letters = arena_zalloc(arena, view->n_letters + 1, sizeof *letters);
    if (letters == NULL)
        return no_room(err);
    for (size_t i = 0; i < view->n_letters; i++) {
        const struct desk_letter *letter = &view->letters[i];
        if (!went_out(letter))
            continue;
        letters[out->n_letters++] = (struct pack_letter){
            .id = letter->id,
            .recipient = letter->recipient,
            .address = letter->address,
            .subject = letter->subject,
            .body = letter->body,
            .lang = letter->lang,
            .regime = letter->regime,
            .law_date = letter->law_date,
            .channel = letter->channel,
            .state = letter->state,
            .made_ms = letter->made_ms,
            .changed_ms = letter->changed_ms,
        };
        if (letter->law_date != NULL)
            out->law_date = letter->law_date;
    }
    out->letters = letters;
    return LK_OK;
}

static unsigned letter_number(const struct desk_view *view, int64_t row)
{
    unsigned n = 0;
    for (size_t i = 0; i < view->n_letters; i++) {
        n += went_out(&view->letters[i]);
        if (view->letters[i].row == row)
            return n;
    }
    return 0;
}

static enum lk_status fill_notice(struct arena *arena, const struct desk_view *view,
                                  const struct desk_notice *from, int64_t now_ms,
                                  struct pack_notice *out, struct lk_error *err)
{
    struct pack_step *steps = arena_zalloc(arena, from->n_steps + 1, sizeof *steps);
    struct law_rule rule = {0};
    if (steps == NULL)
        return no_room(err);
    for (size_t i = 0; i < from->n_steps; i++)
        steps[i] = (struct pack_step){
            from->steps[i].at_ms, from->steps[i].due_ms, from->steps[i].state, from->steps[i].alarm,
            from->steps[i].actor, from->steps[i].reason, from->steps[i].note};
    if (from->regime != NULL)
        TRY(law_rule_of(arena, from->regime, &view->facts.answers.situation, &rule, NULL, err));
    *out = (struct pack_notice){
        .recipient = from->recipient,
        .regime = from->regime,
        .regime_title = rule.title,
        .regime_citation = rule.citation,
        .state = from->state,
        .reason = from->reason,
        .clock_kind = from->clock_kind,
        .sent_ms = from->sent_ms,
        .due_ms = from->due_ms,
        .changed_ms = from->changed_ms,
        .span_ms = from->span_ms,
        .by_law = from->by_law,
        .is_overdue = from->due_ms > 0 && from->due_ms <= now_ms,
        .letter = letter_number(view, from->letter),
        .steps = steps,
        .n_steps = from->n_steps,
    };
    return LK_OK;
}

static enum lk_status fill_place(struct arena *arena, const struct desk_view *view,
                                 const struct case_written *text, int64_t now_ms,
                                 struct pack_place *out, struct lk_error *err)
{
    struct pack_notice *notices = arena_zalloc(arena, view->n_notices + 1, sizeof *notices);
    if (notices == NULL)
        return no_room(err);
    *out = (struct pack_place){
        .number = text->number, .text = text->text, .day_ms = text->day_ms, .notices = notices};
    for (size_t i = 0; i < view->n_notices; i++)
        if (view->notices[i].number == text->number)
            TRY(fill_notice(arena, view, &view->notices[i], now_ms, &notices[out->n_notices++],
                            err));
    return LK_OK;
}

static enum lk_status add_brakes(struct arena *arena, const struct desk_view *view,
                                 struct pack_source *out, struct lk_error *err)
{
    struct pack_brake *brakes = arena_zalloc(arena, view->n_brakes + 1, sizeof *brakes);
    if (brakes == NULL)
        return no_room(err);
    for (size_t i = 0; i < view->n_brakes; i++)
        brakes[i] = (struct pack_brake){.item = view->brakes[i].item,
                                        .reason = (uint8_t)view->brakes[i].reason,
                                        .partner = view->brakes[i].partner,
                                        .since_ms = view->brakes[i].since_ms,
                                        .lifted_ms = view->brakes[i].lifted_ms};
    out->brakes = brakes;
    out->n_brakes = view->n_brakes;
    return LK_OK;
}

enum lk_status pack_collect(struct arena *arena, const struct desk_view *view, int64_t now_ms,
                            const struct law_sender *sender, struct pack_source *out,
                            struct lk_error *err)
{
    struct pack_place *places = arena_zalloc(arena, view->n_texts + 1, sizeof *places);
    if (places == NULL)
        return no_room(err);
    *out = (struct pack_source){
        .state = view->state,
        .opened_day_ms = view->opened_day_ms,
        .operator_name = sender->organisation,
        .operator_contact = sender->contact,
        .places = places,
    };
    TRY(add_items(arena, view, out, err));
    TRY(add_brakes(arena, view, out, err));
    TRY(add_letters(arena, view, out, err));
    for (size_t i = 0; i < view->n_texts; i++)
        if (view->texts[i].kind == CASE_LOCATION)
            TRY(fill_place(arena, view, &view->texts[i], now_ms, &places[out->n_places++], err));
    return LK_OK;
}
