/* Sound: registered sparsely, queried densely. Each block of the entry on the line is compared with
 * the block of the query that is nearest in time. Its worth is how far below 96 bits the two lie,
 * less what chance brings; the part of the line with the largest sum is what agrees, and the sum
 * decides: 220 for strong evidence, with 45 a second for chance; 180 and 40 to have it looked at
 * (docs/internals/timed-matching.md). */
#include "core/match/track.h"

enum {
    SEED_BITS = 72,
    WORTH_BITS = 96,
    STRIDE_MS = 128,      /* the worth of a block is counted by the time that it stands for */
    MOST_STRIDE_MS = 512, /* and a gap counts as no more */
    APART_MS = 64,        /* blocks farther apart are not compared */
    BLOCK_MS = 1024,
    MIN_STRONG_MS = 2000,
    MIN_STRONG_VOTES = 8, /* blocks below WORTH_BITS: seven of strangers have been seen in line */
    MOST_TRIED = 256,     /* blocks that a line is tried on */
};

/* What is asked of the sum, and what chance brings in a second. */
struct bar {
    int sum, chance_per_s;
};
static const struct bar strong = {220, 45}, review = {180, 40};

static const double slopes[] = {0.95, 0.975, 1, 1.025, 1.05};
static const struct line_search search = {slopes, 5, 0.92, 1.08, 80};

/* The sound of `query` nearest to `ms`; NULL where there is none. */
static const struct lk_record *sound_near(const struct lk_sequence *query, int64_t ms)
{
    const struct lk_record *best = NULL;
    int64_t best_apart = APART_MS + 1;
    for (size_t i = sequence_at(query, ms - APART_MS); i < query->n_records; i++) {
        const struct lk_record *r = &query->records[i];
        const int64_t apart = r->time_ms > ms ? r->time_ms - ms : ms - r->time_ms;
        if (r->time_ms > ms + APART_MS)
            break;
        if (r->kind == LK_SOUND && apart < best_apart) {
            best = r;
            best_apart = apart;
        }
    }
    return best;
}

static int64_t query_ms_of(const struct line *line, int64_t entry_ms)
{
    const double ms = ((double)entry_ms - line->offset_ms) / line->slope;
    return (int64_t)(ms < 0 ? ms - 0.5 : ms + 0.5);
}

/* Those records of the entry that the line can meet. */
static void range_of(const struct lk_sequence *query, const struct lk_sequence *entry,
                     const struct line *line, size_t *from, size_t *to)
{
    const double end = line->slope * (double)sequence_lasts_ms(query) + line->offset_ms;
    *from = sequence_at(entry, (int64_t)line->offset_ms - APART_MS);
    *to = sequence_at(entry, (int64_t)end + APART_MS);
}

/* How much the line is worth, on some of its blocks. */
static uint64_t try_line(const struct lk_sequence *query, const struct lk_sequence *entry,
                         const struct line *line)
{
    size_t from, to;
    uint64_t worth = 0;
    range_of(query, entry, line, &from, &to);
    const size_t step = (to > from ? to - from : 0) / MOST_TRIED + 1;
    for (size_t i = from; i < to; i += step) {
        const struct lk_record *e = &entry->records[i];
        const struct lk_record *q =
            e->kind == LK_SOUND ? sound_near(query, query_ms_of(line, e->time_ms)) : NULL;
        const unsigned d = q == NULL ? WORTH_BITS : lk_print_distance(&q->print, &e->print);
        worth += d < WORTH_BITS ? WORTH_BITS - d : 0;
    }
    return worth;
}

/* Turns the line about its middle and shifts it, as long as that makes it worth more. */
static void refine(const struct lk_sequence *query, const struct lk_sequence *entry,
                   struct line *line)
{
    static const double slope_step[] = {0.006, 0.002}, shift_step_ms[] = {32, 12};
    line->weight = try_line(query, entry, line);
    for (int round = 0; round < 2; round++) {
        const struct line base = *line;
        for (int s = -2; s <= 2; s++)
            for (int k = -2; k <= 2; k++) {
                struct line tried = base;
                tried.slope += s * slope_step[round];
                tried.offset_ms +=
                    k * shift_step_ms[round] - s * slope_step[round] * (double)base.pivot_ms;
                tried.weight = s == 0 && k == 0 ? 0 : try_line(query, entry, &tried);
                if (tried.weight > line->weight)
                    *line = tried;
            }
    }
}

/* The heaviest run of blocks so far, and the one that ends at the last block. */
struct run {
    int64_t sum; /* in units of a worth times a millisecond */
    uint32_t from_ms, query_from_ms, n_votes;
    uint16_t dist_bits, far_bits;
};

static void run_add(struct run *now, const struct lk_record *q, const struct lk_record *e,
                    int64_t stands_for_ms, int chance_per_s)
{
    const unsigned d = lk_print_distance(&q->print, &e->print);
    const int worth = d < WORTH_BITS ? (int)(WORTH_BITS - d) : 0;
    if (now->sum <= 0)
        *now = (struct run){.from_ms = e->time_ms, .query_from_ms = q->time_ms, .dist_bits = 256};
    now->sum += stands_for_ms * (worth * 1000 - chance_per_s * STRIDE_MS);
    now->n_votes += worth > 0;
    if (d < now->dist_bits)
        now->dist_bits = (uint16_t)d;
    if (worth > 0 && d > now->far_bits)
        now->far_bits = (uint16_t)d;
}

/* A file may say that it ends before its last block does. */
static uint32_t block_end(const struct lk_record *block, const struct lk_sequence *of)
{
    const uint32_t lasts_ms = sequence_lasts_ms(of);
    return lasts_ms - block->time_ms < BLOCK_MS ? lasts_ms : block->time_ms + BLOCK_MS;
}

/* The heaviest run along the line; false when it is below the bar. */
static bool weigh(const struct lk_sequence *query, const struct lk_sequence *entry,
                  const struct line *line, const struct bar *bar, struct track *out)
{
    struct run now = {0}, best = {0};
    size_t from, to;
    int64_t before_ms = -1;
    range_of(query, entry, line, &from, &to);
    for (size_t i = from; i < to; i++) {
        const struct lk_record *e = &entry->records[i];
        const struct lk_record *q =
            e->kind == LK_SOUND ? sound_near(query, query_ms_of(line, e->time_ms)) : NULL;
        if (q == NULL)
            continue;
        const int64_t since_ms = before_ms < 0 ? STRIDE_MS : (int64_t)e->time_ms - before_ms;
        before_ms = e->time_ms;
        run_add(&now, q, e, since_ms < MOST_STRIDE_MS ? since_ms : MOST_STRIDE_MS,
                bar->chance_per_s);
        if (now.sum > best.sum) {
            best = now;
            out->to_ms = block_end(e, entry);
            out->query_to_ms = block_end(q, query);
        }
    }
    if (best.sum < (int64_t)bar->sum * 1000 * STRIDE_MS)
        return false;
    out->from_ms = best.from_ms;
    out->query_from_ms = best.query_from_ms;
    out->n_votes = best.n_votes;
    out->dist_bits = best.dist_bits;
    out->far_bits = best.far_bits;
    out->line = *line;
    return true;
}

struct track track_of_sound(const struct lk_sequence *query, const struct lk_sequence *entry,
                            const struct lk_evidence *evidence, size_t n)
{
    struct seed seeds[LINE_MAX_SEEDS];
    struct line lines[LINE_MAX_LINES];
    struct track best = {0};
    const size_t n_seeds = seeds_take(evidence, n, LK_SOUND, SEED_BITS, seeds);
    const unsigned n_lines = lines_find(&search, seeds, n_seeds, lines);
    for (unsigned i = 0; i < n_lines; i++) {
        struct track track = {.turn = LK_TURN_0};
        refine(query, entry, &lines[i]);
        if (weigh(query, entry, &lines[i], &strong, &track) &&
            track.to_ms - track.from_ms >= MIN_STRONG_MS && track.n_votes >= MIN_STRONG_VOTES)
            track.grade = LK_NEAR;
        else if (weigh(query, entry, &lines[i], &review, &track))
            track.grade = LK_REVIEW;
        if (track.grade != 0 && (best.grade == 0 || track.grade < best.grade ||
                                 (track.grade == best.grade && track.n_votes > best.n_votes)))
            best = track;
    }
    return best;
}
