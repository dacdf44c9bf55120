/* Feature bits as in the vendors' manuals: leaf 1 and leaf 7 of CPUID, and XCR0 for what the
 * operating system saves on a task switch (a set that is not saved must not be used). */
#include "core/kernels/cpu.h"

#include <stdbool.h>

/* Beside the levels: tells a mask that was asked for from one that was not. */
#define ASKED (1u << 31)

#if defined(__x86_64__)
#include <cpuid.h>

#define LEAF1_ECX_POPCNT  (1u << 23)
#define LEAF1_ECX_OSXSAVE (1u << 27)
#define LEAF7_EBX_AVX2    (1u << 3 | 1u << 5 | 1u << 8) /* BMI1 AVX2 BMI2 */
#define LEAF7_EBX_AVX512                                                                           \
    (1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31) /* F DQ CD BW VL                        \
                                                            */
#define LEAF7_ECX_POPCNT (1u << 12 | 1u << 14)             /* BITALG VPOPCNTDQ */
#define XCR0_YMM         0x06u
#define XCR0_ZMM         0xe6u

static bool has(unsigned word, unsigned bits)
{
    return (word & bits) == bits;
}

static unsigned saved_state(void)
{
    unsigned low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

static unsigned ask(void)
{
    unsigned mask = CPU_BIT(CPU_SCALAR), a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !has(c, LEAF1_ECX_POPCNT))
        return mask;
    mask |= CPU_BIT(CPU_POPCNT);
    if (!has(c, LEAF1_ECX_OSXSAVE))
        return mask;
    unsigned saved = saved_state();
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !has(b, LEAF7_EBX_AVX2) ||
        !has(saved, XCR0_YMM))
        return mask;
    mask |= CPU_BIT(CPU_AVX2);
    if (!has(b, LEAF7_EBX_AVX512) || !has(saved, XCR0_ZMM))
        return mask;
    mask |= CPU_BIT(CPU_AVX512);
    if (has(c, LEAF7_ECX_POPCNT))
        mask |= CPU_BIT(CPU_AVX512_POPCNT);
    return mask;
}

#elif defined(__aarch64__)

static unsigned ask(void)
{
    return CPU_BIT(CPU_SCALAR) | CPU_BIT(CPU_NEON);
}

#else

static unsigned ask(void)
{
    return CPU_BIT(CPU_SCALAR);
}

#endif

unsigned cpu_mask(void)
{
    static unsigned kept; /* two threads that both ask store the same word */
    unsigned mask = __atomic_load_n(&kept, __ATOMIC_RELAXED);
    if (!(mask & ASKED)) {
        mask = ask() | ASKED;
        __atomic_store_n(&kept, mask, __ATOMIC_RELAXED);
    }
    return mask & ~ASKED;
}

const char *cpu_level_name(enum cpu_level level)
{
    static const char *const names[CPU_N_LEVELS] = {"scalar", "popcnt",        "avx2",
                                                    "avx512", "avx512_popcnt", "neon"};
    return names[level];
}
