#include "cases/letter_out.h"

#include "base/err.h"
#include "cases/case_keys.h"
#include "cases/notice_change.h"
#include "store/letter_out_rows.h"

#include <string.h>

#define MINUTE_MS    INT64_C(60000)
#define MAX_PAUSE_MS (8 * 60 * MINUTE_MS)

int64_t letter_out_pause_ms(unsigned n_tries)
{
    unsigned doublings = n_tries > 0 ? n_tries - 1 : 0;
    if (doublings > 9)
        return MAX_PAUSE_MS;
    int64_t pause_ms = MINUTE_MS << doublings;
    return pause_ms < MAX_PAUSE_MS ? pause_ms : MAX_PAUSE_MS;
}

/* ---- the next one ---- */

struct opening {
    struct registry *r;
    struct arena *arena;
    struct letter_out *out;
    uint8_t key[SEAL_KEY_BYTES];
    uint8_t case_id[STORE_ID_BYTES];
    int64_t row, case_row;
    const char *urls[LETTER_MAX_URLS];
    bool is_whole; /* so far everything opened */
};

/* A sealed text in the arena; NULL: it does not open. */
static const char *open_text(struct opening *o, const char *label, const uint8_t *id,
                             const uint8_t *sealed, size_t n)
{
    if (sealed == NULL || n < SEAL_OVERHEAD_BYTES) {
        o->is_whole = false;
        return NULL;
    }
    size_t n_text = n - SEAL_OVERHEAD_BYTES;
    char *text = arena_alloc(o->arena, n_text + 1);
    if (text == NULL || !seal_take(o->key, label, (struct seal_part){id, STORE_ID_BYTES}, sealed, n,
                                   (uint8_t *)text)) {
        o->is_whole = false;
        return NULL;
    }
    text[n_text] = '\0';
    return text;
}

static enum lk_status unwrap(struct store_tx *tx, struct opening *o, struct lk_error *err)
{
    struct case_row row;
    TRY(case_row_get(tx, o->case_row, &row, err));
    if (!row.has_keys)
        return FAIL(err, LK_CORRUPT, "the case of a letter is closed");
    return case_unwrap_by_master(o->r, row.public_id, row.key_by_master, sizeof row.key_by_master,
                                 o->key, err);
}

static enum lk_status see_case(void *ctx, const struct letter_row *row, struct lk_error *err)
{
    struct opening *o = ctx;
    (void)err;
    o->row = row->row;
    o->case_row = row->case_row;
    memcpy(o->case_id, row->case_id, sizeof o->case_id);
    return LK_OK;
}

static enum lk_status open_letter(void *ctx, const struct letter_row *row, struct lk_error *err)
{
    struct opening *o = ctx;
    struct letter_out *out = o->out;
    (void)err;
    out->target = row->target;
    out->made_ms = row->made_ms;
    out->lang = arena_copy(o->arena, row->lang, strlen(row->lang));
    out->address = open_text(o, LABEL_LETTER_ADDRESS, row->public_id, row->address, row->n_address);
    out->subject = open_text(o, LABEL_LETTER_SUBJECT, row->public_id, row->subject, row->n_subject);
    out->body = open_text(o, LABEL_LETTER_BODY, row->public_id, row->body, row->n_body);
    return LK_OK;
}

static enum lk_status open_place(void *ctx, const struct notice_row *row, struct lk_error *err)
{
    struct opening *o = ctx;
    (void)err;
    if (o->out->n_urls < LETTER_MAX_URLS)
        o->urls[o->out->n_urls++] = open_text(o, LABEL_PLACE, o->case_id, row->place, row->n_place);
    return LK_OK;
}

static enum lk_status read_next(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct opening *o = ctx;
    TRY(letter_out_due(tx, LETTER_MAIL, clock_now_ms(&o->r->clock), o->out->id, err));
    TRY(letter_row_find(tx, o->out->id, see_case, o, err));
    TRY(unwrap(tx, o, err));
    TRY(letter_row_find(tx, o->out->id, open_letter, o, err));
    return notice_rows_of_letter(tx, o->row, open_place, o, err);
}

enum lk_status letter_out_next(struct registry *r, struct arena *arena, struct letter_out *out,
                               struct lk_error *err)
{
    struct opening o = {.r = r, .arena = arena, .out = out, .is_whole = true};
    *out = (struct letter_out){0};
    enum lk_status status = store_read(r->store, read_next, &o, err);
    seal_wipe(o.key, sizeof o.key);
    TRY(status);
    const char **urls = arena_zalloc(arena, out->n_urls + 1, sizeof *urls);
    if (urls == NULL || out->lang == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a letter");
    memcpy(urls, o.urls, out->n_urls * sizeof *urls);
    out->urls = urls;
    return o.is_whole ? LK_OK : FAIL(err, LK_CORRUPT, "a letter is damaged in the store");
}

/* ---- its fate ---- */

struct ending {
    struct registry *r;
    const uint8_t *id;
    unsigned outcome, state;
    const char *problem;
    struct letter_row letter; /* its borrowed texts are NULL */
    struct notice_kept kept[LETTER_MAX_URLS];
    size_t n;
};

static enum lk_status keep_letter(void *ctx, const struct letter_row *row, struct lk_error *err)
{
    struct ending *e = ctx;
    (void)err;
    e->letter = (struct letter_row){
        .row = row->row, .state = row->state, .n_tries = row->n_tries, .channel = row->channel};
    return LK_OK;
}

static enum lk_status keep_notice(void *ctx, const struct notice_row *row, struct lk_error *err)
{
    struct ending *e = ctx;
    return e->n < LETTER_MAX_URLS ? notice_keep(&e->kept[e->n++], row, err) : LK_OK;
}

static enum lk_status begin(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct ending *e = ctx;
    TRY(letter_row_find(tx, e->id, keep_letter, e, err));
    if (e->letter.channel != LETTER_MAIL ||
        (e->letter.state != LETTER_READY && e->letter.state != LETTER_RETRY))
        return FAIL(err, LK_CONFLICT, "the letter is %s", letter_state_name(e->letter.state));
    e->letter.state = LETTER_HANDING_OVER;
    e->letter.next_ms = 0;
    return letter_out_set(tx, &e->letter, clock_now_ms(&e->r->clock), NULL, err);
}

enum lk_status letter_out_begin(struct registry *r, const uint8_t id[LETTER_OUT_ID_BYTES],
                                struct lk_error *err)
{
    struct ending e = {.r = r, .id = id};
    return store_write(r->store, begin, &e, err);
}

/* May that come of a letter in that state? Only what went out comes back. */
static bool may_become(const struct letter_row *letter, unsigned outcome)
{
    unsigned state = letter->state;
    if (letter->channel != LETTER_MAIL)
        return false;
    if (outcome == LETTER_BOUNCED)
        return state == LETTER_HANDED_OVER || state == LETTER_UNCLEAR || state == LETTER_GIVEN;
    return state == LETTER_READY || state == LETTER_RETRY || state == LETTER_HANDING_OVER ||
           state == LETTER_UNCLEAR;
}

/* The notices of a letter that arrived, or surely did not. */
static enum lk_status move_notices(struct store_tx *tx, struct ending *e, int64_t now_ms,
                                   struct lk_error *err)
{
    bool arrived = e->letter.state == LETTER_HANDED_OVER;
    if (!arrived && e->letter.state != LETTER_DEAD && e->letter.state != LETTER_BOUNCED)
        return LK_OK;
    const struct notice_change change = {
        .state = arrived ? NOTICE_DELIVERED : NOTICE_FAILED,
        .actor = NOTICE_BY_MAIL,
        .now_ms = now_ms,
    };
    TRY(notice_rows_of_letter(tx, e->letter.row, keep_notice, e, err));
    for (size_t i = 0; i < e->n; i++)
        if (notice_may_follow(e->kept[i].row.state, change.state))
            TRY(notice_change(tx, e->r, &e->kept[i].row, &change, err));
    return LK_OK;
}

static enum lk_status end(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct ending *e = ctx;
    int64_t now_ms = clock_now_ms(&e->r->clock);
    enum lk_status found = letter_row_find(tx, e->id, keep_letter, e, err);
    if (found == LK_NOT_FOUND)
        return LK_OK; /* its case was closed */
    TRY(found);
    e->state = e->letter.state;
    if (!may_become(&e->letter, e->outcome))
        return LK_OK;
    e->letter.state = e->outcome;
    e->letter.n_tries += e->outcome != LETTER_BOUNCED;
    if (e->outcome == LETTER_RETRY && e->letter.n_tries >= LETTER_OUT_MAX_TRIES)
        e->letter.state = LETTER_DEAD;
    if (e->letter.state == LETTER_RETRY)
        e->letter.next_ms = now_ms + letter_out_pause_ms(e->letter.n_tries);
    e->state = e->letter.state;
    TRY(letter_out_set(tx, &e->letter, now_ms, e->problem, err));
    return move_notices(tx, e, now_ms, err);
}

enum lk_status letter_out_end(struct registry *r, const uint8_t id[LETTER_OUT_ID_BYTES],
                              unsigned outcome, const char *problem, unsigned *state,
                              struct lk_error *err)
{
    struct ending e = {.r = r, .id = id, .outcome = outcome, .problem = problem};
    TRY(store_write(r->store, end, &e, err));
    *state = e.state;
    return LK_OK;
}

struct recovering {
    struct registry *r;
    size_t n;
};

static enum lk_status recover(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct recovering *c = ctx;
    return letter_out_move_all(tx, LETTER_HANDING_OVER, LETTER_UNCLEAR, clock_now_ms(&c->r->clock),
                               "the service stopped while the mail server was taking it", &c->n,
                               err);
}

enum lk_status letter_out_recover(struct registry *r, size_t *n, struct lk_error *err)
{
    struct recovering c = {.r = r};
    TRY(store_write(r->store, recover, &c, err));
    *n = c.n;
    return LK_OK;
}
