/* The PDQ kernels without asking the processor for anything. */
#include "core/kernels/pdq_lanes4.h"

#define KERNELS   pdq_kernels_scalar
#define RGB_BYTES 12

static inline void load_rgb(const uint8_t *p, vf rgb[3])
{
    rgb[0] = (vf){p[0], p[3], p[6], p[9]};
    rgb[1] = (vf){p[1], p[4], p[7], p[10]};
    rgb[2] = (vf){p[2], p[5], p[8], p[11]};
}

/* after the vectors */
#include "core/kernels/pdq_template.h"
