/* core/index/plan.h - which buckets must be looked up so that nothing within a radius is missed.
 *
 * The generalised pigeonhole principle (Qin et al., GPH, 2018): let part i have a threshold t_i >=
 * -1 with sum (t_i + 1) = r + 1. Two prints within r bits are within t_a + t_b + 1 in some pair of
 * parts (a, b), or they would differ in r + 1 bits; and in such a pair one of the parts is within
 * its own threshold, or the pair would differ in t_a + t_b + 2. */
#ifndef INDEX_PLAN_H
#define INDEX_PLAN_H

#include "core/kernels/probe.h"

/* Beyond this radius the keys to look up are too many for any segment. */
#define PLAN_MAX_RADIUS 63

/* The plan for a radius 0..PLAN_MAX_RADIUS and key_bits 8..16. */
void plan_make(struct probe_plan *plan, unsigned radius_bits, unsigned key_bits);

/* The plan of lean probing: every part is looked up as it is, and finds what has the whole part
 * equal and its partner within plan_lean_limit() bits. Prints of pictures resemble one another:
 * each bit more trebles what is looked at for nothing (docs/internals/index.md). Beyond
 * PLAN_LEAN_MOST bits, where that would find next to nothing, plan_of() makes another: a pair of
 * parts may differ by PLAN_WIDE_LIMIT bits, at most one of them in the key. */
#define PLAN_LEAN_NARROW 40 /* bits, up to which one bit is the limit; beyond, four are */
#define PLAN_LEAN_MOST   48
#define PLAN_WIDE_LIMIT  4
static inline unsigned plan_lean_limit(unsigned radius_bits)
{
    return radius_bits <= PLAN_LEAN_NARROW ? 1 : 4;
}
void plan_make_lean(struct probe_plan *plan, unsigned radius_bits);

/* Either of both. false where there is none: key_bits is 0 or the radius too large. */
bool plan_of(struct probe_plan *plan, unsigned radius_bits, unsigned key_bits, bool lean);

/* Whether part p finds *row for *query. */
bool plan_finds(const struct probe_plan *plan, unsigned key_bits, unsigned p,
                const struct lk_print *row, const struct lk_print *query);

/* Whether one of the parts before p does. */
bool plan_found_before(const struct probe_plan *plan, unsigned key_bits, unsigned p,
                       const struct lk_print *row, const struct lk_print *query);

/* Whether a row that the tables of part p hold out is to be reported by it: part p finds it, and no
 * part before does. */
bool plan_reports(const struct probe_plan *plan, unsigned key_bits, unsigned p,
                  const struct lk_print *row, const struct lk_print *query);

/* Whether looking up costs less than scanning n_rows. */
bool plan_pays(const struct probe_plan *plan, unsigned key_bits, uint32_t n_rows);

/* The same for n queries at once, which scanning compares with a row for a fraction of what one
 * costs. */
bool plan_pays_beside(const struct probe_plan *plan, unsigned key_bits, uint32_t n_rows, size_t n);

#endif
