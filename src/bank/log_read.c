#include "log_read.h"

#include "base/err.h"
#include "state.h"

#include <string.h>

enum { WINDOW_BYTES = 256 * 1024, LEAST_ZEROS = 16 };

struct reader {
    const struct log_source *source;
    const struct lk_alloc *alloc;
    uint8_t *window; /* `held` bytes of the source from `from` on */
    size_t room, held;
    uint64_t from;
    struct log_summary *summary;
    log_visit *visit;
    void *ctx;
};

/* n bytes at `offset`, which lie within the source; borrowed until the next call. */
static enum lk_status look(struct reader *r, uint64_t offset, size_t n, const uint8_t **bytes,
                           struct lk_error *err)
{
    if (offset < r->from || offset + n > r->from + r->held) {
        if (n > r->room) {
            uint8_t *grown = r->alloc->resize(r->alloc->ctx, r->window, r->room, n);
            if (grown == NULL)
                return FAIL(err, LK_NOMEM, "no memory to read a record of %zu bytes", n);
            r->window = grown;
            r->room = n;
        }
        r->from = offset;
        r->held = 0;
        uint64_t left = r->source->n_bytes - offset;
        size_t want = left < r->room ? (size_t)left : r->room;
        TRY(r->source->read(r->source->ctx, offset, r->window, want, &r->held, err));
        if (r->held < n)
            return FAIL(err, LK_IO, "the bank's log became shorter while it was read");
    }
    *bytes = r->window + (offset - r->from);
    return LK_OK;
}

/* Whether the file ends in zeros that begin before `end`: the space was given out, but what should
 * have been written there never was. */
static enum lk_status was_never_written(struct reader *r, uint64_t end, bool *never,
                                        struct lk_error *err)
{
    uint64_t at = r->source->n_bytes;
    bool zeros = true;
    while (zeros && at > log_header_bytes(&r->summary->head) &&
           (at >= end || r->source->n_bytes - at < LEAST_ZEROS)) {
        uint64_t n = at < 4096 ? at : 4096;
        const uint8_t *bytes = NULL;
        TRY(look(r, at - n, (size_t)n, &bytes, err));
        size_t left = (size_t)n;
        while (left > 0 && bytes[left - 1] == 0)
            left--;
        zeros = left == 0;
        at -= n - left;
    }
    *never = at < end && r->source->n_bytes - at >= LEAST_ZEROS;
    return LK_OK;
}

static enum lk_status damaged(uint64_t offset, struct lk_error *err)
{
    return FAIL(
        err, LK_CORRUPT,
        "the bank's log is damaged at byte %llu: restore it from a copy, or make a new bank",
        (unsigned long long)offset);
}

/* One record at `offset`; *ok is false when it is not as written, *end where it should end. The
 * records of the batch end at `limit`. */
static enum lk_status read_record(struct reader *r, uint64_t offset, uint64_t limit,
                                  struct log_record *record, const uint8_t **body, bool *ok,
                                  uint64_t *end, struct lk_error *err)
{
    const struct log_head *head = &r->summary->head;
    const uint8_t *bytes = NULL;
    *end = limit;
    *ok = limit - offset >= LOG_RECORD_BYTES;
    if (!*ok)
        return LK_OK;
    TRY(look(r, offset, LOG_RECORD_BYTES, &bytes, err));
    *ok = log_read_record(bytes, head, offset, record);
    if (!*ok) {
        *end = offset + LOG_RECORD_BYTES;
        return LK_OK;
    }
    size_t n = log_padded_bytes(record->body_bytes);
    *ok = limit - offset - LOG_RECORD_BYTES >= n;
    if (!*ok)
        return LK_OK;
    *end = offset + LOG_RECORD_BYTES + n;
    TRY(look(r, offset, LOG_RECORD_BYTES + n, &bytes, err));
    *body = bytes + LOG_RECORD_BYTES;
    if (state_tier(record->state) == 0 || log_body_ok(*body, record, head, offset))
        return LK_OK;
    /* A writer may have withdrawn it since its header was read: then its body is being wiped. */
    uint8_t state;
    size_t got;
    TRY(r->source->read(r->source->ctx, offset, &state, 1, &got, err));
    *ok = got == 1 && (state == STATE_WITHDRAWN || state == STATE_WIPED);
    record->state = *ok ? state : record->state;
    return LK_OK;
}

/* Walks the records of a batch; with visit NULL only looks whether all are as written. *bad_end is
 * 0 then, else where the first that is not should end, and *bad where it begins. */
static enum lk_status walk_batch(struct reader *r, uint64_t offset, const struct log_batch *batch,
                                 log_visit *visit, uint64_t *bad, uint64_t *bad_end,
                                 struct lk_error *err)
{
    uint64_t limit = offset + batch->n_bytes;
    *bad_end = 0;
    for (uint32_t i = 0; i < batch->n_records; i++) {
        struct log_record record;
        const uint8_t *body = NULL;
        bool ok;
        uint64_t end;
        TRY(read_record(r, offset, limit, &record, &body, &ok, &end, err));
        if (!ok) {
            *bad = offset;
            *bad_end = end;
            return LK_OK;
        }
        if (visit != NULL)
            TRY(visit(r->ctx, &r->summary->head, offset, &record, body, err));
        offset = end;
    }
    if (offset != limit) {
        *bad = offset;
        *bad_end = limit;
    }
    return LK_OK;
}

/* Reads the batch at `at`. *next is where the following one begins, or 0 when this one was never
 * finished. */
static enum lk_status read_batch(struct reader *r, uint64_t at, uint64_t *next,
                                 struct lk_error *err)
{
    uint64_t left = r->source->n_bytes - at, bad = at, n_head = log_batch_bytes(&r->summary->head),
             bad_end = at + n_head;
    bool never = left < n_head;
    *next = 0;
    if (never)
        return LK_OK;
    const uint8_t *bytes = NULL;
    struct log_batch batch;
    TRY(look(r, at, (size_t)n_head, &bytes, err));
    if (log_read_batch(bytes, &r->summary->head, at, &batch)) {
        if (batch.n_bytes > left - n_head)
            return LK_OK;
        uint64_t first = at + n_head;
        if (first + batch.n_bytes == r->source->n_bytes)
            TRY(walk_batch(r, first, &batch, NULL, &bad, &bad_end, err));
        else
            bad_end = 0;
        if (bad_end == 0)
            TRY(walk_batch(r, first, &batch, r->visit, &bad, &bad_end, err));
        if (bad_end == 0) {
            *next = first + batch.n_bytes;
            if (batch.cursor != 0)
                r->summary->cursor = batch.cursor;
            return LK_OK;
        }
        if (first + batch.n_bytes != r->source->n_bytes)
            return damaged(bad, err);
    }
    TRY(was_never_written(r, bad_end, &never, err));
    return never ? LK_OK : damaged(bad, err);
}

static enum lk_status read_all(struct reader *r, struct lk_error *err)
{
    const uint8_t *bytes = NULL;
    uint64_t n = r->source->n_bytes;
    size_t head = n < LOG_HEADER_BYTES ? (size_t)n : LOG_HEADER_BYTES;
    TRY(look(r, 0, head, &bytes, err));
    TRY(log_read_header(bytes, head, &r->summary->head, err));
    r->summary->end = log_header_bytes(&r->summary->head);
    while (r->summary->end < n) {
        uint64_t next;
        TRY(read_batch(r, r->summary->end, &next, err));
        if (next == 0)
            break;
        r->summary->end = next;
    }
    return LK_OK;
}

enum lk_status log_read(const struct log_source *source, const struct lk_alloc *alloc,
                        log_visit *visit, void *ctx, struct log_summary *summary,
                        struct lk_error *err)
{
    *summary = (struct log_summary){.end = 0};
    struct reader r = {.source = source,
                       .alloc = alloc,
                       .window = alloc->alloc(alloc->ctx, WINDOW_BYTES),
                       .room = WINDOW_BYTES,
                       .summary = summary,
                       .visit = visit,
                       .ctx = ctx};
    if (r.window == NULL)
        return FAIL(err, LK_NOMEM, "no memory to read the bank's log");
    enum lk_status status = read_all(&r, err);
    memset(r.window, 0, r.room);
    alloc->free(alloc->ctx, r.window, r.room);
    return status;
}
