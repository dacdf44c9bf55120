/* The PDQ kernels on aarch64, where four floats are a register; pixels are taken apart by vld3. */
#include <arm_neon.h>
#include <stdint.h>

#define KERNELS pdq_kernels_neon
#include "core/kernels/pdq_lanes4.h"
/* after the vectors */
#include "core/kernels/pdq_template.h"
