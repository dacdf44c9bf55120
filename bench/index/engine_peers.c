/* What our index is compared with: a loop over an array of prints, and Faiss. */
#include "engine.h"
#include "faiss.h"
#include "measure.h"

#include <stdlib.h>
#include <string.h>

struct plain {
    struct prints base;
};

static void *plain_build(struct prints base, const char *variant)
{
    (void)variant;
    struct plain *plain = must_alloc(1, sizeof *plain);
    plain->base = base;
    return plain;
}

/* No processor flags, no blocks, one thread: what one writes first. */
static void plain_search(void *engine, const struct lk_print *queries, size_t n,
                         unsigned radius_bits, unsigned n_threads, struct found_list out[])
{
    (void)n_threads;
    const struct plain *plain = engine;
    for (size_t q = 0; q < n; q++)
        for (size_t i = 0; i < plain->base.n; i++) {
            unsigned dist = lk_print_distance(&queries[q], &plain->base.p[i]);
            if (dist <= radius_bits)
                found_put(&out[0], (uint32_t)q, (uint32_t)i, dist);
        }
}

static const char *plain_about(void *engine)
{
    (void)engine;
    return "loop";
}

const struct engine_ops engine_plain = {
    .name = "plain",
    .what = "a loop that counts bits, one thread, no processor flags",
    .exact_to_bits = LK_PRINT_BITS,
    .is_slow = true,
    .build = plain_build,
    .search = plain_search,
    .about = plain_about,
    .free = free,
};

#ifdef WITH_FAISS

static void *flat_build(struct prints base, const char *variant)
{
    (void)variant;
    return faiss_build(0, (const uint8_t *)base.p, base.n);
}

static void *multihash_build(struct prints base, const char *variant)
{
    (void)variant;
    return faiss_build(16, (const uint8_t *)base.p, base.n);
}

static void on_faiss_hit(void *ctx, uint32_t query, uint32_t row, uint32_t dist_bits)
{
    found_put(ctx, query, row, dist_bits);
}

static void search(void *engine, const struct lk_print *queries, size_t n, unsigned radius_bits,
                   unsigned n_threads, struct found_list out[])
{
    faiss_search(engine, (const uint8_t *)queries, n, (int)radius_bits, (int)n_threads,
                 on_faiss_hit, &out[0]);
}

static const char *flat_about(void *engine)
{
    (void)engine;
    return "Faiss Flat";
}

static const char *multihash_about(void *engine)
{
    (void)engine;
    return "Faiss MultiHash(16,16) nflip 1";
}

const struct engine_ops engine_faiss_flat = {
    .name = "flat",
    .what = "Debian's Faiss, IndexBinaryFlat",
    .exact_to_bits = LK_PRINT_BITS,
    .is_slow = true,
    .build = flat_build,
    .search = search,
    .about = flat_about,
    .free = faiss_free,
};

const struct engine_ops engine_faiss_multihash = {
    .name = "multihash",
    .what = "Debian's Faiss, IndexBinaryMultiHash(256, 16, 16), nflip 1",
    .exact_to_bits = 31, /* then some part differs in one bit at most */
    .is_slow = true,
    .build = multihash_build,
    .search = search,
    .about = multihash_about,
    .free = faiss_free,
};

#endif

const struct engine_ops *engine_named(const char *name, const char **variant)
{
    static const struct engine_ops *const engines[] = {
        &engine_ours,       &engine_lean,
        &engine_segment,    &engine_segment_lean,
        &engine_plain,
#ifdef WITH_FAISS
        &engine_faiss_flat, &engine_faiss_multihash,
#endif
    };
    size_t n = strcspn(name, ":");
    *variant = name[n] == ':' ? name + n + 1 : "";
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++)
        if (strlen(engines[i]->name) == n && memcmp(engines[i]->name, name, n) == 0)
            return **variant != '\0' && engine_cpu_mask(*variant) == 0 ? NULL : engines[i];
    return NULL;
}
