/* likeness exchange add, list, pull, remove: lists of hashes that others keep, followed. */
#include "commands.h"
#include "config.h"
#include "home.h"
#include "sources.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_PAUSE_S = 7 * 86400 };

static enum lk_status put_text(const char *what, const char *text, char *out, size_t room,
                               struct lk_error *err)
{
    size_t n = text == NULL ? 0 : strlen(text);
    if (n >= room)
        return FAIL(err, LK_LIMIT, "--%s has more than %zu bytes", what, room - 1);
    memcpy(out, n == 0 ? "" : text, n + 1);
    return LK_OK;
}

/* The file is found again from any directory. */
static enum lk_status put_credentials(const char *path, struct source_settings *s,
                                      struct lk_error *err)
{
    if (path == NULL)
        return LK_OK;
    char *whole = realpath(path, NULL);
    if (whole == NULL)
        return FAIL(err, LK_NOT_FOUND, "there is no file '%s'", path);
    enum lk_status status =
        put_text("credentials", whole, s->credentials, sizeof s->credentials, err);
    free(whole);
    return status;
}

static enum lk_status read_settings(struct cli_call *call, struct source_settings *s,
                                    struct lk_error *err)
{
    const char *tier = cli_value(call, "tier");
    int64_t distance = LK_NEAR_RADIUS;
    *s = (struct source_settings){.tier = LK_TIER_SELF};
    s->kind = (uint8_t)source_kind_from_name(call->args[0], strlen(call->args[0]));
    if (s->kind == 0)
        return FAIL(err, LK_INVALID, "a source is stopncii, ncmec or threatexchange, not '%s'",
                    call->args[0]);
    if (cli_value(call, "url") == NULL)
        return FAIL(err, LK_INVALID, "--url is needed: the base address of the list");
    if (tier != NULL && (s->tier = (uint8_t)lk_tier_from_name(tier, strlen(tier))) == 0)
        return FAIL(err, LK_INVALID, "--tier is self, checked or confirmed, not '%s'", tier);
    TRY(cli_number(call, "max-distance", 0, LK_NEAR_RADIUS, &distance, err));
    s->max_distance = (uint8_t)distance;
    TRY(put_text("url", cli_value(call, "url"), s->url, sizeof s->url, err));
    for (size_t n = strlen(s->url); n > 0 && s->url[n - 1] == '/'; n--)
        s->url[n - 1] = '\0';
    TRY(put_text("allow", cli_value(call, "allow"), s->allow, sizeof s->allow, err));
    return put_credentials(cli_value(call, "credentials"), s, err);
}

static enum lk_status make(struct cli_call *call, const struct sources *sources,
                           const struct source_settings *s, struct lk_error *err)
{
    const char *dir;
    struct source_secrets secrets;
    TRY(sources_dir(call, sources, call->args[1], &dir, err));
    enum lk_status status = LK_OK;
    if (s->credentials[0] != '\0')
        status = source_read_secrets(call->args[1], s, &secrets, err);
    seal_wipe(&secrets, sizeof secrets);
    TRY(status);
    return source_make(dir, call->args[1], sources->keys, s, err);
}

int cmd_exchange_add(struct cli_call *call)
{
    struct lk_error err;
    struct sources sources;
    struct source_settings settings;
    if (call->n_args != 2)
        return cli_usage(call, "exchange add takes KIND and NAME");
    enum lk_status status = read_settings(call, &settings, &err);
    if (status == LK_INVALID)
        return cli_usage(call, "%s", err.text);
    if (status != LK_OK)
        return cli_fail(&err);
    status = sources_open(call, true, &sources, &err);
    if (status == LK_OK)
        status = make(call, &sources, &settings, &err);
    sources_close(&sources);
    if (status == LK_INVALID)
        return cli_usage(call, "%s", err.text);
    if (status != LK_OK)
        return cli_fail(&err);
    cli_say("'%s' is there; read it: likeness exchange pull %s", call->args[1], call->args[1]);
    return CLI_OK;
}

static void write_json(struct buf *out, const char *name, const struct source_settings *s,
                       const struct source_state *state)
{
    char read[32], tried[32];
    struct json j;
    clock_format_time(state->pulled_ms, read);
    clock_format_time(state->tried_ms, tried);
    json_init(&j, out);
    json_object(&j);
    json_put_text(&j, "name", name);
    json_put_text(&j, "kind", source_kind_name(s->kind));
    json_put_text(&j, "url", s->url);
    json_put_text(&j, "tier", lk_tier_name(s->tier));
    json_put_u64(&j, "max_distance", s->max_distance);
    json_put_u64(&j, "entries", state->n_entries);
    json_put_u64(&j, "added", state->n_added);
    json_put_u64(&j, "withdrawn", state->n_withdrawn);
    json_put_u64(&j, "passed_over", state->n_dropped);
    json_put_text(&j, "read", state->pulled_ms != 0 ? read : NULL);
    json_put_text(&j, "tried", state->tried_ms != 0 ? tried : NULL);
    json_put_bool(&j, "in_the_middle", state->next[0] != '\0');
    json_put_text(&j, "failure", state->failure[0] != '\0' ? state->failure : NULL);
    json_end_object(&j);
    buf_char(out, '\n');
}

static void write_human(struct buf *out, const char *name, const struct source_settings *s,
                        const struct source_state *state, int64_t now_ms)
{
    int64_t hours = (now_ms - state->pulled_ms) / 3600000;
    buf_fmt(out, "%-20s  %s, tier %s, within %u bits: %llu entries, ", name,
            source_kind_name(s->kind), lk_tier_name(s->tier), s->max_distance,
            (unsigned long long)state->n_entries);
    if (state->pulled_ms == 0)
        buf_str(out, "never read to its end");
    else
        buf_fmt(out, "read %lld hours ago", (long long)(hours < 0 ? 0 : hours));
    if (state->next[0] != '\0')
        buf_str(out, ", in the middle of a reading");
    buf_char(out, '\n');
    if (state->failure[0] != '\0')
        buf_fmt(out, "%-20s  the last try failed: %s\n", "", state->failure);
}

static enum lk_status write_list(struct cli_call *call, const struct sources *sources, size_t *n,
                                 struct lk_error *err)
{
    const char *const *names;
    const struct clock clock = clock_real();
    TRY(sources_names(call, sources, NULL, 0, &names, n, err));
    for (size_t i = 0; i < *n; i++) {
        const char *dir;
        struct source_settings settings;
        struct source_state state;
        TRY(sources_dir(call, sources, names[i], &dir, err));
        TRY(source_read_settings(dir, &settings, err));
        TRY(source_read_state(dir, &state, err));
        if (cli_has(call, "json"))
            write_json(&call->out, names[i], &settings, &state);
        else
            write_human(&call->out, names[i], &settings, &state, clock_now_ms(&clock));
    }
    return LK_OK;
}

int cmd_exchange_list(struct cli_call *call)
{
    struct lk_error err;
    struct sources sources;
    size_t n = 0;
    if (call->n_args != 0)
        return cli_usage(call, "exchange list takes no arguments");
    enum lk_status status = sources_open(call, false, &sources, &err);
    if (status == LK_OK)
        status = write_list(call, &sources, &n, &err);
    sources_close(&sources);
    if (status != LK_OK)
        return cli_fail(&err);
    if (n == 0 && !cli_has(call, "json"))
        cli_say("no sources yet (see: likeness exchange add --help)");
    return CLI_OK;
}

static void wait_ms(void *ctx, int64_t ms)
{
    (void)ctx;
    const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

static enum lk_status pull_open(struct cli_call *call, struct source *source, const char *name,
                                struct source_counts *counts, struct lk_error *err)
{
    struct source_secrets secrets;
    struct source_settings settings = *source_settings_of(source);
    const struct source_pull_config config = {.get = source_fetch,
                                              .wait = wait_ms,
                                              .ctx = &settings,
                                              .clock = clock_real(),
                                              .secrets = &secrets,
                                              .anew = cli_has(call, "anew")};
    enum lk_status status = source_read_secrets(name, &settings, &secrets, err);
    if (status == LK_OK)
        status = source_pull(source, &config, counts, err);
    seal_wipe(&secrets, sizeof secrets);
    return status;
}

static enum lk_status pull(struct cli_call *call, const struct sources *sources, const char *name,
                           struct lk_error *err)
{
    const char *dir;
    struct source *source;
    struct source_counts counts = {0};
    TRY(sources_dir(call, sources, name, &dir, err));
    TRY(source_open(dir, name, sources->keys, BANK_WRITE, &source, err));
    enum lk_status status = pull_open(call, source, name, &counts, err);
    source_close(source);
    if (status == LK_OK)
        buf_fmt(&call->out, "%s: %llu pages, %llu added, %llu withdrawn, %llu passed over\n", name,
                (unsigned long long)counts.n_pages, (unsigned long long)counts.n_added,
                (unsigned long long)counts.n_withdrawn, (unsigned long long)counts.n_dropped);
    return status;
}

/* Each of them once; one that fails keeps no other from being read. */
static enum lk_status pull_round(struct cli_call *call, const struct sources *sources,
                                 enum lk_status *first, struct lk_error *err)
{
    const char *const *names;
    size_t n;
    TRY(sources_names(call, sources, call->args, call->n_args, &names, &n, err));
    for (size_t i = 0; i < n; i++) {
        struct lk_error why;
        enum lk_status status = pull(call, sources, names[i], &why);
        if (status != LK_OK)
            cli_say("%s", why.text);
        if (*first == LK_OK)
            *first = status;
        TRY(cli_flush(call, err));
    }
    return n > 0 ? LK_OK
                 : FAIL(err, LK_NOT_FOUND, "no sources yet (see: likeness exchange add --help)");
}

int cmd_exchange_pull(struct cli_call *call)
{
    struct lk_error err;
    struct sources sources;
    int64_t every_s = 0;
    enum lk_status first = LK_OK;
    if (cli_number(call, "every", 1, MAX_PAUSE_S, &every_s, &err) != LK_OK)
        return cli_usage(call, "%s", err.text);
    if (every_s > 0 && cli_has(call, "anew"))
        return cli_usage(call, "--anew is for one time, not for --every");
    enum lk_status status = sources_open(call, false, &sources, &err);
    if (status == LK_OK)
        status = pull_round(call, &sources, &first, &err);
    while (status == LK_OK && every_s > 0) {
        wait_ms(NULL, every_s * 1000);
        status = pull_round(call, &sources, &first, &err);
    }
    sources_close(&sources);
    if (status != LK_OK)
        return cli_fail(&err);
    return first == LK_OK ? CLI_OK : lk_status_exit(first);
}

int cmd_exchange_remove(struct cli_call *call)
{
    struct lk_error err;
    struct sources sources;
    const char *dir;
    if (call->n_args != 1)
        return cli_usage(call, "exchange remove takes one NAME");
    enum lk_status status = sources_open(call, false, &sources, &err);
    if (status == LK_OK)
        status = sources_dir(call, &sources, call->args[0], &dir, &err);
    if (status == LK_OK)
        status = source_destroy(dir, &err);
    sources_close(&sources);
    if (status != LK_OK)
        return cli_fail(&err);
    cli_say("'%s' and all its entries are gone", call->args[0]);
    return CLI_OK;
}
