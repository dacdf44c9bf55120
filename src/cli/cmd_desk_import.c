/* likeness desk import, proposals, take, decline: addresses that other tools found. */
#include "commands.h"
#include "home.h"

#include "base/civil.h"
#include "base/err.h"
#include "cases/proposal.h"
#include "exchange/url_list.h"
#include "sys/clock.h"
#include "sys/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READ_BYTES = 16384, NOTE_ROOM = CSV_MAX_ROW_BYTES + 4 };

struct import {
    struct cli_call *call;
    struct registry *r;
    bool apply;
    size_t n_new, n_known, n_refused;
    char note[NOTE_ROOM];
};

static const char *note_of(struct import *in, const struct url_line *line)
{
    bool both = line->platform[0] != '\0' && line->note[0] != '\0';
    snprintf(in->note, sizeof in->note, "%s%s%s", line->platform, both ? ": " : "", line->note);
    return in->note[0] == '\0' ? NULL : in->note;
}

static enum lk_status day_of(const struct url_line *line, int64_t *ms, struct lk_error *err)
{
    struct civil_time day = {.hour = 0};
    const struct clock clock = clock_real();
    *ms = clock_now_ms(&clock);
    if (line->found[0] == '\0')
        return LK_OK;
    if (!civil_parse_date(line->found, &day.date))
        return FAIL(err, LK_INVALID, "found takes a day, as in 2026-11-24, not '%s'", line->found);
    *ms = civil_seconds(&day) * 1000;
    return LK_OK;
}

static enum lk_status propose(struct import *in, const struct url_line *line,
                              enum proposal_fate *fate, struct lk_error *err)
{
    struct proposal_found found = {.url = line->url, .note = note_of(in, line)};
    TRY(day_of(line, &found.found_ms, err));
    return proposal_add(in->r, line->case_id, &found, !in->apply, fate, err);
}

/* What is wrong with one line keeps nobody from the others. */
static bool is_of_the_line(enum lk_status status)
{
    return status == LK_INVALID || status == LK_LIMIT || status == LK_NOT_FOUND ||
           status == LK_CONFLICT;
}

static enum lk_status take_line(void *ctx, const struct url_line *line, struct lk_error *err)
{
    struct import *in = ctx;
    enum proposal_fate fate = PROPOSAL_NEW;
    const unsigned long long number = line->line;
    enum lk_status status = propose(in, line, &fate, err);
    if (status != LK_OK && !is_of_the_line(status))
        return status;
    if (status != LK_OK) {
        in->n_refused++;
        buf_fmt(&in->call->out, "line %llu: refused: %s\n", number, err->text);
    } else if (fate == PROPOSAL_NEW) {
        in->n_new++;
        buf_fmt(&in->call->out, "line %llu: %s\n", number, in->apply ? "proposed" : "new");
    } else {
        in->n_known++;
        buf_fmt(&in->call->out, "line %llu: %s\n", number,
                fate == PROPOSAL_NOTICED ? "a notice was sent about it" : "known already");
    }
    return LK_OK;
}

static void say_unknown(void *ctx, const char *heading)
{
    (void)ctx;
    cli_say("column '%.60s' is not read", heading);
}

static enum lk_status read_file(const char *path, struct url_list *list, struct lk_error *err)
{
    char bytes[READ_BYTES];
    int fd = STDIN_FILENO;
    size_t n = 0;
    bool is_file = strcmp(path, "-") != 0;
    if (is_file)
        TRY(file_open(path, O_RDONLY, 0, &fd, err));
    enum lk_status status = LK_OK;
    do {
        status = file_read(fd, bytes, sizeof bytes, &n, err);
        if (status == LK_OK)
            status = url_list_feed(list, bytes, n, err);
    } while (status == LK_OK && n > 0);
    if (is_file)
        close(fd);
    return status == LK_OK ? url_list_end(list, err) : status;
}

int cmd_desk_import(struct cli_call *call)
{
    if (call->n_args != 1)
        return cli_usage(call, "desk import takes one FILE (- for standard input)");
    struct lk_error err;
    struct import *in = arena_zalloc(&call->arena, 1, sizeof *in);
    if (in == NULL)
        return cli_usage(call, "no memory");
    in->call = call;
    in->apply = cli_has(call, "apply");
    if (home_open(call, false, &in->r, &err) != LK_OK)
        return cli_fail(&err);
    struct url_list list = {.take = take_line, .unknown = say_unknown, .ctx = in};
    url_list_init(&list);
    enum lk_status status = read_file(call->args[0], &list, &err);
    url_list_fini(&list);
    registry_close(in->r);
    if (status != LK_OK)
        return cli_fail(&err);
    cli_say("%zu %s, %zu known, %zu refused%s", in->n_new, in->apply ? "proposed" : "new",
            in->n_known, in->n_refused, in->apply ? "" : "; nothing was written: --apply does it");
    return CLI_OK;
}

int cmd_desk_proposals(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct proposal *list;
    size_t n = 0;
    if (call->n_args != 1)
        return cli_usage(call, "desk proposals takes one CASE");
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = proposal_list(r, call->args[0], &call->arena, &list, &n, &err);
    for (size_t i = 0; status == LK_OK && i < n; i++) {
        char day[32];
        clock_format_day(list[i].found_ms, day);
        buf_fmt(&call->out, "%lld  %s  %s  %s\n", (long long)list[i].row, day, list[i].url,
                list[i].note == NULL ? "" : list[i].note);
    }
    registry_close(r);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}

static int settle(struct cli_call *call, bool takes)
{
    struct lk_error err;
    struct registry *r;
    struct staff_hand hand;
    char *end = NULL;
    long long row = call->n_args == 2 ? strtoll(call->args[1], &end, 10) : 0;
    if (call->n_args != 2 || end == call->args[1] || *end != '\0')
        return cli_usage(call, "desk %s takes a CASE and the NUMBER that desk proposals shows",
                         takes ? "take" : "decline");
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    staff_console(r, &hand);
    enum lk_status status = takes ? proposal_take(r, &hand, call->args[0], row, &err)
                                  : proposal_decline(r, &hand, call->args[0], row, &err);
    staff_hand_wipe(&hand);
    registry_close(r);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}

int cmd_desk_take(struct cli_call *call)
{
    return settle(call, true);
}

int cmd_desk_decline(struct cli_call *call)
{
    return settle(call, false);
}
