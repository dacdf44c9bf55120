/* The log of a bank: whatever the bytes, reading ends with an answer, and what it hands out lies
 * within them. */
#include "bank/log_read.h"
#include "bank/state.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

struct memory {
    const uint8_t *bytes;
    size_t n;
};

static enum lk_status read_memory(void *ctx, uint64_t offset, void *bytes, size_t n, size_t *got,
                                  struct lk_error *err)
{
    (void)err;
    const struct memory *m = ctx;
    *got = offset >= m->n ? 0 : m->n - offset < n ? m->n - (size_t)offset : n;
    memcpy(bytes, m->bytes + offset, *got);
    return LK_OK;
}

static enum lk_status visit(void *ctx, const struct log_head *head, uint64_t offset,
                            const struct log_record *record, const uint8_t *body,
                            struct lk_error *err)
{
    const struct memory *m = ctx;
    size_t n = log_padded_bytes(record->body_bytes);
    if (offset + LOG_RECORD_BYTES + n > m->n ||
        memcmp(body, m->bytes + offset + LOG_RECORD_BYTES, n) != 0)
        abort();
    static struct lk_record records[1000];
    struct lk_sequence sequence;
    size_t used;
    if (state_tier(record->state) == 0)
        return LK_OK;
    static uint8_t plain[1 << 20];
    static const uint8_t key[BANK_KEY_BYTES];
    const uint8_t *bytes = NULL;
    if (record->body_bytes > sizeof plain ||
        !log_open_body(body, record, head, key, offset, plain, &bytes, &n))
        return LK_OK;
    return lk_sequence_decode(bytes, n, records, 1000, &sequence, &used, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct memory memory = {bytes, n};
    struct log_source source = {&memory, read_memory, n};
    struct log_summary summary;
    struct lk_error err;
    enum lk_status status = log_read(&source, lk_alloc_heap(), visit, &memory, &summary, &err);
    if (status == LK_OK && summary.end > n)
        abort();
    return 0;
}
