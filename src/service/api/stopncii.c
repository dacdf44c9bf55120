/* StopNCII's interface, served: FetchHashes, SubmitFeedback, SubmitHashes.
 *
 * The token of the next page is the number of the last change on this one. A client may also begin
 * again at the nextSetTimestamp of any page: that is the second of its last record, which is
 * inclusive, so that others of the same second come again and none is lost. */
#include "api.h"
#include "body.h"
#include "foreign.h"

#include "base/err.h"
#include "exchange/stopncii.h"
#include "service/context.h"

#include <stdio.h>

enum lk_status api_stopncii_fetch(struct service *service, const struct request *req,
                                  struct response *res, struct lk_error *err)
{
    struct listing_query query = {0};
    struct listing_item *items;
    struct foreign_page page = {0};
    uint64_t size = 0;
    char token[24];
    TRY(listing_check(service->registry, req->partner, LISTING_STOPNCII, err));
    TRY(foreign_query_number(req, "startTimestamp", 0, &query.from_s, err));
    TRY(body_query_number(req, "pageSize", INT32_MAX, &size, err));
    TRY(body_query_number(req, "nextPageToken", INT64_MAX, &query.after, err));
    query.limit = size == 0                     ? STOPNCII_PAGE
                  : size > STOPNCII_MAX_RECORDS ? STOPNCII_MAX_RECORDS
                                                : size;
    int64_t now_s = registry_now_ms(service->registry) / 1000;
    TRY(listing_read(service->registry, req->partner, &query, req->arena, &items, &page.n_records,
                     &page.has_more, err));
    TRY(foreign_records(req->arena, items, page.n_records, &page.records, err));
    page.until_s = page.has_more ? items[page.n_records - 1].at_s : now_s;
    if (page.has_more) {
        int n =
            snprintf(token, sizeof token, "%llu", (unsigned long long)items[page.n_records - 1].n);
        page.next = arena_copy(req->arena, token, (size_t)n);
    }
    res->content_type = "application/json";
    stopncii_page_write(&res->body, &page);
    return LK_OK;
}

/* {"count": n} of what was taken. */
static void write_count(struct response *res, size_t n, size_t n_unknown)
{
    struct json j;
    body_answer(res, &j);
    json_object(&j);
    json_put_u64(&j, "count", n);
    json_put_u64(&j, "ignored", n_unknown);
    json_end_object(&j);
}

enum lk_status api_stopncii_feedback(struct service *service, const struct request *req,
                                     struct response *res, struct lk_error *err)
{
    struct foreign_feedback *list;
    size_t n = 0, n_dropped = 0, n_kept = 0;
    TRY(listing_check(service->registry, req->partner, LISTING_STOPNCII, err));
    TRY(stopncii_feedback_read(req->body, req->n_body, req->arena, &list, &n, &n_dropped, err));
    for (size_t i = 0; i < n; i++) {
        struct listing_print print;
        struct lk_error why;
        enum lk_status status = LK_NOT_FOUND;
        if (foreign_to_listing(&list[i].print, &print))
            status = listing_opinion_of_print(service->registry, req->partner, &print,
                                              list[i].opinion, &why);
        if (status != LK_OK && status != LK_NOT_FOUND)
            return FAIL(err, status, "%s", why.text);
        n_kept += status == LK_OK;
    }
    write_count(res, n_kept, n - n_kept + n_dropped);
    return LK_OK;
}

enum lk_status api_stopncii_submit(struct service *service, const struct request *req,
                                   struct response *res, struct lk_error *err)
{
    struct foreign_page page;
    size_t n = 0;
    TRY(listing_check(service->registry, req->partner, LISTING_STOPNCII, err));
    TRY(stopncii_hashes_read(req->body, req->n_body, req->arena, &page, err));
    struct listing_submitted *list = arena_zalloc(req->arena, page.n_records + 1, sizeof *list);
    if (list == NULL)
        return request_no_memory(err);
    for (size_t i = 0; i < page.n_records; i++) {
        const struct foreign_record *record = &page.records[i];
        if (record->n_prints == 0 || !foreign_to_listing(&record->prints[0], &list[n].print))
            continue;
        list[n].is_video = record->is_video;
        list[n++].opinion = record->opinion;
    }
    TRY(listing_submit(service->registry, req->partner, list, n, err));
    write_count(res, n, page.n_records - n + page.n_dropped);
    return LK_OK;
}
