/* likeness exchange: what comes from other machines: letters that came back, lists of hashes. */
#include "commands.h"
#include "home.h"

#include "base/err.h"
#include "cases/letter_bounce.h"
#include "exchange/bounce.h"
#include "sys/file.h"

static enum lk_status take_bounce(struct cli_call *call, struct registry *r,
                                  const struct bounce *bounce, struct lk_error *err)
{
    if (bounce->letter[0] == '\0')
        return FAIL(err, LK_NOT_FOUND, "the mail names no letter of this desk");
    if (!bounce->is_failure) {
        buf_str(&call->out,
                bounce->is_delay ? "delayed: nothing changes\n" : "no failure: nothing changes\n");
        return LK_OK;
    }
    TRY(letter_bounced(r, bounce->letter, bounce->token, err));
    buf_str(&call->out, "the letter came back\n");
    return LK_OK;
}

static int run_bounce(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct bounce bounce;
    struct buf mail;
    if (call->n_args != 0)
        return cli_usage(call,
                         "exchange bounce takes no arguments; the mail comes on standard input");
    buf_init(&mail, &call->arena.alloc, BOUNCE_MAX_BYTES);
    if (file_read_all("-", &mail, &err) != LK_OK)
        return cli_fail(&err);
    bounce_read(mail.p, mail.n, &bounce);
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = take_bounce(call, r, &bounce, &err);
    registry_close(r);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}

#define CONFIG_OPTION                                                                              \
    {                                                                                              \
        "config", "FILE", "read settings from FILE"                                                \
    }

static const struct cli_option bounce_options[] = {HOME_OPTIONS, CONFIG_OPTION, {NULL, NULL, NULL}};
static const struct cli_option add_options[] = {
    {"url", "URL", "the base address; with the group at its end, of ThreatExchange"},
    {"credentials", "FILE", "lines NAME = VALUE: the keys, in a file that others cannot read"},
    {"max-distance", "N", "a PDQ matches within N bits (default 31)"},
    {"tier", "TIER", "how far its entries are trusted: self (default), checked or confirmed"},
    {"allow", "ADDRESS:PORT", "a server inside one's own network, by http too"},
    HOME_OPTIONS,
    CONFIG_OPTION,
    {NULL, NULL, NULL}};
static const struct cli_option list_options[] = {
    {"json", NULL, "one JSON object a source"}, HOME_OPTIONS, CONFIG_OPTION, {NULL, NULL, NULL}};
static const struct cli_option pull_options[] = {
    {"every", "SECONDS", "go on: again after so many seconds"},
    {"anew", NULL, "forget what was read and begin from the beginning"},
    HOME_OPTIONS,
    CONFIG_OPTION,
    {NULL, NULL, NULL}};
static const struct cli_option match_options[] = {
    {"source", "NAME", "look in this source alone"},
    {"json", NULL, "one JSON object a match"},
    {"files-from", "LIST", "read paths from LIST, one a line; - is standard input"},
    HOME_OPTIONS,
    CONFIG_OPTION,
    {NULL, NULL, NULL}};
static const struct cli_option remove_options[] = {HOME_OPTIONS, CONFIG_OPTION, {NULL, NULL, NULL}};

const struct cli_command cmd_exchange_table[] = {
    {.name = "add",
     .arguments = "KIND NAME",
     .summary = "follow a list of others: stopncii, ncmec or threatexchange",
     .options = add_options,
     .run = cmd_exchange_add,
     .notes = "KIND            the lines of --credentials\n"
              "stopncii        function-key, subscription-key\n"
              "ncmec           user, password\n"
              "threatexchange  token\n"
              "Without --credentials they are in the environment, as LIKENESS_CREDENTIALS_NAME,\n"
              "with the name in capitals and _ for -."},
    {.name = "list",
     .arguments = "",
     .summary = "the lists that are followed, and how far",
     .options = list_options,
     .run = cmd_exchange_list},
    {.name = "pull",
     .arguments = "[NAME...]",
     .summary = "read what is new in the lists of others, all or these",
     .options = pull_options,
     .run = cmd_exchange_pull},
    {.name = "match",
     .arguments = "FILE...",
     .summary = "are files in the lists that are followed?",
     .options = match_options,
     .run = cmd_exchange_match,
     .notes =
         "exit: 0 something matched, 1 nothing did, 2 usage, 3 and up by what went wrong first"},
    {.name = "remove",
     .arguments = "NAME",
     .summary = "end a source, its entries with it",
     .options = remove_options,
     .run = cmd_exchange_remove},
    {.name = "bounce",
     .arguments = "",
     .summary = "a letter of the desk came back (the mail on standard input)",
     .options = bounce_options,
     .run = run_bounce},
    {.name = NULL},
};
