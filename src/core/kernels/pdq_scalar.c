/* The PDQ kernels without asking the processor for anything. */
#include "core/kernels/pdq_lanes4.h"

#define KERNELS   pdq_kernels_scalar
#define RGB_BYTES 12

static inline vf load_rgb(const uint8_t *p)
{
    vf red = {p[0], p[3], p[6], p[9]};
    vf green = {p[1], p[4], p[7], p[10]};
    vf blue = {p[2], p[5], p[8], p[11]};
    return luma(red, green, blue);
}

/* after the vectors */
#include "core/kernels/pdq_template.h"
