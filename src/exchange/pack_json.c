/* case.json: docs/formats/pack.md names every member. What is not known is null. */
#include "exchange/pack_inside.h"

#include "base/json.h"
#include "cases/case.h"
#include "cases/letter.h"
#include "cases/match_state.h"
#include "cases/notice.h"

#include <likeness/match.h>
#include <likeness/print.h>

static void put_time(struct json *j, const char *key, int64_t time_ms)
{
    char text[32];
    clock_format_time(time_ms, text);
    json_put_text(j, key, time_ms > 0 ? text : NULL);
}

static void put_day(struct json *j, const char *key, int64_t time_ms)
{
    char text[32];
    clock_format_day(time_ms, text);
    json_put_text(j, key, time_ms > 0 ? text : NULL);
}

static const char *reason_of(unsigned reason)
{
    return reason != 0 ? match_reason_name(reason) : NULL;
}

static void put_steps(struct json *j, const struct pack_order *order,
                      const struct pack_notice *notice)
{
    json_key(j, "steps");
    json_array(j);
    for (size_t i = 0; i < notice->n_steps; i++) {
        const struct pack_step *step = &notice->steps[i];
        json_object(j);
        put_time(j, "at", step->at_ms);
        json_put_text(j, "state", notice_state_name(step->state));
        json_put_text(j, "alarm", pack_alarm_name(step->alarm));
        json_put_text(j, "by", notice_actor_name(step->actor));
        json_put_text(j, "reason", reason_of(step->reason));
        put_time(j, "due_at", step->due_ms);
        if (!order->without_texts)
            json_put_text(j, "note", step->note);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_clock(struct json *j, const struct pack_notice *notice)
{
    json_key(j, "clock");
    json_object(j);
    json_put_text(j, "kind", pack_clock_name(notice->clock_kind));
    json_put_bool(j, "by_law", notice->by_law);
    json_key(j, "seconds");
    if (notice->span_ms > 0)
        json_i64(j, notice->span_ms / 1000);
    else
        json_null(j);
    put_time(j, "due_at", notice->due_ms);
    json_put_bool(j, "overdue", notice->is_overdue);
    json_end_object(j);
}

static void put_notice(struct json *j, const struct pack_order *order,
                       const struct pack_notice *notice)
{
    char name[PACK_NAME_BYTES];
    json_object(j);
    json_put_text(j, "recipient", notice->recipient);
    json_put_text(j, "regime", notice->regime);
    json_put_text(j, "regime_title", notice->regime_title);
    json_put_text(j, "regime_citation", notice->regime_citation);
    json_put_text(j, "state", notice_state_name(notice->state));
    json_put_text(j, "reason", reason_of(notice->reason));
    put_time(j, "sent_at", notice->sent_ms);
    put_time(j, "changed_at", notice->changed_ms);
    put_clock(j, notice);
    if (notice->letter > 0)
        pack_letter_name(notice->letter - 1, name);
    json_put_text(j, "letter", notice->letter > 0 && !order->without_texts ? name : NULL);
    put_steps(j, order, notice);
    json_end_object(j);
}

static void put_places(struct json *j, const struct pack_order *order,
                       const struct pack_source *source)
{
    json_key(j, "addresses");
    json_array(j);
    for (size_t i = 0; i < source->n_places; i++) {
        const struct pack_place *place = &source->places[i];
        json_object(j);
        json_put_u64(j, "number", place->number);
        if (!order->without_texts)
            json_put_text(j, "address", place->text);
        put_day(j, "noted", place->day_ms);
        json_key(j, "notices");
        json_array(j);
        for (size_t k = 0; k < place->n_notices; k++)
            put_notice(j, order, &place->notices[k]);
        json_end_array(j);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_items(struct json *j, const struct pack_source *source)
{
    json_key(j, "items");
    json_array(j);
    for (size_t i = 0; i < source->n_items; i++) {
        const struct pack_item *item = &source->items[i];
        json_object(j);
        json_put_u64(j, "number", item->number);
        json_put_text(j, "medium", lk_medium_name(item->medium));
        json_put_text(j, "tier", lk_tier_name(item->tier));
        json_put_bool(j, "in_force", item->in_force);
        json_put_u64(j, "copies", item->n_copies);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_brakes(struct json *j, const struct pack_source *source)
{
    json_key(j, "brakes");
    json_array(j);
    for (size_t i = 0; i < source->n_brakes; i++) {
        const struct pack_brake *brake = &source->brakes[i];
        json_object(j);
        json_put_u64(j, "item", brake->item);
        json_put_text(j, "platform", brake->partner);
        json_put_text(j, "reason", reason_of(brake->reason));
        put_time(j, "since", brake->since_ms);
        put_time(j, "lifted_at", brake->lifted_ms);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_copies(struct json *j, const struct pack_order *order,
                       const struct pack_source *source)
{
    json_key(j, "found_by_platforms");
    json_array(j);
    for (size_t i = 0; i < source->n_copies; i++) {
        const struct pack_copy *copy = &source->copies[i];
        json_object(j);
        json_put_text(j, "platform", copy->partner);
        json_put_u64(j, "item", copy->item);
        json_put_text(j, "grade", lk_grade_name(copy->grade));
        json_put_text(j, "state", match_state_name(copy->state));
        json_put_text(j, "reason", reason_of(copy->reason));
        put_time(j, "found_at", copy->found_ms);
        put_time(j, "answered_at", copy->answered_ms);
        put_time(j, "due_at", copy->due_ms);
        json_put_bool(j, "overdue", copy->is_overdue);
        json_put_bool(j, "again", copy->is_again);
        if (!order->without_texts)
            json_put_text(j, "note", copy->note);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_letters(struct json *j, const struct pack_source *source)
{
    char name[PACK_NAME_BYTES];
    json_key(j, "letters");
    json_array(j);
    for (size_t i = 0; i < source->n_letters; i++) {
        const struct pack_letter *letter = &source->letters[i];
        pack_letter_name(i, name);
        json_object(j);
        json_put_text(j, "file", name);
        json_put_text(j, "id", letter->id);
        json_put_text(j, "recipient", letter->recipient);
        json_put_text(j, "address", letter->address);
        json_put_text(j, "subject", letter->subject);
        json_put_text(j, "language", letter->lang);
        json_put_text(j, "regime", letter->regime);
        json_put_text(j, "law_date", letter->law_date);
        json_put_text(j, "channel", letter_channel_name(letter->channel));
        json_put_text(j, "state", letter_state_name(letter->state));
        put_time(j, "made_at", letter->made_ms);
        put_time(j, "changed_at", letter->changed_ms);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_made(struct json *j, const struct pack_source *source)
{
    char name[PACK_NAME_BYTES];
    json_key(j, "how_made");
    json_array(j);
    for (size_t i = 0; i < source->n_made; i++) {
        pack_made_name(i, name);
        json_object(j);
        json_put_u64(j, "item", source->made[i].item);
        json_put_text(j, "file", name);
        json_end_object(j);
    }
    json_end_array(j);
}

void pack_put_case(const struct pack_order *order, const struct pack_source *source,
                   struct buf *out)
{
    struct json j;
    json_init(&j, out);
    json_object(&j);
    json_put_text(&j, "schema", "likeness-pack-case-1");
    json_put_text(&j, "pack", order->id);
    put_day(&j, "opened", source->opened_day_ms);
    json_put_text(&j, "state", case_state_name(source->state));
    put_day(&j, "closed", source->closed_day_ms);
    json_key(&j, "operator");
    json_object(&j);
    json_put_text(&j, "name", source->operator_name);
    json_put_text(&j, "contact", source->operator_contact);
    json_end_object(&j);
    json_put_text(&j, "law_date", source->law_date);
    json_put_bool(&j, "without_texts", order->without_texts);
    put_items(&j, source);
    put_brakes(&j, source);
    put_places(&j, order, source);
    put_copies(&j, order, source);
    if (!order->without_texts) {
        put_letters(&j, source);
        put_made(&j, source);
    }
    json_end_object(&j);
    buf_char(out, '\n');
}
