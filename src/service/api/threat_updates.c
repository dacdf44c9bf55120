/* ThreatExchange's threat_updates, served. Common clients fall over an empty first page: where
 * nothing is new the last item comes again, and of an empty list the tombstone of a hash that never
 * was. The key stands in the address, as they send it: nothing of an address is ever logged. */
#include "api.h"
#include "body.h"
#include "foreign.h"

#include "base/err.h"
#include "exchange/threat_updates.h"
#include "service/context.h"

#include <stdio.h>
#include <string.h>

enum { MAX_LIMIT = 1000, NEXT_BYTES = 2048 };

static void put_encoded(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", *text))
            buf_char(out, *text);
        else
            buf_fmt(out, "%%%c%c", "0123456789ABCDEF"[(uint8_t)*text >> 4],
                    "0123456789ABCDEF"[*text & 15]);
    }
}

/* Their clients ask for what this says as it stands, so it has all that the request had. */
static const char *next_of(const struct request *req, const struct listing_query *query, uint64_t n)
{
    struct buf url;
    const char *host = req->headers[HEADER_HOST], *token = form_get(&req->query, "access_token");
    const char *proto = req->headers[HEADER_FORWARDED_PROTO];
    buf_init(&url, &req->arena->alloc, NEXT_BYTES);
    buf_fmt(&url, "%s://%s%s?access_token=",
            proto != NULL && strcmp(proto, "https") == 0 ? "https" : "http",
            host == NULL ? "localhost" : host, req->path);
    put_encoded(&url, token == NULL ? "" : token);
    buf_fmt(&url, "&limit=%zu&start_time=%lld&after=%llu", query->limit, (long long)query->from_s,
            (unsigned long long)n);
    return url.status == LK_OK ? buf_text(&url) : NULL;
}

static const struct foreign_record *tombstone(void)
{
    static const struct foreign_record none = {.id = "0",
                                               .owner = "1",
                                               .is_withdrawn = true,
                                               .n_prints = 1,
                                               .prints = {{FOREIGN_PDQ, {0}}}};
    return &none;
}

enum lk_status api_threat_updates(struct service *service, const struct request *req,
                                  struct response *res, struct lk_error *err)
{
    struct listing_query query = {.or_last = true};
    struct listing_item *items;
    struct foreign_page page = {0};
    uint64_t limit = 0;
    TRY(listing_check(service->registry, req->partner, LISTING_THREATEXCHANGE, err));
    TRY(foreign_query_number(req, "start_time", 0, &query.from_s, err));
    TRY(body_query_number(req, "limit", INT32_MAX, &limit, err));
    TRY(body_query_number(req, "after", INT64_MAX, &query.after, err));
    query.limit = limit == 0 ? THREAT_UPDATES_PAGE : limit > MAX_LIMIT ? MAX_LIMIT : limit;
    TRY(listing_read(service->registry, req->partner, &query, req->arena, &items, &page.n_records,
                     &page.has_more, err));
    TRY(foreign_records(req->arena, items, page.n_records, &page.records, err));
    if (page.has_more) {
        page.next = next_of(req, &query, items[page.n_records - 1].n);
        if (page.next == NULL)
            return request_no_memory(err);
    }
    if (page.n_records == 0)
        page.records[page.n_records++] = *tombstone();
    res->content_type = "application/json";
    threat_updates_write(&res->body, &page);
    return LK_OK;
}
