#include "probe_words.h"

#define PROBE_NAME probe_search_popcnt
#include "probe_template.h"
