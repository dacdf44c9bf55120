/* The search of one query: look up where the plan pays, scan where it does not. When there are far
 * more candidates than unrelated prints would give (thousands registered one picture, or a flat
 * one), looking up stops behind the part it is in, and a scan reports what that and the parts
 * before it did not. */
#include "plan.h"
#include "segment.h"

struct search {
    const struct segment *s;
    const struct probe_plan *plan;
    const struct lk_print *query;
    struct hits *out;
    uint32_t number;
};

static void put(struct search *x, uint32_t row, unsigned dist_bits)
{
    struct lk_hit hit = {x->s->labels[row], x->number, (uint16_t)dist_bits};
    /* What was read of the row so far was read before `gone` is: see segment_erase(). */
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (!segment_is_gone(x->s, row))
        hits_put(x->out, &hit);
}

static void on_found(void *ctx, const struct probe_found *found, size_t n)
{
    struct search *x = ctx;
    for (size_t i = 0; i < n; i++)
        if (!plan_found_before(x->plan, x->s->key_bits, found[i].part, &x->s->rows[found[i].row],
                               x->query))
            put(x, found[i].row, found[i].dist_bits);
}

/* Turns rows into the planes that the scan reads. */
static void fill_block(struct hamming_block *block, const struct lk_print *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t w = 0; w < 4; w++)
            block->w[w][i] = rows[i].w[w];
}

/* Scans all rows and reports those that no part before `from_part` finds. */
static void scan_rows(struct search *x, const struct segment_kernels *kernels, unsigned radius_bits,
                      unsigned from_part)
{
    _Alignas(64) struct hamming_block block;
    hamming_pair pairs[HAMMING_BLOCK_ROWS];
    const struct segment *s = x->s;
    for (uint32_t base = 0; base < s->n_rows; base += HAMMING_BLOCK_ROWS) {
        size_t n = s->n_rows - base < HAMMING_BLOCK_ROWS ? s->n_rows - base : HAMMING_BLOCK_ROWS;
        fill_block(&block, s->rows + base, n);
        size_t n_pairs = kernels->scan(&block, n, x->query, 1, radius_bits, pairs);
        for (size_t i = 0; i < n_pairs; i++) {
            uint32_t row = base + pairs[i];
            struct lk_print print = s->rows[row];
            unsigned dist_bits = lk_print_distance(&print, x->query);
            if (dist_bits <= radius_bits &&
                !plan_found_before(x->plan, s->key_bits, from_part, &print, x->query))
                put(x, row, dist_bits);
        }
    }
}

/* More candidates than this, and a scan of all rows costs less than the other parts would. */
static uint64_t most_candidates(uint32_t n_rows)
{
    return 1024 + n_rows / 16;
}

void segment_search(const struct segment *s, const struct probe_tables *tables,
                    const struct segment_kernels *kernels, const struct lk_print *query,
                    uint32_t number, unsigned radius_bits, struct hits *out)
{
    struct probe_plan plan;
    struct search x = {s, &plan, query, out, number};
    unsigned done = 0;
    if (s->key_bits > 0 && radius_bits <= PLAN_MAX_RADIUS) {
        plan_make(&plan, radius_bits, s->key_bits);
        if (plan_pays(&plan, s->key_bits, s->n_rows)) {
            plan.most_candidates = most_candidates(s->n_rows);
            done = kernels->probe(tables, &plan, query, on_found, &x);
            if (done == PROBE_PARTS)
                return;
        }
    }
    scan_rows(&x, kernels, radius_bits, done);
}

struct segment_kernels segment_kernels_of(unsigned cpu_mask)
{
    struct segment_kernels kernels;
    const char *scan;
    kernels.probe = probe_select(cpu_mask, &kernels.name);
    kernels.scan = hamming_select(cpu_mask, &scan);
    return kernels;
}
