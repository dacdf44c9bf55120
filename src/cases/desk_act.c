#include "cases/desk_act.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/registry_inside.h"

#include <string.h>

const char *desk_act_words(unsigned act)
{
    /* in the catalogues */
    static const char *const words[ACT_N_KINDS] = {
        [ACT_SIGNED_IN] = "signed in",
        [ACT_SIGN_IN_FAILED] = "failed to sign in",
        [ACT_SIGNED_OUT] = "signed out",
        [ACT_CHOSE_PASSWORD] = "chose a password",
        [ACT_READ_CASE] = "read a case",
        [ACT_OPENED_LINK] = "opened a link",
        [ACT_READ_LETTER] = "read a letter",
        [ACT_NOTED_FACTS] = "noted facts",
        [ACT_WROTE_MESSAGE] = "wrote to the person",
        [ACT_WROTE_NOTE] = "wrote a note",
        [ACT_ADDED_LINKS] = "added addresses",
        [ACT_TOOK_CASE] = "took or gave a case",
        [ACT_SENT_LETTER] = "sent a letter",
        [ACT_SETTLED_LETTER] = "settled a letter",
        [ACT_MARKED_NOTICE] = "marked a notice",
        [ACT_DECIDED_DISPUTE] = "decided a dispute",
        [ACT_ASKED_SECOND] = "asked for a second opinion",
        [ACT_ALLOWED] = "allowed what was asked",
        [ACT_DECLINED] = "declined what was asked",
        [ACT_TOOK_PACK] = "took an evidence pack",
        [ACT_ADDED_STAFF] = "added an account",
        [ACT_ENDED_STAFF] = "ended an account",
        [ACT_RESET_STAFF] = "reset an account",
        [ACT_DECLINED_LINK] = "declined a proposed address",
        [ACT_SENT_BY_RULE] = "sent a letter, by the clock and the operator's rule",
        [ACT_STOPPED_LETTER] = "stopped a letter that waited for a clock",
        [ACT_BRAKED_FILE] = "braked a file",
        [ACT_LIFTED_BRAKE] = "lifted the brake of a file",
        [ACT_PREPARED_LETTER] = "prepared a letter that waits for a clock",
        [ACT_HANDED_KEY] = "handed the desk's key on",
    };
    return act > 0 && act < ACT_N_KINDS ? words[act] : "unknown";
}

enum lk_status desk_act_put(struct store_tx *tx, const struct staff_hand *by, unsigned act,
                            int64_t case_row, int64_t subject, int64_t now_ms, struct lk_error *err)
{
    const struct act_row row = {
        .staff = by->staff, .case_row = case_row, .subject = subject, .at_ms = now_ms, .act = act};
    return act_row_add(tx, &row, err);
}

struct listing {
    struct arena *arena;
    int64_t staff, before;
    size_t limit, n;
    struct desk_act_entry *entries;
};

static enum lk_status add_entry(void *ctx, const struct act_row *row, struct lk_error *err)
{
    static const uint8_t none[STORE_ID_BYTES];
    struct listing *l = ctx;
    struct desk_act_entry *out = &l->entries[l->n++];
    *out = (struct desk_act_entry){
        .row = row->row, .at_ms = row->at_ms, .subject = row->subject, .act = row->act};
    if (row->staff_name != NULL) {
        out->staff = arena_copy(l->arena, row->staff_name, row->n_staff_name);
        if (out->staff == NULL)
            return FAIL(err, LK_NOMEM, "no memory for the trail");
    }
    if (memcmp(row->case_id, none, sizeof none) != 0)
        hex_encode(row->case_id, sizeof row->case_id, out->case_id);
    return LK_OK;
}

static enum lk_status list_acts(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct listing *l = ctx;
    return act_rows(tx, l->staff, 0, l->before, l->limit, add_entry, l, err);
}

enum lk_status desk_acts(struct registry *r, int64_t staff, int64_t before, size_t limit,
                         struct arena *arena, struct desk_act_entry **out, size_t *n,
                         struct lk_error *err)
{
    struct listing l = {.arena = arena, .staff = staff, .before = before, .limit = limit};
    l.entries = arena_zalloc(arena, limit + 1, sizeof *l.entries);
    if (l.entries == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the trail");
    TRY(store_read(r->store, list_acts, &l, err));
    *out = l.entries;
    *n = l.n;
    return LK_OK;
}

enum { MAX_DAYS = 366 };

struct counting {
    int64_t staff, since_ms;
    bool links; /* which of the two is being counted */
    struct desk_exposure *days;
    size_t n, cap;
};

static enum lk_status add_day(void *ctx, const struct act_day *row, struct lk_error *err)
{
    struct counting *c = ctx;
    size_t i = 0;
    (void)err;
    while (i < c->n && c->days[i].day_ms != row->day_ms)
        i++;
    if (i == c->cap)
        return LK_OK;
    if (i == c->n)
        c->days[c->n++] = (struct desk_exposure){.day_ms = row->day_ms};
    *(c->links ? &c->days[i].n_links : &c->days[i].n_cases) = row->n;
    return LK_OK;
}

static enum lk_status count_days(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct counting *c = ctx;
    TRY(act_days(tx, c->staff, ACT_READ_CASE, c->since_ms, add_day, c, err));
    c->links = true;
    return act_days(tx, c->staff, ACT_OPENED_LINK, c->since_ms, add_day, c, err);
}

enum lk_status desk_exposures(struct registry *r, int64_t staff, unsigned n_days,
                              struct arena *arena, struct desk_exposure **out, size_t *n,
                              struct lk_error *err)
{
    if (n_days > MAX_DAYS)
        return FAIL(err, LK_LIMIT, "at most %d days", MAX_DAYS);
    int64_t today_ms = clock_day_start_ms(clock_now_ms(&r->clock));
    struct counting c = {.staff = staff, .cap = n_days + 1};
    c.since_ms = today_ms - ((int64_t)n_days - 1) * CLOCK_DAY_MS;
    c.days = arena_zalloc(arena, c.cap, sizeof *c.days);
    if (c.days == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the exposure log");
    TRY(store_read(r->store, count_days, &c, err));
    *out = c.days;
    *n = c.n;
    return LK_OK;
}
