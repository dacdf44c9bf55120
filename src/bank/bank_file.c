/* Making, opening and closing; bank_change.c changes. */
#include "bank_file.h"

#include "bank_file_inside.h"
#include "base/err.h"
#include "sys/file.h"
#include "sys/rand.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* dir/name; NULL without memory. */
static char *join(const struct lk_alloc *alloc, const char *dir, const char *name)
{
    size_t n = strlen(dir) + 1 + strlen(name) + 1;
    char *path = alloc->alloc(alloc->ctx, n);
    if (path != NULL) {
        strcpy(path, dir);
        strcat(path, "/");
        strcat(path, name);
    }
    return path;
}

static void free_path(const struct lk_alloc *alloc, char *path)
{
    if (path != NULL)
        alloc->free(alloc->ctx, path, strlen(path) + 1);
}

static enum lk_status create_log(const char *dir, const char *log_path, struct lk_error *err)
{
    TRY(file_make_dirs(dir, 0700, err));
    if (access(log_path, F_OK) == 0)
        return FAIL(err, LK_CONFLICT, "there is a bank at '%s' already", dir);
    uint8_t bank_id[LOG_BANK_ID_BYTES], header[LOG_HEADER_BYTES];
    rand_bytes(bank_id, sizeof bank_id);
    log_write_header(header, bank_id);
    TRY(file_replace(log_path, header, sizeof header, 0600, err));
    return file_sync_parent(dir, err);
}

enum lk_status bank_file_create(const char *path, struct lk_error *err)
{
    const struct lk_alloc *alloc = lk_alloc_heap();
    char *log_path = join(alloc, path, "bank.log");
    if (log_path == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a path");
    enum lk_status status = create_log(path, log_path, err);
    free_path(alloc, log_path);
    return status;
}

static enum lk_status read_file(void *ctx, uint64_t offset, void *bytes, size_t n, size_t *got,
                                struct lk_error *err)
{
    const struct bank_file *file = ctx;
    return file_pread(file->fd, bytes, n, (int64_t)offset, got, err);
}

struct log_source bank_file_source(struct bank_file *file, uint64_t n_bytes)
{
    return (struct log_source){file, read_file, n_bytes};
}

enum lk_status bank_file_wipe(struct bank_file *file, uint64_t offset,
                              const struct log_record *record, struct lk_error *err)
{
    static const uint8_t zeros[16 * 1024];
    uint64_t at = offset + LOG_RECORD_BYTES;
    for (size_t left = log_body_bytes(record->sequence_bytes), n; left > 0; left -= n, at += n) {
        n = left < sizeof zeros ? left : sizeof zeros;
        TRY(file_pwrite(file->fd, zeros, n, (int64_t)at, err));
    }
    return LK_OK;
}

static bool is_wiped(const struct log_record *record, const uint8_t *body)
{
    for (size_t i = 0; i < log_body_bytes(record->sequence_bytes); i++)
        if (body[i] != 0)
            return false;
    return true;
}

struct loading {
    struct bank_file *file;
    struct lk_record *records; /* LK_MAX_RECORDS of them */
    bool wiped;                /* something that a crash had left unwiped */
};

static enum lk_status load_record(void *ctx, uint64_t offset, const struct log_record *record,
                                  const uint8_t *body, struct lk_error *err)
{
    struct loading *l = ctx;
    if (record->state == LOG_WITHDRAWN) {
        if (l->file->mode == BANK_READ || is_wiped(record, body))
            return LK_OK;
        l->wiped = true;
        return bank_file_wipe(l->file, offset, record, err);
    }
    struct bank_entry entry = {.tier = (uint8_t)log_tier_of_state(record->state),
                               .scope = record->scope};
    memcpy(entry.id, record->id, BANK_ID_BYTES);
    size_t used;
    struct lk_error why = {.text = ""};
    enum lk_status status = lk_sequence_decode(body, record->sequence_bytes, l->records,
                                               LK_MAX_RECORDS, &entry.sequence, &used, &why);
    if (status == LK_OK && used != record->sequence_bytes)
        status = FAIL(&why, LK_CORRUPT, "bytes after the sequence");
    if (status == LK_OK)
        status = bank_add(l->file->bank, &entry, 1, &why);
    if (status == LK_OK)
        return LK_OK;
    if (status == LK_INVALID || status == LK_CONFLICT || status == LK_LIMIT)
        status = LK_CORRUPT;
    return FAIL(err, status, "the bank's entry at byte %llu: %s", (unsigned long long)offset,
                why.text);
}

/* Reads the log into the live bank and, to write, ends it after the last whole batch. */
static enum lk_status load(struct bank_file *file, struct lk_error *err)
{
    int64_t n_bytes;
    TRY(file_size(file->fd, &n_bytes, err));
    struct log_source source = bank_file_source(file, (uint64_t)n_bytes);
    size_t n = LK_MAX_RECORDS * sizeof(struct lk_record);
    struct loading l = {.file = file, .records = file->alloc->alloc(file->alloc->ctx, n)};
    if (l.records == NULL)
        return FAIL(err, LK_NOMEM, "no memory to open a bank");
    enum lk_status status = log_read(&source, file->alloc, load_record, &l, &file->log, err);
    file->alloc->free(file->alloc->ctx, l.records, n);
    TRY(status);
    file->cut_bytes = (uint64_t)n_bytes - file->log.end;
    if (file->mode == BANK_READ || (file->cut_bytes == 0 && !l.wiped))
        return LK_OK;
    if (file->cut_bytes > 0)
        TRY(file_truncate(file->fd, (int64_t)file->log.end, err));
    return file_sync(file->fd, err);
}

static enum lk_status lock_dir(struct bank_file *file, const char *path, struct lk_error *err)
{
    char *lock_path = join(file->alloc, path, "lock");
    if (lock_path == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a path");
    enum lk_status status = file_open(lock_path, O_RDWR | O_CREAT, 0600, &file->lock_fd, err);
    free_path(file->alloc, lock_path);
    if (status == LK_OK)
        status = file_lock(file->lock_fd, err);
    if (status == LK_BUSY)
        return FAIL(err, LK_BUSY, "another process is writing to the bank '%s'", path);
    return status;
}

static enum lk_status open_in(struct bank_file *file, const char *path, struct lk_error *err)
{
    file->log_path = join(file->alloc, path, "bank.log");
    file->new_path = join(file->alloc, path, "bank.log.new");
    if (file->log_path == NULL || file->new_path == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a path");
    if (access(file->log_path, F_OK) != 0)
        return FAIL(err, LK_NOT_FOUND, "there is no bank at '%s': make one with bank create", path);
    if (file->mode == BANK_WRITE) {
        TRY(lock_dir(file, path, err));
        unlink(file->new_path); /* a crash may have left it, with prints that are withdrawn now */
        TRY(file_sync_parent(file->log_path, err)); /* or left the log's name not durable yet */
    }
    TRY(file_open(file->log_path, file->mode == BANK_WRITE ? O_RDWR : O_RDONLY, 0, &file->fd, err));
    TRY(bank_new(file->alloc, &file->bank, err));
    return load(file, err);
}

enum lk_status bank_file_open(const struct lk_alloc *alloc, const char *path, enum bank_mode mode,
                              struct bank_file **out, struct lk_error *err)
{
    struct bank_file *file = alloc->alloc(alloc->ctx, sizeof *file);
    if (file == NULL)
        return FAIL(err, LK_NOMEM, "no memory to open a bank");
    *file = (struct bank_file){.alloc = alloc, .mode = mode, .fd = -1, .lock_fd = -1};
    enum lk_status status = open_in(file, path, err);
    if (status != LK_OK) {
        bank_file_close(file);
        return status;
    }
    *out = file;
    return LK_OK;
}

void bank_file_close(struct bank_file *file)
{
    if (file == NULL)
        return;
    bank_free(file->bank);
    if (file->fd >= 0)
        close(file->fd);
    if (file->lock_fd >= 0)
        close(file->lock_fd);
    free_path(file->alloc, file->log_path);
    free_path(file->alloc, file->new_path);
    file->alloc->free(file->alloc->ctx, file, sizeof *file);
}

struct bank *bank_file_bank(struct bank_file *file)
{
    return file->bank;
}

struct bank_file_info bank_file_info(const struct bank_file *file)
{
    struct bank_file_info info = {.version = LOG_VERSION,
                                  .n_bytes = file->log.end,
                                  .withdrawn_bytes = file->log.withdrawn_bytes,
                                  .cut_bytes = file->cut_bytes};
    memcpy(info.bank_id, file->log.bank_id, sizeof info.bank_id);
    return info;
}
