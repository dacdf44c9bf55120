/* bench/index/faiss.h - Debian's Faiss behind plain C. */
#ifndef BENCH_FAISS_H
#define BENCH_FAISS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void faiss_on_hit(void *ctx, uint32_t query, uint32_t row, uint32_t dist_bits);

/* n_tables 0: the flat index; otherwise MultiHash of so many tables of 16 bits, one flip. */
void *faiss_build(int n_tables, const uint8_t *prints, size_t n);
void faiss_search(void *index, const uint8_t *queries, size_t n, int radius_bits, int n_threads,
                  faiss_on_hit *on_hit, void *ctx);
void faiss_free(void *index);

#ifdef __cplusplus
}
#endif

#endif
