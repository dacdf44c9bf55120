/* likeness serve: the whole service in one process. */
#include "allow.h"
#include "commands.h"
#include "home.h"
#include "serving.h"

#include "base/err.h"
#include "cases/ladder.h"
#include "cases/letter_bounce.h"
#include "exchange/mime.h"
#include "service/locale.h"
#include "service/service.h"
#include "sys/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct cli_option cmd_serve_options[] = {
    {"listen", "HOST:PORT", "where to answer (default 127.0.0.1:8080; port 0: any free one)"},
    HOME_OPTIONS,
    {"workers", "N", "threads that do the work (default 4)"},
    {"retention-days", "N", "how long a case is kept (default 730)"},
    {"answer-hours", "N", "within which platforms are asked to answer (default 48)"},
    {"escalate", "RULE",
     "which prepared letters a clock sends: suggest (none), search or registrar"},
    {"desk-key", "HEX", "public key of the desk, if its secret half is kept elsewhere"},
    {"letters-organisation", "TEXT", "who writes the desk's letters"},
    {"letters-signer", "TEXT", "who signs them"},
    {"letters-email", "ADDRESS", "where answers to them go"},
    {"letters-contact", "TEXT", "how their recipients reach the desk"},
    {"trusted-flagger", NULL, "the operator is a trusted flagger (EU DSA art. 22)"},
    {"designated-body", NULL, "a law of its country names the operator as one that may report"},
    {"staff-header", "NAME",
     "header in which a trusted proxy names the member of staff it signed in"},
    {"authorised-under-18", NULL,
     "by law this operator may hold fingerprints of material of people under 18"},
    {"cases-per-minute", "N", "new cases from one address (default 20; 0: no limit)"},
    {"code-tries-per-minute", "N", "wrong codes from one address (default 4; 0: no limit)"},
    {"queries-per-minute", "N", "API calls of one partner (default 120000; 0: no limit)"},
    {"trusted-proxy", NULL, "a proxy stands in front and sets X-Forwarded-For"},
    {"site-name", "TEXT", "the name on every page; choose a neutral one"},
    {"operator-name", "TEXT", "who runs this, as people read it"},
    {"operator-contact", "URL", "mailto:, tel: or https: address for people"},
    {"languages", "CODES", "which languages to offer, as en,es,fr (default: all)"},
    {"icon", "FILE", "an SVG for the window's tab; choose a neutral one"},
    {"mail-url", "URL",
     "smtp:// or smtps:// server for mails that people asked for (default: none)"},
    {"mail-from", "ADDRESS", "whom those mails come from; choose a neutral one"},
    {"letters-from", "ADDRESS", "whom the desk's letters come from (default: mail-from)"},
    {"bounce-address", "ADDRESS", "where letters come back to, for likeness exchange bounce"},
    {"mail-every-seconds", "N", "how often to look for mails that are due (default 60)"},
    {"recheck-hours", "N", "how often to look at reported addresses again (default 0: never)"},
    {"look-at-watches", NULL, "look for copies on the pages named by desk watch"},
    {"fetch-proxy", "URL", "make these looks through http:// or socks5h://HOST:PORT"},
    {"fetch-agent", "TEXT", "how they introduce themselves"},
    ALLOW_OPTION,
    {"snapshots", "URL", "where what `partner snapshot` writes can be had"},
    {"ledger-name", "NAME",
     "of the ledger, on its checkpoints: its address without https:// (example.org/ledger)"},
    {"leave-url", "URL", "where the exit on every page leads"},
    {"security-contact", "URL", "mailto: or https: address for security.txt"},
    {"log-level", "LEVEL", "error, warn, info (default) or debug"},
    {"log-format", "FORMAT", "text (default) or json"},
    {"config", "FILE", "read settings from FILE: key = value, the names above"},
    {"print-config", NULL, "show the settings and where each comes from, and stop"},
    {NULL, NULL, NULL},
};

const char cmd_serve_notes[] =
    "Each setting may also stand in the environment: --key-file is LIKENESS_KEY_FILE. A flag goes\n"
    "before the environment, that before the file. The master key may be given as 64 hexadecimal\n"
    "digits in LIKENESS_MASTER_KEY instead of a file. SIGINT and SIGTERM end it cleanly.";

static const struct config_default defaults[] = {
    {"listen", "127.0.0.1:8080"},
    HOME_DEFAULTS,
    {"log-level", "info"},
    {"log-format", "text"},
    {"trusted-proxy", "no"},
    {"trusted-flagger", "no"},
    {"designated-body", "no"},
    {"authorised-under-18", "no"},
    {"look-at-watches", "no"},
    {"escalate", "suggest"},
    {NULL, NULL},
};

static void set_text(const struct config *config, const char *name, const char **out)
{
    const char *value = config_text(config, name);
    if (value != NULL)
        *out = value;
}

enum { MAX_ICON_BYTES = 64 * 1024 };

static enum lk_status read_icon(struct cli_call *call, const struct config *config,
                                struct service_config *out, struct lk_error *err)
{
    const char *path = config_text(config, "icon");
    struct buf text;
    if (path == NULL)
        return LK_OK;
    buf_init(&text, &call->arena.alloc, MAX_ICON_BYTES);
    TRY(file_read_all(path, &text, err));
    if (memmem(text.p, text.n, "<svg", 4) == NULL)
        return FAIL(err, LK_INVALID, "icon: '%s' is no SVG", path);
    out->icon = buf_text(&text);
    out->n_icon = text.n;
    return LK_OK;
}

/* What people may be shown as a link. */
static enum lk_status check_contact(const char *url, struct lk_error *err)
{
    if (url == NULL || strncmp(url, "mailto:", 7) == 0 || strncmp(url, "tel:", 4) == 0 ||
        strncmp(url, "https://", 8) == 0)
        return LK_OK;
    return FAIL(err, LK_INVALID, "operator-contact begins with mailto:, tel: or https://, not '%s'",
                url);
}

/* Room for what is added before the @: a name there has at most 64 characters. */
static enum lk_status check_bounce_address(const char *address, struct lk_error *err)
{
    if (address == NULL ||
        (mime_is_address(address) && strcspn(address, "@") <= LETTER_BOUNCE_MAX_NAME))
        return LK_OK;
    return FAIL(err, LK_INVALID,
                "bounce-address is name@domain, its name at most %d characters, not '%s'",
                LETTER_BOUNCE_MAX_NAME, address);
}

static enum lk_status read_mail(const struct config *config, struct service_config *out,
                                struct lk_error *err)
{
    int64_t every = out->mail_every_s;
    set_text(config, "mail-url", &out->mail.url);
    set_text(config, "mail-from", &out->mail.from);
    TRY(config_number(config, "mail-every-seconds", 1, 3600, &every, err));
    out->mail_every_s = (unsigned)every;
    set_text(config, "bounce-address", &out->bounce_address);
    if (out->mail.url == NULL && out->bounce_address != NULL)
        return FAIL(err, LK_INVALID,
                    "bounce-address needs mail-url: no letter goes out without it");
    if (out->mail.url == NULL)
        return LK_OK;
    if (strncmp(out->mail.url, "smtp://", 7) != 0 && strncmp(out->mail.url, "smtps://", 8) != 0)
        return FAIL(err, LK_INVALID, "mail-url begins with smtp:// or smtps://");
    if (out->mail.from == NULL || strchr(out->mail.from, '@') == NULL)
        return FAIL(err, LK_INVALID, "mail-url needs mail-from, an address");
    out->letters_from = out->mail.from;
    set_text(config, "letters-from", &out->letters_from);
    if (!mime_is_address(out->letters_from))
        return FAIL(err, LK_INVALID, "letters-from is one plain address, not '%s'",
                    out->letters_from);
    return check_bounce_address(out->bounce_address, err);
}

static enum lk_status read_escalate(const struct config *config, enum ladder_auto *out,
                                    struct lk_error *err)
{
    const char *rule = config_text(config, "escalate");
    if (ladder_auto_of(rule, out))
        return LK_OK;
    return FAIL(err, LK_INVALID, "escalate is suggest, search or registrar, not '%s'", rule);
}

static enum lk_status read_desk(const struct config *config, struct service_config *out,
                                struct lk_error *err)
{
    struct law_sender *sender = &out->registry.sender;
    set_text(config, "letters-organisation", &sender->organisation);
    set_text(config, "letters-signer", &sender->signer);
    set_text(config, "letters-email", &sender->email);
    set_text(config, "letters-contact", &sender->contact);
    set_text(config, "staff-header", &out->http.staff_header);
    TRY(read_escalate(config, &out->registry.escalate, err));
    TRY(config_bool(config, "trusted-flagger", &sender->is_trusted_flagger, err));
    TRY(config_bool(config, "designated-body", &sender->is_designated, err));
    if (sender->organisation == NULL)
        sender->organisation = out->operator_name;
    if (sender->contact == NULL)
        sender->contact = sender->email;
    if (out->http.staff_header != NULL && !out->http.trusted_proxy)
        return FAIL(err, LK_INVALID, "staff-header needs trusted-proxy: anybody could send it");
    return LK_OK;
}

static enum lk_status read_fetch(const struct config *config, struct service_config *out,
                                 struct lk_error *err)
{
    int64_t hours = 0;
    TRY(config_number(config, "recheck-hours", 0, 8760, &hours, err));
    out->recheck_hours = (unsigned)hours;
    TRY(config_bool(config, "look-at-watches", &out->looks_at_watches, err));
    set_text(config, "fetch-proxy", &out->fetch.proxy);
    set_text(config, "fetch-agent", &out->fetch.user_agent);
    const char *proxy = out->fetch.proxy;
    if (proxy != NULL && strncmp(proxy, "http://", 7) != 0 && strncmp(proxy, "socks5h://", 10) != 0)
        return FAIL(err, LK_INVALID, "fetch-proxy begins with http:// or socks5h://");
    return LK_OK;
}

/* Without the slashes at its end. */
static enum lk_status read_snapshots(struct cli_call *call, const struct config *config,
                                     struct service_config *out, struct lk_error *err)
{
    const char *url = config_text(config, "snapshots");
    if (url == NULL)
        return LK_OK;
    size_t n = strlen(url);
    if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
        return FAIL(err, LK_INVALID, "snapshots begins with https://, not '%s'", url);
    while (n > 0 && url[n - 1] == '/')
        n--;
    out->snapshots = arena_copy(&call->arena, url, n);
    return out->snapshots != NULL ? LK_OK : FAIL(err, LK_NOMEM, "no memory for the settings");
}

static enum lk_status read_operator(struct cli_call *call, const struct config *config,
                                    struct service_config *out, struct lk_error *err)
{
    int64_t hours = out->registry.answer_hours;
    TRY(config_number(config, "answer-hours", 1, 8760, &hours, err));
    TRY(config_bool(config, "authorised-under-18", &out->is_authorised_under_18, err));
    out->registry.answer_hours = (unsigned)hours;
    set_text(config, "desk-key", &out->registry.desk_key);
    set_text(config, "site-name", &out->site_name);
    TRY(read_snapshots(call, config, out, err));
    set_text(config, "operator-name", &out->operator_name);
    set_text(config, "operator-contact", &out->operator_contact);
    set_text(config, "languages", &out->languages);
    set_text(config, "ledger-name", &out->ledger_name);
    set_text(config, "leave-url", &out->leave_url);
    set_text(config, "security-contact", &out->security_contact);
    TRY(read_mail(config, out, err));
    TRY(read_fetch(config, out, err));
    TRY(allow_read(call, config_text(config, "webhook-allow"), &out->webhooks, err));
    TRY(read_desk(config, out, err));
    TRY(check_contact(out->operator_contact, err));
    TRY(locale_check_list(out->languages, err));
    return read_icon(call, config, out, err);
}

/* A bucket that fills at the rate given, and holds at least what a minute brings. */
static enum lk_status read_limit(const struct config *config, const char *name, enum limit limit,
                                 struct limits_config *limits, struct lk_error *err)
{
    int64_t per_minute = -1;
    TRY(config_number(config, name, 0, 1000000000, &per_minute, err));
    if (per_minute < 0)
        return LK_OK;
    limits->by[limit].per_minute = (unsigned)per_minute;
    if (limits->by[limit].burst < (unsigned)per_minute)
        limits->by[limit].burst = (unsigned)per_minute;
    return LK_OK;
}

static enum lk_status fill(struct cli_call *call, const struct config *config,
                           struct service_config *out, struct lk_error *err)
{
    *out = service_config_standard();
    struct registry_config home;
    TRY(home_find(call, config, true, &home, err));
    out->registry.store_url = home.store_url;
    out->registry.key_path = home.key_path;
    out->registry.bank_path = home.bank_path;
    out->registry.key_create = true;
    TRY(serving_read_listen(call, config_text(config, "listen"), &out->http, err));
    int64_t workers = out->http.n_workers, days = out->registry.retention_days;
    TRY(config_number(config, "workers", 1, 256, &workers, err));
    TRY(config_number(config, "retention-days", 1, 3650, &days, err));
    TRY(config_bool(config, "trusted-proxy", &out->http.trusted_proxy, err));
    out->http.n_workers = (unsigned)workers;
    out->registry.retention_days = (unsigned)days;
    TRY(read_limit(config, "cases-per-minute", LIMIT_CASE_OPEN, &out->limits, err));
    TRY(read_limit(config, "code-tries-per-minute", LIMIT_CODE_TRY, &out->limits, err));
    TRY(read_limit(config, "queries-per-minute", LIMIT_API_CALL, &out->limits, err));
    TRY(serving_read_log(config, &out->log, err));
    out->on_ready = serving_say_ready;
    return read_operator(call, config, out, err);
}

int cmd_serve(struct cli_call *call)
{
    struct lk_error err;
    struct config config;
    struct service_config service;
    if (call->n_args != 0)
        return cli_usage(call, "serve takes no arguments");
    enum lk_status status = config_load(call, defaults, &config, &err);
    if (status == LK_OK && cli_has(call, "print-config")) {
        config_print(&config, &call->out);
        return CLI_OK;
    }
    if (status == LK_OK)
        status = fill(call, &config, &service, &err);
    if (status == LK_INVALID)
        return cli_usage(call, "%s", err.text);
    if (status == LK_OK)
        status = service_run(&service, &err);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}
