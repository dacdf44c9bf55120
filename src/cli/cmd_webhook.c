/* likeness partner webhook: where a partner is told that something happened. */
#include "allow.h"
#include "commands.h"
#include "home.h"

#include "base/err.h"
#include "cases/webhook.h"
#include "exchange/webhook_text.h"

#include <string.h>

static int end(struct registry *r, enum lk_status status, const struct lk_error *err)
{
    registry_close(r);
    return status == LK_OK ? CLI_OK : cli_fail(err);
}

static void print_key(struct cli_call *call, const struct webhook *w, const uint8_t *secret)
{
    char key[WEBHOOK_KEY_CHARS + 1];
    if (w->scheme == WEBHOOK_ED25519) {
        webhook_text_public(w->public_key, key);
        cli_say("the public key of the webhook; it is no secret");
    } else {
        webhook_text_secret(secret, key);
        cli_say("the secret of the webhook; it is not shown again");
    }
    buf_fmt(&call->out, "%s\n%s\n", w->id, key);
    seal_wipe(key, sizeof key);
}

static enum lk_status read_types(const char *text, unsigned *out, struct lk_error *err)
{
    for (text = text == NULL ? "" : text; *text != '\0'; text += strspn(text, ", ")) {
        size_t n = strcspn(text, ", ");
        enum webhook_type type = webhook_type_of(text, n);
        if (type == WEBHOOK_PING)
            return FAIL(err, LK_INVALID, "no message has the type '%.*s'", (int)n, text);
        *out |= WEBHOOK_BIT(type);
        text += n;
    }
    return LK_OK;
}

static int add(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct partner partner;
    struct webhook webhook;
    struct fetch_config fetch = {0};
    struct webhook_order order = {.scheme = WEBHOOK_HMAC, .fetch = &fetch};
    uint8_t secret[WEBHOOK_SECRET_BYTES];
    if (call->n_args != 2)
        return cli_usage(call, "partner webhook add takes a NAME and a URL");
    order.url = call->args[1];
    if (cli_has(call, "signature"))
        order.scheme = webhook_scheme_of(cli_value(call, "signature"));
    if (order.scheme == 0)
        return cli_usage(call, "--signature is hmac or ed25519, not '%s'",
                         cli_value(call, "signature"));
    if (read_types(cli_value(call, "types"), &order.types, &err) != LK_OK ||
        allow_read(call, cli_value(call, "webhook-allow"), &fetch, &err) != LK_OK)
        return cli_usage(call, "%s", err.text);
    if (home_open_for(call, &r, &partner, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = webhook_add(r, &partner, &order, &call->arena, &webhook, secret, &err);
    if (status == LK_OK)
        print_key(call, &webhook, secret);
    seal_wipe(secret, sizeof secret);
    return end(r, status, &err);
}

static void print_webhook(struct cli_call *call, const struct webhook *w)
{
    char day[32];
    buf_fmt(&call->out, "%s  %s\n    %s;", w->id, w->url, webhook_scheme_name(w->scheme));
    for (unsigned i = WEBHOOK_PING + 1; i < WEBHOOK_N_TYPES; i++)
        if ((w->types & WEBHOOK_BIT(i)) != 0)
            buf_fmt(&call->out, " %s", webhook_type_name(i));
    if (w->is_disabled) {
        clock_format_time(w->disabled_ms, day);
        buf_fmt(&call->out, "\n    disabled since %s: %s", day,
                w->reason == WEBHOOK_GONE ? "it answered 410"
                                          : "nothing had arrived there for days");
    } else if (w->failing_ms != 0) {
        clock_format_time(w->failing_ms, day);
        buf_fmt(&call->out, "\n    nothing arrives since %s", day);
    }
    buf_char(&call->out, '\n');
}

static int list(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct partner partner;
    struct webhook *webhooks;
    size_t n = 0;
    if (call->n_args != 1)
        return cli_usage(call, "partner webhook list takes a NAME");
    if (home_open_for(call, &r, &partner, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = webhook_list(r, &partner, &call->arena, &webhooks, &n, &err);
    for (size_t i = 0; status == LK_OK && i < n; i++)
        print_webhook(call, &webhooks[i]);
    if (status == LK_OK && n == 0)
        cli_say("no webhooks yet (see: likeness partner webhook add --help)");
    return end(r, status, &err);
}

/* Those that take a NAME and an ID. */
static int with_id(struct cli_call *call,
                   enum lk_status (*fn)(struct cli_call *call, struct registry *r,
                                        const struct partner *partner, struct lk_error *err))
{
    struct lk_error err;
    struct registry *r;
    struct partner partner;
    if (call->n_args != 2)
        return cli_usage(call, "partner webhook %s takes a NAME and the ID that list shows",
                         call->command->name);
    if (home_open_for(call, &r, &partner, &err) != LK_OK)
        return cli_fail(&err);
    return end(r, fn(call, r, &partner, &err), &err);
}

static enum lk_status remove_it(struct cli_call *call, struct registry *r,
                                const struct partner *partner, struct lk_error *err)
{
    return webhook_remove(r, partner, call->args[1], err);
}

static enum lk_status enable_it(struct cli_call *call, struct registry *r,
                                const struct partner *partner, struct lk_error *err)
{
    return webhook_enable(r, partner, call->args[1], err);
}

static enum lk_status rotate_it(struct cli_call *call, struct registry *r,
                                const struct partner *partner, struct lk_error *err)
{
    struct webhook webhook;
    uint8_t secret[WEBHOOK_SECRET_BYTES];
    char until[32];
    TRY(webhook_rotate(r, partner, call->args[1], &call->arena, &webhook, secret, err));
    print_key(call, &webhook, secret);
    seal_wipe(secret, sizeof secret);
    clock_format_time(webhook.old_until_ms, until);
    cli_say("messages are signed with the one before too until %s", until);
    return LK_OK;
}

static enum lk_status test_it(struct cli_call *call, struct registry *r,
                              const struct partner *partner, struct lk_error *err)
{
    char message[WEBHOOK_MESSAGE_CHARS + 1];
    TRY(webhook_test(r, partner, call->args[1], message, err));
    buf_fmt(&call->out, "%s\n", message);
    cli_say("the service sends it; see what came of it: likeness partner webhook log");
    return LK_OK;
}

static enum lk_status print_log(struct cli_call *call, struct registry *r,
                                const struct partner *partner, struct lk_error *err)
{
    struct webhook_try *tries;
    size_t n = 0;
    char time[32];
    TRY(webhook_log(r, partner, call->args[1], &call->arena, &tries, &n, err));
    for (size_t i = 0; i < n; i++) {
        const struct webhook_try *one = &tries[i];
        clock_format_time(one->at_ms, time);
        buf_fmt(&call->out, "%s  %s  %-19s  try %u  ", time, one->message,
                webhook_type_name(one->type), one->number);
        if (one->status != 0)
            buf_fmt(&call->out, "%u", one->status);
        if (one->end != FETCH_DONE)
            buf_fmt(&call->out, "%s%s", one->status != 0 ? " " : "", fetch_end_name(one->end));
        buf_fmt(&call->out, "  %u ms  %s\n", one->duration_ms,
                webhook_message_state_name(one->state));
    }
    return LK_OK;
}

static int remove_one(struct cli_call *call)
{
    return with_id(call, remove_it);
}

static int enable_one(struct cli_call *call)
{
    return with_id(call, enable_it);
}

static int rotate_one(struct cli_call *call)
{
    return with_id(call, rotate_it);
}

static int test_one(struct cli_call *call)
{
    return with_id(call, test_it);
}

static int show_log(struct cli_call *call)
{
    return with_id(call, print_log);
}

#define CONFIG_OPTION                                                                              \
    {                                                                                              \
        "config", "FILE", "read settings from FILE"                                                \
    }

static const struct cli_option add_options[] = {
    {"types", "LIST", "which messages, apart by commas (default: all)"},
    {"signature", "KIND", "hmac (default) or ed25519"},
    ALLOW_OPTION,
    HOME_OPTIONS,
    CONFIG_OPTION,
    {NULL, NULL, NULL}};
static const struct cli_option home_options[] = {HOME_OPTIONS, CONFIG_OPTION, {NULL, NULL, NULL}};

const struct cli_command cmd_webhook_table[] = {
    {.name = "add",
     .arguments = "NAME URL",
     .summary = "tell a partner there; prints the webhook's id and its key, once",
     .options = add_options,
     .run = add},
    {.name = "list",
     .arguments = "NAME",
     .summary = "a partner's webhooks and how they do",
     .options = home_options,
     .run = list},
    {.name = "remove",
     .arguments = "NAME ID",
     .summary = "tell nothing there any more",
     .options = home_options,
     .run = remove_one},
    {.name = "enable",
     .arguments = "NAME ID",
     .summary = "put a disabled webhook in force again",
     .options = home_options,
     .run = enable_one},
    {.name = "rotate",
     .arguments = "NAME ID",
     .summary = "a new key; the one before signs too for a day",
     .options = home_options,
     .run = rotate_one},
    {.name = "test",
     .arguments = "NAME ID",
     .summary = "let the service send a ping",
     .options = home_options,
     .run = test_one},
    {.name = "log",
     .arguments = "NAME ID",
     .summary = "the newest tries, the newest first",
     .options = home_options,
     .run = show_log},
    {.name = NULL},
};
