#include "cases/case.h"
#include "cases/case_seal.h"
#include "store/match_rows.h"

#include "base/err.h"
#include "base/hex.h"

#include <string.h>

struct viewing {
    const struct case_access *access;
    struct arena *arena;
    struct case_view *out;
    struct case_row row;
    bool readable; /* the key is at hand and the case is open */
    struct case_item *items;
    struct case_copy *copies;
    struct case_text *locations;
};

static enum lk_status no_room(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory to show the case");
}

static enum lk_status add_item(void *ctx, const struct entry_row *entry, size_t n_matches,
                               struct lk_error *err)
{
    struct viewing *v = ctx;
    if (v->out->n_items == CASE_MAX_ITEMS)
        return FAIL(err, LK_LIMIT, "the case has more than %d items", CASE_MAX_ITEMS);
    v->items[v->out->n_items++] = (struct case_item){
        .number = entry->number,
        .medium = entry->medium,
        .tier = entry->tier,
        .in_force = entry->in_force,
        .n_copies = n_matches,
    };
    v->out->n_in_force += entry->in_force;
    v->out->n_copies_total += n_matches;
    return LK_OK;
}

static enum lk_status read_note(struct viewing *v, const struct match_row *m,
                                struct case_copy *copy, struct lk_error *err)
{
    struct case_text note;
    if (m->note == NULL || !v->readable)
        return LK_OK;
    TRY(case_open_text(v->arena, v->access->key, LABEL_MATCH_NOTE,
                       (struct seal_part){m->public_id, sizeof m->public_id}, m->note, m->n_note,
                       &note, err));
    copy->note = note.text;
    return LK_OK;
}

static enum lk_status add_copy(void *ctx, const struct match_row *m, struct lk_error *err)
{
    struct viewing *v = ctx;
    struct case_copy *copy = &v->copies[v->out->n_copies++];
    *copy = (struct case_copy){
        .partner = arena_copy(v->arena, m->partner_name, m->n_partner_name),
        .found_ms = m->found_ms,
        .item = m->item,
        .grade = (uint8_t)m->grade,
        .state = (uint8_t)m->state,
        .reason = (uint8_t)m->reason,
        .answered_ms = m->answered_ms,
    };
    hex_encode(m->public_id, sizeof m->public_id, copy->id);
    return copy->partner == NULL ? no_room(err) : read_note(v, m, copy, err);
}

static enum lk_status add_text(void *ctx, unsigned number, const uint8_t *sealed, size_t n,
                               struct lk_error *err)
{
    struct viewing *v = ctx;
    uint8_t id[CASE_TEXT_ID_BYTES];
    struct case_text text;
    case_text_id(v->row.public_id, number, id);
    TRY(case_open_text(v->arena, v->access->key, LABEL_TEXT, (struct seal_part){id, sizeof id},
                       sealed, n, &text, err));
    if (number == 0)
        v->out->note = text;
    else if (v->out->n_locations < CASE_MAX_LOCATIONS)
        v->locations[v->out->n_locations++] = text;
    return LK_OK;
}

static enum lk_status read_all(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct viewing *v = ctx;
    int64_t row = v->access->case_id;
    TRY(case_row_get(tx, row, &v->row, err));
    v->readable = v->access->has_key && v->row.has_keys;
    TRY(entry_rows_of_case(tx, row, add_item, v, err));
    size_t n_shown = v->out->n_copies_total < CASE_MAX_COPIES_SHOWN ? v->out->n_copies_total
                                                                    : CASE_MAX_COPIES_SHOWN;
    v->copies = arena_zalloc(v->arena, n_shown, sizeof *v->copies);
    if (v->copies == NULL)
        return no_room(err);
    TRY(match_rows_of_case(tx, row, n_shown, add_copy, v, err));
    return v->readable ? case_row_texts(tx, row, add_text, v, err) : LK_OK;
}

enum lk_status case_view(struct registry *r, const struct case_access *access, struct arena *arena,
                         struct case_view *out, struct lk_error *err)
{
    struct viewing v = {.access = access, .arena = arena, .out = out};
    *out = (struct case_view){0};
    v.items = arena_zalloc(arena, CASE_MAX_ITEMS, sizeof *v.items);
    v.locations = arena_zalloc(arena, CASE_MAX_LOCATIONS, sizeof *v.locations);
    if (v.items == NULL || v.locations == NULL)
        return no_room(err);
    TRY(store_read(r->store, read_all, &v, err));
    out->state = (uint8_t)v.row.state;
    out->opened_day_ms = v.row.opened_day_ms;
    out->expires_ms = v.row.expires_ms;
    out->closed_day_ms = v.row.closed_day_ms;
    out->items = v.items;
    out->copies = v.copies;
    out->locations = v.locations;
    return LK_OK;
}
