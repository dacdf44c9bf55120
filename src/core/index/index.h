/* core/index/index.h - inside an index; for tests and benchmarks, which choose the kernel. */
#ifndef INDEX_INDEX_H
#define INDEX_INDEX_H

#include <likeness/index.h>

/* lk_index_new() with the kernels of these levels alone (CPU_BIT()s of core/kernels/cpu.h that the
 * processor has; plain C always counts as allowed). */
enum lk_status index_new_masked(const struct lk_alloc *alloc, unsigned kind, unsigned cpu_mask,
                                struct lk_index **out, struct lk_error *err) LK_MUST_CHECK;

#endif
