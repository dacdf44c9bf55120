/* core/kernels/cpu.h - which instruction sets may be used.
 *
 * Kernels exist once per level. A table of function pointers is filled in rising order of level
 * from a mask, so that a test walks every level of one machine by clearing bits of the mask. All
 * levels of one kernel give identical bits; they differ in speed alone. */
#ifndef CORE_KERNELS_CPU_H
#define CORE_KERNELS_CPU_H

enum cpu_level {
    CPU_SCALAR = 0,    /* plain C: always there */
    CPU_POPCNT,        /* x86-64: the popcnt instruction (x86-64-v2) */
    CPU_AVX2,          /* x86-64: AVX2, BMI1, BMI2, popcnt, and the system saves ymm */
    CPU_AVX512,        /* x86-64: AVX-512 F, BW, CD, DQ, VL (x86-64-v4), and the system saves zmm */
    CPU_AVX512_POPCNT, /* x86-64: the same with VPOPCNTDQ and BITALG, which come together */
    CPU_NEON,          /* aarch64: always there on it */
    CPU_N_LEVELS
};

#define CPU_BIT(level) (1u << (level))
#define CPU_ALL        (CPU_BIT(CPU_N_LEVELS) - 1)

/* The levels of this processor, as CPU_BIT()s; CPU_SCALAR is always among them.
 * Threads: any. Cost: a load. The first call asks the processor, which costs tens of microseconds
 * in a virtual machine; the answer never changes, so it is kept in one atomic word, the only
 * storage of its kind in the core. */
unsigned cpu_mask(void);

/* "scalar", "popcnt", "avx2", "avx512", "avx512_popcnt", "neon"; never NULL. */
const char *cpu_level_name(enum cpu_level level);

#endif
