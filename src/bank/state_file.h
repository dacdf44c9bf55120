/* bank/state_file.h - PATH/state-N: the states of the entries of segment N, a byte each.
 *
 * Layout (little-endian): 0 "LKBANKS\n"  8 version u32 (2)  12 n_entries u32  16 bank id[16]
 * 32 number u64  40 0[20]  60 CRC-32C of bytes 0 to 59  64 states[n_entries].
 * Threads: one at a time. */
#ifndef BANK_STATE_FILE_H
#define BANK_STATE_FILE_H

#include "log_format.h"

enum { STATE_FILE_HEADER_BYTES = 64 };

struct state_file {
    int fd; /* -1: none */
};

/* Makes the file, durable but for its name. Errors: LK_IO. */
enum lk_status state_file_create(const char *path, const uint8_t bank_id[LOG_BANK_ID_BYTES],
                                 uint64_t number, const uint8_t *states, uint32_t n,
                                 struct state_file *out, struct lk_error *err) LK_MUST_CHECK;

/* Reads the n states. Errors: LK_NOT_FOUND, LK_CORRUPT (with the place of the first that is no
 * state), LK_IO. */
enum lk_status state_file_open(const char *path, bool write,
                               const uint8_t bank_id[LOG_BANK_ID_BYTES], uint64_t number,
                               uint8_t *states, uint32_t n, struct state_file *out,
                               struct lk_error *err) LK_MUST_CHECK;

void state_file_close(struct state_file *file);

/* Writes n states from `first` on. Errors: LK_IO: part of them may be written. */
enum lk_status state_file_write(struct state_file *file, uint32_t first, const uint8_t *states,
                                size_t n, struct lk_error *err) LK_MUST_CHECK;
enum lk_status state_file_sync(struct state_file *file, struct lk_error *err) LK_MUST_CHECK;

#endif
