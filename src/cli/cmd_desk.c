/* likeness desk: what people wrote to the helpline, its answers, and cases opened for others. */
#include "commands.h"
#include "home.h"

#include "base/err.h"
#include "cases/case.h"
#include "cases/desk.h"
#include "exchange/sequence_list.h"
#include "sys/file.h"

#include <stdlib.h>
#include <string.h>

static int end(struct registry *r, enum lk_status status, const struct lk_error *err)
{
    registry_close(r);
    return status == LK_OK ? CLI_OK : cli_fail(err);
}

static int list(struct cli_call *call)
{
    if (call->n_args != 0)
        return cli_usage(call, "desk list takes no arguments");
    struct lk_error err;
    struct registry *r;
    struct desk_case *cases;
    size_t n = 0;
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = desk_list(r, &call->arena, &cases, &n, &err);
    for (size_t i = 0; status == LK_OK && i < n; i++) {
        char day[32];
        clock_format_day(cases[i].day_ms, day);
        buf_fmt(&call->out, "%s  %s  %zu texts%s\n", cases[i].id, day, cases[i].n_texts,
                cases[i].is_waiting ? ", waits for an answer" : "");
    }
    return end(r, status, &err);
}

static int show(struct cli_call *call)
{
    if (call->n_args != 1)
        return cli_usage(call, "desk show takes one CASE");
    struct lk_error err;
    struct registry *r;
    struct case_written *texts;
    size_t n = 0;
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = desk_read(r, call->args[0], &call->arena, &texts, &n, &err);
    for (size_t i = 0; status == LK_OK && i < n; i++) {
        char day[32];
        clock_format_day(texts[i].day_ms, day);
        buf_fmt(&call->out, "[%u, %s, %s, %s]\n%s\n\n", texts[i].number,
                texts[i].is_by_desk ? "desk" : "person", case_text_kind_name(texts[i].kind), day,
                texts[i].text != NULL ? texts[i].text : "(does not open)");
    }
    return end(r, status, &err);
}

static int answer(struct cli_call *call)
{
    if (call->n_args != 1)
        return cli_usage(call, "desk answer takes one CASE; the text comes on standard input");
    struct lk_error err;
    struct registry *r;
    struct buf text;
    buf_init(&text, &call->arena.alloc, CASE_TEXT_MAX_BYTES + 1);
    if (file_read_all("-", &text, &err) != LK_OK)
        return cli_fail(&err);
    while (text.n > 0 && text.p[text.n - 1] == '\n')
        text.n--;
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    struct staff_hand hand;
    staff_console(r, &hand);
    enum lk_status status = desk_write(r, &hand, call->args[0], (const char *)text.p, text.n, &err);
    staff_hand_wipe(&hand);
    return end(r, status, &err);
}

/* The number of an address, as desk show prints it; 0 when it is none. */
static unsigned number_of(const char *text)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    return *text != '\0' && *end == '\0' && number <= UINT16_MAX ? (unsigned)number : 0;
}

static int sent(struct cli_call *call)
{
    if (call->n_args != 2 || !cli_has(call, "to"))
        return cli_usage(call, "desk sent takes a CASE, the NUMBER of an address, and --to NAME");
    struct lk_error err;
    struct registry *r;
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    return end(r,
               notice_send(r, call->args[0], number_of(call->args[1]), cli_value(call, "to"),
                           cli_value(call, "regime"), &err),
               &err);
}

static int mark(struct cli_call *call)
{
    if (call->n_args != 3 || notice_state_of(call->args[2]) == 0)
        return cli_usage(call, "desk mark takes a CASE, the NUMBER of an address, and one of sent, "
                               "in_review, removed, refused, not_actionable, escalated, back");
    struct lk_error err;
    struct registry *r;
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    return end(r,
               notice_mark(r, call->args[0], number_of(call->args[1]),
                           notice_state_of(call->args[2]), &err),
               &err);
}

static int recover(struct cli_call *call)
{
    if (call->n_args != 1)
        return cli_usage(call, "desk recover takes one CASE");
    struct lk_error err;
    struct registry *r;
    char code[CODE_TEXT_BYTES] = "";
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = desk_recover(r, call->args[0], code, &err);
    if (status == LK_OK) {
        buf_fmt(&call->out, "%s\n", code);
        cli_say("the old code opens nothing any more; this one is not shown again");
    }
    explicit_bzero(code, sizeof code);
    return end(r, status, &err);
}

enum { MAX_BUNDLE_BYTES = 16 << 20, MAX_CODE_BYTES = 256 };

static enum lk_status add_bundle(struct cli_call *call, struct registry *r, struct lk_error *err)
{
    struct buf code, bundle;
    struct case_access access;
    struct case_request request = {0};
    struct lk_sequence *sequences = NULL;
    buf_init(&code, &call->arena.alloc, MAX_CODE_BYTES);
    buf_init(&bundle, &call->arena.alloc, MAX_BUNDLE_BYTES);
    TRY(file_read_all(call->args[0], &bundle, err));
    TRY(sequence_list_read((const uint8_t *)bundle.p, bundle.n, CASE_MAX_ITEMS, &call->arena,
                           &sequences, &request.n_sequences, err));
    request.sequences = sequences;
    TRY(file_read_all("-", &code, err));
    TRY(case_login(r, (const char *)code.p, code.n, &access, err));
    enum lk_status status = case_add(r, &access, &request, err);
    case_logout(&access);
    explicit_bzero(code.p, code.n);
    if (status == LK_OK)
        cli_say("files added: %zu", request.n_sequences);
    return status;
}

static int add(struct cli_call *call)
{
    if (call->n_args != 1)
        return cli_usage(call, "desk add takes one BUNDLE; the code comes on standard input");
    struct lk_error err;
    struct registry *r;
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    return end(r, add_bundle(call, r, &err), &err);
}

enum { MAX_OPENED_AT_ONCE = 1000 };

static int open_cases(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    int64_t count = 1;
    const struct case_request empty = {.may_be_empty = true};
    if (call->n_args != 0)
        return cli_usage(call, "desk open takes no arguments");
    enum lk_status status = cli_number(call, "count", 1, MAX_OPENED_AT_ONCE, &count, &err);
    if (status != LK_OK)
        return cli_usage(call, "%s", err.text);
    if (home_open(call, true, &r, &err) != LK_OK)
        return cli_fail(&err);
    for (int64_t i = 0; i < count && status == LK_OK; i++) {
        struct case_opened opened;
        status = case_open(r, &empty, &opened, &err);
        if (status == LK_OK)
            buf_fmt(&call->out, "%s\n", opened.code);
        explicit_bzero(&opened, sizeof opened);
    }
    if (status == LK_OK)
        cli_say("each code opens one empty case; hand it over, it is not shown again");
    return end(r, status, &err);
}

#define CONFIG_OPTION                                                                              \
    {                                                                                              \
        "config", "FILE", "read settings from FILE"                                                \
    }
static const struct cli_option home_options[] = {HOME_OPTIONS, CONFIG_OPTION, {NULL, NULL, NULL}};
static const struct cli_option sent_options[] = {
    {"to", "NAME", "the platform or authority it was sent to"},
    {"regime", "ID", "the regime of data/law it rests on, as us-tida"},
    HOME_OPTIONS,
    CONFIG_OPTION,
    {NULL, NULL, NULL}};
static const struct cli_option import_options[] = {
    {"apply", NULL, "write what is shown; without it nothing is written"},
    HOME_OPTIONS,
    CONFIG_OPTION,
    {NULL, NULL, NULL}};
#define SITE_OPTION                                                                                \
    {                                                                                              \
        "site", NULL, "in place of CASE: for every open case"                                      \
    }
static const struct cli_option site_options[] = {
    SITE_OPTION, HOME_OPTIONS, CONFIG_OPTION, {NULL, NULL, NULL}};
static const struct cli_option watch_options[] = {
    SITE_OPTION,
    {"every-hours", "N", "how often to look (default 24)"},
    HOME_OPTIONS,
    CONFIG_OPTION,
    {NULL, NULL, NULL}};
static const struct cli_option look_options[] = {
    {"fetch-proxy", "URL", "look through http:// or socks5h://HOST:PORT"},
    {"fetch-agent", "TEXT", "how the looks introduce themselves"},
    HOME_OPTIONS,
    CONFIG_OPTION,
    {NULL, NULL, NULL}};
static const struct cli_option open_options[] = {
    {"count", "N", "how many (default 1)"}, HOME_OPTIONS, CONFIG_OPTION, {NULL, NULL, NULL}};

const struct cli_command cmd_desk_table[] = {
    {.name = "list",
     .arguments = "",
     .summary = "open cases with texts for the desk",
     .options = home_options,
     .run = list},
    {.name = "show",
     .arguments = "CASE",
     .summary = "what was written in a case",
     .options = home_options,
     .run = show},
    {.name = "answer",
     .arguments = "CASE",
     .summary = "write to the person (the text on standard input)",
     .options = home_options,
     .run = answer},
    {.name = "recover",
     .arguments = "CASE",
     .summary = "a new code for a person who lost it and had chosen this help",
     .options = home_options,
     .run = recover},
    {.name = "sent",
     .arguments = "CASE NUMBER",
     .summary = "a notice about an address was sent: starts its clock",
     .options = sent_options,
     .run = sent},
    {.name = "mark",
     .arguments = "CASE NUMBER STATE",
     .summary = "what became of the newest notice about an address",
     .options = home_options,
     .run = mark},
    {.name = "add",
     .arguments = "BUNDLE",
     .summary = "add what likeness hash --bundle made to a case (its code on standard input)",
     .options = home_options,
     .run = add},
    {.name = "open",
     .arguments = "",
     .summary = "open empty cases for callers and members, and print their codes, once",
     .options = open_options,
     .run = open_cases},
    {.name = "import",
     .arguments = "FILE",
     .summary =
         "propose the addresses of a list (CSV with the columns url and case) to their cases",
     .options = import_options,
     .run = cmd_desk_import},
    {.name = "proposals",
     .arguments = "CASE",
     .summary = "addresses that were proposed and wait for a look",
     .options = home_options,
     .run = cmd_desk_proposals},
    {.name = "take",
     .arguments = "CASE NUMBER",
     .summary = "make a proposed address one of the case",
     .options = home_options,
     .run = cmd_desk_take},
    {.name = "decline",
     .arguments = "CASE NUMBER",
     .summary = "put a proposed address aside; it is not proposed again",
     .options = home_options,
     .run = cmd_desk_decline},
    {.name = "watch",
     .arguments = "CASE URL",
     .summary = "look for copies on a public page, again and again",
     .options = watch_options,
     .run = cmd_desk_watch},
    {.name = "watches",
     .arguments = "CASE",
     .summary = "the pages that are watched for a case",
     .options = site_options,
     .run = cmd_desk_watches},
    {.name = "unwatch",
     .arguments = "CASE NUMBER",
     .summary = "look at a page no more",
     .options = site_options,
     .run = cmd_desk_unwatch},
    {.name = "look",
     .arguments = "",
     .summary = "look at the watched pages that are due, and propose what is found (for a timer)",
     .options = look_options,
     .run = cmd_desk_look},
    {.name = NULL},
};
