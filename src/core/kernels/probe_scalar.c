#include "probe_words.h"

#define PROBE_NAME probe_search_scalar
#include "probe_template.h"
