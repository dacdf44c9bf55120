#include "cases/listing.h"

#include "base/err.h"
#include "cases/case_seal.h"
#include "cases/entry_name.h"
#include "store/brake_rows.h"
#include "store/listing_rows.h"

#include <string.h>

#define LABEL_LISTED    "listed.prints"
#define LABEL_SUBMITTED "submitted.print"

enum {
    STEP = 5000, /* changes of one transaction */
    PRINT_BYTES = 1 + LK_DIGEST_BYTES,
    OPEN_BYTES = LISTING_MAX_PRINTS * PRINT_BYTES,
    ARENA_BYTES = 64 << 20,
};

static const char *const protocol_names[] = {"stopncii", "ncmec", "threatexchange"};

const char *listing_protocol_name(unsigned protocol)
{
    for (unsigned i = 0; i < 3; i++)
        if (protocol == 1u << i)
            return protocol_names[i];
    return "unknown";
}

unsigned listing_protocol_from_name(const char *name, size_t n)
{
    for (unsigned i = 0; i < 3; i++)
        if (strlen(protocol_names[i]) == n && memcmp(protocol_names[i], name, n) == 0)
            return 1u << i;
    return 0;
}

static void hash_print(const struct registry *r, const struct listing_print *print,
                       uint8_t hash[SEAL_HASH_BYTES])
{
    const struct seal_part parts[] = {{&print->type, 1}, {print->bytes, sizeof print->bytes}};
    keys_hash(r->keys, KEY_LISTED, parts, 2, hash, SEAL_HASH_BYTES);
}

/* ---- following the log ---- */

struct following {
    struct registry *r;
    struct store_tx *tx;
    struct arena arena;
    struct listing_state state;
    int64_t now_s;
    bool more;
};

/* The picture's whole print as it is, and digests of files; not prints that a flat picture has. */
static size_t prints_of(const struct lk_sequence *seq, struct listing_print *out)
{
    static const uint8_t types[] = {[LK_DIGEST_MD5] = LISTING_MD5, [LK_DIGEST_SHA1] = LISTING_SHA1};
    size_t n = 0;
    for (size_t i = 0; i < seq->n_records && n == 0 && seq->medium == LK_IMAGE; i++) {
        const struct lk_record *record = &seq->records[i];
        if (record->kind != LK_WHOLE || record->frame.turn != 0 || record->quality < LK_MIN_QUALITY)
            continue;
        out[n] = (struct listing_print){.type = LISTING_PDQ};
        lk_print_to_bytes(&record->print, out[n++].bytes);
    }
    for (size_t i = 0; i < seq->n_digests && n < LISTING_MAX_PRINTS; i++) {
        const struct lk_digest *digest = &seq->digests[i];
        if (digest->type >= sizeof types || types[digest->type] == 0)
            continue;
        out[n] = (struct listing_print){.type = types[digest->type]};
        memcpy(out[n++].bytes, digest->bytes, LK_DIGEST_BYTES);
    }
    return n;
}

static enum lk_status put_prints(struct following *f, const struct change *c,
                                 struct listing_row *row, const struct listing_print *prints,
                                 size_t n, struct lk_error *err)
{
    uint8_t open[OPEN_BYTES], sealed[OPEN_BYTES + SEAL_OVERHEAD_BYTES], hash[SEAL_HASH_BYTES];
    const struct seal_part id = {c->entry_id, STORE_ID_BYTES};
    for (size_t i = 0; i < n; i++) {
        open[i * PRINT_BYTES] = prints[i].type;
        memcpy(open + i * PRINT_BYTES + 1, prints[i].bytes, LK_DIGEST_BYTES);
    }
    seal_put(keys_get(f->r->keys, KEY_LISTED), LABEL_LISTED, id, open, n * PRINT_BYTES, sealed);
    row->prints = sealed;
    row->n_prints = n * PRINT_BYTES + SEAL_OVERHEAD_BYTES;
    TRY(listing_row_put(f->tx, row, err));
    for (size_t i = 0; i < n; i++) {
        hash_print(f->r, &prints[i], hash);
        TRY(listing_print_put(f->tx, row->entry_row, hash, err));
    }
    return LK_OK;
}

static enum lk_status add(struct following *f, const struct change *c, struct listing_row *row,
                          struct lk_error *err)
{
    struct lk_sequence seq;
    uint8_t key[SEAL_KEY_BYTES];
    struct listing_print prints[LISTING_MAX_PRINTS];
    if (c->record == NULL || c->key_by_master == NULL)
        return LK_OK; /* withdrawn by now, and never listed */
    TRY(case_unwrap_by_master(f->r, c->case_id, c->key_by_master, c->n_key_by_master, key, err));
    arena_init(&f->arena, lk_alloc_heap(), ARENA_BYTES);
    enum lk_status status =
        case_open_entry(&f->arena, key, c->entry_id, c->record, c->n_record, &seq, err);
    seal_wipe(key, sizeof key);
    if (status == LK_OK) {
        size_t n = prints_of(&seq, prints);
        row->is_video = seq.medium == LK_VIDEO;
        if (n > 0)
            status = put_prints(f, c, row, prints, n, err);
    }
    arena_fini(&f->arena);
    return status;
}

static enum lk_status follow_one(void *ctx, const struct change *c, struct lk_error *err)
{
    struct following *f = ctx;
    struct listing_row row = {
        .entry_row = c->entry_row,
        .n = ++f->state.n,
        .at_s = f->state.at_s,
        .is_withdrawn = c->op == CHANGE_WITHDRAW,
        .tier = c->tier,
        .scope = c->scope,
    };
    f->state.seq = c->seq;
    return c->op == CHANGE_ADD ? add(f, c, &row, err) : listing_row_change(f->tx, &row, err);
}

static enum lk_status follow(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct following *f = ctx;
    uint64_t last = 0;
    f->tx = tx;
    TRY(listing_state_get(tx, &f->state, err));
    uint64_t first = f->state.seq;
    if (f->state.at_s < f->now_s)
        f->state.at_s = f->now_s;
    if (f->state.at_s <= f->state.told_s)
        f->state.at_s = f->state.told_s + 1;
    TRY(store_changes_after(tx, f->state.seq, STEP, follow_one, f, err));
    TRY(change_last(tx, &last, err));
    f->more = last > f->state.seq && f->state.seq > first;
    TRY(listing_rows_forget(tx, f->now_s - (int64_t)LISTING_KEPT_DAYS * 86400, err));
    return f->state.seq == first ? LK_OK : listing_state_put(tx, &f->state, err);
}

static enum lk_status look(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct following *f = ctx;
    uint64_t last = 0;
    TRY(listing_state_get(tx, &f->state, err));
    TRY(change_last(tx, &last, err));
    f->more = last > f->state.seq;
    return LK_OK;
}

static enum lk_status catch_up(struct registry *r, struct lk_error *err)
{
    struct following f = {.r = r, .now_s = clock_now_ms(&r->clock) / 1000};
    TRY(store_read(r->store, look, &f, err));
    while (f.more)
        TRY(store_write(r->store, follow, &f, err));
    return LK_OK;
}

struct telling {
    int64_t until_s;
};

static enum lk_status tell(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct telling *t = ctx;
    struct listing_state state;
    TRY(listing_state_get(tx, &state, err));
    if (state.told_s >= t->until_s)
        return LK_OK;
    state.told_s = t->until_s;
    return listing_state_put(tx, &state, err);
}

/* Before an answer that has all up to a time: from now on nothing is dated so early. */
static enum lk_status say_all(struct registry *r, int64_t until_s, struct lk_error *err)
{
    int64_t now_s = clock_now_ms(&r->clock) / 1000;
    struct telling t = {until_s < now_s ? until_s : now_s};
    struct following f = {.r = r};
    TRY(store_read(r->store, look, &f, err));
    return f.state.told_s < t.until_s ? store_write(r->store, tell, &t, err) : LK_OK;
}

/* ---- switches ---- */

struct allowing {
    int64_t partner;
    unsigned protocols, least_tier;
};

static enum lk_status allow(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct allowing *a = ctx;
    bool any = false;
    TRY(protocol_row_put(tx, a->partner, a->protocols, a->least_tier, err));
    TRY(protocol_rows_any(tx, &any, err));
    return any ? LK_OK : listing_rows_forget(tx, INT64_MAX, err);
}

enum lk_status listing_allow(struct registry *r, const char *name, unsigned protocols,
                             unsigned least_tier, struct lk_error *err)
{
    struct arena arena;
    struct partner *partners;
    size_t n = 0;
    struct allowing a = {.protocols = protocols, .least_tier = least_tier};
    arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
    enum lk_status status = partner_list(r, &arena, &partners, &n, err);
    size_t i = 0;
    while (status == LK_OK && i < n && strcmp(partners[i].name, name) != 0)
        i++;
    if (status == LK_OK && i == n)
        status = FAIL(err, LK_NOT_FOUND, "no partner is named '%.100s'", name);
    else if (status == LK_OK && partners[i].role != PARTNER_PLATFORM &&
             partners[i].role != PARTNER_PEER)
        status = FAIL(err, LK_INVALID, "lists of hashes are for platforms and peers");
    if (status == LK_OK) {
        a.partner = partners[i].id;
        status = store_write(r->store, allow, &a, err);
    }
    arena_fini(&arena);
    return status;
}

static enum lk_status get_switches(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct allowing *a = ctx;
    return protocol_row_get(tx, a->partner, &a->protocols, &a->least_tier, err);
}

enum lk_status listing_check(struct registry *r, const struct partner *partner, unsigned protocol,
                             struct lk_error *err)
{
    struct allowing a = {.partner = partner->id};
    TRY(store_read(r->store, get_switches, &a, err));
    return (a.protocols & protocol) != 0
               ? LK_OK
               : FAIL(err, LK_DENIED,
                      "this key may not use %s: the operator can allow it (partner protocols)",
                      listing_protocol_name(protocol));
}

/* ---- reading ---- */

struct reading {
    struct registry *r;
    struct store_tx *tx;
    struct listing_range range;
    bool or_last;
    struct listing_item *items;
    size_t n, limit;
    bool more;
};

static enum lk_status take_prints(const struct reading *x, const struct listing_row *row,
                                  struct listing_item *out, struct lk_error *err)
{
    uint8_t open[OPEN_BYTES];
    const struct seal_part id = {row->entry_id, STORE_ID_BYTES};
    size_t n = row->n_prints < SEAL_OVERHEAD_BYTES ? 0 : row->n_prints - SEAL_OVERHEAD_BYTES;
    if (n == 0 || n > sizeof open || n % PRINT_BYTES != 0 ||
        !seal_take(keys_get(x->r->keys, KEY_LISTED), LABEL_LISTED, id, row->prints, row->n_prints,
                   open))
        return FAIL(err, LK_CORRUPT, "the prints of a listed entry do not open");
    out->n_prints = (uint8_t)(n / PRINT_BYTES);
    for (size_t i = 0; i < out->n_prints; i++) {
        out->prints[i].type = open[i * PRINT_BYTES];
        memcpy(out->prints[i].bytes, open + i * PRINT_BYTES + 1, LK_DIGEST_BYTES);
    }
    return LK_OK;
}

static enum lk_status take_row(void *ctx, const struct listing_row *row, struct lk_error *err)
{
    struct reading *x = ctx;
    unsigned brake = 0;
    if (x->n == x->limit) {
        x->more = true;
        return LK_OK;
    }
    struct listing_item *out = &x->items[x->n++];
    *out = (struct listing_item){
        .n = row->n, .at_s = row->at_s, .is_video = row->is_video, .tier = row->tier};
    TRY(entry_name(x->r, x->range.partner, row->entry_id, out->id, err));
    TRY(brake_reason(x->tx, row->entry_row, x->range.partner, &brake, err));
    out->is_withdrawn = row->is_withdrawn || brake != 0;
    return take_prints(x, row, out, err);
}

static enum lk_status set_range(struct reading *x, struct store_tx *tx, struct lk_error *err)
{
    unsigned protocols;
    x->tx = tx;
    x->n = 0;
    x->more = false;
    return protocol_row_get(tx, x->range.partner, &protocols, &x->range.least_tier, err);
}

static enum lk_status read_page(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct reading *x = ctx;
    TRY(set_range(x, tx, err));
    TRY(listing_rows(tx, &x->range, take_row, x, err));
    return x->n == 0 && x->or_last ? listing_row_last(tx, &x->range, take_row, x, err) : LK_OK;
}

enum lk_status listing_read(struct registry *r, const struct partner *partner,
                            const struct listing_query *query, struct arena *arena,
                            struct listing_item **out, size_t *n, bool *more, struct lk_error *err)
{
    struct reading x = {
        .r = r,
        .range = {partner->id, query->from_s, query->until_s, query->after, 0, query->limit + 1},
        .or_last = query->or_last,
        .limit = query->limit,
    };
    TRY(catch_up(r, err));
    if (query->until_s > 0)
        TRY(say_all(r, query->until_s, err));
    x.items = arena_alloc(arena, query->limit * sizeof *x.items);
    if (x.items == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a page of the list");
    TRY(store_read(r->store, read_page, &x, err));
    *out = x.items;
    *n = x.n;
    *more = x.more;
    return LK_OK;
}

/* ---- opinions ---- */

struct judging {
    struct reading in;
    uint8_t hash[SEAL_HASH_BYTES], entry_id[STORE_ID_BYTES];
    unsigned opinion;
    int64_t now_ms;
    size_t n_kept;
};

static enum lk_status keep_opinion(void *ctx, const struct listing_row *row, struct lk_error *err)
{
    struct judging *j = ctx;
    j->n_kept++;
    return opinion_row_put(j->in.tx, j->in.range.partner, row->entry_row, j->opinion, j->now_ms,
                           err);
}

static enum lk_status judge_print(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct judging *j = ctx;
    j->n_kept = 0;
    TRY(set_range(&j->in, tx, err));
    TRY(listing_rows_with(tx, &j->in.range, j->hash, keep_opinion, j, err));
    return j->n_kept > 0 ? LK_OK : FAIL(err, LK_NOT_FOUND, "nothing in the list has this hash");
}

enum lk_status listing_opinion_of_print(struct registry *r, const struct partner *partner,
                                        const struct listing_print *print, unsigned opinion,
                                        struct lk_error *err)
{
    struct judging j = {.in = {.r = r, .range.partner = partner->id},
                        .opinion = opinion,
                        .now_ms = clock_now_ms(&r->clock)};
    hash_print(r, print, j.hash);
    return store_write(r->store, judge_print, &j, err);
}

static enum lk_status judge_entry(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct judging *j = ctx;
    struct entry_row row;
    TRY(entry_row_find(tx, j->entry_id, &row, err));
    return opinion_row_put(tx, j->in.range.partner, row.row, j->opinion, j->now_ms, err);
}

enum lk_status listing_opinion_of_entry(struct registry *r, const struct partner *partner,
                                        const uint8_t id[LISTING_ID_BYTES], unsigned opinion,
                                        struct lk_error *err)
{
    struct judging j = {.in = {.r = r, .range.partner = partner->id},
                        .opinion = opinion,
                        .now_ms = clock_now_ms(&r->clock)};
    TRY(entry_of_name(r, partner->id, id, j.entry_id, err));
    return store_write(r->store, judge_entry, &j, err);
}

/* ---- what partners hand in ---- */

struct submitting {
    struct registry *r;
    int64_t partner, now_ms;
    const struct listing_submitted *list;
    size_t n;
    listing_show *show;
    void *ctx;
};

static enum lk_status submit(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct submitting *s = ctx;
    size_t n_before = 0;
    TRY(submitted_rows_count(tx, s->partner, &n_before, err));
    if (n_before + s->n > LISTING_MAX_SUBMITTED)
        return FAIL(err, LK_LIMIT, "%zu hashes were handed in; the limit is %d", n_before,
                    LISTING_MAX_SUBMITTED);
    for (size_t i = 0; i < s->n; i++) {
        const struct listing_submitted *one = &s->list[i];
        uint8_t open[PRINT_BYTES], sealed[PRINT_BYTES + SEAL_OVERHEAD_BYTES];
        struct submitted_row row = {.partner = s->partner,
                                    .at_ms = s->now_ms,
                                    .is_video = one->is_video,
                                    .opinion = one->opinion,
                                    .print = sealed,
                                    .n_print = sizeof sealed};
        hash_print(s->r, &one->print, row.hash);
        open[0] = one->print.type;
        memcpy(open + 1, one->print.bytes, LK_DIGEST_BYTES);
        seal_put(keys_get(s->r->keys, KEY_LISTED), LABEL_SUBMITTED,
                 (struct seal_part){row.hash, sizeof row.hash}, open, sizeof open, sealed);
        TRY(submitted_row_put(tx, &row, err));
    }
    return LK_OK;
}

enum lk_status listing_submit(struct registry *r, const struct partner *partner,
                              const struct listing_submitted *list, size_t n, struct lk_error *err)
{
    struct submitting s = {
        .r = r, .partner = partner->id, .now_ms = clock_now_ms(&r->clock), .list = list, .n = n};
    return store_write(r->store, submit, &s, err);
}

static enum lk_status show_submitted(void *ctx, const struct submitted_row *row,
                                     struct lk_error *err)
{
    const struct submitting *s = ctx;
    uint8_t open[PRINT_BYTES];
    struct listing_submitted one = {
        .is_video = row->is_video, .opinion = (uint8_t)row->opinion, .at_ms = row->at_ms};
    if (row->n_print != PRINT_BYTES + SEAL_OVERHEAD_BYTES ||
        !seal_take(keys_get(s->r->keys, KEY_LISTED), LABEL_SUBMITTED,
                   (struct seal_part){row->hash, sizeof row->hash}, row->print, row->n_print, open))
        return FAIL(err, LK_CORRUPT, "a hash that was handed in does not open");
    one.print.type = open[0];
    memcpy(one.print.bytes, open + 1, LK_DIGEST_BYTES);
    return s->show(s->ctx, &one, err);
}

static enum lk_status each_submitted(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct submitting *s = ctx;
    return submitted_rows(tx, s->partner, show_submitted, s, err);
}

enum lk_status listing_each_submitted(struct registry *r, const struct partner *partner,
                                      listing_show *show, void *ctx, struct lk_error *err)
{
    struct submitting s = {.r = r, .partner = partner->id, .show = show, .ctx = ctx};
    return store_read(r->store, each_submitted, &s, err);
}

struct summing {
    int64_t partner;
    struct listing_summary *out;
};

static enum lk_status sum(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct summing *s = ctx;
    TRY(protocol_row_get(tx, s->partner, &s->out->protocols, &s->out->least_tier, err));
    TRY(opinion_rows_count(tx, s->partner, s->out->n_by, err));
    return submitted_rows_count(tx, s->partner, &s->out->n_submitted, err);
}

enum lk_status listing_summary(struct registry *r, const struct partner *partner,
                               struct listing_summary *out, struct lk_error *err)
{
    struct summing s = {partner->id, out};
    return store_read(r->store, sum, &s, err);
}
