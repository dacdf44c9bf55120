#include "service/case_json.h"

#include "cases/brake.h"
#include "exchange/sequence_json.h"
#include "service/api/body.h"

/* Only what holds. */
static void write_brakes(struct json *j, const struct case_view *view, unsigned item)
{
    json_key(j, "braked");
    json_array(j);
    for (size_t i = 0; i < view->n_brakes; i++) {
        const struct brake *brake = &view->brakes[i];
        if (brake->item != item || brake->lifted_ms != 0)
            continue;
        json_object(j);
        if (brake->partner != NULL)
            json_put_text(j, "at", brake->partner);
        json_put_text(j, "reason", match_reason_name(brake->reason));
        json_put_time(j, "since", brake->since_ms);
        json_end_object(j);
    }
    json_end_array(j);
}

static void write_blocks(struct json *j, const struct case_item *item)
{
    if (item->n_blocked == 0)
        return;
    json_key(j, "blocked");
    json_object(j);
    json_put_u64(j, "at_least", item->n_blocked);
    json_put_u64(j, "platforms", item->n_blocking);
    json_put_day(j, "since", item->blocked_ms);
    json_end_object(j);
}

static void write_items(struct json *j, const struct case_view *view)
{
    json_key(j, "items");
    json_array(j);
    for (size_t i = 0; i < view->n_items; i++) {
        const struct case_item *item = &view->items[i];
        json_object(j);
        json_put_u64(j, "number", item->number);
        json_put_text(j, "medium", lk_medium_name(item->medium));
        json_put_text(j, "tier", lk_tier_name(item->tier));
        json_put_bool(j, "in_force", item->in_force);
        json_put_u64(j, "copies", item->n_copies);
        json_put_u64(j, "partners_seen", item->n_seen);
        write_brakes(j, view, item->number);
        write_blocks(j, item);
        json_end_object(j);
    }
    json_end_array(j);
}

static void write_copies(struct json *j, const struct case_view *view)
{
    json_key(j, "copies");
    json_array(j);
    for (size_t i = 0; i < view->n_copies; i++) {
        const struct case_copy *copy = &view->copies[i];
        json_object(j);
        json_put_text(j, "id", copy->id);
        json_put_text(j, "partner", copy->partner);
        json_put_time(j, "found", copy->found_ms);
        json_put_u64(j, "item", copy->item);
        json_put_text(j, "grade", lk_grade_name(copy->grade));
        json_put_text(j, "state", match_state_name(copy->state));
        if (copy->reason != MATCH_REASON_NONE)
            json_put_text(j, "reason", match_reason_name(copy->reason));
        json_put_time(j, "answered", copy->answered_ms);
        json_put_time(j, "due", copy->due_ms);
        if (copy->is_overdue)
            json_put_bool(j, "overdue", true);
        if (copy->is_again)
            json_put_bool(j, "again", true);
        if (copy->note != NULL)
            json_put_text(j, "note", copy->note);
        json_end_object(j);
    }
    json_end_array(j);
    json_put_u64(j, "copies_total", view->n_copies_total);
}

static void write_notice(struct json *j, const struct case_notice *notice)
{
    json_key(j, "notice");
    json_object(j);
    json_put_text(j, "recipient", notice->recipient);
    if (notice->regime != NULL)
        json_put_text(j, "regime", notice->regime);
    json_put_text(j, "state", notice_state_name(notice->state));
    if (notice->reason != MATCH_REASON_NONE)
        json_put_text(j, "reason", match_reason_name(notice->reason));
    json_put_time(j, "sent", notice->sent_ms);
    json_put_time(j, "changed", notice->changed_ms);
    json_put_time(j, "due", notice->due_ms);
    json_put_bool(j, "due_by_law", notice->by_law);
    if (notice->is_overdue)
        json_put_bool(j, "overdue", true);
    json_end_object(j);
}

static void write_texts(struct json *j, const struct case_view *view)
{
    json_key(j, "texts");
    json_array(j);
    for (size_t i = 0; i < view->n_texts; i++) {
        const struct case_written *text = &view->texts[i];
        json_object(j);
        json_put_u64(j, "number", text->number);
        json_put_text(j, "kind", case_text_kind_name(text->kind));
        json_put_text(j, "by", text->is_by_desk ? "desk" : "person");
        json_put_day(j, "day", text->day_ms);
        if (text->notice != NULL)
            write_notice(j, text->notice);
        if (text->text != NULL) {
            json_key(j, "text");
            json_text_n(j, text->text, text->n);
        }
        json_end_object(j);
    }
    json_end_array(j);
}

void case_json_members(struct json *j, const struct case_view *view)
{
    json_put_text(j, "state", case_state_name(view->state));
    json_put_day(j, "opened", view->opened_day_ms);
    json_put_day(j, "expires", view->expires_ms);
    json_put_day(j, "closed", view->closed_day_ms);
    json_put_bool(j, "recovery", view->has_recovery);
    json_put_u64(j, "partners", view->n_partners);
    write_items(j, view);
    write_copies(j, view);
    write_texts(j, view);
}

void case_json_prints(struct json *j, const struct case_prints *prints)
{
    json_key(j, "prints");
    json_array(j);
    for (size_t i = 0; i < prints->n; i++) {
        json_object(j);
        json_put_u64(j, "number", prints->items[i].number);
        json_key(j, "sequence");
        sequence_json_write(j, &prints->items[i].sequence);
        json_end_object(j);
    }
    json_end_array(j);
}
