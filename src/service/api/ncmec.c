/* The hash sharing interface of NCMEC, version 2, served. Common clients throw a first page away
 * when there is a second: a range is one answer, but for ranges with more than a page holds. */
#include "api.h"
#include "body.h"
#include "foreign.h"

#include "base/err.h"
#include "base/hex.h"
#include "exchange/ncmec.h"
#include "service/context.h"
#include "sys/clock.h"

#include <stdio.h>
#include <string.h>

#define XML_TYPE "application/xml; charset=utf-8"

static struct ncmec_name own_member(const struct service *service)
{
    return (struct ncmec_name){"1", service_site_name(service)};
}

/* What one may say against an entry; ids are fixed, so that clients may keep them. */
static const struct ncmec_name reasons[] = {
    {"6c696b65-6e65-4373-8001-000000000001", "It shows something else"},
    {"6c696b65-6e65-4373-8001-000000000002", "It is lawful, or of public interest"},
    {"6c696b65-6e65-4373-8001-000000000003", "It is satire or art"},
    {"6c696b65-6e65-4373-8001-000000000004", "Too many unrelated people post it"},
};

enum lk_status api_ncmec_status(struct service *service, const struct request *req,
                                struct response *res, struct lk_error *err)
{
    const struct ncmec_name member = own_member(service);
    TRY(listing_check(service->registry, req->partner, LISTING_NCMEC, err));
    res->content_type = XML_TYPE;
    ncmec_status_write(&res->body, req->partner->name, &member);
    return LK_OK;
}

enum lk_status api_ncmec_members(struct service *service, const struct request *req,
                                 struct response *res, struct lk_error *err)
{
    const struct ncmec_name member = own_member(service);
    TRY(listing_check(service->registry, req->partner, LISTING_NCMEC, err));
    res->content_type = XML_TYPE;
    ncmec_members_write(&res->body, &member, 1);
    return LK_OK;
}

static enum lk_status read_time(const struct request *req, const char *name, int64_t missing,
                                int64_t *out, struct lk_error *err)
{
    const char *text = form_get(&req->query, name);
    *out = missing;
    if (text != NULL && !foreign_time_read(text, out))
        return FAIL(err, LK_INVALID, "%s is a time like 2026-11-24T10:20:30Z", name);
    return LK_OK;
}

/* The page after this one: for this range alone. */
static const char *next_of(const struct request *req, int64_t from_s, int64_t until_s, uint64_t n)
{
    char from[32], to[32], text[160];
    clock_format_time(from_s * 1000, from);
    clock_format_time(until_s * 1000, to);
    int length = snprintf(text, sizeof text, "/v2/entries?from=%s&to=%s&start=%llu", from, to,
                          (unsigned long long)n);
    return arena_copy(req->arena, text, (size_t)length);
}

enum lk_status api_ncmec_entries(struct service *service, const struct request *req,
                                 struct response *res, struct lk_error *err)
{
    struct listing_query query = {.limit = LISTING_MAX_PAGE};
    struct listing_item *items = NULL;
    struct foreign_page page = {0};
    int64_t from_s, until_s;
    TRY(listing_check(service->registry, req->partner, LISTING_NCMEC, err));
    TRY(read_time(req, "from", 0, &from_s, err));
    TRY(read_time(req, "to", registry_now_ms(service->registry) / 1000, &until_s, err));
    TRY(body_query_number(req, "start", INT64_MAX, &query.after, err));
    query.from_s = from_s + 1; /* (from, to] */
    query.until_s = until_s;
    if (until_s > from_s && until_s > 0)
        TRY(listing_read(service->registry, req->partner, &query, req->arena, &items,
                         &page.n_records, &page.has_more, err));
    TRY(foreign_records(req->arena, items, page.n_records, &page.records, err));
    if (page.has_more)
        page.next = next_of(req, from_s, until_s, items[page.n_records - 1].n);
    res->content_type = XML_TYPE;
    ncmec_page_write(&res->body, &page);
    return LK_OK;
}

enum lk_status api_ncmec_reasons(struct service *service, const struct request *req,
                                 struct response *res, struct lk_error *err)
{
    TRY(listing_check(service->registry, req->partner, LISTING_NCMEC, err));
    res->content_type = XML_TYPE;
    ncmec_reasons_write(&res->body, reasons, sizeof reasons / sizeof reasons[0]);
    return LK_OK;
}

/* PUT .../entries/MEMBER/ID/TYPE/feedback: of the item, whichever of its fingerprints it names. */
enum lk_status api_ncmec_feedback(struct service *service, const struct request *req,
                                  struct response *res, struct lk_error *err)
{
    struct foreign_feedback feedback;
    uint8_t id[LISTING_ID_BYTES];
    const char *text = req->params[1];
    TRY(listing_check(service->registry, req->partner, LISTING_NCMEC, err));
    TRY(ncmec_feedback_read(req->body, req->n_body, req->arena, &feedback, err));
    if (strcmp(req->params[0], "1") != 0 || strlen(text) != 2 * sizeof id ||
        !hex_decode(text, id, sizeof id))
        return FAIL(err, LK_NOT_FOUND, "no entry of this member has this id");
    TRY(listing_opinion_of_entry(service->registry, req->partner, id, feedback.opinion, err));
    res->content_type = XML_TYPE;
    buf_str(&res->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ok/>\n");
    return LK_OK;
}
