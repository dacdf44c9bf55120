/* Sweeps over the tables alone, at every radius that has a plan, against brute force: batches and
 * joins take them only where many queries or rows make them pay. */
#include "../cmocka_all.h"

#include "core/index/plan.h"
#include "segment_rig.h"

enum { ROWS = 1200, QUERIES = 150, MAX_BLOCKS = 1 << (16 - SWEEP_LOW_BITS) };

/* What was found, as a number and a sum over something that depends on each pair. */
struct tally {
    size_t n;
    uint64_t sum;
};

static void tally(struct tally *t, uint32_t row, uint32_t of, unsigned dist_bits)
{
    uint64_t x = ((uint64_t)row << 32 | of) * 0x9e3779b97f4a7c15u + dist_bits;
    t->sum += (x ^ x >> 29) * 0xbf58476d1ce4e5b9u;
    t->n++;
}

struct run {
    struct sweep sweep;
    bool itself;
    struct tally found;
};

static bool on_found(void *ctx, const struct sweep_found *found, size_t n)
{
    struct run *run = ctx;
    for (size_t i = 0; i < n; i++) {
        uint32_t row = found[i].row, of = found[i].of;
        if (!plan_reports(run->sweep.plan, s.key_bits, run->sweep.part, &prints[row],
                          run->itself ? &prints[of] : &queries[of]))
            continue;
        if (run->itself && row > of)
            tally(&run->found, of, row, found[i].dist_bits);
        else
            tally(&run->found, row, of, found[i].dist_bits);
    }
    return true;
}

/* Puts the askers of a part in the order of their blocks. */
static void sort_askers(unsigned part, struct sweep_asker askers[QUERIES],
                        uint32_t block_at[MAX_BLOCKS + 1])
{
    uint32_t n = 0;
    for (uint32_t block = 0; block < 1u << (s.key_bits - SWEEP_LOW_BITS); block++) {
        block_at[block] = n;
        for (uint32_t q = 0; q < QUERIES; q++) {
            unsigned key = probe_key(&queries[q], part, s.key_bits);
            if (key / SWEEP_BLOCK == block)
                askers[n++] = (struct sweep_asker){
                    q, (uint16_t)key, (uint16_t)probe_filter(&queries[q], part, s.key_bits)};
        }
        block_at[block + 1] = n;
    }
}

/* All parts of a plan, for the queries or for the rows themselves. */
static struct tally sweep_all(const struct sweep_kernels *kernels, const struct probe_plan *plan,
                              bool itself)
{
    static struct sweep_room room;
    static struct sweep_asker askers[QUERIES];
    static uint32_t block_at[MAX_BLOCKS + 1], n_candidates[QUERIES];
    struct run run = {.itself = itself};
    run.sweep = (struct sweep){.tables = &tables,
                               .plan = plan,
                               .room = &room,
                               .sink = on_found,
                               .ctx = &run,
                               .queries = queries,
                               .askers = askers,
                               .block_at = block_at,
                               .n_candidates = n_candidates};
    for (unsigned part = 0; part < PROBE_PARTS; part++) {
        if (plan->flips[part] < 0)
            continue;
        run.sweep.part = part;
        sort_askers(part, askers, block_at);
        (itself ? kernels->itself : kernels->for_queries)(&run.sweep);
    }
    return run.found;
}

static struct tally by_brute_force(const struct probe_plan *plan, bool itself)
{
    struct tally want = {0};
    for (uint32_t of = 0; of < (itself ? s.n_rows : QUERIES); of++)
        for (uint32_t row = 0; row < (itself ? of : s.n_rows); row++) {
            const struct lk_print *other = itself ? &prints[of] : &queries[of];
            unsigned dist_bits = lk_print_distance(&prints[row], other);
            if (dist_bits <= plan->radius_bits &&
                (!plan->lean ||
                 plan_found_before(plan, s.key_bits, PROBE_PARTS, &prints[row], other)))
                tally(&want, row, of, dist_bits);
        }
    return want;
}

static void check_plan(const struct probe_plan *plan)
{
    for (int itself = 0; itself < 2; itself++) {
        struct tally want = by_brute_force(plan, itself);
        struct segment_kernels kernels;
        for (size_t level = 0; level < N_LEVELS; level++) {
            if (!level_of(level, &kernels))
                continue;
            struct tally got = sweep_all(kernels.sweep, plan, itself);
            assert_int_equal(got.n, want.n);
            assert_true(got.sum == want.sum);
        }
    }
}

/* Every third print lies near the one before it, up to 70 bits away. */
static void check_radii(unsigned step)
{
    struct probe_plan plan;
    for (unsigned radius = 0; radius <= PLAN_MAX_RADIUS; radius += step) {
        random_queries(QUERIES, s.n_rows, radius);
        plan_make(&plan, radius, s.key_bits);
        check_plan(&plan);
        plan_make_lean(&plan, radius);
        check_plan(&plan);
    }
}

static void sweeps_find_everything_at_every_radius_and_key_width(void **state)
{
    (void)state;
    random_state = 1;
    random_rows(ROWS, 70);
    for (unsigned key_bits = 8; key_bits <= 16; key_bits++) {
        build_keyed(ROWS, key_bits);
        check_radii(key_bits == 10 ? 6 : 31);
        segment_put(&s);
    }
}

static void sweeps_find_everything_in_crowded_buckets(void **state)
{
    (void)state;
    for (int kind = 0; kind < 5; kind++) {
        random_state = 90 + (uint64_t)kind;
        crowded_rows(ROWS, 300, kind);
        build_keyed(ROWS, 9);
        check_radii(31);
        segment_put(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sweeps_find_everything_at_every_radius_and_key_width),
        cmocka_unit_test(sweeps_find_everything_in_crowded_buckets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
