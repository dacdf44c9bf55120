/* core/index/memtable.h - the newest prints of an index, scanned.
 *
 * Rows are only appended, in blocks that never move, and published by their number, so that readers
 * need no lock. A removed row is marked gone, then overwritten; a reader measures first and looks
 * at the mark afterwards. When the table is full its rows become a segment and it is retired. */
#ifndef INDEX_MEMTABLE_H
#define INDEX_MEMTABLE_H

#include "base/refset.h"
#include "core/kernels/hamming.h"
#include "hits.h"

#include <stdatomic.h>

/* So many are scanned in less time than a large segment is looked up. */
#define MEMTABLE_ROWS 8192

struct memtable_block {
    struct hamming_block prints;
    uint64_t label[HAMMING_BLOCK_ROWS];
};

struct memtable {
    const struct lk_alloc *alloc;
    struct memtable_block *blocks[MEMTABLE_ROWS / HAMMING_BLOCK_ROWS];
    _Atomic uint32_t n; /* rows that readers may look at */
    _Atomic uint64_t gone[MEMTABLE_ROWS / 64];
    uint32_t n_gone;          /* the writer's */
    struct refset by_content; /* the writer's: rows in force by print and label */
};

/* NULL when there is no memory. Freeing overwrites the prints. */
struct memtable *memtable_new(const struct lk_alloc *alloc);
void memtable_free(struct memtable *m);

/* Makes room for n_more rows, at most MEMTABLE_ROWS in all. false when there is no memory. */
bool memtable_reserve(struct memtable *m, size_t n_more);

/* Appends a row, for which room was reserved: prints are in the order of the index throughout. */
void memtable_put(struct memtable *m, const struct lk_print *row, uint64_t label);

/* The row in force of this pair, or REFSET_NONE. For the writer. */
uint32_t memtable_find(const struct memtable *m, const struct lk_print *row, uint64_t label);

/* Takes a row out of force and overwrites it. */
void memtable_erase(struct memtable *m, uint32_t row);

/* The row and its label; false when it is gone. row < n. */
bool memtable_row(const struct memtable *m, uint32_t row, struct lk_print *print, uint64_t *label);

/* Puts the rows within the radius of up to HAMMING_QUERIES queries, numbered from `first`, into
 * hits[0..n_queries). */
void memtable_search(const struct memtable *m, hamming_scan *scan, const struct lk_print *queries,
                     size_t n_queries, uint32_t first, unsigned radius_bits, struct hits *hits);

size_t memtable_bytes(const struct memtable *m);

#endif
