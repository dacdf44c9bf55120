/* What was found in the platform's own contents. */
#include "node/api.h"

#include "base/err.h"
#include "base/json.h"
#include "node/page.h"
#include "sys/json_time.h"

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
