#include "cpu.h"
#include "sweep.h"

const struct sweep_kernels *sweep_select(unsigned mask)
{
    const struct sweep_kernels *kernels = &sweep_scalar;
#if defined(__x86_64__)
    if (mask & CPU_BIT(CPU_POPCNT))
        kernels = &sweep_popcnt;
    if (mask & CPU_BIT(CPU_AVX2))
        kernels = &sweep_avx2;
    if (mask & CPU_BIT(CPU_AVX512_POPCNT))
        kernels = &sweep_avx512;
#elif defined(__aarch64__)
    if (mask & CPU_BIT(CPU_NEON))
        kernels = &sweep_neon;
#else
    (void)mask;
#endif
    return kernels;
}
