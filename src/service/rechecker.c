#include "service/rechecker.h"

#include "service/watcher.h"

#include "base/err.h"
#include "sys/pulse.h"

#include <stdlib.h>

enum { ARENA_BYTES = 16 << 20, DEADLINE_MS = 20000, PAUSE_MS = 1000, MAX_BODY_BYTES = 65536 };

struct rechecker {
    struct rechecker_config config;
    struct pulse *pulse;
};

static enum lk_status ask(const struct rechecker_config *config, const char *url,
                          struct fetch_result *answer, struct lk_error *err)
{
    struct fetch_request request = {
        .url = url, .head = true, .deadline_ms = DEADLINE_MS, .max_bytes = MAX_BODY_BYTES};
    TRY(fetch(&config->fetch, &request, answer, err));
    if (recheck_judge(answer) == RECHECK_UP || answer->end == FETCH_STOPPED)
        return LK_OK;
    request.head = false;
    return fetch(&config->fetch, &request, answer, err);
}

static enum lk_status look_at_all(const struct rechecker_config *config, struct arena *arena,
                                  struct rechecker_counts *out, struct lk_error *err)
{
    struct recheck_place *places;
    struct fetch_result answer;
    size_t n = 0;
    TRY(recheck_due(config->registry, arena, &places, &n, err));
    for (size_t i = 0; i < n; i++) {
        TRY(ask(config, places[i].url, &answer, err));
        if (answer.end == FETCH_STOPPED)
            return LK_OK;
        TRY(recheck_note(config->registry, config->every_ms, places[i].notice, &answer, err));
        out->n[recheck_judge(&answer)]++;
    }
    return LK_OK;
}

enum lk_status rechecker_round(const struct rechecker_config *config, struct rechecker_counts *out,
                               struct lk_error *err)
{
    struct arena arena;
    *out = (struct rechecker_counts){0};
    arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
    enum lk_status status = look_at_all(config, &arena, out, err);
    arena_fini(&arena);
    return status;
}

static void run_watches(struct rechecker *r)
{
    struct watcher_counts counts;
    struct lk_error err;
    const struct watcher_config config = {
        .registry = r->config.registry,
        .media = r->config.media,
        .fetch = r->config.fetch,
        .pause_ms = PAUSE_MS,
    };
    if (watcher_round(&config, &counts, &err) != LK_OK)
        LOG(r->config.log, LOG_LEVEL_ERROR, "watch", LOG_TEXT("error", err.text));
    if (counts.n_pages > 0)
        LOG(r->config.log, LOG_LEVEL_INFO, "watch", LOG_NUMBER("pages", counts.n_pages),
            LOG_NUMBER("unreadable", counts.n_unreadable), LOG_NUMBER("media", counts.n_media),
            LOG_NUMBER("found", counts.n_found));
}

static void run_round(struct rechecker *r)
{
    struct rechecker_counts counts;
    struct lk_error err;
    if (rechecker_round(&r->config, &counts, &err) != LK_OK)
        LOG(r->config.log, LOG_LEVEL_ERROR, "recheck", LOG_TEXT("error", err.text));
    size_t n = counts.n[RECHECK_UP] + counts.n[RECHECK_GONE] + counts.n[RECHECK_UNCLEAR];
    if (n > 0)
        LOG(r->config.log, LOG_LEVEL_INFO, "recheck", LOG_NUMBER("up", counts.n[RECHECK_UP]),
            LOG_NUMBER("gone", counts.n[RECHECK_GONE]),
            LOG_NUMBER("unclear", counts.n[RECHECK_UNCLEAR]));
}

static void look_around(void *ctx, const atomic_bool *stop)
{
    struct rechecker *r = ctx;
    r->config.fetch.stop = stop;
    if (r->config.every_ms > 0)
        run_round(r);
    if (r->config.media != NULL)
        run_watches(r);
}

enum lk_status rechecker_start(const struct rechecker_config *config, struct rechecker **out,
                               struct lk_error *err)
{
    struct rechecker *r = calloc(1, sizeof *r);
    if (r == NULL)
        return FAIL(err, LK_NOMEM, "no memory for looking at addresses");
    r->config = *config;
    const struct pulse_config pulse = {.what = "the thread that looks at addresses",
                                       .every_ms = RECHECK_ROUND_S * 1000,
                                       .round = look_around,
                                       .ctx = r};
    enum lk_status status = pulse_start(&pulse, &r->pulse, err);
    if (status != LK_OK) {
        free(r);
        return status;
    }
    *out = r;
    return LK_OK;
}

void rechecker_stop(struct rechecker *r)
{
    if (r == NULL)
        return;
    pulse_stop(r->pulse);
    free(r);
}
