#include "segment_scan.h"

#include "plan.h"

void segment_put(const struct segment *s, uint32_t row, unsigned dist_bits, uint32_t number,
                 struct hits *out)
{
    struct lk_hit hit = {s->labels[row], number, (uint16_t)dist_bits};
    /* What was read of the row so far was read before `gone` is: see segment_erase(). */
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (!segment_is_gone(s, row))
        hits_put(out, &hit);
}

void segment_planes(const struct segment *s, uint32_t base, size_t n, struct hamming_block *block)
{
    for (size_t i = 0; i < n; i++)
        for (size_t w = 0; w < 4; w++)
            block->w[w][i] = s->rows[base + i].w[w];
}

/* What a block is compared with: the group begins at `queries`. */
struct scan {
    const struct segment *s;
    const struct probe_plan *plan;
    unsigned radius_bits;
    const struct scan_query *queries;
};

/* Whether the query is to hear of a row within the radius. */
static bool is_wanted(const struct scan *x, const struct scan_query *query,
                      const struct lk_print *row)
{
    const struct probe_plan *plan = x->plan;
    unsigned key_bits = x->s->key_bits;
    if (plan == NULL)
        return true;
    return !plan_found_before(plan, key_bits, query->from_part, row, query->print) &&
           (!plan->lean || plan_found_before(plan, key_bits, PROBE_PARTS, row, query->print));
}

static void put_pairs(const struct scan *x, uint32_t base, const hamming_pair *pairs, size_t n)
{
    const struct segment *s = x->s;
    for (size_t i = 0; i < n; i++) {
        const struct scan_query *query = &x->queries[pairs[i] / HAMMING_BLOCK_ROWS];
        uint32_t row = base + pairs[i] % HAMMING_BLOCK_ROWS;
        struct lk_print print = s->rows[row];
        unsigned dist_bits = lk_print_distance(&print, query->print);
        if (dist_bits <= x->radius_bits && is_wanted(x, query, &print))
            segment_put(s, row, dist_bits, query->number, query->out);
    }
}

void segment_scan(const struct segment *s, const struct segment_kernels *kernels,
                  const struct probe_plan *plan, unsigned radius_bits,
                  const struct scan_query *queries, size_t n)
{
    _Alignas(64) struct hamming_block block;
    hamming_pair pairs[HAMMING_BLOCK_ROWS * HAMMING_QUERIES];
    for (uint32_t base = 0; base < s->n_rows; base += HAMMING_BLOCK_ROWS) {
        size_t n_rows =
            s->n_rows - base < HAMMING_BLOCK_ROWS ? s->n_rows - base : HAMMING_BLOCK_ROWS;
        segment_planes(s, base, n_rows, &block);
        for (size_t first = 0; first < n; first += HAMMING_QUERIES) {
            size_t n_group = n - first < HAMMING_QUERIES ? n - first : HAMMING_QUERIES;
            struct lk_print group[HAMMING_QUERIES];
            for (size_t i = 0; i < n_group; i++)
                group[i] = *queries[first + i].print;
            struct scan x = {s, plan, radius_bits, queries + first};
            put_pairs(&x, base, pairs,
                      kernels->scan(&block, n_rows, group, n_group, radius_bits, pairs));
        }
    }
}
