/* The table of the PDQ kernels, in rising order: the last that the mask allows. */
#include "core/kernels/cpu.h"
#include "core/kernels/pdq.h"

const struct pdq_kernels *pdq_kernels_get(unsigned mask)
{
    const struct pdq_kernels *best = &pdq_kernels_scalar;
#if defined(__x86_64__)
    if (mask & CPU_BIT(CPU_AVX2))
        best = &pdq_kernels_avx2;
    if (mask & CPU_BIT(CPU_AVX512))
        best = &pdq_kernels_avx512;
#elif defined(__aarch64__)
    if (mask & CPU_BIT(CPU_NEON))
        best = &pdq_kernels_neon;
#else
    (void)mask;
#endif
    return best;
}
