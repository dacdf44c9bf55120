/* Changes in place go through windows: what lies between two records is read and written back as it
 * is, which costs less than a call for each, and is harmless when it is cut short. */
#include "log_file.h"

#include "base/err.h"
#include "state.h"
#include "sys/file.h"
#include "sys/rand.h"
#include "sys/seal.h"

#include <string.h>
#include <unistd.h>

enum { WRITE_BYTES = 1 << 20, WINDOW_BYTES = 1 << 20, GAP_BYTES = 4096 };

static const char wrap_label[] = "bank.log.key";

/* A key is bound to its log. */
static struct seal_part binding_of(const struct log_head *head, uint8_t binding[24])
{
    memcpy(binding, head->bank_id, LOG_BANK_ID_BYTES);
    for (int i = 0; i < 8; i++)
        binding[LOG_BANK_ID_BYTES + i] = (uint8_t)(head->number >> (8 * i));
    return (struct seal_part){binding, 24};
}

enum lk_status log_file_create(const char *path, const uint8_t bank_id[LOG_BANK_ID_BYTES],
                               uint64_t number, const uint8_t *bank_key,
                               const struct lk_alloc *alloc, struct log_file *out,
                               struct lk_error *err)
{
    *out = (struct log_file){
        .alloc = alloc,
        .fd = -1,
        .head = {.version = LOG_VERSION, .sealed = bank_key != NULL, .number = number}};
    memcpy(out->head.bank_id, bank_id, LOG_BANK_ID_BYTES);
    if (bank_key != NULL) {
        uint8_t binding[24];
        rand_bytes(out->key, sizeof out->key);
        seal_put(bank_key, wrap_label, binding_of(&out->head, binding), out->key, sizeof out->key,
                 out->head.wrapped);
    }
    uint8_t header[LOG_HEADER_BYTES];
    log_write_header(header, &out->head);
    TRY(file_open(path, O_RDWR | O_CREAT | O_TRUNC, 0600, &out->fd, err));
    enum lk_status status = file_pwrite(out->fd, header, sizeof header, 0, err);
    if (status == LK_OK)
        status = file_sync(out->fd, err);
    if (status != LK_OK) {
        log_file_close(out);
        unlink(path);
    }
    out->end = sizeof header;
    return status;
}

static enum lk_status read_file(void *ctx, uint64_t offset, void *bytes, size_t n, size_t *got,
                                struct lk_error *err)
{
    const struct log_file *log = ctx;
    return file_pread(log->fd, bytes, n, (int64_t)offset, got, err);
}

static enum lk_status take_key(struct log_file *log, const uint8_t *bank_key, struct lk_error *err)
{
    uint8_t binding[24];
    if (!log->head.sealed)
        return LK_OK;
    if (bank_key == NULL)
        return FAIL(err, LK_DENIED, "the bank is sealed: its key is needed");
    if (!seal_take(bank_key, wrap_label, binding_of(&log->head, binding), log->head.wrapped,
                   sizeof log->head.wrapped, log->key))
        return FAIL(err, LK_DENIED, "the key is not the one this bank was sealed with");
    return LK_OK;
}

/* The header is read before the records, whose bodies the visitor may want to open. */
static enum lk_status read_head(struct log_file *log, const uint8_t *bank_id, uint64_t number,
                                const uint8_t *bank_key, struct lk_error *err)
{
    uint8_t header[LOG_HEADER_BYTES];
    size_t got;
    TRY(file_pread(log->fd, header, sizeof header, 0, &got, err));
    TRY(log_read_header(header, got, &log->head, err));
    if (bank_id != NULL &&
        (memcmp(log->head.bank_id, bank_id, LOG_BANK_ID_BYTES) != 0 || log->head.number != number))
        return FAIL(err, LK_CORRUPT, "log %llu is that of another bank",
                    (unsigned long long)number);
    return take_key(log, bank_key, err);
}

static enum lk_status open_and_read(struct log_file *log, bool write, const uint8_t *bank_id,
                                    uint64_t number, const uint8_t *bank_key, log_visit *visit,
                                    void *ctx, struct lk_error *err)
{
    int64_t n_bytes;
    TRY(read_head(log, bank_id, number, bank_key, err));
    TRY(file_size(log->fd, &n_bytes, err));
    struct log_source source = {log, read_file, (uint64_t)n_bytes};
    struct log_summary summary;
    TRY(log_read(&source, log->alloc, visit, ctx, &summary, err));
    log->end = summary.end;
    log->cursor = summary.cursor;
    log->cut_bytes = (uint64_t)n_bytes - summary.end;
    if (!write || log->cut_bytes == 0)
        return LK_OK;
    TRY(file_truncate(log->fd, (int64_t)log->end, err));
    return file_sync(log->fd, err);
}

enum lk_status log_file_open(const char *path, bool write, const uint8_t bank_id[LOG_BANK_ID_BYTES],
                             uint64_t number, const uint8_t *bank_key, const struct lk_alloc *alloc,
                             log_visit *visit, void *ctx, struct log_file *out,
                             struct lk_error *err)
{
    *out = (struct log_file){.alloc = alloc, .fd = -1};
    TRY(file_open(path, write ? O_RDWR : O_RDONLY, 0, &out->fd, err));
    enum lk_status status = open_and_read(out, write, bank_id, number, bank_key, visit, ctx, err);
    if (status != LK_OK)
        log_file_close(out);
    return status;
}

void log_file_close(struct log_file *log)
{
    if (log->fd >= 0)
        close(log->fd);
    log->fd = -1;
    seal_wipe(log->key, sizeof log->key);
}

void log_file_plan(const struct log_file *log, const struct bank_entry *entries, size_t n,
                   struct log_place *places)
{
    uint64_t at = log->end + log_batch_bytes(&log->head);
    for (size_t i = 0; i < n; i++) {
        size_t n_bytes = log_record_bytes(&log->head, &entries[i].sequence);
        places[i] = (struct log_place){at, (uint32_t)n_bytes, state_of_tier(entries[i].tier)};
        at += n_bytes;
    }
}

/* Ends the file where the last whole batch does, after a write that failed: what a failed sync left
 * on the device is unknown, and an unfinished batch must be the last thing in the file. */
static enum lk_status mend(struct log_file *log, struct lk_error *err)
{
    if (!log->broken)
        return LK_OK;
    TRY(file_truncate(log->fd, (int64_t)log->end, err));
    TRY(file_sync(log->fd, err));
    log->broken = false;
    return LK_OK;
}

static enum lk_status flush(struct log_file *log, struct buf *b, uint64_t *at, struct lk_error *err)
{
    TRY(buf_status(b, "a batch of entries", err));
    TRY(file_pwrite(log->fd, b->p, b->n, (int64_t)*at, err));
    *at += b->n;
    memset(b->p, 0, b->n);
    buf_clear(b);
    return LK_OK;
}

/* Writes the batch behind the end; *end receives where it stops. */
static enum lk_status write_batch(struct log_file *log, const struct bank_entry *entries, size_t n,
                                  uint64_t cursor, struct buf *b, uint64_t *end,
                                  struct lk_error *err)
{
    struct log_batch batch = {.n_records = (uint32_t)n, .cursor = cursor};
    for (size_t i = 0; i < n; i++)
        batch.n_bytes += log_record_bytes(&log->head, &entries[i].sequence);
    uint64_t at = log->end;
    uint8_t *header = buf_room(b, log_batch_bytes(&log->head));
    if (header != NULL)
        log_write_batch(header, &log->head, at, &batch);
    for (size_t i = 0; i < n; i++) {
        log_put_record(b, &log->head, log->key, at + b->n, &entries[i]);
        if (b->n >= WRITE_BYTES)
            TRY(flush(log, b, &at, err));
    }
    if (b->n > 0 || b->status != LK_OK)
        TRY(flush(log, b, &at, err));
    *end = at;
    return file_sync(log->fd, err);
}

enum lk_status log_file_append(struct log_file *log, const struct bank_entry *entries, size_t n,
                               uint64_t cursor, struct lk_error *err)
{
    TRY(mend(log, err));
    if (n > UINT32_MAX)
        return FAIL(err, LK_LIMIT, "a batch has at most 2^32 - 1 entries, not %zu", n);
    struct buf b;
    buf_init(&b, log->alloc, SIZE_MAX / 2);
    uint64_t end = 0;
    enum lk_status status = write_batch(log, entries, n, cursor, &b, &end, err);
    if (b.p != NULL)
        seal_wipe(b.p, b.cap);
    buf_fini(&b);
    if (status == LK_OK) {
        log->end = end;
        log->cursor = cursor != 0 ? cursor : log->cursor;
        return LK_OK;
    }
    log->broken = true;
    enum lk_status mended = mend(log, NULL);
    (void)mended; /* where not, the next change tries again */
    return status;
}

/* How many of the places fit into one window that is worth reading. */
static size_t window_of(const struct log_place *places, size_t n)
{
    size_t k = 1;
    while (k < n && places[k].offset + places[k].n_bytes - places[0].offset <= WINDOW_BYTES &&
           places[k].offset - (places[k - 1].offset + places[k - 1].n_bytes) <= GAP_BYTES)
        k++;
    return k;
}

typedef void change_record(const struct log_place *place, uint8_t *record);

static void change_state(const struct log_place *place, uint8_t *record)
{
    record[0] = place->state;
}

static void change_body(const struct log_place *place, uint8_t *record)
{
    memset(record + LOG_RECORD_BYTES, 0, place->n_bytes - LOG_RECORD_BYTES);
}

static enum lk_status change_window(struct log_file *log, const struct log_place *places, size_t n,
                                    change_record *change, struct buf *b, struct lk_error *err)
{
    uint64_t from = places[0].offset, to = places[n - 1].offset + places[n - 1].n_bytes;
    buf_clear(b);
    uint8_t *window = buf_room(b, (size_t)(to - from));
    if (window == NULL)
        return buf_status(b, "a window of the bank's log", err);
    size_t got;
    TRY(file_pread(log->fd, window, b->n, (int64_t)from, &got, err));
    if (got != b->n)
        return FAIL(err, LK_CORRUPT, "the bank's log became shorter than what was read from it");
    for (size_t i = 0; i < n; i++)
        change(&places[i], window + (places[i].offset - from));
    return file_pwrite(log->fd, window, b->n, (int64_t)from, err);
}

static enum lk_status change_all(struct log_file *log, const struct log_place *places, size_t n,
                                 change_record *change, struct lk_error *err)
{
    TRY(mend(log, err));
    struct buf b;
    buf_init(&b, log->alloc, SIZE_MAX / 2);
    enum lk_status status = LK_OK;
    for (size_t i = 0, k; i < n && status == LK_OK; i += k) {
        k = window_of(places + i, n - i);
        if (k == 1 && change == change_state) /* a change of tier or of one entry needs no memory */
            status = file_pwrite(log->fd, &places[i].state, 1, (int64_t)places[i].offset, err);
        else
            status = change_window(log, places + i, k, change, &b, err);
    }
    if (b.p != NULL)
        seal_wipe(b.p, b.cap);
    buf_fini(&b);
    return status == LK_OK ? file_sync(log->fd, err) : status;
}

enum lk_status log_file_mark(struct log_file *log, const struct log_place *places, size_t n,
                             struct lk_error *err)
{
    return change_all(log, places, n, change_state, err);
}

enum lk_status log_file_wipe(struct log_file *log, const struct log_place *places, size_t n,
                             struct lk_error *err)
{
    return change_all(log, places, n, change_body, err);
}
