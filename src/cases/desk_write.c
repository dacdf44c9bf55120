/* What the desk writes in a case: messages, facts, addresses for a caller, notes to colleagues. */
#include "cases/desk.h"

#include "base/err.h"
#include "cases/case_seal.h"
#include "cases/desk_act.h"
#include "cases/desk_inside.h"
#include "cases/escalate.h"
#include "store/desk_rows.h"
#include "store/mail_rows.h"

#include <string.h>

enum { ARENA_BYTES = 4 << 20 };

struct writing {
    struct registry *r;
    const struct staff_hand *by;
    struct arena arena;
    uint8_t id[STORE_ID_BYTES];
    struct case_typed *texts;
    size_t n_texts;
    unsigned act;     /* enum desk_act */
    bool is_news;     /* the person is told that there is something */
    const char *lang; /* NULL: leave */
    unsigned harm;
    bool is_child; /* the facts do not say that the person is 18: nothing goes by itself */
};

static enum lk_status open_row(struct store_tx *tx, struct writing *w, struct case_row *row,
                               struct lk_error *err)
{
    size_t n = 0;
    TRY(case_row_by_id(tx, w->id, row, err));
    if (!row->has_keys || !row->has_own)
        return FAIL(err, LK_CONFLICT, "the case is closed, or from before texts could be answered");
    TRY(text_rows_count(tx, row->row, &n, err));
    if (n + w->n_texts > CASE_MAX_TEXTS)
        return FAIL(err, LK_CONFLICT, "the case holds %d texts, it is full", CASE_MAX_TEXTS);
    return LK_OK;
}

static enum lk_status write_texts(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct writing *w = ctx;
    struct case_row row;
    TRY(open_row(tx, w, &row, err));
    struct text_row *rows = arena_zalloc(&w->arena, w->n_texts + 1, sizeof *rows);
    if (rows == NULL)
        return FAIL(err, LK_NOMEM, "no memory to write into a case");
    TRY(case_seal_texts(w->r, &w->arena, &row, w->texts, w->n_texts, TEXT_BY_DESK, rows, err));
    for (size_t i = 0; i < w->n_texts; i++)
        TRY(text_row_add(tx, &rows[i], err));
    TRY(desk_row_refresh(tx, row.row, clock_now_ms(&w->r->clock), err));
    if (w->lang != NULL)
        TRY(desk_row_sort(tx, row.row, w->lang, w->harm, err));
    if (w->is_news)
        TRY(mail_row_news(tx, row.row, err));
    if (w->is_child)
        TRY(escalate_stop(tx, w->by, row.row, 0, "not sent: the person is, or may be, under 18",
                          clock_now_ms(&w->r->clock), err));
    return desk_act_put(tx, w->by, w->act, row.row, 0, clock_now_ms(&w->r->clock), err);
}

static enum lk_status write_one(struct writing *w, const char *id, unsigned kind, const char *text,
                                size_t n, struct lk_error *err)
{
    struct case_typed typed = {.kind = kind, .text = text, .n = n};
    w->texts = &typed;
    w->n_texts = 1;
    TRY(desk_parse_id(id, w->id, err));
    arena_init(&w->arena, lk_alloc_heap(), ARENA_BYTES);
    enum lk_status status = store_write(w->r->store, write_texts, w, err);
    arena_fini(&w->arena);
    return status;
}

enum lk_status desk_write(struct registry *r, const struct staff_hand *by, const char *id,
                          const char *text, size_t n, struct lk_error *err)
{
    struct writing w = {.r = r, .by = by, .act = ACT_WROTE_MESSAGE, .is_news = true};
    if (n == 0)
        return FAIL(err, LK_INVALID, "the message is empty");
    TRY(refusal_check_text(text, n, CASE_TEXT_MAX_BYTES, "the message", err));
    return write_one(&w, id, CASE_MESSAGE, text, n, err);
}

enum { MAX_HARM = 4 };

enum lk_status desk_case_note_facts(struct registry *r, const struct staff_hand *by, const char *id,
                                    const struct case_facts *facts, unsigned harm,
                                    struct lk_error *err)
{
    struct writing w = {.r = r, .by = by, .act = ACT_NOTED_FACTS, .harm = harm};
    struct buf text;
    w.is_child = !facts->answers.age_known || facts->answers.situation.ages != LAW_ADULT;
    if (harm > MAX_HARM)
        return FAIL(err, LK_INVALID, "harm is 1 (low) to %d (now)", MAX_HARM);
    w.lang = facts->lang == NULL ? "" : facts->lang;
    if (strlen(w.lang) >= DESK_LANG_BYTES)
        return FAIL(err, LK_INVALID, "a language is named by its code");
    buf_init(&text, lk_alloc_heap(), CASE_TEXT_MAX_BYTES);
    case_facts_write(facts, &text);
    enum lk_status status = buf_status(&text, "the facts of a case", err);
    if (status == LK_OK)
        status = refusal_check_text(buf_text(&text), text.n, CASE_TEXT_MAX_BYTES, "a fact", err);
    if (status == LK_OK)
        status = write_one(&w, id, CASE_FACTS, text.p, text.n, err);
    buf_fini(&text);
    return status;
}

/* Lines that hold something, as locations. */
static enum lk_status split_lines(struct writing *w, const char *lines, struct lk_error *err)
{
    w->texts = arena_zalloc(&w->arena, CASE_MAX_TEXTS, sizeof *w->texts);
    if (w->texts == NULL)
        return FAIL(err, LK_NOMEM, "no memory to write into a case");
    for (const char *at = lines; *at != '\0';) {
        size_t n = strcspn(at, "\r\n");
        if (n > 0 && w->n_texts == CASE_MAX_TEXTS)
            return FAIL(err, LK_LIMIT, "a case holds %d texts", CASE_MAX_TEXTS);
        if (n > 0) {
            TRY(refusal_check_text(at, n, CASE_TEXT_MAX_BYTES, "an address", err));
            w->texts[w->n_texts++] = (struct case_typed){.kind = CASE_LOCATION, .text = at, .n = n};
        }
        at += n + strspn(at + n, "\r\n");
    }
    return w->n_texts > 0 ? LK_OK : FAIL(err, LK_INVALID, "there is no address");
}

enum lk_status desk_case_add_links(struct registry *r, const struct staff_hand *by, const char *id,
                                   const char *lines, size_t *n, struct lk_error *err)
{
    struct writing w = {.r = r, .by = by, .act = ACT_ADDED_LINKS};
    TRY(desk_parse_id(id, w.id, err));
    arena_init(&w.arena, lk_alloc_heap(), ARENA_BYTES);
    enum lk_status status = split_lines(&w, lines, err);
    if (status == LK_OK)
        status = store_write(r->store, write_texts, &w, err);
    arena_fini(&w.arena);
    *n = w.n_texts;
    return status;
}

struct remarking {
    struct registry *r;
    const struct staff_hand *by;
    uint8_t id[STORE_ID_BYTES];
    const char *text;
    size_t n;
    int64_t staff; /* to whom a case is given */
};

static enum lk_status write_remark(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct remarking *m = ctx;
    struct case_row row;
    uint8_t sealed[CASE_TEXT_MAX_BYTES + SEAL_BOX_OVERHEAD_BYTES];
    TRY(case_row_by_id(tx, m->id, &row, err));
    if (!row.has_keys)
        return FAIL(err, LK_CONFLICT, "the case is closed");
    seal_box_put(m->r->desk_public, m->text, m->n, sealed);
    const struct desk_note_row note = {
        .staff = m->by->staff,
        .at_ms = clock_now_ms(&m->r->clock),
        .note = sealed,
        .n_note = m->n + SEAL_BOX_OVERHEAD_BYTES,
    };
    TRY(desk_note_add(tx, row.row, &note, err));
    return desk_act_put(tx, m->by, ACT_WROTE_NOTE, row.row, 0, note.at_ms, err);
}

enum lk_status desk_case_remark(struct registry *r, const struct staff_hand *by, const char *id,
                                const char *text, struct lk_error *err)
{
    struct remarking m = {.r = r, .by = by, .text = text, .n = strlen(text)};
    if (m.n == 0)
        return FAIL(err, LK_INVALID, "the note is empty");
    TRY(refusal_check_text(text, m.n, CASE_TEXT_MAX_BYTES, "the note", err));
    TRY(desk_parse_id(id, m.id, err));
    return store_write(r->store, write_remark, &m, err);
}

static enum lk_status write_assigned(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct remarking *m = ctx;
    struct case_row row;
    TRY(case_row_by_id(tx, m->id, &row, err));
    TRY(desk_row_assign(tx, row.row, m->staff, err));
    return desk_act_put(tx, m->by, ACT_TOOK_CASE, row.row, m->staff, clock_now_ms(&m->r->clock),
                        err);
}

enum lk_status desk_case_assign(struct registry *r, const struct staff_hand *by, const char *id,
                                int64_t staff, struct lk_error *err)
{
    struct remarking m = {.r = r, .by = by, .staff = staff};
    TRY(desk_parse_id(id, m.id, err));
    return store_write(r->store, write_assigned, &m, err);
}
