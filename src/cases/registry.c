#include "cases/receipt.h"
#include "cases/registry_inside.h"

#include "base/err.h"
#include "base/hex.h"
#include "store/idempotency_rows.h"
#include "store/meta_rows.h"
#include "sys/file.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_ARGON_OPS = 2, DEFAULT_ARGON_BYTES = 64 << 20, EXPIRE_AT_ONCE = 20 };

struct key_check {
    uint8_t stored[SEAL_HASH_BYTES];
    bool there;
};

static enum lk_status read_check(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct key_check *check = ctx;
    return meta_get(tx, "key_check", check->stored, sizeof check->stored, &check->there, err);
}

static enum lk_status write_check(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    return meta_put(tx, "key_check", ctx, SEAL_HASH_BYTES, err);
}

/* A store made with another master key must not be filled with what this one seals. */
static enum lk_status check_key(struct registry *r, const struct key_check *check,
                                struct lk_error *err)
{
    uint8_t own[SEAL_HASH_BYTES];
    const struct seal_part part = SEAL_TEXT("likeness");
    keys_hash(r->keys, KEY_CHECK, &part, 1, own, sizeof own);
    if (!check->there)
        return store_write(r->store, write_check, own, err);
    if (!seal_equal(own, check->stored, sizeof own))
        return FAIL(err, LK_DENIED, "the master key is not the one this store was made with");
    return LK_OK;
}

static enum lk_status load_keys(struct registry *r, const struct registry_config *config,
                                struct lk_error *err)
{
    struct key_check check = {.there = false};
    TRY(store_read(r->store, read_check, &check, err));
    struct buf path;
    buf_init(&path, lk_alloc_heap(), 8192);
    if (config->key_path != NULL)
        buf_str(&path, config->key_path);
    else
        buf_fmt(&path, "%s.key", config->store_url);
    enum lk_status status = buf_status(&path, "path of the master key", err);
    if (status == LK_OK)
        status = keys_load(buf_text(&path), config->key_create && !check.there, &r->keys, err);
    buf_fini(&path);
    return status == LK_OK ? check_key(r, &check, err) : status;
}

static enum lk_status make_parents(const char *url, struct lk_error *err)
{
    char path[4096];
    const char *slash = strrchr(url, '/');
    if (slash == NULL || slash == url)
        return LK_OK;
    size_t n = (size_t)(slash - url);
    if (n >= sizeof path)
        return FAIL(err, LK_INVALID, "the path of the store is longer than %zu bytes", sizeof path);
    memcpy(path, url, n);
    path[n] = 0;
    return file_make_dirs(path, 0700, err);
}

enum ladder_auto registry_escalate(const struct registry *r)
{
    return r->escalate;
}

int64_t registry_now_ms(const struct registry *r)
{
    return clock_now_ms(&r->clock);
}

static enum lk_status open_parts(struct registry *r, const struct registry_config *config,
                                 struct lk_error *err)
{
    const struct store_config store = {.url = config->store_url, .n_readers = config->n_readers};
    if (strstr(config->store_url, "://") == NULL)
        TRY(make_parents(config->store_url, err));
    TRY(store_open(&store, &r->store, err));
    TRY(load_keys(r, config, err));
    TRY(registry_load_desk_key(r, config->desk_key, err));
    TRY(registry_open_bank(r, config->bank_path, err));
    return registry_follow(r, err);
}

enum lk_status registry_open(const struct registry_config *config, struct registry **out,
                             struct lk_error *err)
{
    struct registry *r = calloc(1, sizeof *r);
    if (r == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the registry");
    pthread_mutex_init(&r->follow_lock, NULL);
    pthread_mutex_init(&r->seen_lock, NULL);
    pthread_mutex_init(&r->news_lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&r->news, &attr);
    pthread_condattr_destroy(&attr);
    r->clock = config->clock.now_ms != NULL ? config->clock : clock_real();
    r->retention_days =
        config->retention_days != 0 ? config->retention_days : REGISTRY_RETENTION_DAYS;
    r->answer_ms =
        (int64_t)(config->answer_hours != 0 ? config->answer_hours : REGISTRY_ANSWER_HOURS) * 3600 *
        1000;
    r->sender = config->sender;
    r->escalate = config->escalate;
    r->poll_ns =
        (int64_t)(config->poll_ms != 0 ? config->poll_ms : REGISTRY_POLL_MS) * INT64_C(1000000);
    r->argon_ops = config->argon_ops != 0 ? config->argon_ops : DEFAULT_ARGON_OPS;
    r->argon_bytes = config->argon_bytes != 0 ? config->argon_bytes : DEFAULT_ARGON_BYTES;
    enum lk_status status = open_parts(r, config, err);
    if (status != LK_OK) {
        registry_close(r);
        return status;
    }
    *out = r;
    return LK_OK;
}

void registry_close(struct registry *r)
{
    if (r == NULL)
        return;
    bank_close(r->bank);
    store_close(r->store);
    keys_free(r->keys);
    pthread_mutex_destroy(&r->follow_lock);
    pthread_cond_destroy(&r->news);
    pthread_mutex_destroy(&r->news_lock);
    pthread_mutex_destroy(&r->seen_lock);
    receipt_forget(r);
    free(r);
}

struct store *registry_store(struct registry *r)
{
    return r->store;
}

const struct keys *registry_keys(const struct registry *r)
{
    return r->keys;
}

const uint8_t *registry_pack_seed(const struct registry *r)
{
    return keys_get(r->keys, KEY_PACK);
}

void registry_scrub(struct registry *r)
{
    struct lk_error unheard;
    atomic_store(&r->scrub_due, true);
    if (store_scrub(r->store, &unheard) == LK_OK)
        atomic_store(&r->scrub_due, false);
}

static enum lk_status write_mark(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    static const uint8_t mark[1] = {1};
    (void)ctx;
    return meta_put(tx, "ready", mark, sizeof mark, err);
}

enum lk_status registry_ready(struct registry *r, struct lk_error *err)
{
    TRY(store_write(r->store, write_mark, NULL, err));
    return registry_follow(r, err);
}

struct expiry {
    struct registry *r;
    size_t n_closed;
};

static enum lk_status expire_some(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct expiry *e = ctx;
    int64_t now_ms = clock_now_ms(&e->r->clock);
    for (e->n_closed = 0; e->n_closed < EXPIRE_AT_ONCE; e->n_closed++) {
        int64_t row = 0;
        size_t n_entries = 0;
        TRY(case_row_expired(tx, now_ms, &row, err));
        if (row == 0)
            break;
        TRY(case_close(e->r, tx, row, CASE_ROW_EXPIRED, &n_entries, err));
    }
    return idempotency_row_forget(tx, now_ms, err);
}

enum lk_status registry_expire(struct registry *r, size_t *n_expired, struct lk_error *err)
{
    struct expiry e = {.r = r};
    *n_expired = 0;
    do {
        TRY(store_write(r->store, expire_some, &e, err));
        *n_expired += e.n_closed;
    } while (e.n_closed == EXPIRE_AT_ONCE);
    registry_add_count(r, COUNT_CASES_WITHDRAWN, *n_expired);
    if (*n_expired > 0)
        registry_committed(r);
    if (*n_expired > 0 || atomic_load(&r->scrub_due))
        registry_scrub(r);
    return LK_OK;
}

void registry_add_count(struct registry *r, enum registry_count which, uint64_t n)
{
    atomic_fetch_add_explicit(&r->counts[which], n, memory_order_relaxed);
}

static uint64_t count(struct registry *r, enum registry_count which)
{
    return atomic_load_explicit(&r->counts[which], memory_order_relaxed);
}

struct registry_stats registry_stats(struct registry *r)
{
    struct bank_stats bank = bank_stats(r->bank);
    struct store_stats store = store_stats(r->store);
    struct registry_stats stats = {
        .n_entries = bank.n_entries,
        .bank_bytes = bank.n_bytes,
        .last_change = atomic_load(&r->last_change),
        .bank_state = r->bank_state,
        .bank_why = r->bank_why,
        .n_cases_opened = count(r, COUNT_CASES_OPENED),
        .n_cases_withdrawn = count(r, COUNT_CASES_WITHDRAWN),
        .n_queries = count(r, COUNT_QUERIES),
        .n_matches = count(r, COUNT_MATCHES),
        .n_answers = count(r, COUNT_ANSWERS),
        .n_canaries = count(r, COUNT_CANARIES),
        .n_writes = store.n_writes,
        .n_commits = store.n_commits,
        .behind = atomic_load(&r->behind),
    };
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        stats.n_prints += bank.n_prints[kind];
    return stats;
}
