#include "exchange/source_inside.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>

enum { PAGE_ARENA = 256u << 20, FIRST_PAUSE_MS = 1000 };

struct pulling {
    struct source *source;
    const struct source_pull_config *config;
    struct arena arena; /* of one page */
    struct buf body;
    bool began_anew; /* the address of a page was refused once already */
};

static bool may_try_again(enum lk_status status, unsigned http)
{
    return status == LK_BUSY || (status == LK_OK && (http == 429 || http / 100 == 5));
}

/* One page, tried until it comes. Errors: those of source_pull(). */
static enum lk_status get(struct pulling *p, const struct source_request *request, unsigned *http,
                          struct lk_error *err)
{
    const struct source_pull_config *c = p->config;
    int64_t pause_ms = FIRST_PAUSE_MS;
    for (int i = 1;; i++, pause_ms *= 2) {
        *http = 0;
        buf_clear(&p->body);
        enum lk_status status = c->get(c->ctx, request, &p->body, http, err);
        bool is_stopped = c->stop != NULL && atomic_load(c->stop);
        if (!may_try_again(status, *http))
            return status;
        if (i == SOURCE_MAX_TRIES || is_stopped)
            return status != LK_OK ? status
                                   : FAIL(err, LK_BUSY,
                                          "the server answers with %u; try again "
                                          "later",
                                          *http);
        c->wait(c->ctx, pause_ms);
    }
}

/* A page that the server no longer has is not the end: the reading begins again, once, where it is
 * safe to. */
static bool begin_again(struct pulling *p, unsigned http)
{
    struct source_state *state = &p->source->state;
    if (http / 100 != 4 || state->next[0] == '\0' || p->began_anew)
        return false;
    p->began_anew = true;
    state->next[0] = '\0';
    if (p->source->settings.kind == SOURCE_STOPNCII && state->until_s > state->since_s)
        state->since_s = state->until_s;
    state->until_s = 0;
    return true;
}

static enum lk_status refuse(unsigned http, struct lk_error *err)
{
    if (http == 401 || http == 403)
        return FAIL(err, LK_DENIED, "the server does not accept the credentials (%u)", http);
    return FAIL(err, LK_CORRUPT, "the server answers with %u, not with a page", http);
}

/* *more: there is another page to ask for. */
static enum lk_status pull_page(struct pulling *p, bool *more, struct source_counts *counts,
                                struct lk_error *err)
{
    struct source *s = p->source;
    struct source_request request;
    struct foreign_page page;
    unsigned http;
    TRY(source_ask(s, p->config->secrets, clock_now_ms(&p->config->clock) / 1000, &p->arena,
                   &request, err));
    TRY(get(p, &request, &http, err));
    *more = true;
    if (http != 401 && http != 403 && begin_again(p, http))
        return LK_OK;
    if (http != 200)
        return refuse(http, err);
    TRY(source_read_page(s, &p->body, &p->arena, &page, err));
    struct source_counts found = {0};
    TRY(source_apply(s, &page, &found, err));
    TRY(bank_maintain(s->bank, err));
    TRY(source_advance(s, &page, err));
    counts->n_pages++;
    counts->n_added += found.n_added;
    counts->n_withdrawn += found.n_withdrawn;
    counts->n_dropped += found.n_dropped;
    s->state.n_entries = bank_stats(s->bank).n_entries;
    s->state.n_added += found.n_added;
    s->state.n_withdrawn += found.n_withdrawn;
    s->state.n_dropped += found.n_dropped;
    *more = page.has_more;
    return LK_OK;
}

static enum lk_status pull_all(struct pulling *p, struct source_counts *counts,
                               struct lk_error *err)
{
    struct source *s = p->source;
    for (bool more = true; more;) {
        arena_init(&p->arena, lk_alloc_heap(), PAGE_ARENA);
        enum lk_status status = pull_page(p, &more, counts, err);
        arena_fini(&p->arena);
        TRY(status);
        if (!more) {
            s->state.pulled_ms = clock_now_ms(&p->config->clock);
            s->state.failure[0] = '\0';
        }
        TRY(source_write_state(s->dir, &s->state, err));
        if (p->config->stop != NULL && atomic_load(p->config->stop))
            return LK_OK;
    }
    return LK_OK;
}

static bool is_forgotten(const struct source *s, int64_t now_ms)
{
    int64_t memory_ms = source_memory_ms(s->settings.kind);
    return memory_ms > 0 && s->state.pulled_ms > 0 && now_ms - s->state.pulled_ms > memory_ms;
}

static enum lk_status pull(struct pulling *p, struct source_counts *counts, struct lk_error *err)
{
    struct source *s = p->source;
    int64_t now_ms = clock_now_ms(&p->config->clock);
    if (p->config->anew || is_forgotten(s, now_ms)) {
        TRY(source_reset(s, err));
        s->state.pulled_ms = 0; /* or the next one would begin anew as well */
    }
    s->state.tried_ms = now_ms;
    return pull_all(p, counts, err);
}

enum lk_status source_pull(struct source *s, const struct source_pull_config *config,
                           struct source_counts *counts, struct lk_error *err)
{
    struct pulling p = {.source = s, .config = config};
    struct lk_error why, unheard;
    *counts = (struct source_counts){0};
    if (s->mode != BANK_WRITE)
        return FAIL(err, LK_DENIED, "a source that is opened to read cannot be pulled");
    buf_init(&p.body, lk_alloc_heap(), SOURCE_MAX_BODY);
    enum lk_status status = pull(&p, counts, &why);
    buf_fini(&p.body);
    if (status == LK_OK)
        return LK_OK;
    snprintf(s->state.failure, sizeof s->state.failure, "%s", why.text);
    if (s->bank != NULL && source_write_state(s->dir, &s->state, &unheard) != LK_OK)
        return FAIL(err, unheard.status, "%s", unheard.text);
    return FAIL(err, status, "%s: %s", s->name, why.text);
}
