/* likeness node quarantine: entries that so many post that a person must look first. */
#include "commands.h"
#include "node_client.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>

static const char *text_of(const struct json_tree *entry, const char *member)
{
    const char *text = json_get_text(entry, member, NULL);
    return text == NULL ? "" : text;
}

int cmd_node_quarantine_list(struct cli_call *call)
{
    struct lk_error err;
    struct json_tree *answer;
    const struct node_ask ask = {.method = "GET", .path = "/v1/quarantine"};
    if (cli_has(call, "json")) {
        if (node_ask_text(call, &ask, &call->out, &err) != LK_OK)
            return cli_fail(&err);
        buf_char(&call->out, '\n');
        return CLI_OK;
    }
    if (node_ask(call, &ask, &answer, &err) != LK_OK)
        return cli_fail(&err);
    const struct json_tree *entries = json_get(answer, "entries");
    for (size_t i = 0; i < json_array_length(entries); i++) {
        const struct json_tree *one = json_at(entries, i);
        buf_fmt(&call->out, "%s %s since %s\n", text_of(one, "entry"), text_of(one, "state"),
                text_of(one, "since"));
    }
    json_tree_free(answer);
    return CLI_OK;
}

static enum lk_status release(struct cli_call *call, const char *entry, struct lk_error *err)
{
    char path[128];
    struct json_tree *answer;
    struct lk_error why;
    if (entry[0] == '\0' || strspn(entry, "0123456789abcdef") != strlen(entry) ||
        strlen(entry) > 64)
        return FAIL(err, LK_INVALID, "'%s' is no id of an entry", entry);
    snprintf(path, sizeof path, "/v1/quarantine/%s/release", entry);
    enum lk_status status =
        node_ask(call, &(struct node_ask){.method = "POST", .path = path}, &answer, &why);
    json_tree_free(answer);
    return status == LK_OK ? LK_OK : FAIL(err, status, "'%s': %s", entry, why.text);
}

int cmd_node_quarantine_release(struct cli_call *call)
{
    struct lk_error err;
    if (call->n_args == 0)
        return cli_usage(call, "which ones? give the ids of entries");
    for (size_t i = 0; i < call->n_args; i++)
        if (release(call, call->args[i], &err) != LK_OK)
            return cli_fail(&err);
    return CLI_OK;
}
