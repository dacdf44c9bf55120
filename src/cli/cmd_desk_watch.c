/* likeness desk watch, watches, unwatch, look: public pages on which a case, or with --site every
 * case, is looked for. */
#include "commands.h"
#include "home.h"

#include "base/err.h"
#include "cases/watch.h"
#include "service/watcher.h"
#include "sys/clock.h"

#include <stdlib.h>
#include <string.h>

enum { PAUSE_MS = 1000, DAY_HOURS = 24, MAX_HOURS = 8760 };

static int end(struct registry *r, enum lk_status status, const struct lk_error *err)
{
    registry_close(r);
    return status == LK_OK ? CLI_OK : cli_fail(err);
}

/* The CASE before the other arguments, or none of it with --site. */
static bool read_case(const struct cli_call *call, size_t n_others, const char **case_id,
                      const char *const **others)
{
    bool is_site = cli_has(call, "site");
    *case_id = is_site || call->n_args == 0 ? NULL : call->args[0];
    *others = call->args + !is_site;
    return call->n_args == n_others + !is_site;
}

int cmd_desk_watch(struct cli_call *call)
{
    const char *case_id, *const *others;
    struct lk_error err;
    struct registry *r;
    int64_t hours = DAY_HOURS;
    if (!read_case(call, 1, &case_id, &others))
        return cli_usage(call, "desk watch takes a CASE, or --site, and the URL of a page");
    if (cli_number(call, "every-hours", 1, MAX_HOURS, &hours, &err) != LK_OK)
        return cli_usage(call, "%s", err.text);
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    return end(r, watch_add(r, case_id, others[0], hours * INT64_C(3600000), &err), &err);
}

int cmd_desk_watches(struct cli_call *call)
{
    static const char *const results[] = {"not looked at yet", "read", "could not be read"};
    struct lk_error err;
    struct registry *r;
    struct watch *list;
    const char *case_id, *const *others;
    size_t n = 0;
    if (!read_case(call, 0, &case_id, &others))
        return cli_usage(call, "desk watches takes one CASE, or --site");
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = watch_list(r, case_id, &call->arena, &list, &n, &err);
    for (size_t i = 0; status == LK_OK && i < n; i++)
        buf_fmt(&call->out, "%lld  %s  every %lld hours, %s, %u media, %u found\n",
                (long long)list[i].row, list[i].url, (long long)(list[i].every_ms / 3600000),
                results[list[i].result <= WATCH_UNREADABLE ? list[i].result : 0], list[i].n_media,
                list[i].n_found);
    return end(r, status, &err);
}

int cmd_desk_unwatch(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    const char *case_id, *const *others;
    char *rest = NULL;
    bool is_whole = read_case(call, 1, &case_id, &others);
    long long row = is_whole ? strtoll(others[0], &rest, 10) : 0;
    if (!is_whole || rest == others[0] || *rest != '\0')
        return cli_usage(call, "desk unwatch takes a CASE, or --site, and the NUMBER that desk "
                               "watches shows");
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    return end(r, watch_remove(r, case_id, row, &err), &err);
}

static enum lk_status look(struct cli_call *call, struct registry *r, struct media *media,
                           struct lk_error *err)
{
    struct watcher_counts counts;
    const struct watcher_config config = {
        .registry = r,
        .media = media,
        .fetch = {.proxy = cli_value(call, "fetch-proxy"),
                  .user_agent = cli_value(call, "fetch-agent")},
        .pause_ms = PAUSE_MS,
    };
    TRY(watcher_round(&config, &counts, err));
    cli_say("%zu pages, %zu of them could not be read; %zu media compared, %zu found",
            counts.n_pages, counts.n_unreadable, counts.n_media, counts.n_found);
    return LK_OK;
}

int cmd_desk_look(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct media *media = NULL;
    if (call->n_args != 0)
        return cli_usage(call, "desk look takes no arguments");
    if (media_open(NULL, NULL, &media, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = home_open(call, false, &r, &err);
    if (status == LK_OK) {
        status = look(call, r, media, &err);
        registry_close(r);
    }
    media_close(media);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}
