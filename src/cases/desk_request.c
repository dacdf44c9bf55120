#include "cases/desk_request.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/desk_act.h"
#include "cases/desk_inside.h"
#include "cases/desk_plan.h"
#include "store/request_rows.h"

#include <string.h>

#define LABEL_REQUEST "desk_request.detail"

enum { MAX_REQUESTS = 50, MAX_DETAIL = DESK_BULK_MAX_CASES * STORE_ID_BYTES };

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

enum lk_status desk_request_letters(struct registry *r, const struct staff_hand *by,
                                    const char *const *cases, size_t n, struct lk_error *err)
{
    uint8_t ids[MAX_DETAIL], sealed[MAX_DETAIL + SEAL_OVERHEAD_BYTES];
    static const char name[] = "letters";
    struct asking a = {.by = by, .now_ms = clock_now_ms(&r->clock)};
    if (n == 0)
        return FAIL(err, LK_INVALID, "no case was chosen");
    if (n > DESK_BULK_MAX_CASES)
        return FAIL(err, LK_LIMIT, "at most %d cases at once", DESK_BULK_MAX_CASES);
    for (size_t i = 0; i < n; i++)
        TRY(desk_parse_id(cases[i], &ids[i * STORE_ID_BYTES], err));
    seal_put(keys_get(r->keys, KEY_STAFF), LABEL_REQUEST, SEAL_TEXT(name), ids, n * STORE_ID_BYTES,
             sealed);
    a.row = (struct request_row){
        .kind = REQUEST_LETTERS,
        .staff = by->staff,
        .asked_ms = a.now_ms,
        .state = REQUEST_ASKED,
        .detail = sealed,
        .n_detail = n * STORE_ID_BYTES + SEAL_OVERHEAD_BYTES,
    };
    return store_write(r->store, write_asked, &a, err);
}

struct listing {
    const struct registry *r;
    const struct staff_hand *by;
    struct arena *arena;
    int64_t row; /* 0: all */
    struct desk_request *requests;
    size_t n;
};

static enum lk_status open_cases(struct listing *l, const struct request_row *row,
                                 struct desk_request *out, struct lk_error *err)
{
    static const char name[] = "letters";
    uint8_t ids[MAX_DETAIL];
    size_t n = row->n_detail - SEAL_OVERHEAD_BYTES;
    if (row->n_detail < SEAL_OVERHEAD_BYTES || n > sizeof ids || n % STORE_ID_BYTES != 0 ||
        !seal_take(keys_get(l->r->keys, KEY_STAFF), LABEL_REQUEST, SEAL_TEXT(name), row->detail,
                   row->n_detail, ids))
        return FAIL(err, LK_CORRUPT, "what was asked for does not open");
    out->n_cases = n / STORE_ID_BYTES;
    char(*cases)[DESK_CASE_CHARS + 1] = arena_zalloc(l->arena, out->n_cases + 1, sizeof *cases);
    if (cases == NULL)
        return FAIL(err, LK_NOMEM, "no memory for what was asked for");
    for (size_t i = 0; i < out->n_cases; i++)
        hex_encode(&ids[i * STORE_ID_BYTES], STORE_ID_BYTES, cases[i]);
    out->cases = (const char(*)[DESK_CASE_CHARS + 1]) cases;
    return LK_OK;
}

static enum lk_status add_request(void *ctx, const struct request_row *row, struct lk_error *err)
{
    struct listing *l = ctx;
    struct desk_request *out = &l->requests[l->n++];
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
    return open_cases(l, row, out, err);
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
};

static enum lk_status write_decided(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct deciding *d = ctx;
    TRY(request_row_decide(tx, d->row, d->allow ? REQUEST_DONE : REQUEST_DECLINED, d->by->staff,
                           d->now_ms, err));
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

static enum lk_status decide(struct registry *r, const struct staff_hand *by, int64_t row,
                             bool allow, struct arena *arena, struct desk_bulk *out,
                             struct lk_error *err)
{
    struct listing l;
    struct deciding d = {.by = by, .row = row, .allow = allow, .now_ms = clock_now_ms(&r->clock)};
    TRY(find(r, by, row, arena, &l, err));
    if (l.n == 0)
        return FAIL(err, LK_NOT_FOUND, "nobody asked for that");
    if (l.requests[0].is_mine && allow)
        return FAIL(err, LK_DENIED, "what you asked for yourself is allowed by somebody else");
    if (allow && !by->has_secret)
        return FAIL(err, LK_DENIED, "the desk's key is not at hand: nothing can be written");
    TRY(store_write(r->store, write_decided, &d, err)); /* first, so that it is done once */
    for (size_t i = 0; allow && i < l.requests[0].n_cases; i++)
        TRY(send_case(r, by, l.requests[0].cases[i], out, err));
    return LK_OK;
}

enum lk_status desk_request_decide(struct registry *r, const struct staff_hand *by, int64_t row,
                                   bool allow, struct desk_bulk *out, struct lk_error *err)
{
    struct arena arena;
    *out = (struct desk_bulk){0};
    if (!staff_may(by->role, STAFF_MAY_DECIDE))
        return FAIL(err, LK_DENIED, "this account decides nothing");
    arena_init(&arena, lk_alloc_heap(), 4 << 20);
    enum lk_status status = decide(r, by, row, allow, &arena, out, err);
    arena_fini(&arena);
    return status;
}
