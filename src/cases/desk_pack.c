#include "cases/desk_pack.h"

#include "base/err.h"
#include "cases/desk_act.h"
#include "cases/desk_inside.h"
#include "cases/desk_request_inside.h"
#include "store/pack_rows.h"

#include <string.h>

enum { STAFF_ARENA_BYTES = 4 << 20 };

/* ---- asking ---- */

static enum lk_status find_liaison(struct registry *r, const char *name, int64_t *out,
                                   struct lk_error *err)
{
    struct staff_member *members;
    struct arena arena;
    size_t n = 0;
    *out = 0;
    if (name == NULL || name[0] == '\0')
        return LK_OK;
    arena_init(&arena, lk_alloc_heap(), STAFF_ARENA_BYTES);
    enum lk_status status = staff_list(r, &arena, &members, &n, err);
    for (size_t i = 0; status == LK_OK && i < n; i++)
        if (members[i].role == STAFF_POLICE && !members[i].has_ended &&
            strcmp(members[i].name, name) == 0)
            *out = members[i].id;
    arena_fini(&arena);
    TRY(status);
    return *out != 0 ? LK_OK : FAIL(err, LK_INVALID, "no member of the police has this name here");
}

enum lk_status desk_pack_ask(struct registry *r, const struct staff_hand *by, const char *case_id,
                             unsigned whom, bool without_texts, const char *recipient,
                             const char *liaison, struct lk_error *err)
{
    struct desk_pack_wish wish = {.whom = (uint8_t)whom, .without_texts = without_texts};
    uint8_t id[STORE_ID_BYTES];
    TRY(desk_parse_id(case_id, id, err));
    memcpy(wish.case_id, case_id, DESK_CASE_CHARS);
    TRY(age_recipient_parse(recipient == NULL ? "" : recipient,
                            recipient == NULL ? 0 : strlen(recipient), &wish.recipient, err));
    TRY(find_liaison(r, liaison, &wish.liaison, err));
    return desk_request_pack(r, by, &wish, err);
}

/* ---- taking ---- */

struct taking {
    const struct staff_hand *by;
    int64_t request, now_ms;
    struct store_tx *tx;
    struct buf *out;
};

static enum lk_status hand_over(void *ctx, const struct pack_row *pack, struct lk_error *err)
{
    struct taking *t = ctx;
    if (pack->staff != t->by->staff)
        return FAIL(err, LK_DENIED, "this pack is addressed to somebody else");
    if (pack->until_ms <= t->now_ms)
        return FAIL(err, LK_NOT_FOUND, "this pack is not here any more");
    TRY(desk_act_put(t->tx, t->by, ACT_TOOK_PACK, pack->case_row, pack->request, t->now_ms, err));
    buf_clear(t->out);
    buf_put(t->out, pack->pack, pack->n_pack);
    return buf_status(t->out, "the pack", err);
}

static enum lk_status take(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct taking *t = ctx;
    t->tx = tx;
    return pack_row_get(tx, t->request, hand_over, t, err);
}

enum lk_status desk_pack_take(struct registry *r, const struct staff_hand *by, int64_t request,
                              struct buf *out, struct lk_error *err)
{
    struct taking t = {.by = by, .request = request, .now_ms = clock_now_ms(&r->clock), .out = out};
    return store_write(r->store, take, &t, err);
}

/* ---- listing ---- */

struct listing {
    struct arena *arena;
    int64_t staff, now_ms;
    struct desk_pack *packs;
    size_t n, room;
};

static enum lk_status add_pack(void *ctx, const struct pack_row *row, struct lk_error *err)
{
    struct listing *l = ctx;
    if (row->until_ms <= l->now_ms)
        return LK_OK;
    if (l->n == l->room) {
        size_t room = l->room == 0 ? 16 : 2 * l->room;
        struct desk_pack *more = arena_zalloc(l->arena, room, sizeof *more);
        if (more == NULL)
            return FAIL(err, LK_NOMEM, "no memory to list the packs");
        if (l->n > 0)
            memcpy(more, l->packs, l->n * sizeof *more);
        l->packs = more;
        l->room = room;
    }
    l->packs[l->n++] = (struct desk_pack){row->request, row->until_ms};
    return LK_OK;
}

static enum lk_status list(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct listing *l = ctx;
    l->n = 0;
    return pack_rows(tx, l->staff, add_pack, l, err);
}

enum lk_status desk_packs(struct registry *r, const struct staff_hand *by, struct arena *arena,
                          struct desk_pack **out, size_t *n, struct lk_error *err)
{
    struct listing l = {.arena = arena, .staff = by->staff, .now_ms = clock_now_ms(&r->clock)};
    *n = 0;
    if (by->staff == 0) /* the command line takes none */
        return LK_OK;
    TRY(store_read(r->store, list, &l, err));
    *out = l.packs;
    *n = l.n;
    return LK_OK;
}

static enum lk_status expire(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct registry *r = ctx;
    return pack_rows_expire(tx, clock_now_ms(&r->clock), err);
}

enum lk_status desk_packs_expire(struct registry *r, struct lk_error *err)
{
    return store_write(r->store, expire, r, err);
}
