/* bank/log_read.h - reading the log of a bank, which may be damaged or end in the middle.
 *
 * A log may end in a batch that was never finished, because the machine stopped: that batch was
 * never acknowledged, and is left out. Everything else that is not as written is damage and is
 * said with its place: what was acknowledged is never dropped silently. */
#ifndef BANK_LOG_READ_H
#define BANK_LOG_READ_H

#include "log_format.h"

/* Where the bytes come from. */
struct log_source {
    void *ctx;
    /* n bytes from `offset`, fewer only at the end. */
    enum lk_status (*read)(void *ctx, uint64_t offset, void *bytes, size_t n, size_t *got,
                           struct lk_error *err);
    uint64_t n_bytes;
};

struct log_summary {
    struct log_head head;
    uint64_t end;    /* of the last whole batch: what is behind was never acknowledged */
    uint64_t cursor; /* of the last batch that has one */
};

/* One record, in the order of the file. `body` has log_padded_bytes(record->body_bytes) bytes and
 * is intact, unless the record is no longer in force, when it holds whatever is left; both are
 * borrowed. */
typedef enum lk_status log_visit(void *ctx, const struct log_head *head, uint64_t offset,
                                 const struct log_record *record, const uint8_t *body,
                                 struct lk_error *err);

/* Visits every record. Errors: LK_CORRUPT with the offset, LK_UNSUPPORTED, LK_NOMEM, what the
 * source and `visit` return. Memory: 256 KiB, or as much as the largest record. */
enum lk_status log_read(const struct log_source *source, const struct lk_alloc *alloc,
                        log_visit *visit, void *ctx, struct log_summary *summary,
                        struct lk_error *err) LK_MUST_CHECK;

#endif
