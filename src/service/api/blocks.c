/* How often a platform stopped an entry at upload: counts by day, for the person and the figures.
 */
#include "api.h"
#include "body.h"

#include "base/civil.h"
#include "base/err.h"
#include "cases/block.h"
#include "service/context.h"

static enum lk_status read_one(const struct json_tree *item, size_t number, struct block_count *out,
                               struct lk_error *err)
{
    static const char *const members[] = {"entry", "day", "count"};
    struct civil_date date;
    int64_t n = 0;
    size_t n_day = 0;
    TRY(json_only(item, "count", members, COUNT(members), err));
    out->entry = json_get_text(item, "entry", &out->n_entry);
    const char *day = json_get_text(item, "day", &n_day);
    if (out->entry == NULL || day == NULL || !civil_parse_date(day, &date) ||
        !json_as_int(json_get(item, "count"), 1, BLOCK_MAX_COUNT, &n))
        return FAIL(err, LK_INVALID,
                    "count %zu needs an entry, a day like 2026-11-24 and a count from 1 to %d",
                    number, BLOCK_MAX_COUNT);
    out->day = civil_day(date);
    out->n = (uint64_t)n;
    return LK_OK;
}

static enum lk_status blocks(struct service *service, const struct request *req,
                             struct response *res, const struct json_tree *tree,
                             struct lk_error *err)
{
    static const char *const members[] = {"blocks"};
    size_t n_unknown = 0;
    struct json j;
    TRY(json_only(tree, "the request", members, COUNT(members), err));
    const struct json_tree *list = json_get(tree, "blocks");
    size_t n = json_array_length(list);
    if (n == 0)
        return FAIL(err, LK_INVALID, "blocks must be a list with at least one count");
    if (n > BLOCK_MAX_LIST)
        return FAIL(err, LK_LIMIT, "%zu counts are more than the %d of one request", n,
                    BLOCK_MAX_LIST);
    struct block_count *counts = arena_zalloc(req->arena, n, sizeof *counts);
    if (counts == NULL)
        return request_no_memory(err);
    for (size_t i = 0; i < n; i++)
        TRY(read_one(json_at(list, i), i + 1, &counts[i], err));
    TRY(block_report(service->registry, req->partner, counts, n, &n_unknown, err));
    body_answer(res, &j);
    json_object(&j);
    json_put_u64(&j, "recorded", n - n_unknown);
    json_put_u64(&j, "unknown", n_unknown);
    json_end_object(&j);
    return LK_OK;
}

enum lk_status api_blocks(struct service *service, const struct request *req, struct response *res,
                          struct lk_error *err)
{
    return body_json(service, req, res, blocks, err);
}
