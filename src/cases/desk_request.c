#include "cases/desk_request.h"

#include "base/err.h"
#include "base/hex.h"
#include "base/le.h"
#include "cases/desk_act.h"
#include "cases/desk_inside.h"
#include "cases/desk_plan.h"
#include "cases/desk_request_inside.h"
#include "store/pack_rows.h"
#include "store/request_rows.h"

#include <string.h>

#define LABEL_REQUEST "desk_request.detail"

enum {
    MAX_REQUESTS = 50,
    MAX_DETAIL = DESK_BULK_MAX_CASES * STORE_ID_BYTES,
    WISH_BYTES =
        STORE_ID_BYTES + 2 + 8 + AGE_KEY_BYTES, /* case, for whom, how, liaison, recipient */
    MAX_PACK_BYTES = 80 << 20,
};

struct asking {
    const struct staff_hand *by;
    struct request_row row;
    int64_t now_ms;
};

static enum lk_status write_asked(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct asking *a = ctx;
    TRY(request_row_add(tx, &a->row, err));
    return desk_act_put(tx, a->by, ACT_ASKED_SECOND, 0, 0, a->now_ms, err);
}

/* The name under which the detail of a kind is sealed. */
static struct seal_part name_of(unsigned kind)
{
    return kind == REQUEST_PACK ? SEAL_TEXT("pack") : SEAL_TEXT("letters");
}

static enum lk_status ask(struct registry *r, const struct staff_hand *by, unsigned kind,
                          const uint8_t *detail, size_t n, struct lk_error *err)
{
    uint8_t sealed[MAX_DETAIL + SEAL_OVERHEAD_BYTES];
    struct asking a = {.by = by, .now_ms = clock_now_ms(&r->clock)};
    seal_put(keys_get(r->keys, KEY_STAFF), LABEL_REQUEST, name_of(kind), detail, n, sealed);
    a.row = (struct request_row){
        .kind = kind,
        .staff = by->staff,
        .asked_ms = a.now_ms,
        .state = REQUEST_ASKED,
        .detail = sealed,
        .n_detail = n + SEAL_OVERHEAD_BYTES,
    };
    return store_write(r->store, write_asked, &a, err);
}

enum lk_status desk_request_letters(struct registry *r, const struct staff_hand *by,
                                    const char *const *cases, size_t n, struct lk_error *err)
{
    uint8_t ids[MAX_DETAIL];
    if (n == 0)
        return FAIL(err, LK_INVALID, "no case was chosen");
    if (n > DESK_BULK_MAX_CASES)
        return FAIL(err, LK_LIMIT, "at most %d cases at once", DESK_BULK_MAX_CASES);
    for (size_t i = 0; i < n; i++)
        TRY(desk_parse_id(cases[i], &ids[i * STORE_ID_BYTES], err));
    return ask(r, by, REQUEST_LETTERS, ids, n * STORE_ID_BYTES, err);
}

enum lk_status desk_request_pack(struct registry *r, const struct staff_hand *by,
                                 const struct desk_pack_wish *wish, struct lk_error *err)
{
    uint8_t detail[WISH_BYTES];
    TRY(desk_parse_id(wish->case_id, detail, err));
    detail[STORE_ID_BYTES] = wish->whom;
    detail[STORE_ID_BYTES + 1] = wish->without_texts;
    le_put64(detail + STORE_ID_BYTES + 2, (uint64_t)wish->liaison);
    memcpy(detail + STORE_ID_BYTES + 10, wish->recipient.public_key, AGE_KEY_BYTES);
    return ask(r, by, REQUEST_PACK, detail, sizeof detail, err);
}

struct listing {
    const struct registry *r;
    const struct staff_hand *by;
    struct arena *arena;
    int64_t row; /* 0: all */
    struct desk_request *requests;
    int64_t asker; /* of the last one */
    size_t n;
};

static enum lk_status open_wish(struct listing *l, const uint8_t detail[WISH_BYTES],
                                struct desk_request *out, struct lk_error *err)
{
    struct desk_pack_wish *wish = arena_zalloc(l->arena, 1, sizeof *wish);
    if (wish == NULL)
        return FAIL(err, LK_NOMEM, "no memory for what was asked for");
    hex_encode(detail, STORE_ID_BYTES, wish->case_id);
    wish->whom = detail[STORE_ID_BYTES];
    wish->without_texts = detail[STORE_ID_BYTES + 1] != 0;
    wish->liaison = (int64_t)le_get64(detail + STORE_ID_BYTES + 2);
    memcpy(wish->recipient.public_key, detail + STORE_ID_BYTES + 10, AGE_KEY_BYTES);
    out->pack = wish;
    return LK_OK;
}

static enum lk_status open_detail(struct listing *l, const struct request_row *row,
                                  struct desk_request *out, struct lk_error *err)
{
    uint8_t detail[MAX_DETAIL];
    size_t n = row->n_detail - SEAL_OVERHEAD_BYTES;
    bool is_pack = row->kind == REQUEST_PACK;
    if (row->n_detail < SEAL_OVERHEAD_BYTES || n > sizeof detail ||
        (is_pack ? n != WISH_BYTES : n % STORE_ID_BYTES != 0) ||
        !seal_take(keys_get(l->r->keys, KEY_STAFF), LABEL_REQUEST, name_of(row->kind), row->detail,
                   row->n_detail, detail))
        return FAIL(err, LK_CORRUPT, "what was asked for does not open");
    out->n_cases = is_pack ? 1 : n / STORE_ID_BYTES;
    char(*cases)[DESK_CASE_CHARS + 1] = arena_zalloc(l->arena, out->n_cases + 1, sizeof *cases);
    if (cases == NULL)
        return FAIL(err, LK_NOMEM, "no memory for what was asked for");
    for (size_t i = 0; i < out->n_cases; i++)
        hex_encode(&detail[i * STORE_ID_BYTES], STORE_ID_BYTES, cases[i]);
    out->cases = (const char(*)[DESK_CASE_CHARS + 1]) cases;
    return is_pack ? open_wish(l, detail, out, err) : LK_OK;
}

static enum lk_status add_request(void *ctx, const struct request_row *row, struct lk_error *err)
{
    struct listing *l = ctx;
    struct desk_request *out = &l->requests[l->n++];
    l->asker = row->staff;
    *out = (struct desk_request){
        .row = row->row,
        .kind = row->kind,
        .state = row->state,
        .asked_ms = row->asked_ms,
        .decided_ms = row->decided_ms,
        .is_mine = row->staff == l->by->staff,
    };
    if (row->staff_name != NULL)
        out->staff = arena_copy(l->arena, row->staff_name, row->n_staff_name);
    if (row->decider_name != NULL)
        out->decided_by = arena_copy(l->arena, row->decider_name, row->n_decider_name);
    return open_detail(l, row, out, err);
}

static enum lk_status list_requests(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct listing *l = ctx;
    return request_rows(tx, l->row, MAX_REQUESTS, add_request, ctx, err);
}

static enum lk_status find(struct registry *r, const struct staff_hand *by, int64_t row,
                           struct arena *arena, struct listing *l, struct lk_error *err)
{
    *l = (struct listing){.r = r, .by = by, .arena = arena, .row = row};
    l->requests = arena_zalloc(arena, MAX_REQUESTS, sizeof *l->requests);
    if (l->requests == NULL)
        return FAIL(err, LK_NOMEM, "no memory for what was asked for");
    return store_read(r->store, list_requests, l, err);
}

enum lk_status desk_requests(struct registry *r, const struct staff_hand *by, struct arena *arena,
                             struct desk_request **out, size_t *n, struct lk_error *err)
{
    struct listing l;
    TRY(find(r, by, 0, arena, &l, err));
    *out = l.requests;
    *n = l.n;
    return LK_OK;
}

struct deciding {
    const struct staff_hand *by;
    int64_t row, now_ms;
    bool allow;
    struct pack_row pack; /* request 0: none */
    const char *case_id;  /* of the pack */
};

static enum lk_status write_pack(struct store_tx *tx, struct deciding *d, struct lk_error *err)
{
    uint8_t id[STORE_ID_BYTES];
    struct case_row row;
    TRY(desk_parse_id(d->case_id, id, err));
    TRY(case_row_by_id(tx, id, &row, err));
    if (row.state != CASE_ROW_OPEN)
        return FAIL(err, LK_CONFLICT, "the case was closed meanwhile");
    d->pack.case_row = row.row;
    return pack_row_add(tx, &d->pack, err);
}

static enum lk_status write_decided(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct deciding *d = ctx;
    TRY(request_row_decide(tx, d->row, d->allow ? REQUEST_DONE : REQUEST_DECLINED, d->by->staff,
                           d->now_ms, err));
    if (d->pack.request != 0)
        TRY(write_pack(tx, d, err));
    return desk_act_put(tx, d->by, d->allow ? ACT_ALLOWED : ACT_DECLINED, 0, d->row, d->now_ms,
                        err);
}

/* A guessed mail address is a person's to confirm; everything else goes as proposed. */
static void send_proposal(struct registry *r, const struct staff_hand *by, const char *case_id,
                          const struct desk_proposal *p, struct arena *arena, struct desk_bulk *out,
                          struct desk_left *left)
{
    struct desk_draft draft;
    struct lk_error why;
    const struct desk_order order = {
        .case_id = case_id,
        .numbers = p->numbers,
        .n_numbers = p->n_numbers,
        .target = p->target,
        .regime = p->n_rules > 0 ? p->rules[0].rule->id : NULL,
        .platform = p->platform,
        .recipient = p->recipient,
        .partner = p->partner,
        .address = p->address,
        .lang = p->lang,
        .channel = p->channel,
        .wants_preserved = true,
    };
    bool is_guess = p->channel == LETTER_MAIL;
    bool sent = !is_guess && desk_letter_send(r, by, &order, arena, &draft, &why) == LK_OK;
    out->n_sent += sent;
    out->n_lacking += !sent;
    left->n_guessed += is_guess;
    left->n_missing += !sent && !is_guess;
}

static enum lk_status send_case(struct registry *r, const struct staff_hand *by,
                                const char *case_id, struct desk_bulk *out, struct lk_error *err)
{
    enum { ARENA_BYTES = 32 << 20 };
    struct arena arena;
    struct desk_view view;
    struct desk_proposal *proposals;
    struct desk_left left = {.n_guessed = 0};
    size_t n = 0;
    memcpy(left.case_id, case_id, sizeof left.case_id);
    arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
    enum lk_status status = desk_case_open(r, by, case_id, &arena, &view, err);
    if (status == LK_OK)
        status = desk_plan_letters(r, &view, &arena, &proposals, &n, err);
    for (size_t i = 0; i < n; i++)
        send_proposal(r, by, case_id, &proposals[i], &arena, out, &left);
    out->n_cases++;
    if (left.n_guessed + left.n_missing > 0 && out->n_left < DESK_BULK_MAX_CASES)
        out->left[out->n_left++] = left;
    arena_fini(&arena);
    /* a case that was closed meanwhile is nothing to stop for */
    return status == LK_CONFLICT || status == LK_NOT_FOUND ? LK_OK : status;
}

/* Who asked takes it, unless it is addressed to a member of the police. */
static enum lk_status allow_pack(struct registry *r, const struct listing *l, struct deciding *d,
                                 desk_pack_make *make, void *ctx, struct lk_error *err)
{
    const struct desk_pack_wish *wish = l->requests[0].pack;
    struct buf bytes;
    buf_init(&bytes, lk_alloc_heap(), MAX_PACK_BYTES);
    enum lk_status status = make(ctx, d->by, wish, &bytes, err);
    d->case_id = wish->case_id;
    d->pack = (struct pack_row){
        .request = d->row,
        .staff = wish->liaison != 0 ? wish->liaison : l->asker,
        .until_ms = d->now_ms + DESK_PACK_DAYS * CLOCK_DAY_MS,
        .pack = (const uint8_t *)bytes.p,
        .n_pack = bytes.n,
    };
    if (status == LK_OK)
        status = store_write(r->store, write_decided, d, err);
    buf_fini(&bytes);
    return status;
}

struct making {
    desk_pack_make *make;
    void *ctx;
};

static enum lk_status decide(struct registry *r, struct deciding *d, const struct making *m,
                             struct arena *arena, struct desk_bulk *out, struct lk_error *err)
{
    struct listing l;
    TRY(find(r, d->by, d->row, arena, &l, err));
    if (l.n == 0)
        return FAIL(err, LK_NOT_FOUND, "nobody asked for that");
    if (l.requests[0].is_mine && d->allow)
        return FAIL(err, LK_DENIED, "what you asked for yourself is allowed by somebody else");
    if (d->allow && !d->by->has_secret)
        return FAIL(err, LK_DENIED, "the desk's key is not at hand: nothing can be written");
    if (l.requests[0].state != REQUEST_ASKED)
        return FAIL(err, LK_CONFLICT, "this was decided already");
    out->is_pack = l.requests[0].kind == REQUEST_PACK;
    if (out->is_pack && d->allow)
        return allow_pack(r, &l, d, m->make, m->ctx, err);
    TRY(store_write(r->store, write_decided, d, err)); /* first, so that it is done once */
    for (size_t i = 0; d->allow && i < l.requests[0].n_cases; i++)
        TRY(send_case(r, d->by, l.requests[0].cases[i], out, err));
    return LK_OK;
}

enum lk_status desk_request_decide(struct registry *r, const struct staff_hand *by, int64_t row,
                                   bool allow, desk_pack_make *make, void *ctx,
                                   struct desk_bulk *out, struct lk_error *err)
{
    struct arena arena;
    struct deciding d = {.by = by, .row = row, .allow = allow, .now_ms = clock_now_ms(&r->clock)};
    const struct making m = {make, ctx};
    *out = (struct desk_bulk){0};
    if (!staff_may(by->role, STAFF_MAY_DECIDE))
        return FAIL(err, LK_DENIED, "this account decides nothing");
    arena_init(&arena, lk_alloc_heap(), 4 << 20);
    enum lk_status status = decide(r, &d, &m, &arena, out, err);
    arena_fini(&arena);
    return status;
}
