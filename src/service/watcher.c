#include "service/watcher.h"

#include "base/err.h"
#include "exchange/html_media.h"
#include "media/query.h"
#include "sys/file.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    ARENA_BYTES = 4 << 20,
    PAGE_BYTES = 2 << 20,
    MEDIUM_BYTES = 16 << 20,
    PAGE_MS = 20000,
    MEDIUM_MS = 60000
};

struct page {
    const struct watcher_config *config;
    struct watch *watch;
    struct arena *arena;
    char url[FETCH_MAX_URL_BYTES + 1]; /* where it was in the end */
    const char *media[WATCHER_MAX_MEDIA];
    size_t n_media;
    bool no_room;
};

static void pause_between(const struct watcher_config *config)
{
    struct timespec pause = {.tv_sec = config->pause_ms / 1000,
                             .tv_nsec = (long)(config->pause_ms % 1000) * 1000000};
    nanosleep(&pause, NULL);
}

static bool is_stopped(const struct watcher_config *config)
{
    return config->fetch.stop != NULL && atomic_load(config->fetch.stop);
}

/* Each address once, whole. */
static bool take_medium(void *ctx, const char *address)
{
    struct page *p = ctx;
    char whole[FETCH_MAX_URL_BYTES + 1];
    if (!fetch_resolve(p->url, address, whole))
        return true;
    for (size_t i = 0; i < p->n_media; i++)
        if (strcmp(p->media[i], whole) == 0)
            return true;
    const char *kept = arena_copy(p->arena, whole, strlen(whole));
    p->no_room = kept == NULL;
    if (p->no_room)
        return false;
    p->media[p->n_media++] = kept;
    return p->n_media < WATCHER_MAX_MEDIA;
}

/* *good: there was an answer worth reading, perhaps cut at its limit. */
static enum lk_status ask(const struct watcher_config *config, const char *url, uint32_t ms,
                          struct buf *body, struct fetch_result *answer, bool *good,
                          struct lk_error *err)
{
    const struct fetch_request request = {
        .url = url, .deadline_ms = ms, .max_bytes = body->max, .body = body};
    TRY(fetch(&config->fetch, &request, answer, err));
    *good = (answer->end == FETCH_DONE || answer->end == FETCH_CUT) && answer->status == 200 &&
            body->n > 0;
    return LK_OK;
}

static enum lk_status compare(struct page *p, const struct lk_sequence *sequence, const char *url,
                              struct lk_error *err)
{
    bool found = false;
    if (sequence->n_records == 0)
        return LK_OK;
    enum lk_status status =
        watch_compare(p->config->registry, p->watch, sequence, url, &found, err);
    p->watch->n_media++;
    p->watch->n_found += found;
    return status == LK_INVALID || status == LK_LIMIT ? LK_OK : status; /* of this one alone */
}

static enum lk_status look_at_medium(struct page *p, const char *url, struct buf *body,
                                     struct lk_error *err)
{
    struct fetch_result answer;
    bool good = false;
    buf_clear(body);
    pause_between(p->config);
    TRY(ask(p->config, url, MEDIUM_MS, body, &answer, &good, err));
    if (!good)
        return LK_OK;
    const struct lk_alloc *heap = lk_alloc_heap();
    struct lk_sequence sequence;
    struct lk_error why;
    if (media_query(p->config->media, body->p, body->n, heap, &sequence, &why) != LK_OK)
        return LK_OK;
    enum lk_status status = compare(p, &sequence, url, err);
    heap->free(heap->ctx, (void *)(uintptr_t)sequence.records,
               sequence.n_records * sizeof *sequence.records);
    return status;
}

static enum lk_status look_at_media(struct page *p, struct lk_error *err)
{
    struct buf body;
    enum lk_status status = LK_OK;
    buf_init(&body, lk_alloc_heap(), MEDIUM_BYTES);
    for (size_t i = 0; i < p->n_media && status == LK_OK && !is_stopped(p->config); i++)
        status = look_at_medium(p, p->media[i], &body, err);
    buf_fini(&body);
    return status;
}

static enum lk_status read_page(struct page *p, struct lk_error *err)
{
    struct fetch_result answer;
    struct buf html;
    bool good = false;
    buf_init(&html, lk_alloc_heap(), PAGE_BYTES);
    enum lk_status status = ask(p->config, p->watch->url, PAGE_MS, &html, &answer, &good, err);
    p->watch->result = good ? WATCH_READ : WATCH_UNREADABLE;
    if (status == LK_OK && good) {
        memcpy(p->url, answer.url, sizeof p->url);
        if (strncmp(answer.content_type, "text/html", 9) == 0)
            (void)html_media_scan(html.p, html.n, take_medium, p);
        else /* the watched address is a medium itself */
            (void)take_medium(p, p->url);
    }
    buf_fini(&html);
    return p->no_room ? FAIL(err, LK_NOMEM, "no memory for the addresses of a page") : status;
}

static enum lk_status look_at_page(const struct watcher_config *config, struct watch *watch,
                                   struct watcher_counts *counts, struct lk_error *err)
{
    struct arena arena;
    struct page page = {.config = config, .watch = watch, .arena = &arena};
    arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
    watch->n_media = watch->n_found = 0;
    enum lk_status status = read_page(&page, err);
    if (status == LK_OK)
        status = look_at_media(&page, err);
    if (status == LK_OK && !is_stopped(config)) /* half a look is none */
        status = watch_note(config->registry, watch, err);
    arena_fini(&arena);
    counts->n_pages++;
    counts->n_unreadable += watch->result == WATCH_UNREADABLE;
    counts->n_media += watch->n_media;
    counts->n_found += watch->n_found;
    return status;
}

enum lk_status watcher_round(const struct watcher_config *config, struct watcher_counts *out,
                             struct lk_error *err)
{
    struct arena arena;
    struct watch *due;
    size_t n = 0;
    *out = (struct watcher_counts){0};
    arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
    enum lk_status status = watch_due(config->registry, &arena, &due, &n, err);
    for (size_t i = 0; i < n && status == LK_OK && !is_stopped(config); i++) {
        pause_between(config);
        status = look_at_page(config, &due[i], out, err);
    }
    arena_fini(&arena);
    return status;
}
