#include "cpu.h"
#include "probe.h"

probe_search *probe_select(unsigned mask, const char **name)
{
    enum cpu_level level = CPU_SCALAR;
    probe_search *search = probe_search_scalar;
#if defined(__x86_64__)
    if (mask & CPU_BIT(CPU_POPCNT)) {
        level = CPU_POPCNT;
        search = probe_search_popcnt;
    }
    if (mask & CPU_BIT(CPU_AVX2)) {
        level = CPU_AVX2;
        search = probe_search_avx2;
    }
    if (mask & CPU_BIT(CPU_AVX512_POPCNT)) {
        level = CPU_AVX512_POPCNT;
        search = probe_search_avx512;
    }
#elif defined(__aarch64__)
    if (mask & CPU_BIT(CPU_NEON)) {
        level = CPU_NEON;
        search = probe_search_neon;
    }
#else
    (void)mask;
#endif
    *name = cpu_level_name(level);
    return search;
}
