/* What was found in the platform's own contents. */
#include "node/api.h"

#include "base/err.h"
#include "base/json.h"
#include "node/page.h"
#include "sys/json_read.h"
#include "sys/json_time.h"

#include <stdlib.h>
#include <string.h>

static const char *action_name(unsigned action)
{
    return action == 0 ? "none" : lk_action_name(action);
}

static void write_finding(struct json *j, const struct finding *x)
{
    json_object(j);
    json_put_u64(j, "finding", x->number);
    json_put_text(j, "content", x->content);
    json_key(j, "entry");
    json_hex(j, x->entry, sizeof x->entry);
    json_put_text(j, "medium", lk_medium_name(x->medium));
    json_put_text(j, "grade", lk_grade_name(x->grade));
    json_put_text(j, "tier", lk_tier_name(x->tier));
    json_put_u64(j, "distance", x->dist_bits);
    json_put_text(j, "action", action_name(x->shadow && x->would != 0 ? LK_ACT_QUEUE : x->would));
    json_put_text(j, "would", action_name(x->would));
    json_put_text(j, "effect", x->shadow ? "shadow" : "action");
    json_put_text(j, "by", found_by_name(x->by));
    json_put_text(j, "mark", finding_mark_name(x->mark));
    json_put_time(j, "found", x->found_ms);
    json_end_object(j);
}

static enum lk_status read_mark(const struct request *req, enum finding_mark *out,
                                struct lk_error *err)
{
    static const char *const members[] = {"mark"};
    struct json_tree *tree;
    TRY(json_tree_parse(req->body, req->n_body, &tree, err));
    const char *name = json_get_text(tree, "mark", NULL);
    enum lk_status status = json_only(tree, "the mark", members, 1, err);
    for (*out = MARK_OPEN; status == LK_OK && *out <= MARK_WRONG; ++*out)
        if (name != NULL && strcmp(finding_mark_name(*out), name) == 0)
            break;
    if (status == LK_OK && *out > MARK_WRONG)
        status = FAIL(err, LK_INVALID, "mark is right, wrong or open");
    json_tree_free(tree);
    return status;
}

enum lk_status node_api_mark(struct node *node, const struct request *req, struct response *res,
                             struct lk_error *err)
{
    enum finding_mark mark;
    struct json j;
    char *end;
    unsigned long long number = strtoull(req->params[0], &end, 10);
    TRY(read_mark(req, &mark, err));
    if (*end != '\0')
        return FAIL(err, LK_NOT_FOUND, "the number of a finding has digits alone");
    TRY(findings_mark(node->findings, number, mark, err));
    res->content_type = "application/json";
    json_init(&j, &res->body);
    json_object(&j);
    json_put_u64(&j, "finding", number);
    json_put_text(&j, "mark", finding_mark_name(mark));
    json_end_object(&j);
    return LK_OK;
}

enum lk_status node_api_findings(struct node *node, const struct request *req, struct response *res,
                                 struct lk_error *err)
{
    struct page page;
    struct finding *list;
    struct json j;
    size_t n;
    bool more;
    TRY(page_read(req, &page, err));
    TRY(findings_list(node->findings, page.after, page.limit, req->arena, &list, &n, &more, err));
    res->content_type = "application/json";
    json_init(&j, &res->body);
    json_object(&j);
    json_key(&j, "findings");
    json_array(&j);
    for (size_t i = 0; i < n; i++)
        write_finding(&j, &list[i]);
    json_end_array(&j);
    json_put_u64(&j, "after", n == 0 ? page.after : list[n - 1].number);
    json_put_bool(&j, "more", more);
    json_end_object(&j);
    return LK_OK;
}
