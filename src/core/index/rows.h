/* core/index/rows.h - the prints of an index, in the layout that the scan reads.
 *
 * Rows 0..n-1 without gaps, in blocks of HAMMING_BLOCK_ROWS that never move; a removed row is
 * filled with the last one. A set of references finds a row by print and label. About 50 bytes a
 * row: 32 for the print, 8 for the label, 5 to 11 for the reference. */
#ifndef INDEX_ROWS_H
#define INDEX_ROWS_H

#include "base/refset.h"
#include "core/kernels/hamming.h"

#include <likeness/alloc.h>

struct rows_block {
    struct hamming_block prints;
    uint64_t label[HAMMING_BLOCK_ROWS];
};

struct rows {
    const struct lk_alloc *alloc;
    struct rows_block **blocks; /* aligned to 64; `room` of them, n_blocks in place */
    size_t n_blocks, room;
    size_t n; /* rows */
    struct refset by_content;
};

/* Must not move afterwards. */
void rows_init(struct rows *rows, const struct lk_alloc *alloc);
void rows_fini(struct rows *rows);

/* Makes room for n_more rows. false when there is no memory or no number left; what is held stays.
 */
bool rows_reserve(struct rows *rows, size_t n_more);

/* Appends a row, for which room was reserved. */
void rows_put(struct rows *rows, const struct lk_print *print, uint64_t label);

/* The row of this pair, or REFSET_NONE. */
uint32_t rows_find(const struct rows *rows, const struct lk_print *print, uint64_t label);

/* Takes a row out; the last one takes its number. */
void rows_remove(struct rows *rows, uint32_t row);

struct lk_print rows_print(const struct rows *rows, size_t row);
size_t rows_bytes(const struct rows *rows);

#endif
