#include "cases/recheck.h"

#include "base/err.h"
#include "base/url.h"
#include "cases/case_seal.h"
#include "cases/desk_inside.h"
#include "cases/notice.h"
#include "law/target.h"
#include "store/check_rows.h"
#include "sys/rand.h"

#include <string.h>

#define HOUR_MS      INT64_C(3600000)
#define MAX_PAUSE_MS (7 * CLOCK_DAY_MS)

enum { MAX_OF_CASE = 1024, BACK_AFTER = 2, MAX_DOUBLINGS = 3 };

const char *recheck_result_name(unsigned result)
{
    static const char *const names[] = {"none", "up", "gone", "unclear"};
    return result <= RECHECK_UNCLEAR ? names[result] : "none";
}

enum recheck_result recheck_judge(const struct fetch_result *answer)
{
    bool has_answer = answer->end == FETCH_DONE || answer->end == FETCH_CUT;
    if (!has_answer || answer->host_changed || answer->path_changed)
        return RECHECK_UNCLEAR;
    if (answer->status == 404 || answer->status == 410 || answer->status == 451)
        return RECHECK_GONE;
    return answer->status >= 200 && answer->status < 300 ? RECHECK_UP : RECHECK_UNCLEAR;
}

int64_t recheck_pause_ms(int64_t every_ms, unsigned n_same)
{
    unsigned doublings = n_same > 1 ? n_same - 1 : 0;
    int64_t pause_ms = every_ms << (doublings < MAX_DOUBLINGS ? doublings : MAX_DOUBLINGS);
    int64_t most_ms = every_ms > MAX_PAUSE_MS ? every_ms : MAX_PAUSE_MS;
    return pause_ms < most_ms ? pause_ms : most_ms;
}

/* A tenth more or less. */
static int64_t with_jitter(int64_t pause_ms)
{
    return pause_ms - pause_ms / 10 + (int64_t)rand_below((uint64_t)pause_ms / 5 + 1);
}

static unsigned states_looked_at(void)
{
    unsigned states = 1U << NOTICE_REMOVED;
    for (unsigned i = 1; i < NOTICE_N_STATES; i++)
        if (notice_is_waiting(i))
            states |= 1U << i;
    return states;
}

/* Whom the content itself was reported to: a search engine's answer does not take the page away. */
static const unsigned targets_looked_at =
    1U << LAW_TARGET_PLATFORM | 1U << LAW_TARGET_HOST | 1U << LAW_TARGET_NETWORK;

struct due {
    struct check_row row; /* its place is NULL */
    const char *url;      /* NULL: no address of the web, or damaged */
    const char *host;
    size_t n_host;
    unsigned n_before; /* of the same host */
};

struct looking {
    struct registry *r;
    struct arena *arena;
    int64_t now_ms;
    struct due *due;
    size_t n;
};

static enum lk_status no_room(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for the addresses that are looked at");
}

static enum lk_status open_place(struct looking *l, const struct check_row *row,
                                 struct seal_part *out, struct lk_error *err)
{
    uint8_t key[SEAL_KEY_BYTES];
    TRY(case_unwrap_by_master(l->r, row->public_id, row->key_by_master, sizeof row->key_by_master,
                              key, err));
    enum lk_status status = case_open_text(l->arena, key, LABEL_PLACE,
                                           (struct seal_part){row->public_id, STORE_ID_BYTES},
                                           row->place, row->n_place, out, err);
    seal_wipe(key, sizeof key);
    return status;
}

static bool same_host(const struct due *a, const struct due *b)
{
    return a->url != NULL && b->url != NULL && a->n_host == b->n_host &&
           memcmp(a->host, b->host, a->n_host) == 0;
}

static enum lk_status keep_due(void *ctx, const struct check_row *row, struct lk_error *err)
{
    struct looking *l = ctx;
    struct due *d = &l->due[l->n];
    struct seal_part typed = {0};
    *d = (struct due){.row = *row};
    d->row.place = NULL;
    enum lk_status status = open_place(l, row, &typed, err);
    if (status == LK_CORRUPT) { /* one damaged address keeps nobody from the others */
        l->n++;
        return LK_OK;
    }
    TRY(status);
    char *normal = arena_alloc(l->arena, URL_ROOM(typed.n));
    if (normal == NULL)
        return no_room(err);
    if (url_normalise(typed.p, typed.n, normal)) {
        const char *begin = (const char *)typed.p + strspn(typed.p, " \t\r\n");
        d->host = url_host(normal, &d->n_host);
        d->url = arena_copy(l->arena, begin, strcspn(begin, " \t\r\n"));
        if (d->url == NULL)
            return no_room(err);
    }
    for (size_t i = 0; i < l->n; i++)
        d->n_before += same_host(&l->due[i], d);
    l->n++;
    return LK_OK;
}

/* Puts off what is not for this round. */
static enum lk_status pick_due(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct looking *l = ctx;
    const struct check_query query = {
        .now_ms = l->now_ms,
        .states = states_looked_at(),
        .targets = targets_looked_at,
        .limit = RECHECK_MAX_DUE,
    };
    l->n = 0;
    TRY(check_rows_due(tx, &query, keep_due, l, err));
    for (size_t i = 0; i < l->n; i++) {
        struct due *d = &l->due[i];
        if (d->url != NULL && d->n_before == 0)
            continue;
        d->row.next_ms = d->url == NULL ? 0 : l->now_ms + d->n_before * RECHECK_ROUND_S * 1000LL;
        TRY(check_row_put(tx, &d->row, err));
    }
    return LK_OK;
}

enum lk_status recheck_due(struct registry *r, struct arena *arena, struct recheck_place **out,
                           size_t *n, struct lk_error *err)
{
    struct looking l = {.r = r, .arena = arena, .now_ms = clock_now_ms(&r->clock)};
    l.due = arena_zalloc(arena, RECHECK_MAX_DUE, sizeof *l.due);
    *out = arena_zalloc(arena, RECHECK_MAX_DUE, sizeof **out);
    *n = 0;
    if (l.due == NULL || *out == NULL)
        return no_room(err);
    TRY(store_write(r->store, pick_due, &l, err));
    for (size_t i = 0; i < l.n; i++) {
        const struct due *d = &l.due[i];
        if (d->url != NULL && d->n_before == 0)
            (*out)[(*n)++] = (struct recheck_place){d->row.notice, d->url, d->host, d->n_host};
    }
    return LK_OK;
}

struct noting {
    int64_t notice, now_ms, every_ms;
    const struct fetch_result *answer;
    struct check_row row;
    bool found, is_back;
};

static enum lk_status keep_row(void *ctx, const struct check_row *row, struct lk_error *err)
{
    struct noting *c = ctx;
    (void)err;
    c->row = *row;
    c->row.place = NULL;
    c->found = true;
    return LK_OK;
}

static enum lk_status note_look(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct noting *c = ctx;
    c->found = c->is_back = false;
    TRY(check_row_of_notice(tx, c->notice, keep_row, c, err));
    if (!c->found || (states_looked_at() & 1U << c->row.state) == 0)
        return LK_OK;
    enum recheck_result result = recheck_judge(c->answer);
    bool is_same = c->row.result == result && c->row.changed_ms <= c->row.at_ms;
    bool is_up_again = c->row.state == NOTICE_REMOVED && result == RECHECK_UP;
    c->row.n_same = is_same ? c->row.n_same + 1 : 1;
    c->row.n_up = !is_up_again ? 0 : is_same ? c->row.n_up + 1 : 1;
    c->row.result = result;
    c->row.status = c->answer->status;
    c->row.at_ms = c->now_ms;
    int64_t pause_ms = recheck_pause_ms(c->every_ms, c->row.n_same);
    if (is_up_again && pause_ms > HOUR_MS)
        pause_ms = HOUR_MS; /* the second look soon */
    c->row.next_ms = c->now_ms + with_jitter(pause_ms);
    c->is_back = c->row.n_up >= BACK_AFTER;
    return check_row_put(tx, &c->row, err);
}

enum lk_status recheck_note(struct registry *r, int64_t every_ms, int64_t notice,
                            const struct fetch_result *answer, struct lk_error *err)
{
    struct noting c = {
        .notice = notice,
        .now_ms = clock_now_ms(&r->clock),
        .every_ms = every_ms,
        .answer = answer,
    };
    TRY(store_write(r->store, note_look, &c, err));
    return c.is_back ? notice_seen_again(r, notice, err) : LK_OK;
}

struct viewing {
    uint8_t id[STORE_ID_BYTES];
    struct recheck_view *views;
    size_t n;
};

static enum lk_status keep_view(void *ctx, const struct check_row *row, struct lk_error *err)
{
    struct viewing *v = ctx;
    (void)err;
    if (v->n < MAX_OF_CASE)
        v->views[v->n++] = (struct recheck_view){row->notice, row->text_number, row->result,
                                                 row->status, row->at_ms};
    return LK_OK;
}

static enum lk_status read_views(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct viewing *v = ctx;
    struct case_row row;
    TRY(case_row_by_id(tx, v->id, &row, err));
    return check_rows_of_case(tx, row.row, keep_view, v, err);
}

enum lk_status recheck_of_case(struct registry *r, const char *case_id, struct arena *arena,
                               struct recheck_view **out, size_t *n, struct lk_error *err)
{
    struct viewing v = {.n = 0};
    TRY(desk_parse_id(case_id, v.id, err));
    v.views = arena_zalloc(arena, MAX_OF_CASE, sizeof *v.views);
    if (v.views == NULL)
        return no_room(err);
    TRY(store_read(r->store, read_views, &v, err));
    *out = v.views;
    *n = v.n;
    return LK_OK;
}
