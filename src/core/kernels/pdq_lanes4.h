/* Vectors of four floats as every compiler knows them: what SSE2 and NEON hold in a register, and
 * what is taken apart into single floats elsewhere (WebAssembly). The file that includes this one
 * defines RGB_BYTES and load_rgb(). */
#include <stdint.h>

#define LANES 4
typedef float vf __attribute__((vector_size(16)));

static inline vf load_grey(const uint8_t *p)
{
    return (vf){p[0], p[1], p[2], p[3]};
}

static inline void transpose(vf x[LANES])
{
    vf a = __builtin_shufflevector(x[0], x[1], 0, 4, 1, 5);
    vf b = __builtin_shufflevector(x[2], x[3], 0, 4, 1, 5);
    vf c = __builtin_shufflevector(x[0], x[1], 2, 6, 3, 7);
    vf d = __builtin_shufflevector(x[2], x[3], 2, 6, 3, 7);
    x[0] = __builtin_shufflevector(a, b, 0, 1, 4, 5);
    x[1] = __builtin_shufflevector(a, b, 2, 3, 6, 7);
    x[2] = __builtin_shufflevector(c, d, 0, 1, 4, 5);
    x[3] = __builtin_shufflevector(c, d, 2, 3, 6, 7);
}
