/* likeness partner nodes, snapshot: the feed as its operator sees it. */
#include "commands.h"
#include "home.h"

#include "base/err.h"
#include "cases/feed.h"
#include "exchange/feed_files.h"

#include <string.h>

const char cmd_partner_snapshot_notes[] =
    "DIR is what a file server hands out; its address is the setting `snapshots` of serve. The "
    "one\n"
    "before is removed. Run it now and then: a newcomer reads the files, then the feed from there.";

enum { ID_BYTES_SHOWN = 4 }; /* enough to tell a partner's machines apart */

static const char *name_of(const struct partner *partners, size_t n, int64_t row)
{
    for (size_t i = 0; i < n; i++)
        if (partners[i].id == row)
            return partners[i].name;
    return "?";
}

static void print_json(struct cli_call *call, const struct feed_node *node, const char *partner,
                       bool is_late)
{
    char time[32];
    struct json j;
    json_init(&j, &call->out);
    json_object(&j);
    json_put_text(&j, "partner", partner);
    json_key(&j, "node");
    json_hex(&j, node->id, sizeof node->id);
    clock_format_time(node->joined_ms, time);
    json_put_text(&j, "joined", time);
    clock_format_time(node->seen_ms, time);
    json_put_text(&j, "heard", time);
    json_key(&j, "changes_behind");
    json_u64(&j, node->n_behind);
    json_key(&j, "entries");
    json_u64(&j, node->n_entries);
    clock_format_time(node->owes_ms, time);
    json_put_text(&j, "owes_receipt_since", node->owes_ms != 0 ? time : NULL);
    json_key(&j, "late");
    json_bool(&j, is_late);
    json_end_object(&j);
    buf_char(&call->out, '\n');
}

static void print_line(struct cli_call *call, const struct feed_node *node, const char *partner,
                       bool is_late)
{
    char heard[32], owes[32];
    clock_format_time(node->seen_ms, heard);
    clock_format_time(node->owes_ms, owes);
    buf_fmt(&call->out, "%-30s  ", partner);
    buf_hex(&call->out, node->id, ID_BYTES_SHOWN);
    buf_fmt(&call->out, "  heard %s, holds %llu, %llu changes behind\n", heard,
            (unsigned long long)node->n_entries, (unsigned long long)node->n_behind);
    if (is_late)
        buf_fmt(&call->out, "    LATE: no receipt since %s that what was withdrawn is deleted\n",
                owes);
}

static enum lk_status print_all(struct cli_call *call, struct registry *r, const char *name,
                                struct lk_error *err)
{
    struct partner *partners;
    struct feed_node *nodes;
    size_t n_partners = 0, n = 0, n_shown = 0;
    int64_t now_ms = registry_now_ms(r);
    TRY(partner_list(r, &call->arena, &partners, &n_partners, err));
    TRY(feed_nodes(r, 0, &call->arena, &nodes, &n, err));
    for (size_t i = 0; i < n; i++) {
        const char *partner = name_of(partners, n_partners, nodes[i].partner_row);
        bool is_late = nodes[i].owes_ms != 0 && now_ms - nodes[i].owes_ms > FEED_LATE_MS;
        if (name != NULL && strcmp(partner, name) != 0)
            continue;
        n_shown++;
        if (cli_has(call, "json"))
            print_json(call, &nodes[i], partner, is_late);
        else
            print_line(call, &nodes[i], partner, is_late);
    }
    if (n_shown == 0 && !cli_has(call, "json"))
        cli_say("no machines follow the feed%s", name != NULL ? " for this partner" : " yet");
    return LK_OK;
}

int cmd_partner_nodes(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    if (call->n_args > 1)
        return cli_usage(call, "partner nodes takes one NAME, or none");
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = print_all(call, r, call->n_args == 1 ? call->args[0] : NULL, &err);
    registry_close(r);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}

int cmd_partner_snapshot(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    struct partner partner;
    uint64_t n_files = 0, n_bytes = 0;
    if (call->n_args != 2)
        return cli_usage(call, "partner snapshot takes a NAME and a DIR");
    if (home_open_for(call, &r, &partner, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = feed_files_write(r, &partner, call->args[1], &n_files, &n_bytes, &err);
    registry_close(r);
    if (status != LK_OK)
        return cli_fail(&err);
    cli_say("%llu files, %llu bytes", (unsigned long long)n_files, (unsigned long long)n_bytes);
    return CLI_OK;
}
