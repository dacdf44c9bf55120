/* core/kernels/crc32c.h - CRC-32C at the speed of the memory.
 *
 * Checking a bank of ten million entries means 1.4 GB: base/crc32c.h, a byte a step, takes three
 * seconds for it, the instruction that processors have for this very sum a fifth of one. All levels
 * give identical sums. */
#ifndef KERNELS_CRC32C_H
#define KERNELS_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* As crc32c() of base/crc32c.h. */
typedef uint32_t crc32c_sum(uint32_t crc, const void *bytes, size_t n);

/* The fastest of the levels in `mask` (cpu_mask() or part of it). */
crc32c_sum *crc32c_select(unsigned mask);

#if defined(__x86_64__)
crc32c_sum crc32c_sse42; /* CPU_AVX2: every such processor has SSE 4.2 */
#endif

#endif
