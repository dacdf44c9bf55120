#include "plan.h"

/* Spreads r + 1 over the parts; what is left after sharing goes to one part of each pair first. */
static int threshold(unsigned radius_bits, unsigned p)
{
    unsigned shared = (radius_bits + 1) / PROBE_PARTS, rest = (radius_bits + 1) % PROBE_PARTS;
    unsigned rank = p / 2 + (p % 2 == 0 ? 0 : PROBE_PARTS / 2);
    return (int)shared - 1 + (rank < rest ? 1 : 0);
}

/* The next greater number with as many one bits (Gosper). */
static unsigned next_mask(unsigned x)
{
    unsigned low = x & -x, carried = x + low;
    return carried | ((x ^ carried) >> 2) / low;
}

static void list_masks(struct probe_plan *plan, int most, unsigned key_bits)
{
    unsigned n = 0;
    plan->masks[n++] = 0;
    plan->n_masks[0] = 1;
    for (int flips = 1; flips <= PROBE_MAX_FLIPS; flips++) {
        if (flips <= most)
            for (unsigned x = (1u << flips) - 1; x < 1u << key_bits; x = next_mask(x))
                plan->masks[n++] = (uint16_t)x;
        plan->n_masks[flips] = (uint16_t)n;
    }
}

void plan_make(struct probe_plan *plan, unsigned radius_bits, unsigned key_bits)
{
    plan->radius_bits = radius_bits;
    plan->lean = false;
    plan->most_candidates = UINT64_MAX;
    int most = 0;
    for (unsigned p = 0; p < PROBE_PARTS; p++) {
        int own = threshold(radius_bits, p), partner = threshold(radius_bits, p ^ 1u);
        plan->flips[p] = (int8_t)own;
        plan->limit[p] = (uint8_t)(own + partner + 1);
        if (own > most)
            most = own;
    }
    list_masks(plan, most, key_bits);
}

void plan_make_lean(struct probe_plan *plan, unsigned radius_bits)
{
    *plan = (struct probe_plan){
        .radius_bits = radius_bits, .lean = true, .most_candidates = UINT64_MAX};
    for (unsigned p = 0; p < PROBE_PARTS; p++)
        plan->limit[p] = (uint8_t)plan_lean_limit(radius_bits);
    for (unsigned flips = 0; flips <= PROBE_MAX_FLIPS; flips++)
        plan->n_masks[flips] = 1;
}

/* Keys with up to one bit flipped: not every pair within the radius is found. */
static void plan_make_wide(struct probe_plan *plan, unsigned radius_bits, unsigned key_bits)
{
    plan->radius_bits = radius_bits;
    plan->lean = true;
    plan->most_candidates = UINT64_MAX;
    for (unsigned p = 0; p < PROBE_PARTS; p++) {
        plan->flips[p] = 1;
        plan->limit[p] = PLAN_WIDE_LIMIT;
    }
    list_masks(plan, 1, key_bits);
}

bool plan_of(struct probe_plan *plan, unsigned radius_bits, unsigned key_bits, bool lean)
{
    if (key_bits == 0 || (!lean && radius_bits > PLAN_MAX_RADIUS))
        return false;
    if (lean && radius_bits > PLAN_LEAN_MOST)
        plan_make_wide(plan, radius_bits, key_bits);
    else if (lean)
        plan_make_lean(plan, radius_bits);
    else
        plan_make(plan, radius_bits, key_bits);
    return true;
}

static int part_distance(const struct lk_print *a, const struct lk_print *b, unsigned p)
{
    return __builtin_popcount(probe_part(a, p) ^ probe_part(b, p));
}

bool plan_finds(const struct probe_plan *plan, unsigned key_bits, unsigned p,
                const struct lk_print *row, const struct lk_print *query)
{
    if (plan->flips[p] < 0)
        return false;
    if (plan->lean && plan->radius_bits <= PLAN_LEAN_MOST)
        return part_distance(row, query, p) == 0 &&
               part_distance(row, query, p ^ 1u) <= plan->limit[p];
    int key = __builtin_popcount(probe_key(row, p, key_bits) ^ probe_key(query, p, key_bits));
    int filter =
        __builtin_popcount(probe_filter(row, p, key_bits) ^ probe_filter(query, p, key_bits));
    return key <= plan->flips[p] && key + filter <= plan->limit[p];
}

bool plan_found_before(const struct probe_plan *plan, unsigned key_bits, unsigned p,
                       const struct lk_print *row, const struct lk_print *query)
{
    for (unsigned i = 0; i < p; i++)
        if (plan_finds(plan, key_bits, i, row, query))
            return true;
    return false;
}

bool plan_reports(const struct probe_plan *plan, unsigned key_bits, unsigned p,
                  const struct lk_print *row, const struct lk_print *query)
{
    /* An exact plan is told by key and filter alone, which the tables have compared. */
    return (!plan->lean || plan_finds(plan, key_bits, p, row, query)) &&
           !plan_found_before(plan, key_bits, p, row, query);
}

/* In tenths of a nanosecond, measured on ordinary memory: a line with its filters, 64 filters that
 * follow in overflow, a candidate with its id and its row, a row that is scanned, and what the
 * second and further queries of a scan add to it. Candidates are counted as for unrelated prints:
 * by how many values of 16 bits are within the limit. */
enum {
    COST_LINE = 60,
    COST_FILTERS_PER_64 = 80,
    COST_CANDIDATE = 250,
    COST_ROW = 12,
    COST_ROW_BESIDE = 1
};

static uint64_t cost_of(const struct probe_plan *plan, unsigned key_bits, uint32_t n_rows)
{
    /* Values of 16 bits within 0, 1, ... bits. */
    static const uint32_t within[] = {1, 17, 137, 697, 2517, 6885, 14893, 26333};
    uint64_t n_lines = 0, passing = 0; /* passing: filters of 2^(key_bits + 16) */
    for (unsigned p = 0; p < PROBE_PARTS; p++)
        for (int flips = 0; flips <= plan->flips[p]; flips++) {
            unsigned first = flips == 0 ? 0 : plan->n_masks[flips - 1];
            uint64_t n = plan->n_masks[flips] - first;
            unsigned limit = (unsigned)(plan->limit[p] - flips);
            n_lines += n;
            passing += n * within[limit < 7 ? limit : 7];
        }
    uint64_t n_filters = (n_lines * n_rows) >> key_bits;
    uint64_t n_candidates = ((passing * (n_rows >> 8)) >> 8) >> key_bits;
    return n_lines * COST_LINE + n_filters / 64 * COST_FILTERS_PER_64 +
           n_candidates * COST_CANDIDATE;
}

bool plan_pays(const struct probe_plan *plan, unsigned key_bits, uint32_t n_rows)
{
    return cost_of(plan, key_bits, n_rows) < (uint64_t)n_rows * COST_ROW;
}

bool plan_pays_beside(const struct probe_plan *plan, unsigned key_bits, uint32_t n_rows, size_t n)
{
    return cost_of(plan, key_bits, n_rows) * n <
           (uint64_t)n_rows * (COST_ROW + n * COST_ROW_BESIDE);
}
