/* The PDQ kernels without asking the processor for anything. */
#define KERNELS pdq_kernels_scalar
#include "core/kernels/pdq_lanes4.h"
/* after the vectors */
#include "core/kernels/pdq_template.h"
