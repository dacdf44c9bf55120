#include "probe_words.h"

#define PROBE_NAME probe_search_popcnt
#include "probe_template.h"

#define SWEEP_KERNELS sweep_popcnt
#include "sweep_template.h"
