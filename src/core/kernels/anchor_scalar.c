/* The kernels of anchored prints without asking the processor for anything. */
#define KERNELS      anchor_kernels_scalar
#define ROWS_AT_ONCE 4

#include "core/kernels/anchor_template.h"
