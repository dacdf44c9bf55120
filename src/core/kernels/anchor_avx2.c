/* The kernels of anchored prints over eight floats. */
#define KERNELS      anchor_kernels_avx2
#define ROWS_AT_ONCE 8

#include "core/kernels/anchor_template.h"
