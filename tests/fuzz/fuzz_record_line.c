/* Whatever is read as a line must be written so that it reads back the same. */
#include "exchange/record_line.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static bool same(const struct lk_record *a, const struct lk_record *b)
{
    return memcmp(&a->print, &b->print, sizeof a->print) == 0 && a->kind == b->kind &&
           a->front_end == b->front_end && a->time_ms == b->time_ms && a->quality == b->quality &&
           memcmp(&a->frame, &b->frame, sizeof a->frame) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *line = (const char *)bytes;
    struct lk_record record, again;
    unsigned medium, medium_again;
    size_t at, at_again;
    if (record_line_read(line, n, &record, &medium, &at, NULL) != LK_OK)
        return 0;
    if (at >= n)
        abort();
    char *path = calloc(1, n - at + 1);
    struct buf text;
    if (path == NULL)
        return 0;
    memcpy(path, line + at, n - at);
    buf_init(&text, lk_alloc_heap(), 1 << 22);
    if (record_line_can_name(path)) {
        record_line_write(&text, medium, &record, path);
        if (buf_status(&text, "line", NULL) == LK_OK &&
            (record_line_read(text.p, text.n - 1, &again, &medium_again, &at_again, NULL) !=
                 LK_OK ||
             medium != medium_again || !same(&record, &again) ||
             memcmp(text.p + at_again, path, n - at) != 0))
            abort();
    }
    buf_fini(&text);
    free(path);
    return 0;
}
