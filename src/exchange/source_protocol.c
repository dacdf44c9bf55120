/* What differs between the protocols: how a page is asked for, and where the next one is.
 *
 *                  since_s                 until_s                     next
 *   StopNCII       startTimestamp          nextSetTimestamp so far     nextPageToken
 *   NCMEC          from, less OVERLAP_S    to                          what paging says
 *   ThreatExchange start_time              latest last_updated so far  the address, without token
 */
#include "exchange/source_inside.h"

#include "base/err.h"
#include "exchange/ncmec.h"
#include "exchange/stopncii.h"
#include "exchange/threat_updates.h"
#include "sys/seal.h"

#include <stdio.h>
#include <string.h>

enum {
    OVERLAP_S = 300, /* what a server dated a little earlier than it showed */
    MAX_HEADER = 1400,
    STOPNCII_MEMORY_DAYS = 30,
    THREATEXCHANGE_MEMORY_DAYS = 85,
};

int64_t source_memory_ms(unsigned kind)
{
    return kind == SOURCE_STOPNCII         ? STOPNCII_MEMORY_DAYS * CLOCK_DAY_MS
           : kind == SOURCE_THREATEXCHANGE ? THREATEXCHANGE_MEMORY_DAYS * CLOCK_DAY_MS
                                           : 0;
}

static void put_encoded(struct buf *out, const char *text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *text != '\0'; text++) {
        if (strchr(plain, *text) != NULL)
            buf_char(out, *text);
        else
            buf_fmt(out, "%%%c%c", "0123456789ABCDEF"[(uint8_t)*text >> 4],
                    "0123456789ABCDEF"[*text & 15]);
    }
}

static enum lk_status finish(struct arena *arena, struct buf *url, const char *const *headers,
                             size_t n_headers, struct source_request *out, struct lk_error *err)
{
    const char **kept = arena_zalloc(arena, n_headers, sizeof *kept);
    TRY(buf_status(url, "the address of a page", err));
    if (kept == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a request");
    for (size_t i = 0; i < n_headers; i++)
        kept[i] = headers[i];
    *out = (struct source_request){buf_text(url), kept, n_headers};
    return LK_OK;
}

static char *header(struct arena *arena, const char *name, const char *value)
{
    char text[MAX_HEADER];
    int n = snprintf(text, sizeof text, "%s: %s", name, value);
    char *out = n > 0 && (size_t)n < sizeof text ? arena_copy(arena, text, (size_t)n) : NULL;
    seal_wipe(text, sizeof text);
    return out;
}

static enum lk_status ask_stopncii(const struct source *s, const struct source_secrets *secrets,
                                   struct arena *arena, struct buf *url, struct source_request *out,
                                   struct lk_error *err)
{
    const char *const headers[] = {
        header(arena, "x-functions-key", secrets->function_key),
        header(arena, "Ocp-Apim-Subscription-Key", secrets->subscription_key)};
    if (headers[0] == NULL || headers[1] == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a request");
    buf_fmt(url, "%s/FetchHashes?startTimestamp=%lld&pageSize=%d", s->settings.url,
            (long long)(s->state.since_s > 0 ? s->state.since_s : STOPNCII_FIRST_S), STOPNCII_PAGE);
    if (s->state.next[0] != '\0') {
        buf_str(url, "&nextPageToken=");
        put_encoded(url, s->state.next);
    }
    return finish(arena, url, headers, 2, out, err);
}

static enum lk_status ask_ncmec(struct source *s, const struct source_secrets *secrets,
                                int64_t now_s, struct arena *arena, struct buf *url,
                                struct source_request *out, struct lk_error *err)
{
    char pair[sizeof secrets->user + sizeof secrets->password], from[32], to[32];
    char basic[sizeof pair * 2] = "Basic ";
    int n = snprintf(pair, sizeof pair, "%s:%s", secrets->user, secrets->password);
    seal_base64_put(pair, (size_t)n, basic + 6, sizeof basic - 6);
    const char *const headers[] = {header(arena, "Authorization", basic)};
    seal_wipe(pair, sizeof pair);
    seal_wipe(basic, sizeof basic);
    if (headers[0] == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a request");
    if (s->state.next[0] != '\0') {
        buf_fmt(url, "%s%s", s->settings.url, s->state.next);
        return finish(arena, url, headers, 1, out, err);
    }
    s->state.until_s = now_s;
    int64_t from_s = s->state.since_s > OVERLAP_S ? s->state.since_s - OVERLAP_S : 0;
    clock_format_time(from_s * 1000, from);
    clock_format_time(now_s * 1000, to);
    buf_fmt(url, "%s/v2/entries?from=%s&to=%s", s->settings.url, from, to);
    return finish(arena, url, headers, 1, out, err);
}

static enum lk_status ask_threatexchange(const struct source *s,
                                         const struct source_secrets *secrets, struct arena *arena,
                                         struct buf *url, struct source_request *out,
                                         struct lk_error *err)
{
    if (s->state.next[0] != '\0') {
        buf_fmt(url, "%s%caccess_token=", s->state.next,
                strchr(s->state.next, '?') != NULL ? '&' : '?');
        put_encoded(url, secrets->token);
        return finish(arena, url, NULL, 0, out, err);
    }
    buf_fmt(url, "%s/threat_updates/?access_token=", s->settings.url);
    put_encoded(url, secrets->token);
    buf_fmt(url, "&limit=%d", THREAT_UPDATES_PAGE);
    if (s->state.since_s > 0)
        buf_fmt(url, "&start_time=%lld", (long long)s->state.since_s);
    buf_str(url, "&fields=");
    put_encoded(url, THREAT_UPDATES_FIELDS);
    return finish(arena, url, NULL, 0, out, err);
}

enum lk_status source_ask(struct source *s, const struct source_secrets *secrets, int64_t now_s,
                          struct arena *arena, struct source_request *out, struct lk_error *err)
{
    struct buf url;
    buf_init(&url, &arena->alloc, 4096);
    if (s->settings.kind == SOURCE_STOPNCII)
        return ask_stopncii(s, secrets, arena, &url, out, err);
    if (s->settings.kind == SOURCE_NCMEC)
        return ask_ncmec(s, secrets, now_s, arena, &url, out, err);
    return ask_threatexchange(s, secrets, arena, &url, out, err);
}

enum lk_status source_read_page(const struct source *s, const struct buf *body, struct arena *arena,
                                struct foreign_page *out, struct lk_error *err)
{
    const char *text = body->p == NULL ? "" : body->p;
    if (s->settings.kind == SOURCE_STOPNCII)
        return stopncii_page_read(text, body->n, arena, out, err);
    if (s->settings.kind == SOURCE_NCMEC)
        return ncmec_page_read(text, body->n, arena, out, err);
    return threat_updates_read(text, body->n, arena, out, err);
}

/* Keeps where the next page is. It must lead on. */
static enum lk_status set_next(struct source_state *state, const char *next, struct lk_error *err)
{
    if (strlen(next) >= sizeof state->next)
        return FAIL(err, LK_CORRUPT, "the address of the next page has more than %zu bytes",
                    sizeof state->next - 1);
    if (strcmp(next, state->next) == 0)
        return FAIL(err, LK_CORRUPT, "the next page is the one that was just read");
    strcpy(state->next, next);
    return LK_OK;
}

static void end_reading(struct source_state *state)
{
    state->next[0] = '\0';
    if (state->until_s > state->since_s)
        state->since_s = state->until_s;
    state->until_s = 0;
}

static enum lk_status advance_stopncii(struct source_state *state, const struct foreign_page *page,
                                       struct lk_error *err)
{
    state->until_s = page->until_s;
    if (page->has_more && page->next != NULL)
        return set_next(state, page->next, err);
    int64_t before_s = state->since_s;
    end_reading(state);
    if (page->has_more && state->since_s <= before_s)
        return FAIL(err, LK_CORRUPT, "there is more, but no token and no later time to ask by");
    return LK_OK;
}

/* The address without what lets us in, which is put in again when it is asked for. */
static void drop_token(char *url)
{
    static const char name[] = "access_token=";
    for (char *p = strpbrk(url, "?&"); p != NULL;) {
        if (strncmp(p + 1, name, sizeof name - 1) == 0) {
            char *end = strchr(p + 1, '&');
            if (end == NULL)
                *p = '\0';
            else
                memmove(p + 1, end + 1, strlen(end + 1) + 1);
            p = end == NULL ? NULL : p;
        } else {
            p = strchr(p + 1, '&');
        }
    }
}

static enum lk_status advance_threatexchange(struct source *s, const struct foreign_page *page,
                                             struct lk_error *err)
{
    char next[sizeof s->state.next];
    if (page->until_s > s->state.until_s)
        s->state.until_s = page->until_s;
    if (!page->has_more) {
        end_reading(&s->state);
        return LK_OK;
    }
    const char *path = strstr(s->settings.url, "://") + 3;
    size_t n_origin = (size_t)(path - s->settings.url) + strcspn(path, "/");
    if (strncmp(page->next, s->settings.url, n_origin) != 0 || page->next[n_origin] != '/')
        return FAIL(err, LK_CORRUPT, "the next page is said to be at another server");
    if (strlen(page->next) >= sizeof next)
        return FAIL(err, LK_CORRUPT, "the address of the next page has more than %zu bytes",
                    sizeof next - 1);
    strcpy(next, page->next);
    drop_token(next);
    return set_next(&s->state, next, err);
}

enum lk_status source_advance(struct source *s, const struct foreign_page *page,
                              struct lk_error *err)
{
    if (s->settings.kind == SOURCE_STOPNCII)
        return advance_stopncii(&s->state, page, err);
    if (s->settings.kind == SOURCE_THREATEXCHANGE)
        return advance_threatexchange(s, page, err);
    if (page->has_more && page->next[0] != '/')
        return FAIL(err, LK_CORRUPT, "the next page is said to be at another server");
    if (page->has_more)
        return set_next(&s->state, page->next, err);
    end_reading(&s->state);
    return LK_OK;
}
