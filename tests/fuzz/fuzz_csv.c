/* A list of addresses out of any bytes, read at once and byte by byte: alike, and within its
 * bounds. */
#include "exchange/url_list.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
    uint64_t n, n_unknown, n_chars;
};

static enum lk_status add(void *ctx, const struct url_line *line, struct lk_error *err)
{
    struct sum *s = ctx;
    (void)err;
    s->n = s->n * 31 + line->line;
    s->n_chars += strlen(line->url) + strlen(line->case_id) * 3 + strlen(line->platform) * 5 +
                  strlen(line->note) * 7 + strlen(line->found) * 11;
    if (strlen(line->url) + strlen(line->note) > CSV_MAX_ROW_BYTES)
        __builtin_trap();
    return LK_OK;
}

static void add_unknown(void *ctx, const char *heading)
{
    struct sum *s = ctx;
    s->n_unknown += 1 + strlen(heading);
}

static enum lk_status read_all(const uint8_t *data, size_t size, size_t step, struct sum *sum)
{
    struct url_list list = {.take = add, .unknown = add_unknown, .ctx = sum};
    enum lk_status status = LK_OK;
    url_list_init(&list);
    for (size_t at = 0; at < size && status == LK_OK; at += step)
        status = url_list_feed(&list, data + at, size - at < step ? size - at : step, NULL);
    if (status == LK_OK)
        status = url_list_end(&list, NULL);
    url_list_fini(&list);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sum whole = {0}, bytes = {0};
    enum lk_status a = read_all(data, size, size + 1, &whole);
    enum lk_status b = read_all(data, size, 1, &bytes);
    if (a != b || memcmp(&whole, &bytes, sizeof whole) != 0)
        __builtin_trap();
    return 0;
}
