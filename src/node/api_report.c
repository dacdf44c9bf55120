/* What was found, what would have been done, and how much of it was right: counts, and of what
 * nobody marked no estimate. */
#include "node/api.h"

#include "base/json.h"

static void write_would(struct json *j, const struct findings_row rows[LK_ACT_BLOCK + 1])
{
    json_key(j, "would");
    json_object(j);
    json_put_u64(j, "queue", rows[0].n + rows[LK_ACT_QUEUE].n);
    json_put_u64(j, "hold", rows[LK_ACT_HOLD].n);
    json_put_u64(j, "block", rows[LK_ACT_BLOCK].n);
    json_end_object(j);
}

static void write_row(struct json *j, unsigned tier, unsigned grade,
                      const struct findings_row rows[LK_ACT_BLOCK + 1])
{
    struct findings_row sum = {0};
    for (unsigned would = 0; would <= LK_ACT_BLOCK; would++) {
        sum.n += rows[would].n;
        sum.n_right += rows[would].n_right;
        sum.n_wrong += rows[would].n_wrong;
    }
    uint64_t n_marked = sum.n_right + sum.n_wrong;
    if (sum.n == 0)
        return;
    json_object(j);
    json_put_text(j, "source", "registry");
    json_put_text(j, "tier", lk_tier_name(tier));
    json_put_text(j, "grade", lk_grade_name(grade));
    json_put_u64(j, "found", sum.n);
    json_put_u64(j, "right", sum.n_right);
    json_put_u64(j, "wrong", sum.n_wrong);
    if (n_marked > 0) {
        json_key(j, "precision");
        json_fixed(j, (double)sum.n_right / (double)n_marked, 4);
    }
    write_would(j, rows);
    json_end_object(j);
}

enum lk_status node_api_report(struct node *node, const struct request *req, struct response *res,
                               struct lk_error *err)
{
    struct findings_report report;
    struct json j;
    (void)req, (void)err;
    findings_report(node->findings, &report);
    res->content_type = "application/json";
    json_init(&j, &res->body);
    json_object(&j);
    json_put_bool(&j, "shadow", node->config->is_shadow);
    json_put_u64(&j, "open", report.n_open);
    json_put_u64(&j, "lost", report.n_lost);
    json_key(&j, "rows");
    json_array(&j);
    for (unsigned tier = LK_TIER_SELF; tier <= LK_TIER_CONFIRMED; tier++)
        for (unsigned grade = LK_EXACT; grade <= LK_REVIEW; grade++)
            write_row(&j, tier, grade, report.rows[tier][grade]);
    json_end_array(&j);
    json_end_object(&j);
    return LK_OK;
}
