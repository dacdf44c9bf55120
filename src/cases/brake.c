#include "cases/brake_inside.h"

#include "base/err.h"
#include "cases/case_keys.h"
#include "cases/case_seal.h"
#include "cases/desk_act.h"
#include "cases/desk_inside.h"
#include "cases/match_show.h"
#include "store/desk_rows.h"
#include "store/entry_rows.h"
#include "store/mail_rows.h"
#include "store/partner_rows.h"

#include <string.h>
#include <strings.h>

#define LABEL_BRAKE_WHY "entry_brake.why"

enum brake_scope brake_scope_of(unsigned reason)
{
    switch (reason) {
    case REASON_SATIRE_OR_ART:
    case REASON_PUBLIC_INTEREST:
        return BRAKE_EVERYWHERE;
    case REASON_CONSENT_SHOWN:
    case REASON_NOT_INTIMATE:
    case REASON_UPLOADER_CONSENT:
    case REASON_UPLOADER_SELF:
    case REASON_UPLOADER_LAWFUL:
        return BRAKE_AT_PLATFORM;
    default:
        return BRAKE_NOWHERE;
    }
}

static enum lk_status put(struct store_tx *tx, const struct brake_decision *d,
                          const struct brake_row *brake, bool *braked, struct lk_error *err)
{
    bool added = false;
    TRY(brake_row_add(tx, brake, &added, err));
    *braked |= added;
    if (!added)
        return LK_OK;
    TRY(mail_row_news(tx, d->case_row, err));
    return desk_act_put(tx, d->by, ACT_BRAKED_FILE, d->case_row, brake->entry_row, d->now_ms, err);
}

/* ---- a notice ---- */

struct deciding {
    const struct brake_decision *decision;
    const uint8_t *key, *case_id;
    unsigned reason;       /* of the newest step that gives one */
    int64_t partner;       /* row; 0: not known here */
    const char *recipient; /* while partners are shown */
    struct store_tx *tx;
    int64_t entry; /* row of the file; 0: none found */
    unsigned n_in_force;
};

static enum lk_status see_step(void *ctx, const struct notice_step *step, struct lk_error *err)
{
    struct deciding *d = ctx;
    (void)err;
    if (step->notice == d->decision->notice && step->reason != 0)
        d->reason = step->reason;
    return LK_OK;
}

static enum lk_status see_partner(void *ctx, const struct partner_row *row, struct lk_error *err)
{
    struct deciding *d = ctx;
    (void)err;
    if (strlen(d->recipient) == row->n_name &&
        strncasecmp(d->recipient, row->name, row->n_name) == 0)
        d->partner = row->row;
    return LK_OK;
}

static enum lk_status see_recipient(void *ctx, const struct notice_row *row, struct lk_error *err)
{
    struct deciding *d = ctx;
    char name[NOTICE_MAX_RECIPIENT_BYTES + 1];
    size_t n = row->n_recipient - SEAL_OVERHEAD_BYTES;
    d->partner = row->partner;
    if (row->partner != 0 || row->n_recipient < SEAL_OVERHEAD_BYTES ||
        n > NOTICE_MAX_RECIPIENT_BYTES ||
        !seal_take(d->key, LABEL_RECIPIENT, (struct seal_part){d->case_id, STORE_ID_BYTES},
                   row->recipient, row->n_recipient, (uint8_t *)name))
        return LK_OK;
    name[n] = '\0';
    d->recipient = name;
    enum lk_status status = partner_row_each(d->tx, see_partner, d, err);
    d->recipient = NULL;
    return status;
}

static enum lk_status see_entry(void *ctx, const struct entry_row *entry, size_t n_matches,
                                struct lk_error *err)
{
    struct deciding *d = ctx;
    (void)n_matches, (void)err;
    if (!entry->in_force)
        return LK_OK;
    d->n_in_force++;
    if (d->decision->item == 0 || d->decision->item == entry->number)
        d->entry = entry->row;
    return LK_OK;
}

static enum lk_status find_file(struct deciding *d, struct lk_error *err)
{
    unsigned item = d->decision->item;
    if (item == BRAKE_NO_ITEM)
        return LK_OK;
    TRY(entry_rows_of_case(d->tx, d->decision->case_row, see_entry, d, err));
    if (item == 0 && d->n_in_force > 1)
        return FAIL(err, LK_INVALID,
                    "the case has %u files: say which one the refusal is about, or none",
                    d->n_in_force);
    if (item != 0 && d->entry == 0)
        return FAIL(err, LK_INVALID, "the case has no file %u that is looked for", item);
    return LK_OK;
}

enum lk_status brake_accept_notice(struct store_tx *tx, struct registry *r,
                                   const struct brake_decision *decision, bool *braked,
                                   struct lk_error *err)
{
    struct deciding d = {.decision = decision, .tx = tx};
    struct case_row c;
    uint8_t key[SEAL_KEY_BYTES];
    TRY(notice_steps_of_case(tx, decision->case_row, see_step, &d, err));
    enum brake_scope scope = brake_scope_of(d.reason);
    if (scope == BRAKE_NOWHERE)
        return LK_OK;
    TRY(find_file(&d, err));
    TRY(case_row_get(tx, decision->case_row, &c, err));
    TRY(case_unwrap_by_master(r, c.public_id, c.key_by_master, sizeof c.key_by_master, key, err));
    d.key = key;
    d.case_id = c.public_id;
    enum lk_status status = notice_row_get(tx, decision->notice, see_recipient, &d, err);
    seal_wipe(key, sizeof key);
    TRY(status);
    if (d.entry == 0 || (scope == BRAKE_AT_PLATFORM && d.partner == 0))
        return LK_OK;
    const struct brake_row brake = {
        .entry_row = d.entry,
        .partner = scope == BRAKE_EVERYWHERE ? 0 : d.partner,
        .reason = d.reason,
        .notice = decision->notice,
        .staff = decision->by->staff,
        .since_ms = decision->now_ms,
    };
    return put(tx, decision, &brake, braked, err);
}

struct lifting {
    int64_t brake, notice; /* which: one of them */
    struct brake_row found[CASE_MAX_ITEMS];
    size_t n;
    bool was_lifted;
};

static enum lk_status keep(void *ctx, const struct brake_row *row, struct lk_error *err)
{
    struct lifting *l = ctx;
    bool is_it = l->brake != 0 ? row->row == l->brake : row->notice == l->notice;
    (void)err;
    l->was_lifted |= is_it && row->lifted_ms != 0;
    if (!is_it || row->lifted_ms != 0 || l->n == CASE_MAX_ITEMS)
        return LK_OK;
    l->found[l->n] = *row;
    l->found[l->n].why = NULL;
    l->found[l->n++].partner_name = NULL;
    return LK_OK;
}

static enum lk_status lift_all(struct store_tx *tx, const struct brake_decision *d,
                               const struct lifting *l, const uint8_t *why, size_t n_why,
                               struct lk_error *err)
{
    for (size_t i = 0; i < l->n; i++) {
        TRY(brake_row_lift(tx, &l->found[i], d->now_ms, why, n_why, err));
        TRY(desk_act_put(tx, d->by, ACT_LIFTED_BRAKE, d->case_row, l->found[i].entry_row, d->now_ms,
                         err));
    }
    return l->n == 0 ? LK_OK : mail_row_news(tx, d->case_row, err);
}

enum lk_status brake_lift_notice(struct store_tx *tx, const struct brake_decision *decision,
                                 bool *lifted, struct lk_error *err)
{
    struct lifting l = {.notice = decision->notice};
    TRY(brake_rows_of_case(tx, decision->case_row, keep, &l, err));
    *lifted = l.n > 0;
    return lift_all(tx, decision, &l, NULL, 0, err);
}

/* ---- by the desk ---- */

struct changing {
    struct registry *r;
    const struct staff_hand *by;
    uint8_t case_id[STORE_ID_BYTES], match_id[STORE_ID_BYTES];
    int64_t brake;
    const char *why;
    struct match_row match;
    bool has_it; /* this member has the case */
};

static enum lk_status see_match(void *ctx, const struct match_row *row, struct lk_error *err)
{
    struct changing *c = ctx;
    (void)err;
    c->match = *row;
    return LK_OK;
}

static enum lk_status see_who(void *ctx, const struct desk_row *row, struct lk_error *err)
{
    struct changing *c = ctx;
    (void)err;
    c->has_it = c->by->staff != 0 && row->staff == c->by->staff;
    return LK_OK;
}

static enum lk_status check_match(struct store_tx *tx, struct changing *c,
                                  const struct case_row *row, struct lk_error *err)
{
    TRY(match_row_find(tx, c->match_id, see_match, c, err));
    if (c->match.case_row != row->row)
        return FAIL(err, LK_NOT_FOUND, "no match with this id");
    if (c->match.state != MATCH_REFUSED && c->match.state != MATCH_DISPUTED)
        return FAIL(err, LK_CONFLICT, "a match that is '%s' was not refused",
                    match_state_name(c->match.state));
    if (brake_scope_of(c->match.reason) == BRAKE_NOWHERE)
        return FAIL(err, LK_CONFLICT, "the reason '%s' says nothing about the file",
                    match_reason_name(c->match.reason));
    TRY(desk_row_get(tx, row->row, see_who, c, err));
    if (c->has_it)
        return FAIL(err, LK_CONFLICT,
                    "whether a refusal is accepted is decided by a second person: ask a colleague");
    return LK_OK;
}

static enum lk_status accept_match(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct changing *c = ctx;
    struct case_row row;
    bool braked = false;
    TRY(case_row_by_id(tx, c->case_id, &row, err));
    TRY(check_match(tx, c, &row, err));
    const struct brake_decision d = {
        .by = c->by, .case_row = row.row, .now_ms = clock_now_ms(&c->r->clock)};
    bool everywhere = brake_scope_of(c->match.reason) == BRAKE_EVERYWHERE;
    const struct brake_row brake = {
        .entry_row = c->match.entry_row,
        .partner = everywhere ? 0 : c->match.partner_row,
        .reason = c->match.reason,
        .staff = c->by->staff,
        .since_ms = d.now_ms,
    };
    TRY(put(tx, &d, &brake, &braked, err));
    return braked ? LK_OK : FAIL(err, LK_CONFLICT, "the file is braked already");
}

enum lk_status brake_accept_match(struct registry *r, const struct staff_hand *by,
                                  const char *case_id, const char *match, struct lk_error *err)
{
    struct changing c = {.r = r, .by = by};
    TRY(desk_parse_id(case_id, c.case_id, err));
    TRY(match_read_id(match, strlen(match), c.match_id, err));
    TRY(store_write(r->store, accept_match, &c, err));
    registry_committed(r);
    return LK_OK;
}

static enum lk_status lift(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct changing *c = ctx;
    struct case_row row;
    struct lifting l = {.brake = c->brake};
    uint8_t key[SEAL_KEY_BYTES], sealed[CASE_TEXT_MAX_BYTES + SEAL_OVERHEAD_BYTES];
    size_t n = strlen(c->why);
    TRY(case_row_by_id(tx, c->case_id, &row, err));
    if (!row.has_keys)
        return FAIL(err, LK_CONFLICT, "the case is closed");
    TRY(brake_rows_of_case(tx, row.row, keep, &l, err));
    if (l.n == 0)
        return l.was_lifted ? FAIL(err, LK_CONFLICT, "the brake was lifted already")
                            : FAIL(err, LK_NOT_FOUND, "the case has no such brake");
    TRY(case_unwrap_by_master(c->r, row.public_id, row.key_by_master, sizeof row.key_by_master, key,
                              err));
    seal_put(key, LABEL_BRAKE_WHY, (struct seal_part){row.public_id, STORE_ID_BYTES}, c->why, n,
             sealed);
    seal_wipe(key, sizeof key);
    const struct brake_decision d = {
        .by = c->by, .case_row = row.row, .now_ms = clock_now_ms(&c->r->clock)};
    return lift_all(tx, &d, &l, sealed, n + SEAL_OVERHEAD_BYTES, err);
}

enum lk_status brake_lift(struct registry *r, const struct staff_hand *by, const char *case_id,
                          int64_t brake, const char *why, struct lk_error *err)
{
    struct changing c = {.r = r, .by = by, .brake = brake, .why = why};
    if (why[0] == '\0')
        return FAIL(err, LK_INVALID, "say why the brake is lifted");
    TRY(refusal_check_text(why, strlen(why), CASE_TEXT_MAX_BYTES, "the reason", err));
    TRY(desk_parse_id(case_id, c.case_id, err));
    TRY(store_write(r->store, lift, &c, err));
    registry_committed(r);
    return LK_OK;
}

enum lk_status brake_show(struct arena *arena, const uint8_t *key,
                          const uint8_t case_id[STORE_ID_BYTES], const struct brake_row *row,
                          struct brake *out, struct lk_error *err)
{
    struct seal_part plain;
    *out = (struct brake){
        .row = row->row,
        .item = row->item,
        .reason = row->reason,
        .since_ms = row->since_ms,
        .lifted_ms = row->lifted_ms,
    };
    if (row->partner_name != NULL) {
        out->partner = arena_copy(arena, row->partner_name, row->n_partner_name);
        if (out->partner == NULL)
            return FAIL(err, LK_NOMEM, "no memory for a brake");
    }
    if (row->why == NULL || key == NULL)
        return LK_OK;
    TRY(case_open_text(arena, key, LABEL_BRAKE_WHY, (struct seal_part){case_id, STORE_ID_BYTES},
                       row->why, row->n_why, &plain, err));
    out->why = plain.p;
    return LK_OK;
}
