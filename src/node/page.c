#include "node/page.h"

#include "base/err.h"

#include <errno.h>
#include <stdlib.h>

enum { STANDARD = 100 };

static enum lk_status read_number(const struct request *req, const char *name, uint64_t low,
                                  uint64_t high, uint64_t *out, struct lk_error *err)
{
    const char *text = form_get(&req->query, name);
    char *end;
    if (text == NULL)
        return LK_OK;
    errno = 0;
    unsigned long long v = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || v < low || v > high)
        return FAIL(err, LK_INVALID, "%s must be a whole number from %llu to %llu", name,
                    (unsigned long long)low, (unsigned long long)high);
    *out = v;
    return LK_OK;
}

enum lk_status page_read(const struct request *req, struct page *out, struct lk_error *err)
{
    uint64_t limit = STANDARD;
    out->after = 0;
    TRY(read_number(req, "after", 0, INT64_MAX, &out->after, err));
    TRY(read_number(req, "limit", 1, PAGE_MAX, &limit, err));
    out->limit = (size_t)limit;
    return LK_OK;
}
