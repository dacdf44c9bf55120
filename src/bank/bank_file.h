/* bank/bank_file.h - a bank in a directory: the durable form of the command line's banks.
 *
 * A log holds every entry; opening reads it into a live bank (bank/bank.h). A call that changes
 * returns LK_OK only when the change is on the device (fsync), and a crash at any moment leaves
 * each entry wholly in force or wholly gone. A withdrawn entry's prints are overwritten with zeros
 * in the file before bank_file_remove() returns; what a copying file system or the flash of a disk
 * keeps beyond our reach can only be met by encrypting the disk. Withdrawing needs no free space.
 *
 * One process may write at a time, any number may read; a reader sees the bank as it was when it
 * opened it. Threads: bank_file_bank() as bank.h says; the calls that change, one at a time.
 *
 *   PATH/bank.log   docs/formats/bank.md
 *   PATH/lock       locked by the writer */
#ifndef BANK_BANK_FILE_H
#define BANK_BANK_FILE_H

#include "bank.h"

struct bank_file; /* opaque */

enum bank_mode { BANK_READ, BANK_WRITE };

/* Makes the directory `path` and an empty bank in it. Errors: LK_CONFLICT (there is one already),
 * LK_IO, LK_DENIED. */
enum lk_status bank_file_create(const char *path, struct lk_error *err) LK_MUST_CHECK;

/* Opens the bank at `path` and loads it. BANK_WRITE also finishes what a crash interrupted.
 * `alloc` as for bank_new(). Errors: LK_NOT_FOUND (no bank there), LK_BUSY (another process writes
 * to it), LK_CORRUPT (with the place), LK_UNSUPPORTED, LK_IO, LK_DENIED, LK_NOMEM. */
enum lk_status bank_file_open(const struct lk_alloc *alloc, const char *path, enum bank_mode mode,
                              struct bank_file **out, struct lk_error *err) LK_MUST_CHECK;

/* Frees the live bank too. NULL is fine. */
void bank_file_close(struct bank_file *file);

/* The live bank; borrowed, and only to be changed through the functions here. */
struct bank *bank_file_bank(struct bank_file *file);

/* Adds n entries, all or none, with one fsync: a batch is much cheaper than its entries one by one.
 * Errors: as bank_add(); LK_DENIED (opened to read); LK_IO: nothing was added. */
enum lk_status bank_file_add(struct bank_file *file, const struct bank_entry *entries, size_t n,
                             struct lk_error *err) LK_MUST_CHECK;

/* Withdraws n entries and wipes their prints from the file. Reads the file once.
 * Errors: LK_NOT_FOUND (one is not there: nothing is withdrawn), LK_DENIED, LK_NOMEM, LK_IO: those
 * that are gone from the live bank are withdrawn, and their prints will be wiped when the bank is
 * next opened; the others are in force. */
enum lk_status bank_file_remove(struct bank_file *file, const uint8_t (*ids)[BANK_ID_BYTES],
                                size_t n, struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND, LK_INVALID, LK_DENIED, LK_IO (the tier is as it was). */
enum lk_status bank_file_set_tier(struct bank_file *file, const uint8_t id[BANK_ID_BYTES],
                                  unsigned tier, struct lk_error *err) LK_MUST_CHECK;

/* Writes the log anew without what was withdrawn. bank_file_remove() calls it by itself when more
 * than half of a log above 1 MiB is withdrawn. Errors: LK_DENIED, LK_NOMEM, LK_IO: all is as it
 * was. */
enum lk_status bank_file_compact(struct bank_file *file, struct lk_error *err) LK_MUST_CHECK;

struct bank_file_info {
    uint8_t bank_id[16];      /* random, made by bank_file_create() */
    unsigned version;         /* of the format */
    uint64_t n_bytes;         /* of the log */
    uint64_t withdrawn_bytes; /* of them, what bank_file_compact() would give back */
    uint64_t cut_bytes;       /* an unfinished batch that was found, and left out, when opening */
};
struct bank_file_info bank_file_info(const struct bank_file *file);

#endif
