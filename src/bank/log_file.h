/* bank/log_file.h - the log of one table, open as a file.
 *
 * Threads: one at a time. */
#ifndef BANK_LOG_FILE_H
#define BANK_LOG_FILE_H

#include "log_read.h"

struct log_file {
    const struct lk_alloc *alloc;
    int fd;
    bool broken; /* a failed write may have left something behind the end */
    struct log_head head;
    uint8_t key[BANK_KEY_BYTES]; /* the log's own, when sealed */
    uint64_t end;                /* where the next batch goes */
    uint64_t cursor;             /* of the last batch that has one */
    uint64_t cut_bytes; /* an unfinished batch that was found, and left out, when opening */
};

/* Makes the file `path`, durable but for its name. `bank_key` NULL: plain. Errors: LK_IO. */
enum lk_status log_file_create(const char *path, const uint8_t bank_id[LOG_BANK_ID_BYTES],
                               uint64_t number, const uint8_t *bank_key,
                               const struct lk_alloc *alloc, struct log_file *out,
                               struct lk_error *err) LK_MUST_CHECK;

/* Opens the file and visits every record of it. With `write`, an unfinished batch at the end is cut
 * off. Errors: LK_NOT_FOUND, LK_CORRUPT (damage; or it is of another bank or number), LK_DENIED
 * (the key), LK_IO, and those of log_read(). */
enum lk_status log_file_open(const char *path, bool write, const uint8_t bank_id[LOG_BANK_ID_BYTES],
                             uint64_t number, const uint8_t *bank_key, const struct lk_alloc *alloc,
                             log_visit *visit, void *ctx, struct log_file *out,
                             struct lk_error *err) LK_MUST_CHECK;

/* Closes, and forgets the key. */
void log_file_close(struct log_file *log);

/* Where the records of n entries will stand if they are appended now. */
void log_file_plan(const struct log_file *log, const struct bank_entry *entries, size_t n,
                   struct log_place *places);

/* Appends a batch and makes it durable, or leaves the file as it was. Writes a MiB at a time.
 * Errors: LK_IO, LK_LIMIT, LK_NOMEM: nothing was added. */
enum lk_status log_file_append(struct log_file *log, const struct bank_entry *entries, size_t n,
                               uint64_t cursor, struct lk_error *err) LK_MUST_CHECK;

/* Writes the states, or zeros over the bodies, and makes them durable. Places rise by offset;
 * records that stand close together cost one write. Errors: LK_IO, LK_NOMEM: some may have been
 * written. */
enum lk_status log_file_mark(struct log_file *log, const struct log_place *places, size_t n,
                             struct lk_error *err) LK_MUST_CHECK;
enum lk_status log_file_wipe(struct log_file *log, const struct log_place *places, size_t n,
                             struct lk_error *err) LK_MUST_CHECK;

#endif
