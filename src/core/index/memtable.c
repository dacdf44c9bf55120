/* A block, as it lies in memory:
 *
 *   word 0 of 2048 prints | word 1 of them | word 2 | word 3 | 2048 labels
 *   16 KiB each; the first two are what a search for near prints reads
 */
#include "memtable.h"

#include "aligned.h"

#include <string.h>

static uint64_t hash_pair(const struct lk_print *row, uint64_t label)
{
    uint64_t hash = label;
    for (int i = 0; i < 4; i++)
        hash = refset_mix(hash + row->w[i]);
    return hash;
}

static struct lk_print print_at(const struct memtable *m, uint32_t row)
{
    const struct hamming_block *block = &m->blocks[row / HAMMING_BLOCK_ROWS]->prints;
    size_t at = row % HAMMING_BLOCK_ROWS;
    return (struct lk_print){{block->w[0][at], block->w[1][at], block->w[2][at], block->w[3][at]}};
}

static uint64_t label_at(const struct memtable *m, uint32_t row)
{
    return m->blocks[row / HAMMING_BLOCK_ROWS]->label[row % HAMMING_BLOCK_ROWS];
}

static void set_row(struct memtable *m, uint32_t row, const struct lk_print *print, uint64_t label)
{
    struct memtable_block *block = m->blocks[row / HAMMING_BLOCK_ROWS];
    for (int i = 0; i < 4; i++)
        block->prints.w[i][row % HAMMING_BLOCK_ROWS] = print->w[i];
    block->label[row % HAMMING_BLOCK_ROWS] = label;
}

static uint64_t hash_of(const void *ctx, uint32_t row)
{
    struct lk_print print = print_at(ctx, row);
    return hash_pair(&print, label_at(ctx, row));
}

struct memtable *memtable_new(const struct lk_alloc *alloc)
{
    struct memtable *m = alloc->alloc(alloc->ctx, sizeof *m);
    if (m == NULL)
        return NULL;
    memset(m, 0, sizeof *m);
    m->alloc = alloc;
    refset_init(&m->by_content, alloc, hash_of, m);
    return m;
}

void memtable_free(struct memtable *m)
{
    if (m == NULL)
        return;
    for (size_t i = 0; i < sizeof m->blocks / sizeof *m->blocks; i++) {
        if (m->blocks[i] != NULL)
            memset(m->blocks[i], 0, sizeof **m->blocks);
        aligned_put(m->alloc, m->blocks[i], sizeof **m->blocks);
    }
    refset_fini(&m->by_content);
    m->alloc->free(m->alloc->ctx, m, sizeof *m);
}

bool memtable_reserve(struct memtable *m, size_t n_more)
{
    size_t n = atomic_load_explicit(&m->n, memory_order_relaxed) + n_more;
    if (!refset_reserve(&m->by_content, n_more))
        return false;
    for (size_t i = 0; i * HAMMING_BLOCK_ROWS < n; i++)
        if (m->blocks[i] == NULL) {
            m->blocks[i] = aligned_take(m->alloc, sizeof **m->blocks);
            if (m->blocks[i] == NULL)
                return false;
            memset(m->blocks[i], 0, sizeof **m->blocks);
        }
    return true;
}

void memtable_put(struct memtable *m, const struct lk_print *row, uint64_t label)
{
    uint32_t at = atomic_load_explicit(&m->n, memory_order_relaxed);
    set_row(m, at, row, label);
    refset_put(&m->by_content, at);
    atomic_store_explicit(&m->n, at + 1, memory_order_release);
}

uint32_t memtable_find(const struct memtable *m, const struct lk_print *row, uint64_t label)
{
    size_t at = SIZE_MAX;
    uint32_t found;
    uint64_t hash = hash_pair(row, label);
    while ((found = refset_next(&m->by_content, hash, &at)) != REFSET_NONE) {
        struct lk_print print = print_at(m, found);
        if (label_at(m, found) == label && memcmp(&print, row, sizeof print) == 0)
            break;
    }
    return found;
}

static bool is_gone(const struct memtable *m, uint32_t row)
{
    /* What was read of the row so far was read before the mark is: see memtable_erase(). */
    atomic_thread_fence(memory_order_acquire);
    return atomic_load_explicit(&m->gone[row / 64], memory_order_relaxed) >> (row % 64) & 1;
}

void memtable_erase(struct memtable *m, uint32_t row)
{
    static const struct lk_print nothing;
    refset_remove(&m->by_content, row);
    atomic_fetch_or(&m->gone[row / 64], UINT64_C(1) << (row % 64));
    atomic_thread_fence(memory_order_release);
    set_row(m, row, &nothing, 0);
    m->n_gone++;
}

bool memtable_row(const struct memtable *m, uint32_t row, struct lk_print *print, uint64_t *label)
{
    *print = print_at(m, row);
    *label = label_at(m, row);
    return !is_gone(m, row);
}

void memtable_search(const struct memtable *m, hamming_scan *scan, const struct lk_print *queries,
                     size_t n_queries, uint32_t first, unsigned radius_bits, struct hits *hits)
{
    hamming_pair pairs[HAMMING_QUERIES * HAMMING_BLOCK_ROWS];
    uint32_t n_rows = atomic_load_explicit(&m->n, memory_order_acquire);
    for (uint32_t base = 0; base < n_rows; base += HAMMING_BLOCK_ROWS) {
        size_t n = n_rows - base < HAMMING_BLOCK_ROWS ? n_rows - base : HAMMING_BLOCK_ROWS;
        const struct hamming_block *block = &m->blocks[base / HAMMING_BLOCK_ROWS]->prints;
        size_t n_pairs = scan(block, n, queries, n_queries, radius_bits, pairs);
        for (size_t i = 0; i < n_pairs; i++) {
            size_t q = pairs[i] / HAMMING_BLOCK_ROWS;
            uint32_t row = base + pairs[i] % HAMMING_BLOCK_ROWS;
            struct lk_print print;
            uint64_t label;
            bool in_force = memtable_row(m, row, &print, &label);
            unsigned dist_bits = lk_print_distance(&print, &queries[q]);
            if (in_force && dist_bits <= radius_bits)
                hits_put(&hits[q],
                         &(struct lk_hit){label, first + (uint32_t)q, (uint16_t)dist_bits});
        }
    }
}

size_t memtable_bytes(const struct memtable *m)
{
    size_t n = sizeof *m + m->by_content.n_slots * sizeof(uint32_t);
    for (size_t i = 0; i < sizeof m->blocks / sizeof *m->blocks; i++)
        if (m->blocks[i] != NULL)
            n += sizeof **m->blocks;
    return n;
}
