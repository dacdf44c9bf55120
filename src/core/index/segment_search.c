/* The search of one query: look up where the plan pays, scan where it does not. When there are far
 * more candidates than unrelated prints would give (thousands registered one picture, or a flat
 * one), looking up stops behind the part it is in, and a scan reports what that and the parts
 * before it did not. */
#include "plan.h"
#include "segment.h"
#include "segment_batch.h"
#include "segment_scan.h"

struct search {
    const struct segment *s;
    const struct probe_plan *plan;
    const struct scan_query *query;
};

static void on_found(void *ctx, const struct probe_found *found, size_t n)
{
    const struct search *x = ctx;
    for (size_t i = 0; i < n; i++)
        if (plan_reports(x->plan, x->s->key_bits, found[i].part, &x->s->rows[found[i].row],
                         x->query->print))
            segment_put(x->s, found[i].row, found[i].dist_bits, x->query->number, x->query->out);
}

/* More candidates than this, and a scan of all rows costs less than the other parts would. */
static uint64_t most_candidates(uint32_t n_rows)
{
    return 1024 + n_rows / 16;
}

static void search(const struct segment *s, const struct probe_tables *tables,
                   const struct segment_kernels *kernels, struct scan_query *query,
                   unsigned radius_bits, bool lean)
{
    struct probe_plan plan;
    bool planned = plan_of(&plan, radius_bits, s->key_bits, lean);
    if (planned && plan_pays(&plan, s->key_bits, s->n_rows)) {
        plan.most_candidates = most_candidates(s->n_rows);
        struct search x = {s, &plan, query};
        query->from_part = kernels->probe(tables, &plan, query->print, on_found, &x);
        if (query->from_part == PROBE_PARTS)
            return;
    }
    segment_scan(s, kernels, planned ? &plan : NULL, radius_bits, query, 1);
}

void segment_search(const struct segment *s, const struct probe_tables *tables,
                    const struct segment_kernels *kernels, const struct lk_print *query,
                    uint32_t number, unsigned radius_bits, struct hits *out)
{
    struct scan_query q = {query, out, number, 0};
    search(s, tables, kernels, &q, radius_bits, false);
}

void segment_search_lean(const struct segment *s, const struct probe_tables *tables,
                         const struct segment_kernels *kernels, const struct lk_print *query,
                         uint32_t number, unsigned radius_bits, struct hits *out)
{
    struct scan_query q = {query, out, number, 0};
    search(s, tables, kernels, &q, radius_bits, true);
}

struct segment_kernels segment_kernels_of(unsigned cpu_mask)
{
    struct segment_kernels kernels;
    const char *scan;
    kernels.probe = probe_select(cpu_mask, &kernels.name);
    kernels.sweep = sweep_select(cpu_mask);
    kernels.scan = hamming_select(cpu_mask, &scan);
    return kernels;
}
