/* What is there already against all that the node holds, a piece a request. */
#include "node/api.h"

#include "base/err.h"
#include "base/json.h"
#include "node/lines.h"
#include "node/look.h"
#include "node/match.h"
#include "node/page.h"

static void answer(struct response *res, size_t n, size_t n_new, uint64_t after)
{
    struct json j;
    res->content_type = "application/json";
    json_init(&j, &res->body);
    json_object(&j);
    json_put_u64(&j, "searched", n);
    json_put_u64(&j, "new", n_new);
    if (after > 0)
        json_put_u64(&j, "after", after);
    json_end_object(&j);
}

enum lk_status node_api_scan(struct node *node, const struct request *req, struct response *res,
                             struct lk_error *err)
{
    struct node_lines lines;
    struct match_result *results;
    size_t n_new;
    TRY(lines_read(req, &lines, err));
    for (size_t i = 0; i < lines.n; i++)
        if (lines.lines[i].name == NULL)
            return FAIL(err, LK_INVALID, "line %zu: id is missing", i + 1);
    TRY(node_match(node, lines.sequences, lines.lines, lines.n, req->arena, &results, err));
    TRY(look_note(node, FOUND_BY_SCAN, results, lines.lines, lines.n, req->arena, &n_new, err));
    answer(res, lines.n, n_new, 0);
    return LK_OK;
}

enum lk_status node_api_scan_archive(struct node *node, const struct request *req,
                                     struct response *res, struct lk_error *err)
{
    struct page page;
    size_t n, n_new;
    TRY(page_read(req, &page, err));
    TRY(look_through_archive(node, &page.after, page.limit, req->arena, &n, &n_new, err));
    answer(res, n, n_new, n == page.limit ? page.after : 0);
    return LK_OK;
}
