/* likeness admin: who works at the desk. */
#include "commands.h"
#include "home.h"
#include "keyfile.h"

#include "base/err.h"
#include "cases/staff.h"
#include "sys/clock.h"
#include "sys/qr.h"
#include "sys/seal.h"

#include <string.h>

static int end(struct registry *r, struct staff_hand *hand, enum lk_status status,
               const struct lk_error *err)
{
    staff_hand_wipe(hand);
    registry_close(r);
    return status == LK_OK ? CLI_OK : cli_fail(err);
}

static enum lk_status show_qr(struct cli_call *call, const char *uri, struct lk_error *err)
{
    struct qr qr;
    TRY(qr_make(uri, &qr, err));
    qr_put_text(&qr, &call->out);
    seal_wipe(&qr, sizeof qr);
    return LK_OK;
}

static enum lk_status show_welcome(struct cli_call *call, const struct staff_welcome *w,
                                   struct lk_error *err)
{
    if (w->password[0] == '\0') {
        cli_say("signs in through the organisation; nothing has to be handed over");
        return LK_OK;
    }
    buf_fmt(&call->out, "password  %s\nsecret    %s\naddress   %s\n", w->password, w->totp, w->uri);
    cli_say(
        "the password works once and is not shown again; the secret goes into an authenticator");
    return cli_has(call, "qr") ? show_qr(call, w->uri, err) : LK_OK;
}

static int add(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct staff_hand hand;
    struct staff_welcome welcome;
    unsigned role = staff_role_of(cli_value(call, "role"));
    if (call->n_args != 1 || role == 0)
        return cli_usage(call, "admin staff add takes a NAME and --role caseworker, lead, admin, "
                               "auditor or police");
    if (home_open(call, true, &r, &err) != LK_OK)
        return cli_fail(&err);
    staff_console(r, &hand);
    enum lk_status status =
        staff_add(r, &hand, call->args[0], role, cli_has(call, "proxy"), &welcome, &err);
    if (status == LK_OK)
        status = show_welcome(call, &welcome, &err);
    explicit_bzero(&welcome, sizeof welcome);
    return end(r, &hand, status, &err);
}

static int reset(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct staff_hand hand;
    struct staff_welcome welcome;
    if (call->n_args != 1)
        return cli_usage(call, "admin staff reset takes one NAME");
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    staff_console(r, &hand);
    enum lk_status status = staff_reset(r, &hand, call->args[0], &welcome, &err);
    if (status == LK_OK)
        status = show_welcome(call, &welcome, &err);
    explicit_bzero(&welcome, sizeof welcome);
    return end(r, &hand, status, &err);
}

static int hand_key(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct staff_hand hand;
    uint8_t secret[BANK_KEY_BYTES];
    const uint8_t *key;
    if (call->n_args != 1 || !cli_has(call, "key"))
        return cli_usage(call, "admin staff hand-key takes a NAME and --key FILE");
    if (keyfile_read(call, "key", false, secret, &key, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = home_open(call, false, &r, &err);
    if (status == LK_OK) {
        staff_console(r, &hand);
        status = staff_hand_key(r, &hand, call->args[0], secret, &err);
        staff_hand_wipe(&hand);
        registry_close(r);
    }
    keyfile_forget(secret);
    if (status != LK_OK)
        return cli_fail(&err);
    cli_say("'%s' has it from the next sign-in on", call->args[0]);
    return CLI_OK;
}

static int desk_key(struct cli_call *call)
{
    struct lk_error err;
    uint8_t secret[BANK_KEY_BYTES], public_key[SEAL_BOX_KEY_BYTES];
    const uint8_t *key;
    if (call->n_args != 0 || !cli_has(call, "key"))
        return cli_usage(call, "admin desk-key takes --key FILE");
    if (keyfile_read(call, "key", true, secret, &key, &err) != LK_OK)
        return cli_fail(&err);
    seal_box_public(secret, public_key);
    keyfile_forget(secret);
    buf_hex(&call->out, public_key, sizeof public_key);
    buf_char(&call->out, '\n');
    cli_say("the public half, for serve --desk-key; keep the file where the service is not");
    return CLI_OK;
}

static int end_account(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct staff_hand hand;
    if (call->n_args != 1)
        return cli_usage(call, "admin staff end takes one NAME");
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    staff_console(r, &hand);
    enum lk_status status = staff_end(r, &hand, call->args[0], &err);
    return end(r, &hand, status, &err);
}

static int list(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct staff_member *members;
    struct staff_hand hand = {0};
    size_t n = 0;
    if (call->n_args != 0)
        return cli_usage(call, "admin staff list takes no arguments");
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = staff_list(r, &call->arena, &members, &n, &err);
    for (size_t i = 0; status == LK_OK && i < n; i++) {
        const struct staff_member *m = &members[i];
        char day[32];
        clock_format_day(m->added_ms, day);
        buf_fmt(&call->out, "%-24s %-10s since %s%s%s\n", m->name, staff_role_name(m->role), day,
                m->has_ended  ? ", ended"
                : m->is_new   ? ", has not signed in yet"
                : m->by_proxy ? ", through the organisation"
                              : "",
                m->lacks_key ? ", without the desk's key" : "");
    }
    return end(r, &hand, status, &err);
}

#define CONFIG_OPTION                                                                              \
    {                                                                                              \
        "config", "FILE", "read settings from FILE"                                                \
    }
#define QR_OPTION                                                                                  \
    {                                                                                              \
        "qr", NULL, "draw the authenticator's address too, for the camera of a telephone"          \
    }
static const struct cli_option add_options[] = {
    {"role", "ROLE", "caseworker, lead, admin, auditor or police"},
    {"proxy", NULL, "signs in through the organisation (serve --staff-header)"},
    QR_OPTION,
    HOME_OPTIONS,
    CONFIG_OPTION,
    {NULL, NULL, NULL}};
static const struct cli_option hand_options[] = {
    {"key", "FILE", "the desk's secret key, 64 hexadecimal digits"},
    HOME_OPTIONS,
    CONFIG_OPTION,
    {NULL, NULL, NULL}};
static const struct cli_option key_options[] = {
    {"key", "FILE", "where the secret half is, or is made with mode 0600"}, {NULL, NULL, NULL}};
static const struct cli_option reset_options[] = {
    QR_OPTION, HOME_OPTIONS, CONFIG_OPTION, {NULL, NULL, NULL}};
static const struct cli_option home_options[] = {HOME_OPTIONS, CONFIG_OPTION, {NULL, NULL, NULL}};

static const struct cli_command staff_table[] = {
    {.name = "add",
     .arguments = "NAME",
     .summary = "add an account, and print its first password and authenticator, once",
     .options = add_options,
     .run = add},
    {.name = "list",
     .arguments = "",
     .summary = "all accounts",
     .options = home_options,
     .run = list},
    {.name = "reset",
     .arguments = "NAME",
     .summary = "a new first password and authenticator; ends the sessions",
     .options = reset_options,
     .run = reset},
    {.name = "hand-key",
     .arguments = "NAME",
     .summary = "hand on the desk's secret key where it is kept outside of the service",
     .options = hand_options,
     .run = hand_key},
    {.name = "end",
     .arguments = "NAME",
     .summary = "end an account and its sessions",
     .options = home_options,
     .run = end_account},
    {.name = NULL},
};

const struct cli_command cmd_admin_table[] = {
    {.name = "staff", .arguments = "...", .summary = "who works at the desk", .below = staff_table},
    {.name = "desk-key",
     .arguments = "",
     .summary = "make a pair of keys for the desk to keep elsewhere, and print its public half",
     .options = key_options,
     .run = desk_key},
    {.name = NULL},
};
