/* bank/bank_dir.h - a bank's directory: names, lock, manifest; opening and cleaning.
 *
 *   PATH/manifest, PATH/lock, PATH/log-N, PATH/segment-N, PATH/state-N   docs/formats/bank.md
 *   PATH/bank.log   all there is of a bank of format version 1 */
#ifndef BANK_BANK_DIR_H
#define BANK_BANK_DIR_H

#include "bank_view.h"
#include "manifest.h"

#define DIR_PATH_BYTES 4096

struct bank_dir {
    const struct lk_alloc *alloc;
    char path[DIR_PATH_BYTES - 64];
    int lock_fd;              /* -1 for readers */
    uint8_t *key;             /* in locked memory, NULL: plain */
    uint8_t *print_seed;      /* likewise, NULL: prints are not keyed */
    struct manifest manifest; /* the one in place */
    bool unsure;              /* its name may not be durable yet */
    bool dirty;               /* files may be there that it does not name */
};

/* The name of a file: "log-7" of the directory. */
enum dir_file { DIR_MANIFEST, DIR_MANIFEST_NEW, DIR_LOCK, DIR_LOG, DIR_SEGMENT, DIR_STATE, DIR_V1 };
void dir_path(const struct bank_dir *dir, enum dir_file file, uint64_t number,
              char path[DIR_PATH_BYTES]);

/* Remembers path and keys; nothing is touched yet. Errors: LK_LIMIT (path), LK_NOMEM. */
enum lk_status dir_new(const struct lk_alloc *alloc, const char *path, const uint8_t *key,
                       const uint8_t *print_seed, struct bank_dir **out,
                       struct lk_error *err) LK_MUST_CHECK;
void dir_free(struct bank_dir *dir);

/* Makes directory, first log and manifest. Errors: LK_CONFLICT, LK_IO, LK_DENIED. */
enum lk_status dir_create(struct bank_dir *dir, struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_BUSY, LK_NOT_FOUND, LK_IO. */
enum lk_status dir_lock(struct bank_dir *dir, struct lk_error *err) LK_MUST_CHECK;

/* Reads the manifest; *is_v1: there is none, but a bank of version 1.
 * Errors: LK_NOT_FOUND and those of manifest_read() and manifest_check_keys(). */
enum lk_status dir_read(struct bank_dir *dir, bool *is_v1, struct lk_error *err) LK_MUST_CHECK;

/* Puts a manifest in place; *placed as manifest_write(). */
enum lk_status dir_replace(struct bank_dir *dir, const struct manifest *m, bool *placed,
                           struct lk_error *err) LK_MUST_CHECK;

/* Makes durable what may not be. Errors: LK_IO. */
enum lk_status dir_settle(struct bank_dir *dir, struct lk_error *err) LK_MUST_CHECK;

/* Removes files of ours that the manifest does not name. What cannot be removed stays for the next
 * time. */
void dir_sweep(struct bank_dir *dir);

/* Removes the manifest, which ends the bank, and then every other file of ours but the lock. */
/* After that: the lock too, and the directory unless something else is in it. */
void dir_remove_self(struct bank_dir *dir);
enum lk_status dir_remove_all(struct bank_dir *dir, struct lk_error *err) LK_MUST_CHECK;

/* Bytes of all files. */
uint64_t dir_bytes(const struct bank_dir *dir);

/* Reads a log into a new table: entries in force, nothing else. With `write`, bodies that a crash
 * left unwiped are wiped. `number` 0: the log of version 1, which is only read.
 * Errors: those of log_file_open(); LK_CORRUPT, with the place. */
enum lk_status dir_load_log(struct bank_dir *dir, uint64_t number, bool write, uint64_t seed,
                            struct bank_table **out, struct lk_error *err) LK_MUST_CHECK;

#endif
