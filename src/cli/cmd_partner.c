/* likeness partner: keys for platforms, helplines and others. */
#include "commands.h"
#include "home.h"

#include "cases/partner.h"

#include <string.h>

static int add(struct cli_call *call)
{
    if (call->n_args != 1)
        return cli_usage(call, "partner add takes one NAME");
    const char *role_name = cli_has(call, "role") ? cli_value(call, "role") : "platform";
    unsigned role = partner_role_from_name(role_name, strlen(role_name));
    if (role == 0)
        return cli_usage(call, "--role is platform, helpline, regulator or peer, not '%s'",
                         role_name);
    struct lk_error err;
    struct registry *r;
    if (home_open(call, true, &r, &err) != LK_OK)
        return cli_fail(&err);
    char key[PARTNER_KEY_CHARS + 1];
    struct partner partner;
    enum lk_status status = partner_add(r, call->args[0], role, key, &partner, &err);
    registry_close(r);
    if (status != LK_OK)
        return cli_fail(&err);
    buf_fmt(&call->out, "%s\n", key);
    cli_say("key of '%s' (%s); it is not shown again", partner.name, partner_role_name(role));
    return CLI_OK;
}

static void list_json(struct cli_call *call, const struct partner *partner)
{
    char time[32];
    struct json j;
    json_init(&j, &call->out);
    json_object(&j);
    json_put_text(&j, "name", partner->name);
    json_put_text(&j, "role", partner_role_name(partner->role));
    clock_format_time(partner->added_ms, time);
    json_put_text(&j, "added", time);
    clock_format_time(partner->revoked_ms, time);
    json_put_text(&j, "revoked", partner->revoked_ms != 0 ? time : NULL);
    json_end_object(&j);
    buf_char(&call->out, '\n');
}

static void list_human(struct cli_call *call, const struct partner *partner)
{
    char added[32], revoked[32] = "";
    clock_format_day(partner->added_ms, added);
    clock_format_day(partner->revoked_ms, revoked);
    buf_fmt(&call->out, "%-30s  %-9s  added %s", partner->name, partner_role_name(partner->role),
            added);
    if (partner->revoked_ms != 0)
        buf_fmt(&call->out, ", revoked %s", revoked);
    buf_char(&call->out, '\n');
}

static int list(struct cli_call *call)
{
    if (call->n_args != 0)
        return cli_usage(call, "partner list takes no arguments");
    struct lk_error err;
    struct registry *r;
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    struct partner *partners;
    size_t n = 0;
    enum lk_status status = partner_list(r, &call->arena, &partners, &n, &err);
    registry_close(r);
    if (status != LK_OK)
        return cli_fail(&err);
    bool as_json = cli_has(call, "json");
    for (size_t i = 0; i < n; i++) {
        if (as_json)
            list_json(call, &partners[i]);
        else
            list_human(call, &partners[i]);
    }
    if (n == 0 && !as_json)
        cli_say("no partners yet (see: likeness partner add --help)");
    return CLI_OK;
}

static int revoke(struct cli_call *call)
{
    if (call->n_args != 1)
        return cli_usage(call, "partner revoke takes one NAME");
    struct lk_error err;
    struct registry *r;
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = partner_revoke(r, call->args[0], &err);
    registry_close(r);
    if (status != LK_OK)
        return cli_fail(&err);
    cli_say("the key of '%s' no longer opens anything", call->args[0]);
    return CLI_OK;
}

#define CONFIG_OPTION                                                                              \
    {                                                                                              \
        "config", "FILE", "read settings from FILE"                                                \
    }

static const struct cli_option add_options[] = {
    {"role", "ROLE", "platform (default), helpline, regulator or peer"},
    HOME_OPTIONS,
    CONFIG_OPTION,
    {NULL, NULL, NULL}};
static const struct cli_option list_options[] = {
    {"json", NULL, "one JSON object a partner"}, HOME_OPTIONS, CONFIG_OPTION, {NULL, NULL, NULL}};
static const struct cli_option rotate_options[] = {
    {"overlap-hours", "N", "how long the key before works besides (24)"},
    HOME_OPTIONS,
    CONFIG_OPTION,
    {NULL, NULL, NULL}};
static const struct cli_option revoke_options[] = {HOME_OPTIONS, CONFIG_OPTION, {NULL, NULL, NULL}};

const struct cli_command cmd_partner_table[] = {
    {.name = "add",
     .arguments = "NAME",
     .summary = "make a key and print it, once",
     .options = add_options,
     .run = add},
    {.name = "list",
     .arguments = "",
     .summary = "who has a key",
     .options = list_options,
     .run = list},
    {.name = "revoke",
     .arguments = "NAME",
     .summary = "end a key at once and for good",
     .options = revoke_options,
     .run = revoke},
    {.name = "rotate",
     .arguments = "NAME",
     .summary = "a new first key; the one before goes on for a while",
     .options = rotate_options,
     .run = cmd_partner_rotate,
     .notes = cmd_partner_rotate_notes},
    {.name = "key",
     .arguments = "...",
     .summary = "further keys, for some purposes or for a time",
     .below = cmd_partner_key_table},
    {.name = "webhook",
     .arguments = "...",
     .summary = "where a partner is told that something happened",
     .below = cmd_webhook_table},
    {.name = "nodes",
     .arguments = "[NAME]",
     .summary = "the machines that follow the feed, and which of them are late",
     .options = list_options,
     .run = cmd_partner_nodes},
    {.name = "snapshot",
     .arguments = "NAME DIR",
     .summary = "write the feed as files for a partner's newcomers",
     .options = revoke_options,
     .run = cmd_partner_snapshot,
     .notes = cmd_partner_snapshot_notes},
    {.name = "protocols",
     .arguments = "NAME",
     .summary = "which lists of hashes a partner may pull and hand in",
     .options = cmd_partner_protocols_options,
     .run = cmd_partner_protocols,
     .notes = cmd_partner_protocols_notes},
    {.name = "submitted",
     .arguments = "NAME",
     .summary = "the hashes that a partner handed in",
     .options = list_options,
     .run = cmd_partner_submitted},
    {.name = "canary",
     .arguments = "...",
     .summary = "made-up entries that say whose copy of the bank got out",
     .below = cmd_canary_table},
    {.name = NULL},
};
