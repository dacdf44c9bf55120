/* Changes of a bank in a directory. Adding appends a batch; the tier and whether a record is in
 * force are one byte of it, overwritten in place; withdrawing then wipes the body:
 *
 *   state = withdrawn, fsync | gone from the live bank | body = 0, fsync | LK_OK
 *
 * A crash before the first fsync may leave it in force: nobody was told otherwise. After it the
 * entry is gone, and opening finishes the wiping. */
#include "bank_file.h"
#include "bank_file_inside.h"
#include "base/err.h"
#include "sys/file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COMPACT_ABOVE_BYTES = 1 << 20, COPY_BATCH_BYTES = 1 << 20 };
#define MAX_BATCH_BYTES (UINT64_C(1) << 30)

static enum lk_status may_change(const struct bank_file *file, struct lk_error *err)
{
    if (file->mode != BANK_WRITE)
        return FAIL(err, LK_DENIED, "the bank is open for reading only");
    if (file->broken)
        return FAIL(err, LK_IO, "an earlier write to the bank failed: close and open it again");
    return LK_OK;
}

/* Writes a batch at `offset` of fd. `batch` begins with room for its header. */
static enum lk_status write_batch(int fd, const uint8_t *bank_id, uint64_t offset,
                                  struct buf *batch, size_t n_records, struct lk_error *err)
{
    TRY(buf_status(batch, "a batch of entries", err));
    struct log_batch header = {(uint32_t)n_records, batch->n - LOG_BATCH_BYTES};
    log_write_batch((uint8_t *)batch->p, bank_id, offset, &header);
    return file_pwrite(fd, batch->p, batch->n, (int64_t)offset, err);
}

static void begin_batch(struct buf *batch)
{
    buf_clear(batch);
    uint8_t *header = buf_room(batch, LOG_BATCH_BYTES);
    if (header != NULL)
        memset(header, 0, LOG_BATCH_BYTES);
}

/* Appends a batch and makes it durable, or leaves the file as it was. */
static enum lk_status append(struct bank_file *file, struct buf *batch, size_t n_records,
                             struct lk_error *err)
{
    enum lk_status status =
        write_batch(file->fd, file->log.bank_id, file->log.end, batch, n_records, err);
    if (status == LK_OK)
        status = file_sync(file->fd, err);
    if (status == LK_OK) {
        file->log.end += batch->n;
        return LK_OK;
    }
    /* What a failed fsync left on the device is unknown, and an unfinished batch must be the last
     * thing in the file: nothing may be written behind it until it was read again. */
    file->broken = true;
    if (file_truncate(file->fd, (int64_t)file->log.end, NULL) == LK_OK &&
        file_sync(file->fd, NULL) == LK_OK)
        file->broken = false;
    return status;
}

enum lk_status bank_file_add(struct bank_file *file, const struct bank_entry *entries, size_t n,
                             struct lk_error *err)
{
    TRY(may_change(file, err));
    if (n > UINT32_MAX)
        return FAIL(err, LK_LIMIT, "a batch has at most 2^32 - 1 entries, not %zu", n);
    TRY(bank_add(file->bank, entries, n, err));
    struct buf batch;
    buf_init(&batch, file->alloc, MAX_BATCH_BYTES);
    begin_batch(&batch);
    for (size_t i = 0; i < n; i++)
        log_put_record(&batch, file->log.bank_id, file->log.end + batch.n, &entries[i]);
    enum lk_status status = n == 0 ? LK_OK : append(file, &batch, n, err);
    if (batch.p != NULL)
        memset(batch.p, 0, batch.n);
    buf_fini(&batch);
    for (size_t i = 0; status != LK_OK && i < n; i++) {
        enum lk_status gone = bank_remove(file->bank, entries[i].id, NULL);
        (void)gone; /* it was added above */
    }
    return status;
}

/* Records that a change is about, in the order of the file. */
struct place {
    uint64_t offset;
    struct log_record record;
    bool marked; /* its new state was written */
};

struct search {
    const struct lk_alloc *alloc;
    const uint8_t (*ids)[BANK_ID_BYTES]; /* rising */
    size_t n_ids;
    struct place *places; /* room for n_ids */
    size_t n_places;
};

static int compare_ids(const void *a, const void *b)
{
    return memcmp(a, b, BANK_ID_BYTES);
}

static enum lk_status note_place(void *ctx, uint64_t offset, const struct log_record *record,
                                 const uint8_t *body, struct lk_error *err)
{
    (void)body;
    struct search *s = ctx;
    if (record->state == LOG_WITHDRAWN ||
        bsearch(record->id, s->ids, s->n_ids, BANK_ID_BYTES, compare_ids) == NULL)
        return LK_OK;
    if (s->n_places == s->n_ids)
        return FAIL(err, LK_CORRUPT, "the bank's log holds an entry twice");
    s->places[s->n_places++] = (struct place){.offset = offset, .record = *record};
    return LK_OK;
}

/* Finds the records in force of these ids, all of which the live bank has. */
static enum lk_status find_places(struct bank_file *file, struct search *s, struct lk_error *err)
{
    struct log_source source = bank_file_source(file, file->log.end);
    struct log_summary summary;
    TRY(log_read(&source, file->alloc, note_place, s, &summary, err));
    if (s->n_places != s->n_ids)
        return FAIL(err, LK_CORRUPT, "the bank's log does not hold what was read from it");
    return LK_OK;
}

/* Makes room for a search, with the ids sorted and each once. */
static enum lk_status begin_search(struct bank_file *file, const uint8_t (*ids)[BANK_ID_BYTES],
                                   size_t n, struct search *s, struct lk_error *err)
{
    for (size_t i = 0; i < n; i++)
        if (!bank_has(file->bank, ids[i]))
            return FAIL(err, LK_NOT_FOUND, "no entry of this id is in the bank");
    const struct lk_alloc *alloc = file->alloc;
    size_t bytes = n * (sizeof(struct place) + BANK_ID_BYTES);
    struct place *places = alloc->alloc(alloc->ctx, bytes);
    if (places == NULL)
        return FAIL(err, LK_NOMEM, "no memory to look for %zu entries", n);
    uint8_t(*sorted)[BANK_ID_BYTES] = (void *)(places + n);
    memcpy(sorted, ids, n * BANK_ID_BYTES);
    qsort(sorted, n, BANK_ID_BYTES, compare_ids);
    size_t n_ids = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || compare_ids(sorted[i], sorted[n_ids - 1]) != 0)
            memmove(sorted[n_ids++], sorted[i], BANK_ID_BYTES);
    *s = (struct search){alloc, (const void *)sorted, n_ids, places, 0};
    return LK_OK;
}

static void end_search(struct search *s, size_t n)
{
    s->alloc->free(s->alloc->ctx, s->places, n * (sizeof(struct place) + BANK_ID_BYTES));
}

static enum lk_status mark(struct bank_file *file, struct place *place, enum log_state state,
                           struct lk_error *err)
{
    uint8_t byte = (uint8_t)state;
    TRY(file_pwrite(file->fd, &byte, 1, (int64_t)place->offset, err));
    place->marked = true;
    return LK_OK;
}

static enum lk_status wipe_all(struct bank_file *file, const struct search *s, struct lk_error *err)
{
    for (size_t i = 0; i < s->n_places; i++)
        TRY(bank_file_wipe(file, s->places[i].offset, &s->places[i].record, err));
    return file_sync(file->fd, err);
}

static enum lk_status withdraw(struct bank_file *file, struct search *s, struct lk_error *err)
{
    TRY(find_places(file, s, err));
    enum lk_status status = LK_OK;
    for (size_t i = 0; i < s->n_places && status == LK_OK; i++)
        status = mark(file, &s->places[i], LOG_WITHDRAWN, err);
    if (status == LK_OK)
        status = file_sync(file->fd, err);
    /* When in doubt an entry is gone: somebody asked for it. */
    for (size_t i = 0; i < s->n_places && s->places[i].marked; i++) {
        const struct log_record *record = &s->places[i].record;
        file->log.withdrawn_bytes += LOG_RECORD_BYTES + log_body_bytes(record->sequence_bytes);
        enum lk_status gone = bank_remove(file->bank, record->id, NULL);
        (void)gone; /* begin_search() found it there */
    }
    if (status == LK_OK)
        status = wipe_all(file, s, err);
    if (status != LK_OK)
        file->broken = true; /* opening again finishes what was begun */
    return status;
}

enum lk_status bank_file_remove(struct bank_file *file, const uint8_t (*ids)[BANK_ID_BYTES],
                                size_t n, struct lk_error *err)
{
    TRY(may_change(file, err));
    if (n == 0)
        return LK_OK;
    struct search s;
    TRY(begin_search(file, ids, n, &s, err));
    enum lk_status status = withdraw(file, &s, err);
    end_search(&s, n);
    TRY(status);
    if (file->log.end > COMPACT_ABOVE_BYTES && file->log.withdrawn_bytes > file->log.end / 2) {
        enum lk_status tidied = bank_file_compact(file, NULL);
        (void)tidied; /* only space is lost, and the next removal tries again */
    }
    return LK_OK;
}

enum lk_status bank_file_set_tier(struct bank_file *file, const uint8_t id[BANK_ID_BYTES],
                                  unsigned tier, struct lk_error *err)
{
    TRY(may_change(file, err));
    enum log_state state = log_state_of_tier(tier);
    if (state == LOG_WITHDRAWN)
        return FAIL(err, LK_INVALID, "tier %u is not known", tier);
    struct search s;
    TRY(begin_search(file, (const void *)id, 1, &s, err));
    enum lk_status status = find_places(file, &s, err);
    if (status == LK_OK)
        status = mark(file, &s.places[0], state, err);
    if (status == LK_OK)
        status = file_sync(file->fd, err);
    if (status == LK_OK)
        status = bank_set_tier(file->bank, id, tier, err);
    else if (s.n_places == 1 && s.places[0].marked &&
             mark(file, &s.places[0], (enum log_state)s.places[0].record.state, NULL) != LK_OK)
        file->broken = true;
    end_search(&s, 1);
    return status;
}

/* The live bank being written to a new file. */
struct copy {
    int fd;
    const uint8_t *bank_id;
    uint64_t end;
    struct buf batch;
    size_t n_records;
};

static enum lk_status flush_copy(struct copy *c, struct lk_error *err)
{
    if (c->n_records == 0)
        return LK_OK;
    TRY(write_batch(c->fd, c->bank_id, c->end, &c->batch, c->n_records, err));
    c->end += c->batch.n;
    c->n_records = 0;
    begin_batch(&c->batch);
    return LK_OK;
}

static enum lk_status copy_entry(void *ctx, const struct bank_entry *entry, struct lk_error *err)
{
    struct copy *c = ctx;
    log_put_record(&c->batch, c->bank_id, c->end + c->batch.n, entry);
    c->n_records++;
    return c->batch.n < COPY_BATCH_BYTES ? LK_OK : flush_copy(c, err);
}

static enum lk_status write_copy(struct bank_file *file, struct copy *c, struct lk_error *err)
{
    uint8_t header[LOG_HEADER_BYTES];
    log_write_header(header, c->bank_id);
    TRY(file_pwrite(c->fd, header, sizeof header, 0, err));
    c->end = sizeof header;
    buf_init(&c->batch, file->alloc, MAX_BATCH_BYTES);
    begin_batch(&c->batch);
    enum lk_status status = bank_each(file->bank, copy_entry, c, err);
    if (status == LK_OK)
        status = flush_copy(c, err);
    buf_fini(&c->batch);
    TRY(status);
    return file_sync(c->fd, err);
}

/* Puts the new file in the place of the old one. From the renaming on the new one is the bank, even
 * if making the name durable fails: both hold the same entries. */
static enum lk_status swap_in(struct bank_file *file, const struct copy *c, struct lk_error *err)
{
    TRY(file_rename(file->new_path, file->log_path, err));
    close(file->fd);
    file->fd = c->fd;
    file->log.end = c->end;
    file->log.withdrawn_bytes = 0;
    file->broken = true; /* until the name is durable: what is added to a lost file is lost */
    TRY(file_sync_parent(file->log_path, err));
    file->broken = false;
    return LK_OK;
}

enum lk_status bank_file_compact(struct bank_file *file, struct lk_error *err)
{
    TRY(may_change(file, err));
    struct copy c = {.bank_id = file->log.bank_id};
    enum lk_status status = file_open(file->new_path, O_RDWR | O_CREAT | O_TRUNC, 0600, &c.fd, err);
    if (status == LK_OK)
        status = write_copy(file, &c, err);
    if (status == LK_OK)
        status = swap_in(file, &c, err);
    if (c.fd >= 0 && file->fd != c.fd) {
        close(c.fd);
        unlink(file->new_path);
    }
    return status;
}
