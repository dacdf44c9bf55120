/* core/index/segment.h - an immutable set of prints with the tables that find near ones.
 *
 * A segment is a view: it owns none of its sections, which may lie in a mapped file, in locked
 * memory, or on the heap. They are laid out as a file holds them (docs/formats/bank.md), so that
 * what was built in memory is written as it is and what is mapped is searched as it is.
 *
 *   lines     16 tables of 2^key_bits buckets, a cache line each (core/kernels/probe.h)
 *   overflow  filters that their line has no room for, part after part, and PROBE_SLACK more
 *   ids       numbers of rows, bucket after bucket, part after part
 *   rows      the prints, in the order of bits of the index (config.h)
 *   labels    the caller's handles
 *
 * The only thing that changes is `gone`: a row that is erased is marked there first and overwritten
 * afterwards; readers measure first and look there afterwards, so they never report what they read
 * half overwritten. Threads: any number may search while one erases. Searching trusts nothing it
 * reads: damaged sections give wrong answers, never an access outside them.
 * Memory: 105 bytes a row, 64 << (key_bits + 4) for the lines, and 2 for each filter in overflow:
 * 172 bytes a row at 1 M, 137 at 10 M. */
#ifndef INDEX_SEGMENT_H
#define INDEX_SEGMENT_H

#include "core/kernels/hamming.h"
#include "core/kernels/probe.h"
#include "core/kernels/sweep.h"
#include "hits.h"

#define SEGMENT_NONE     UINT32_MAX
#define SEGMENT_MIN_ROWS 4096 /* below, no tables: scanning is as fast */

struct segment {
    uint32_t n_rows;          /* < SEGMENT_NONE */
    unsigned key_bits;        /* 8..16; 0: no tables, no ids, no overflow */
    struct probe_line *lines; /* [PROBE_PARTS << key_bits], aligned to 64 */
    uint16_t *overflow;       /* [n_overflow]; NULL until counted */
    uint64_t n_overflow;      /* PROBE_SLACK among them */
    uint32_t *ids;            /* [PROBE_PARTS * n_rows] */
    struct lk_print *rows;    /* [n_rows] */
    uint64_t *labels;         /* [n_rows] */
    uint64_t *gone;           /* [(n_rows + 63) / 64] */
};

/* Bytes of the sections that depend on the number of rows alone. */
struct segment_sizes {
    unsigned key_bits;
    uint64_t lines, ids, rows, labels, gone;
};
struct segment_sizes segment_sizes(uint32_t n_rows);

/* Building takes three steps, so that all memory is the caller's. First he sets everything but
 * overflow, and fills rows, labels and gone (0). Then segment_count() fills the heads of the lines
 * and returns n_overflow. Then he gives overflow, and segment_fill() fills it, the filters and the
 * ids. Threads: parts [from, to) may be done by different threads. */
void segment_count_parts(struct segment *s, unsigned from, unsigned to);
uint64_t segment_count(struct segment *s);
void segment_fill_parts(struct segment *s, unsigned from, unsigned to);
void segment_fill(struct segment *s);

/* The instruction set to search with. */
struct segment_kernels {
    probe_search *probe;
    const struct sweep_kernels *sweep;
    hamming_scan *scan;
    const char *name;
};
struct segment_kernels segment_kernels_of(unsigned cpu_mask);

/* Where the heads of the lines say that the overflow of each part begins. Kept by whoever searches
 * often. */
struct probe_tables segment_tables(const struct segment *s);

/* Puts every row in force within the radius of *query (in the order of the index), as hits of the
 * query numbered `number`, into *out, which has room for its cap. Uses the tables where they pay
 * and scans where they do not. Allocates nothing. */
void segment_search(const struct segment *s, const struct probe_tables *tables,
                    const struct segment_kernels *kernels, const struct lk_print *query,
                    uint32_t number, unsigned radius_bits, struct hits *out);

/* The row in force with exactly this print and label, or SEGMENT_NONE. */
uint32_t segment_find(const struct segment *s, const struct probe_tables *tables,
                      const struct lk_print *print, uint64_t label);

/* Whether the row was erased. */
bool segment_is_gone(const struct segment *s, uint32_t row);

/* Copies a row; false when it is gone. */
bool segment_row(const struct segment *s, uint32_t row, struct lk_print *print, uint64_t *label);

/* Takes a row out of force; with `wipe` also overwrites it, its filters, and its ids. One thread at
 * a time. 1 to 2 us. */
void segment_erase(struct segment *s, uint32_t row, bool wipe);

/* The same for who has the tables at hand: about 1 us less. */
void segment_erase_with(struct segment *s, const struct probe_tables *tables, uint32_t row,
                        bool wipe);

/* Asks for the memory that segment_find() will look at first. Not inline, or GCC would take it for
 * a function without effect. */
void segment_ask(const struct segment *s, const struct lk_print *print);

#endif
