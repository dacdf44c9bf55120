/* bank/manifest.h - PATH/manifest: which files make up a bank.
 *
 * Replaced as a whole by renaming: the files that the manifest in place names are the bank, and
 * nothing else in the directory counts. Layout: manifest.c. */
#ifndef BANK_MANIFEST_H
#define BANK_MANIFEST_H

#include "log_format.h"

enum manifest_kind { MANIFEST_LOG = 1, MANIFEST_SEGMENT = 2 };

struct manifest_item {
    uint32_t kind;   /* enum manifest_kind */
    uint64_t number; /* log-N, or segment-N with state-N */
    int64_t due_ms;  /* when the segment must be written anew; 0: never */
};

enum { MANIFEST_MAX_ITEMS = 1024, MANIFEST_CHECK_BYTES = 72 };

struct manifest {
    bool sealed, keyed; /* keyed: its prints are, lk_print_keyed() */
    uint8_t bank_id[LOG_BANK_ID_BYTES];
    uint8_t key_check[MANIFEST_CHECK_BYTES];   /* tells the bank's key; zeros when plain */
    uint8_t print_check[MANIFEST_CHECK_BYTES]; /* the seed of its prints' key, likewise */
    uint64_t generation;                       /* one more each time */
    uint64_t next_number;                      /* of the next file */
    uint64_t cursor;                           /* bank_cursor() */
    size_t n_items;
    struct manifest_item items[MANIFEST_MAX_ITEMS]; /* logs from the oldest to the newest */
};

/* A manifest of a new bank without files; `key` NULL: plain; `print_seed` NULL: not keyed. */
void manifest_init(struct manifest *m, const uint8_t *key, const uint8_t *print_seed);

/* Whether the keys (may be NULL) are the bank's. Errors: LK_DENIED, LK_INVALID (a key, and it is
 * plain or not keyed). */
enum lk_status manifest_check_keys(const struct manifest *m, const uint8_t *key,
                                   const uint8_t *print_seed, struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND, LK_CORRUPT, LK_UNSUPPORTED, LK_IO. */
enum lk_status manifest_read(const char *path, struct manifest *m,
                             struct lk_error *err) LK_MUST_CHECK;

/* The same, of bytes. */
enum lk_status manifest_parse(const uint8_t *bytes, size_t n, struct manifest *m,
                              struct lk_error *err) LK_MUST_CHECK;

/* Replaces the manifest at `path` with m, through the file `temp`. *placed says whether the new one
 * is in place, which it also is when only making its name durable failed. Errors: LK_IO. */
enum lk_status manifest_write(const char *path, const char *temp, const struct manifest *m,
                              bool *placed, struct lk_error *err) LK_MUST_CHECK;

#endif
