/* bench/index/live_index.h - lk_index behind live.h's face, merged by a thread of its own. */
#ifndef BENCH_LIVE_INDEX_H
#define BENCH_LIVE_INDEX_H

#include "live.h"

extern const struct live_ops live_index;

/* An empty one, as `live`. */
void *live_index_new(void);
void live_index_free(void *live);

#endif
