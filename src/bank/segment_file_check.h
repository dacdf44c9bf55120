/* bank/segment_file_check.h - the check of a chunk: a sum when plain, a seal when sealed.
 *
 * A check is bound to the segment and to the chunk's number in the file, so that what a disk
 * brought from elsewhere is seen. */
#ifndef BANK_SEGMENT_FILE_CHECK_H
#define BANK_SEGMENT_FILE_CHECK_H

#include "core/kernels/crc32c.h"
#include "segment_file_layout.h"

/* Holds the segment's key: keep it in memory of seal_locked_new(). */
struct checker {
    bool is_sealed;
    uint8_t segment_id[SEGMENT_FILE_ID_BYTES];
    uint8_t key[SEGMENT_FILE_KEY_BYTES];
    crc32c_sum *sum;
};

/* `key` of the segment; NULL when plain. */
void checker_init(struct checker *c, const uint8_t segment_id[SEGMENT_FILE_ID_BYTES],
                  const uint8_t *key);

/* The key as the functions of segment_file_layout.h want it: NULL when plain. */
const uint8_t *checker_key(const struct checker *c);

/* Makes the entry of a chunk in the table of checks, and encrypts the chunk in place when sealed.
 * `stamp` must never come twice for a chunk of a sealed segment. */
void check_put(const struct checker *c, uint32_t number, uint64_t stamp,
               uint8_t bytes[LAYOUT_CHUNK], uint8_t *entry);

/* Compares a chunk with its entry, and decrypts it in place when sealed. false: not what was
 * written; `bytes` are then undefined. */
bool check_take(const struct checker *c, uint32_t number, uint8_t bytes[LAYOUT_CHUNK],
                const uint8_t *entry) LK_MUST_CHECK;

/* The check of a section: of its n_bytes of the table of checks. */
void check_section(const struct checker *c, const uint8_t *entries, size_t n_bytes,
                   uint8_t check[LAYOUT_CHECK_BYTES]);

/* Sets the check of every section from the whole table. */
void check_all_sections(const struct checker *c, struct layout *l, const uint8_t *table);

/* The first section whose part of the table is not what the header says; NULL: all is well. */
const struct layout_section *check_find_bad_section(const struct checker *c, const struct layout *l,
                                                    const uint8_t *table);

#endif
