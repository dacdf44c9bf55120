/* What must hold of every store, whatever happened to it. */
#ifndef TESTS_STORE_INVARIANTS_H
#define TESTS_STORE_INVARIANTS_H

#include "kit.h"

/* NULL, or the first thing that does not hold. The kit's registry must be open and caught up. */
const char *invariants_broken(struct kit *kit);

#endif
