/* node/page.h - which part of a list is asked for: "after" and "limit" in the address. */
#ifndef NODE_PAGE_H
#define NODE_PAGE_H

#include "http/request.h"

#define PAGE_MAX 1000

struct page {
    uint64_t after; /* the number of the last one already seen; 0: from the first */
    size_t limit;   /* 1..PAGE_MAX; 100 unless said */
};

/* Errors: LK_INVALID, naming the one that is no such number. */
enum lk_status page_read(const struct request *req, struct page *out,
                         struct lk_error *err) LK_MUST_CHECK;

#endif
