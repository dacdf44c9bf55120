#include "cases/block.h"
#include "cases/brake_inside.h"
#include "cases/case.h"
#include "cases/case_seal.h"
#include "cases/partner.h"
#include "store/block_rows.h"
#include "store/match_rows.h"
#include "store/notice_rows.h"
#include "store/seen_rows.h"

#include "base/err.h"
#include "base/hex.h"

#include <string.h>

struct viewing {
    const struct case_access *access;
    struct arena *arena;
    struct case_view *out;
    int64_t answer_ms, now_ms;
    struct case_row row;
    int64_t *entry_rows; /* of the items, in their order */
    bool readable;       /* the key is at hand and the case is open */
    struct case_item *items;
    struct case_copy *copies;
    struct case_written *texts;
    struct brake *brakes;
};

static enum lk_status no_room(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory to show the case");
}

static enum lk_status add_item(void *ctx, const struct entry_row *entry, size_t n_matches,
                               struct lk_error *err)
{
    struct viewing *v = ctx;
    v->entry_rows[v->out->n_items < CASE_MAX_ITEMS ? v->out->n_items : 0] = entry->row;
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
    struct seal_part note;
    if (m->note == NULL || !v->readable)
        return LK_OK;
    TRY(case_open_text(v->arena, v->access->key, LABEL_MATCH_NOTE,
                       (struct seal_part){m->public_id, sizeof m->public_id}, m->note, m->n_note,
                       &note, err));
    copy->note = note.p;
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
    if (match_is_waiting(m->state)) {
        copy->due_ms = m->found_ms + v->answer_ms;
        copy->is_overdue = copy->due_ms < v->now_ms;
    }
    hex_encode(m->public_id, sizeof m->public_id, copy->id);
    return copy->partner == NULL ? no_room(err) : read_note(v, m, copy, err);
}

static enum lk_status open_own(const struct viewing *v, const struct text_row *text,
                               struct case_written *out, struct lk_error *err)
{
    if (text->form == TEXT_UNDER_KEY) {
        uint8_t id[CASE_TEXT_ID_BYTES];
        struct seal_part plain;
        case_text_id(v->row.public_id, text->number, id);
        TRY(case_open_text(v->arena, v->access->key, LABEL_TEXT, (struct seal_part){id, sizeof id},
                           text->own, text->n_own, &plain, err));
        out->text = plain.p;
        out->n = plain.n;
        return LK_OK;
    }
    if (!v->access->has_own)
        return LK_OK;
    return case_open_box(v->arena, v->access->own_secret, text->own, text->n_own, out, err);
}

static enum lk_status add_text(void *ctx, const struct text_row *text, struct lk_error *err)
{
    struct viewing *v = ctx;
    if (v->out->n_texts == CASE_MAX_TEXTS)
        return LK_OK;
    struct case_written *out = &v->texts[v->out->n_texts++];
    *out = case_written_of(text);
    return open_own(v, text, out, err);
}

/* Texts are read before: each takes the newest notice about it. */
static enum lk_status add_notice(void *ctx, const struct notice_row *row, struct lk_error *err)
{
    struct viewing *v = ctx;
    struct seal_part recipient;
    struct case_notice *notice = arena_zalloc(v->arena, 1, sizeof *notice);
    if (notice == NULL)
        return no_room(err);
    TRY(case_open_text(v->arena, v->access->key, LABEL_RECIPIENT,
                       (struct seal_part){v->row.public_id, sizeof v->row.public_id},
                       row->recipient, row->n_recipient, &recipient, err));
    *notice = (struct case_notice){
        .recipient = recipient.p,
        .regime =
            row->regime[0] == '\0' ? NULL : arena_copy(v->arena, row->regime, strlen(row->regime)),
        .state = (uint8_t)row->state,
        .sent_ms = row->sent_ms,
        .changed_ms = row->changed_ms,
        .reason = (uint8_t)row->reason,
        .due_ms = row->due_ms,
        .by_law = row->by_law,
        .is_overdue = row->due_ms > 0 && row->due_ms < v->now_ms,
    };
    for (size_t i = 0; i < v->out->n_texts; i++)
        if (v->texts[i].number == row->text_number)
            v->texts[i].notice = notice;
    return LK_OK;
}

static enum lk_status add_brake(void *ctx, const struct brake_row *row, struct lk_error *err)
{
    struct viewing *v = ctx;
    if (v->out->n_brakes == BRAKE_MAX_SHOWN)
        return LK_OK;
    return brake_show(v->arena, v->readable ? v->access->key : NULL, v->row.public_id, row,
                      &v->brakes[v->out->n_brakes++], err);
}

static enum lk_status count_seen(struct viewing *v, struct store_tx *tx, struct lk_error *err)
{
    TRY(seen_rows_partners(tx, PARTNER_PLATFORM, &v->out->n_partners, err));
    for (size_t i = 0; i < v->out->n_items; i++)
        TRY(seen_rows_of_entry(tx, PARTNER_PLATFORM, v->entry_rows[i], &v->items[i].n_seen, err));
    return LK_OK;
}

static enum lk_status count_blocks(struct viewing *v, struct store_tx *tx, struct lk_error *err)
{
    for (size_t i = 0; i < v->out->n_items; i++) {
        struct block_sum sum;
        TRY(block_rows_sum(tx, v->entry_rows[i], &sum, err));
        v->items[i].n_blocked = block_step(sum.n);
        v->items[i].n_blocking = sum.n_partners;
        v->items[i].blocked_ms = sum.first_day * CLOCK_DAY_MS;
    }
    return LK_OK;
}

/* Found again after the same partner removed an earlier copy of the same item. Copies stand with
 * the newest first. */
static void mark_again(struct viewing *v)
{
    for (size_t i = 0; i < v->out->n_copies; i++)
        for (size_t k = i + 1; k < v->out->n_copies && !v->copies[i].is_again; k++)
            v->copies[i].is_again = v->copies[k].item == v->copies[i].item &&
                                    v->copies[k].state == MATCH_REMOVED &&
                                    strcmp(v->copies[k].partner, v->copies[i].partner) == 0 &&
                                    v->copies[k].answered_ms <= v->copies[i].found_ms;
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
    mark_again(v);
    TRY(brake_rows_of_case(tx, row, add_brake, v, err));
    TRY(count_seen(v, tx, err));
    TRY(count_blocks(v, tx, err));
    if (!v->readable)
        return LK_OK;
    TRY(text_rows_of_case(tx, row, add_text, v, err));
    return notice_rows_of_case(tx, row, add_notice, v, err);
}

enum lk_status case_view(struct registry *r, const struct case_access *access, struct arena *arena,
                         struct case_view *out, struct lk_error *err)
{
    struct viewing v = {
        .access = access,
        .arena = arena,
        .out = out,
        .answer_ms = r->answer_ms,
        .now_ms = clock_now_ms(&r->clock),
    };
    *out = (struct case_view){0};
    v.items = arena_zalloc(arena, CASE_MAX_ITEMS, sizeof *v.items);
    v.texts = arena_zalloc(arena, CASE_MAX_TEXTS, sizeof *v.texts);
    v.entry_rows = arena_zalloc(arena, CASE_MAX_ITEMS, sizeof *v.entry_rows);
    v.brakes = arena_zalloc(arena, BRAKE_MAX_SHOWN, sizeof *v.brakes);
    if (v.items == NULL || v.texts == NULL || v.entry_rows == NULL || v.brakes == NULL)
        return no_room(err);
    TRY(store_read(r->store, read_all, &v, err));
    out->state = (uint8_t)v.row.state;
    out->opened_day_ms = v.row.opened_day_ms;
    out->expires_ms = v.row.expires_ms;
    out->closed_day_ms = v.row.closed_day_ms;
    out->items = v.items;
    out->brakes = v.brakes;
    out->copies = v.copies;
    out->texts = v.texts;
    out->has_recovery = v.row.has_recovery;
    return LK_OK;
}
