/* likeness partner key, rotate: further keys of a partner, and replacing the first. */
#include "commands.h"
#include "home.h"

#include "base/err.h"
#include "base/json.h"
#include "cases/partner.h"
#include "sys/seal.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_OVERLAP_HOURS = 24, MAX_DAYS = 3660 };

const char cmd_partner_rotate_notes[] =
    "Both keys work meanwhile, so that nothing has to stop. The inbox, the feed and webhooks stay "
    "as they are.";

static enum lk_status read_scopes(const char *text, unsigned *out, struct lk_error *err)
{
    *out = 0;
    while (true) {
        size_t n = strcspn(text, ",");
        unsigned scope = partner_scope_from_name(text, n);
        if (scope == 0)
            return FAIL(err, LK_INVALID,
                        "'%.*s' is no purpose: match, answer, notices, feed, webhooks, lists, "
                        "cases",
                        (int)n, text);
        *out |= scope;
        if (text[n] == '\0')
            return LK_OK;
        text += n + 1;
    }
}

/* A number of an option; 0 where it is not there. */
static enum lk_status read_number(struct cli_call *call, const char *name, long high, long *out,
                                  struct lk_error *err)
{
    char *rest = NULL;
    *out = 0;
    if (!cli_has(call, name))
        return LK_OK;
    *out = strtol(cli_value(call, name), &rest, 10);
    return *rest == '\0' && *out >= 0 && *out <= high
               ? LK_OK
               : FAIL(err, LK_INVALID, "--%s is a number up to %ld", name, high);
}

static int say(struct cli_call *call, struct registry *r, enum lk_status status,
               const struct lk_error *err)
{
    registry_close(r);
    if (status == LK_INVALID)
        return cli_usage(call, "%s", err->text);
    return status == LK_OK ? CLI_OK : cli_fail(err);
}

static enum lk_status add_for(struct cli_call *call, struct registry *r,
                              const struct partner *partner, struct lk_error *err)
{
    char key[PARTNER_KEY_CHARS + 1];
    unsigned scopes = PARTNER_MAY_ALL;
    long days = 0;
    int64_t id = 0;
    if (cli_has(call, "for"))
        TRY(read_scopes(cli_value(call, "for"), &scopes, err));
    TRY(read_number(call, "days", MAX_DAYS, &days, err));
    int64_t until_ms = days == 0 ? 0 : registry_now_ms(r) + (int64_t)days * CLOCK_DAY_MS;
    TRY(partner_key_add(r, partner, call->args[1], scopes, until_ms, key, &id, err));
    buf_fmt(&call->out, "%s\n", key);
    seal_wipe(key, sizeof key);
    cli_say("key %lld of '%s'; it is not shown again", (long long)id, partner->name);
    return LK_OK;
}

static int add(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct partner partner;
    if (call->n_args != 2)
        return cli_usage(call, "partner key add takes NAME and LABEL");
    if (home_open_for(call, &r, &partner, &err) != LK_OK)
        return cli_fail(&err);
    return say(call, r, add_for(call, r, &partner, &err), &err);
}

static void put_scopes(struct buf *out, unsigned scopes)
{
    bool any = false;
    for (unsigned i = 0; i < PARTNER_N_SCOPES; i++)
        if (scopes & 1u << i) {
            buf_fmt(out, "%s%s", any ? "," : "", partner_scope_name(1u << i));
            any = true;
        }
}

static void put_json(struct cli_call *call, const struct partner_key *key)
{
    char time[32];
    struct json j;
    json_init(&j, &call->out);
    json_object(&j);
    json_put_i64(&j, "id", key->id);
    json_put_text(&j, "label", key->label);
    json_key(&j, "for");
    json_array(&j);
    for (unsigned i = 0; i < PARTNER_N_SCOPES; i++)
        if (key->scopes & 1u << i)
            json_text(&j, partner_scope_name(1u << i));
    json_end_array(&j);
    clock_format_time(key->added_ms, time);
    json_put_text(&j, "added", time);
    clock_format_time(key->until_ms, time);
    json_put_text(&j, "until", key->until_ms == 0 ? NULL : time);
    json_put_bool(&j, "over", key->is_over);
    json_end_object(&j);
    buf_char(&call->out, '\n');
}

static void put_human(struct cli_call *call, const struct partner_key *key)
{
    char day[32];
    clock_format_day(key->until_ms, day);
    buf_fmt(&call->out, "%4lld  %-24s  for ", (long long)key->id, key->label);
    put_scopes(&call->out, key->scopes);
    if (key->until_ms != 0)
        buf_fmt(&call->out, "; %s %s", key->is_over ? "ended" : "until", day);
    buf_char(&call->out, '\n');
}

static int list(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct partner partner;
    struct partner_key *keys;
    size_t n = 0;
    if (call->n_args != 1)
        return cli_usage(call, "partner key list takes one NAME");
    if (home_open_for(call, &r, &partner, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = partner_keys(r, &partner, &call->arena, &keys, &n, &err);
    for (size_t i = 0; status == LK_OK && i < n; i++) {
        if (cli_has(call, "json"))
            put_json(call, &keys[i]);
        else
            put_human(call, &keys[i]);
    }
    if (status == LK_OK && n == 0 && !cli_has(call, "json"))
        cli_say("no further keys: only the first, for everything");
    return say(call, r, status, &err);
}

static int end(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct partner partner;
    char *rest = NULL;
    if (call->n_args != 2)
        return cli_usage(call, "partner key end takes NAME and the key's number");
    long long id = strtoll(call->args[1], &rest, 10);
    if (*rest != '\0' || id <= 0)
        return cli_usage(call, "'%.40s' is no number of a key (see: partner key list)",
                         call->args[1]);
    if (home_open_for(call, &r, &partner, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = partner_key_end(r, &partner, id, &err);
    if (status == LK_OK)
        cli_say("key %lld of '%s' no longer opens anything", id, partner.name);
    return say(call, r, status, &err);
}

int cmd_partner_rotate(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct partner partner;
    char key[PARTNER_KEY_CHARS + 1];
    long hours = DEFAULT_OVERLAP_HOURS;
    if (call->n_args != 1)
        return cli_usage(call, "partner rotate takes one NAME");
    if (cli_has(call, "overlap-hours") &&
        read_number(call, "overlap-hours", MAX_DAYS * 24L, &hours, &err) != LK_OK)
        return cli_usage(call, "%s", err.text);
    if (home_open_for(call, &r, &partner, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = partner_rotate(r, &partner, (int64_t)hours * 3600000, key, &err);
    if (status == LK_OK) {
        buf_fmt(&call->out, "%s\n", key);
        cli_say("the new key of '%s'; the one before works for %ld hours more", partner.name,
                hours);
    }
    seal_wipe(key, sizeof key);
    return say(call, r, status, &err);
}

static const struct cli_option add_options[] = {
    {"for", "LIST", "match, answer, notices, feed, webhooks, lists, cases; default: all"},
    {"days", "N", "ends after so many days; default: no end"},
    HOME_OPTIONS,
    {"config", "FILE", "read settings from FILE"},
    {NULL, NULL, NULL}};
static const struct cli_option list_options[] = {{"json", NULL, "one JSON object a key"},
                                                 HOME_OPTIONS,
                                                 {"config", "FILE", "read settings from FILE"},
                                                 {NULL, NULL, NULL}};

const struct cli_command cmd_partner_key_table[] = {
    {.name = "add",
     .arguments = "NAME LABEL",
     .summary = "a further key, perhaps for some purposes alone; printed once",
     .options = add_options,
     .run = add},
    {.name = "list",
     .arguments = "NAME",
     .summary = "a partner's further keys",
     .options = list_options,
     .run = list},
    {.name = "end",
     .arguments = "NAME NUMBER",
     .summary = "end a further key at once",
     .options = list_options,
     .run = end},
    {.name = NULL},
};
