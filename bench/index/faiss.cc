// Faiss binary indexes (libfaiss-dev): the flat one and MultiHash(256, 16, 16) with nflip 1, which
// is exact to radius 31: two prints that near agree to one bit in one of the sixteen parts.
#include "faiss.h"

#include <algorithm>
#include <faiss/impl/AuxIndexStructures.h>
#include <faiss/IndexBinaryFlat.h>
#include <faiss/IndexBinaryHash.h>
#include <omp.h>

void *faiss_build(int n_tables, const uint8_t *prints, size_t n)
{
    faiss::IndexBinary *index;
    if (n_tables == 0) {
        index = new faiss::IndexBinaryFlat(256);
    } else {
        auto hash = new faiss::IndexBinaryMultiHash(256, n_tables, 16);
        hash->nflip = 1;
        index = hash;
    }
    const size_t step = 1 << 20;
    for (size_t at = 0; at < n; at += step)
        index->add(static_cast<faiss::IndexBinary::idx_t>(std::min(step, n - at)),
                   prints + 32 * at);
    return index;
}

void faiss_search(void *index, const uint8_t *queries, size_t n, int radius_bits, int n_threads,
                  faiss_on_hit *on_hit, void *ctx)
{
    omp_set_num_threads(n_threads);
    faiss::RangeSearchResult found(n);
    // its radius is exclusive
    static_cast<faiss::IndexBinary *>(index)->range_search(
        static_cast<faiss::IndexBinary::idx_t>(n), queries, radius_bits + 1, &found);
    for (size_t q = 0; q < n; q++)
        for (size_t i = found.lims[q]; i < found.lims[q + 1]; i++)
            on_hit(ctx, static_cast<uint32_t>(q), static_cast<uint32_t>(found.labels[i]),
                   static_cast<uint32_t>(found.distances[i]));
}

void faiss_free(void *index)
{
    delete static_cast<faiss::IndexBinary *>(index);
}
