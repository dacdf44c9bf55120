/* bench/index/engine.h - one face for everything that is measured: our index at each level of the
 * processor, a plain loop, and peers. An engine is built once over a set of prints and then asked;
 * it answers with the row numbers of the prints. Failures end the program. */
#ifndef BENCH_ENGINE_H
#define BENCH_ENGINE_H

#include "data.h"

#define ENGINE_MAX_THREADS 2

struct engine_ops {
    const char *name;
    const char *what;
    unsigned exact_to_bits; /* to this radius answers must be complete; 0: whatever is found */
    bool is_slow;           /* milliseconds a query: asked less */
    /* `variant` is what stands behind the colon of the name given, or "". */
    void *(*build)(struct prints base, const char *variant);
    /* n == 1 is a query alone, otherwise a batch, shared by n_threads; a list of answers a thread.
     * `ops` is what the engine was built with. */
    void (*search)(void *engine, const struct lk_print *queries, size_t n, unsigned radius_bits,
                   unsigned n_threads, struct found_list out[ENGINE_MAX_THREADS]);
    const char *(*about)(void *engine);
    void (*free)(void *engine);
};

extern const struct engine_ops engine_ours, engine_lean, engine_segment, engine_segment_lean,
    engine_plain;
#ifdef WITH_FAISS
extern const struct engine_ops engine_faiss_flat, engine_faiss_multihash;
#endif

/* "ours", "ours:avx2", "flat": NULL when there is no such engine here. */
const struct engine_ops *engine_named(const char *name, const char **variant);

/* The bits of a level of the processor and those below it; 0: no such level, or this processor
 * lacks it. "" gives all. */
unsigned engine_cpu_mask(const char *level);

#endif
