#include "core/kernels/crc32c.h"

#include "base/crc32c.h"
#include "core/kernels/cpu.h"

crc32c_sum *crc32c_select(unsigned mask)
{
#if defined(__x86_64__)
    if (mask & CPU_BIT(CPU_AVX2))
        return crc32c_sse42;
#else
    (void)mask;
#endif
    return crc32c;
}
