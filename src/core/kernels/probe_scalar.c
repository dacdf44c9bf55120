#include "probe_words.h"

#define PROBE_NAME probe_search_scalar
#include "probe_template.h"

#define SWEEP_KERNELS sweep_scalar
#include "sweep_template.h"
