#include "cpu.h"
#include "hamming.h"

hamming_scan *hamming_select(unsigned mask, const char **name)
{
    enum cpu_level level = CPU_SCALAR;
    hamming_scan *scan = hamming_scan_scalar;
#if defined(__x86_64__)
    if (mask & CPU_BIT(CPU_POPCNT)) {
        level = CPU_POPCNT;
        scan = hamming_scan_popcnt;
    }
    if (mask & CPU_BIT(CPU_AVX2)) {
        level = CPU_AVX2;
        scan = hamming_scan_avx2;
    }
    if (mask & CPU_BIT(CPU_AVX512_POPCNT)) {
        level = CPU_AVX512_POPCNT;
        scan = hamming_scan_avx512;
    }
#elif defined(__aarch64__)
    if (mask & CPU_BIT(CPU_NEON)) {
        level = CPU_NEON;
        scan = hamming_scan_neon;
    }
#else
    (void)mask;
#endif
    *name = cpu_level_name(level);
    return scan;
}
