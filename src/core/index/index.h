/* core/index/index.h - inside an index: for the bank, which keeps segments in files, and for tests
 * and benchmarks, which choose the kernel. */
#ifndef INDEX_INDEX_H
#define INDEX_INDEX_H

#include "segment.h"

/* lk_index_new() with the kernels of these levels alone (CPU_BIT()s of core/kernels/cpu.h that the
 * processor has; plain C always counts as allowed). */
enum lk_status index_new_masked(const struct lk_alloc *alloc, unsigned kind, unsigned cpu_mask,
                                struct lk_index **out, struct lk_error *err) LK_MUST_CHECK;

/* An index over one segment whose sections the caller keeps in place until lk_index_free(); rows
 * are in the order of bits of this kind. s->gone may be NULL: then the index makes its own.
 * Removing marks the row; with `may_wipe` it also overwrites it, for which the sections must be
 * writable. Inserting is refused. Errors: LK_INVALID (kind), LK_NOMEM. */
enum lk_status index_attach(const struct lk_alloc *alloc, unsigned kind, unsigned cpu_mask,
                            const struct segment *s, bool may_wipe, struct lk_index **out,
                            struct lk_error *err) LK_MUST_CHECK;

/* Between the order in which prints of this kind stand in an index and the natural one. */
struct lk_print index_row_of(unsigned kind, const struct lk_print *print);
struct lk_print index_print_of(unsigned kind, const struct lk_print *row);

#endif
