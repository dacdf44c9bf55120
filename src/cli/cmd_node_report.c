/* likeness node mark and report: were the findings right, and what would have been done. */
#include "commands.h"
#include "node_client.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>

static enum lk_status mark_one(struct cli_call *call, const char *finding, const char *mark,
                               struct lk_error *err)
{
    char path[64], body[64];
    struct json_tree *answer;
    if (finding[0] == '\0' || strspn(finding, "0123456789") != strlen(finding) ||
        strlen(finding) > 20)
        return FAIL(err, LK_INVALID, "'%s' is no number of a finding", finding);
    snprintf(path, sizeof path, "/v1/findings/%s", finding);
    int n = snprintf(body, sizeof body, "{\"mark\": \"%s\"}", mark);
    const struct node_ask ask = {"POST", path, "application/json", body, (size_t)n};
    TRY(node_ask(call, &ask, &answer, err));
    json_tree_free(answer);
    return LK_OK;
}

int cmd_node_mark(struct cli_call *call)
{
    struct lk_error err;
    const char *mark = call->n_args < 2 ? "" : call->args[call->n_args - 1];
    if (strcmp(mark, "right") != 0 && strcmp(mark, "wrong") != 0 && strcmp(mark, "open") != 0)
        return cli_usage(call, "which findings, and right, wrong or open?");
    for (size_t i = 0; i + 1 < call->n_args; i++)
        if (mark_one(call, call->args[i], mark, &err) != LK_OK)
            return cli_fail(&err);
    return CLI_OK;
}

static const char *text_of(const struct json_tree *row, const char *member)
{
    const char *text = json_get_text(row, member, NULL);
    return text == NULL ? "" : text;
}

static void write_row(struct buf *out, const struct json_tree *row)
{
    char line[256], precision[16] = "-";
    const struct json_tree *would = json_get(row, "would");
    unsigned long long right = node_number(row, "right"), wrong = node_number(row, "wrong");
    if (right + wrong > 0)
        snprintf(precision, sizeof precision, "%.1f %%",
                 100 * (double)right / (double)(right + wrong));
    snprintf(line, sizeof line, "%-9s %-10s %-8s %7llu %7llu %7llu %9s %7llu %7llu %7llu\n",
             text_of(row, "source"), text_of(row, "tier"), text_of(row, "grade"),
             (unsigned long long)node_number(row, "found"), right, wrong, precision,
             (unsigned long long)node_number(would, "queue"),
             (unsigned long long)node_number(would, "hold"),
             (unsigned long long)node_number(would, "block"));
    buf_str(out, line);
}

static void write_text(struct buf *out, const struct json_tree *report)
{
    char line[256];
    bool is_shadow = false;
    const struct json_tree *rows = json_get(report, "rows");
    if (json_as_bool(json_get(report, "shadow"), &is_shadow) && is_shadow)
        buf_str(out, "shadow mode: nothing is to be done, the last columns say what would be\n");
    snprintf(line, sizeof line, "%-9s %-10s %-8s %7s %7s %7s %9s %7s %7s %7s\n", "source", "tier",
             "grade", "found", "right", "wrong", "precision", "queue", "hold", "block");
    buf_str(out, line);
    for (size_t i = 0; i < json_array_length(rows); i++)
        write_row(out, json_at(rows, i));
    buf_fmt(out, "%llu not marked yet\n", (unsigned long long)node_number(report, "open"));
    if (node_number(report, "lost") > 0)
        buf_fmt(out, "%llu not noted: there were too many\n",
                (unsigned long long)node_number(report, "lost"));
}

int cmd_node_report(struct cli_call *call)
{
    struct lk_error err;
    struct json_tree *report;
    const struct node_ask ask = {.method = "GET", .path = "/v1/report"};
    if (cli_has(call, "json")) {
        if (node_ask_text(call, &ask, &call->out, &err) != LK_OK)
            return cli_fail(&err);
        buf_char(&call->out, '\n');
        return CLI_OK;
    }
    if (node_ask(call, &ask, &report, &err) != LK_OK)
        return cli_fail(&err);
    write_text(&call->out, report);
    json_tree_free(report);
    return CLI_OK;
}
