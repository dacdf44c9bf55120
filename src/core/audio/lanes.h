/* core/audio/lanes.h - vectors of four floats, as every compiler knows them: what SSE2 and NEON
 * hold in a register, and what is taken apart into single floats elsewhere (WebAssembly). Each lane
 * is reckoned by itself, in the same order everywhere: that is what keeps the bits the same. */
#ifndef CORE_AUDIO_LANES_H
#define CORE_AUDIO_LANES_H

#include <string.h>

enum { LANES = 4 };
typedef float vf __attribute__((vector_size(16)));

static inline vf vf_load(const float *p)
{
    vf v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void vf_store(float *p, vf v)
{
    memcpy(p, &v, sizeof v);
}

#endif
