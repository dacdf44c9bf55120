/* The table of the kernels of anchored prints, in rising order: the last that the mask allows. */
#include "core/kernels/anchor.h"
#include "core/kernels/cpu.h"

const struct anchor_kernels *anchor_kernels_get(unsigned mask)
{
    const struct anchor_kernels *best = &anchor_kernels_scalar;
#if defined(__x86_64__)
    if (mask & CPU_BIT(CPU_AVX2))
        best = &anchor_kernels_avx2;
#else
    (void)mask; /* elsewhere what the compiler may use in plain C is all there is */
#endif
    return best;
}
