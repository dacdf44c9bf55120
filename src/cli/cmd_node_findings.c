/* likeness node findings: what was found in the platform's own contents. */
#include "commands.h"
#include "node_client.h"

#include "base/err.h"

#include <stdio.h>

/* Members of a finding in the order of the node's answer. */
static enum lk_status copy_member(void *ctx, const char *key, const struct json_tree *value,
                                  struct lk_error *err)
{
    struct json *j = ctx;
    int64_t number;
    (void)err;
    if (json_as_int(value, 0, INT64_MAX, &number))
        json_put_i64(j, key, number);
    else
        json_put_text(j, key, json_as_text(value, NULL));
    return LK_OK;
}

static const char *text_of(const struct json_tree *finding, const char *member)
{
    const char *text = json_get_text(finding, member, NULL);
    return text == NULL ? "" : text;
}

static enum lk_status write_finding(struct cli_call *call, const struct json_tree *finding,
                                    struct lk_error *err)
{
    struct buf *out = &call->out;
    struct json j;
    if (cli_has(call, "json")) {
        json_init(&j, out);
        json_object(&j);
        TRY(json_each(finding, copy_member, &j, err));
        json_end_object(&j);
        buf_char(out, '\n');
        return LK_OK;
    }
    buf_fmt(out, "%llu %s: %s match, %llu bits differ, tier %s, entry %s: %s",
            (unsigned long long)node_number(finding, "finding"), text_of(finding, "content"),
            text_of(finding, "grade"), (unsigned long long)node_number(finding, "distance"),
            text_of(finding, "tier"), text_of(finding, "entry"), text_of(finding, "action"));
    const char *shadow = text_of(finding, "effect");
    if (shadow[0] == 's')
        buf_fmt(out, " (shadow: would be %s)", text_of(finding, "would"));
    buf_fmt(out, ", %s\n", text_of(finding, "mark"));
    return LK_OK;
}

static enum lk_status page(struct cli_call *call, int64_t *after, bool *more, struct lk_error *err)
{
    char path[128];
    struct json_tree *answer;
    snprintf(path, sizeof path, "/v1/findings?limit=1000&after=%lld", (long long)*after);
    TRY(node_ask(call, &(struct node_ask){.method = "GET", .path = path}, &answer, err));
    const struct json_tree *findings = json_get(answer, "findings");
    enum lk_status status = LK_OK;
    for (size_t i = 0; i < json_array_length(findings) && status == LK_OK; i++)
        status = write_finding(call, json_at(findings, i), err);
    *after = (int64_t)node_number(answer, "after");
    *more = json_as_bool(json_get(answer, "more"), more) && *more;
    json_tree_free(answer);
    return status == LK_OK ? cli_flush(call, err) : status;
}

int cmd_node_findings(struct cli_call *call)
{
    struct lk_error err;
    int64_t after = 0;
    bool more = true;
    if (cli_number(call, "after", 0, INT64_MAX, &after, &err) != LK_OK)
        return cli_usage(call, "%s", err.text);
    while (more)
        if (page(call, &after, &more, &err) != LK_OK)
            return cli_fail(&err);
    return CLI_OK;
}
