/* likeness partner canary: made-up entries that say whose copy of the bank got out. */
#include "commands.h"
#include "home.h"

#include "base/err.h"
#include "cases/canary.h"
#include "sys/file.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LIST_BYTES ((size_t)1 << 30)

static int end(struct registry *r, enum lk_status status, const struct lk_error *err)
{
    registry_close(r);
    return status == LK_OK ? CLI_OK : cli_fail(err);
}

static int add(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    int64_t n = 3;
    if (call->n_args != 1)
        return cli_usage(call, "partner canary add takes a NAME");
    if (cli_number(call, "number", 1, CANARY_MAX_AT_ONCE, &n, &err) != LK_OK)
        return cli_usage(call, "%s", err.text);
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = canary_add(r, call->args[0], (size_t)n, &err);
    if (status == LK_OK)
        cli_say("%lld made-up %s go to '%s' alone", (long long)n, n == 1 ? "entry" : "entries",
                call->args[0]);
    return end(r, status, &err);
}

static int take_back(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    size_t n = 0;
    if (call->n_args != 1)
        return cli_usage(call, "partner canary remove takes a NAME");
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = canary_remove(r, call->args[0], &n, &err);
    if (status == LK_OK)
        cli_say("%zu taken back", n);
    return end(r, status, &err);
}

static void print_sum(struct cli_call *call, const struct canary_sum *sum)
{
    char first[32], last[32];
    clock_format_day(sum->first_ms, first);
    clock_format_day(sum->last_ms, last);
    buf_fmt(&call->out, "%-30s  %zu in force, %zu taken back, made %s to %s\n", sum->partner,
            sum->n_in_force, sum->n_taken_back, first, last);
}

static void print_sighting(struct cli_call *call, const struct canary_sighting *sighting)
{
    char first[32], last[32];
    clock_format_time(sighting->first_ms, first);
    clock_format_time(sighting->last_ms, last);
    buf_fmt(&call->out, "SEEN: one of '%s' was asked for by '%s', %llu times, %s to %s\n",
            sighting->owner, sighting->asker, (unsigned long long)sighting->n_times, first, last);
}

static int list(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct canary_sum *sums;
    struct canary_sighting *sightings;
    size_t n_sums = 0, n_sightings = 0;
    if (call->n_args != 0)
        return cli_usage(call, "partner canary list takes no arguments");
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status =
        canary_list(r, &call->arena, &sums, &n_sums, &sightings, &n_sightings, &err);
    for (size_t i = 0; status == LK_OK && i < n_sums; i++)
        print_sum(call, &sums[i]);
    for (size_t i = 0; status == LK_OK && i < n_sightings; i++)
        print_sighting(call, &sightings[i]);
    if (status == LK_OK && n_sums == 0)
        cli_say("no canaries yet (see: likeness partner canary add --help)");
    return end(r, status, &err);
}

/* Prints stand in lists of all kinds as 64 hexadecimal digits, whatever is around them. */
static size_t find_prints(const char *text, size_t n, struct lk_print *out)
{
    size_t n_prints = 0, run = 0;
    for (size_t i = 0; i <= n; i++) {
        struct lk_error none;
        if (i < n && isxdigit((unsigned char)text[i])) {
            run++;
            continue;
        }
        if (run == LK_PRINT_HEX_CHARS &&
            lk_print_from_hex(&out[n_prints], text + i - run, run, &none) == LK_OK)
            n_prints++;
        run = 0;
    }
    return n_prints;
}

static enum lk_status check_text(struct cli_call *call, struct registry *r, struct buf *text,
                                 size_t *n_owners, struct lk_error *err)
{
    const char **owners = NULL;
    struct lk_print *prints = malloc((text->n / LK_PRINT_HEX_CHARS + 1) * sizeof *prints);
    if (prints == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the prints of the list");
    size_t n = find_prints(buf_text(text), text->n, prints);
    enum lk_status status =
        n == 0 ? FAIL(err, LK_INVALID, "there are no prints in it: 64 hexadecimal digits each")
               : canary_check(r, prints, n, &call->arena, &owners, n_owners, err);
    free(prints);
    for (size_t i = 0; status == LK_OK && i < *n_owners; i++)
        buf_fmt(&call->out, "%s\n", owners[i]);
    if (status == LK_OK)
        cli_say("%zu prints looked at; %s", n,
                *n_owners == 0 ? "no canary is among them" : "they hold canaries of those named");
    return status;
}

static int check(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct buf text;
    size_t n_owners = 0;
    if (call->n_args != 1)
        return cli_usage(call, "partner canary check takes a LIST");
    buf_init(&text, lk_alloc_heap(), MAX_LIST_BYTES);
    enum lk_status status = file_read_all(call->args[0], &text, &err);
    if (status == LK_OK)
        status = home_open(call, false, &r, &err);
    if (status == LK_OK) {
        status = check_text(call, r, &text, &n_owners, &err);
        registry_close(r);
    }
    buf_fini(&text);
    if (status != LK_OK)
        return cli_fail(&err);
    return n_owners > 0 ? CLI_OK : CLI_NO_MATCH;
}

#define CONFIG_OPTION                                                                              \
    {                                                                                              \
        "config", "FILE", "read settings from FILE"                                                \
    }

static const struct cli_option add_options[] = {{"number", "N", "how many (3); up to 100 at once"},
                                                HOME_OPTIONS,
                                                CONFIG_OPTION,
                                                {NULL, NULL, NULL}};
static const struct cli_option other_options[] = {HOME_OPTIONS, CONFIG_OPTION, {NULL, NULL, NULL}};

const struct cli_command cmd_canary_table[] = {
    {.name = "add",
     .arguments = "NAME",
     .summary = "make some for a partner; its machines get them as any entry",
     .options = add_options,
     .run = add},
    {.name = "list",
     .arguments = "",
     .summary = "who has how many, and who asked for one that is not theirs",
     .options = other_options,
     .run = list},
    {.name = "check",
     .arguments = "LIST",
     .summary = "name the partners whose canaries stand in a list that turned up",
     .options = other_options,
     .run = check,
     .notes = "LIST is any text; every 64 hexadecimal digits in it are taken for a print.\n"
              "Exit 0: there are canaries in it; 1: there are none."},
    {.name = "remove",
     .arguments = "NAME",
     .summary = "take all of a partner's back, as entries are withdrawn",
     .options = other_options,
     .run = take_back},
    {.name = NULL},
};
