/* core/kernels/sweep_template.h - the sweeps of sweep.h, compiled once for each instruction set.
 *
 * Included behind SWEEP_KERNELS (the name of the table) and what probe_template.h wants.
 *
 *   for queries    for each block: the askers of this block and of those a few flips of high bits
 *                  away go into the bins of the buckets that they want; then the bins are walked in
 *                  order. A bin that is full is walked at once.
 *   itself         for each bucket and each other a few flips away, of which one stands later: the
 *                  filters of the later one ask the earlier.
 *
 * Filters that pass become candidates; their ids are asked for at once, their rows when the buffer
 * is full, and measured when all have been asked for. */
#include "sweep.h"

/* One entry of a bin: query, filter << 32, limit << 48. One candidate: place << 32, who. */

struct sweeping {
    const struct sweep *sweep;
    const struct probe_line *lines; /* of the part */
    const uint32_t *ids;            /* of the part */
    const uint16_t *overflow;       /* of the part */
    uint64_t n_overflow;
    uint32_t n_rows;
    bool itself, ended;
    size_t n; /* candidates */
};

struct sweep_bucket {
    const uint16_t *inside, *outside; /* filters: in the line, in overflow */
    uint32_t n_inside, n_outside;
    uint32_t base; /* of its ids */
};

/* Heads are not trusted: a bucket that reaches outside is taken for empty. */
static inline struct sweep_bucket sweep_bucket_of(const struct sweeping *w,
                                                  const struct probe_line *line)
{
    struct sweep_bucket b = {line->filter, w->overflow, 0, 0, line->base};
    uint32_t count = line->count;
    if (line->base > w->n_rows || count > w->n_rows - line->base)
        return b;
    b.n_inside = count < PROBE_INLINE ? count : PROBE_INLINE;
    uint32_t n = count - b.n_inside;
    if (n > 0 && line->over <= w->n_overflow && n <= w->n_overflow - line->over) {
        b.outside += line->over;
        b.n_outside = n;
    }
    return b;
}

static inline unsigned sweep_distance(const struct lk_print *a, const struct lk_print *b)
{
    return (unsigned)(__builtin_popcountll(a->w[0] ^ b->w[0]) +
                      __builtin_popcountll(a->w[1] ^ b->w[1]) +
                      __builtin_popcountll(a->w[2] ^ b->w[2]) +
                      __builtin_popcountll(a->w[3] ^ b->w[3]));
}

/* Turns places into rows, and asks for them. Places are below n_rows; ids may be anything. */
static size_t sweep_find_rows(const struct sweeping *w, struct sweep_found *c)
{
    const struct lk_print *rows = w->sweep->tables->rows;
    const struct lk_print *others = w->itself ? rows : w->sweep->queries;
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++) {
        uint64_t candidate = w->sweep->room->candidate[i];
        uint32_t row = w->ids[candidate >> 32], of = (uint32_t)candidate;
        if (w->itself) {
            of = w->ids[of];
            if (of >= w->n_rows)
                continue;
        }
        if (row >= w->n_rows)
            continue;
        __builtin_prefetch(&rows[row]);
        __builtin_prefetch(&others[of]);
        c[n++] = (struct sweep_found){row, of, 0};
    }
    return n;
}

static __attribute__((noinline)) void sweep_measure(struct sweeping *w)
{
    struct sweep_found c[SWEEP_CANDIDATES];
    size_t n = sweep_find_rows(w, c), n_found = 0;
    w->n = 0;
    const struct lk_print *rows = w->sweep->tables->rows;
    const struct lk_print *others = w->itself ? rows : w->sweep->queries;
    unsigned radius_bits = w->sweep->plan->radius_bits;
    for (size_t i = 0; i < n; i++) {
        unsigned dist_bits = sweep_distance(&rows[c[i].row], &others[c[i].of]);
        if (!w->itself)
            w->sweep->n_candidates[c[i].of]++;
        if (dist_bits <= radius_bits)
            c[n_found++] = (struct sweep_found){c[i].row, c[i].of, dist_bits};
    }
    if (n_found > 0 && !w->ended)
        w->ended = !w->sweep->sink(w->sweep->ctx, c, n_found);
}

/* Bit i of `passed`: the filter at place + i. */
static inline void sweep_keep(struct sweeping *w, uint32_t passed, uint32_t place, uint32_t who)
{
    for (; __builtin_expect(passed != 0, 0); passed &= passed - 1) {
        if (w->n == SWEEP_CANDIDATES)
            sweep_measure(w);
        uint32_t at = place + (uint32_t)__builtin_ctz(passed);
        __builtin_prefetch(&w->ids[at]);
        w->sweep->room->candidate[w->n++] = (uint64_t)at << 32 | who;
    }
}

/* The first n of 32 bits. */
static inline uint32_t sweep_first(uint32_t n)
{
    return n >= 32 ? UINT32_MAX : (UINT32_C(1) << n) - 1;
}

static inline void sweep_compare(struct sweeping *w, const struct sweep_bucket *b, unsigned filter,
                                 unsigned limit, uint32_t who)
{
    struct probe_want want = probe_want_of(filter, limit);
    sweep_keep(w, probe_near(b->inside, &want) & sweep_first(b->n_inside), b->base, who);
    for (uint32_t i = 0; i < b->n_outside; i += 32)
        sweep_keep(w, probe_near(b->outside + i, &want) & sweep_first(b->n_outside - i),
                   b->base + PROBE_INLINE + i, who);
}

/* Compares the bucket `low` of a block with all that wait for it. */
static void sweep_bin(struct sweeping *w, const struct probe_line *block, unsigned low)
{
    struct sweep_room *room = w->sweep->room;
    struct sweep_bucket b = sweep_bucket_of(w, &block[low]);
    for (unsigned i = 0; i < room->n_waiting[low]; i++) {
        uint64_t e = room->bin[low][i];
        sweep_compare(w, &b, (unsigned)(e >> 32) & 0xffff, (unsigned)(e >> 48), (uint32_t)e);
    }
    room->n_waiting[low] = 0;
}

static inline void sweep_push(struct sweeping *w, const struct probe_line *block, unsigned low,
                              uint64_t entry)
{
    struct sweep_room *room = w->sweep->room;
    if (room->n_waiting[low] == SWEEP_BIN)
        sweep_bin(w, block, low);
    else if (room->n_waiting[low] == 0)
        __builtin_prefetch(&block[low]);
    room->bin[low][room->n_waiting[low]++] = entry;
}

/* Hands an asker to the buckets at most `flips` low bits away from its key. */
static inline void sweep_hand_out(struct sweeping *w, const struct probe_line *block,
                                  const struct sweep_asker *asker, unsigned flips, unsigned limit)
{
    /* Masks of so many bits among the low ones. */
    enum { L = SWEEP_LOW_BITS };
    static const uint8_t n_low[] = {1, L, L * (L - 1) / 2, L * (L - 1) * (L - 2) / 6};
    const struct probe_plan *plan = w->sweep->plan;
    uint64_t entry = asker->query | (uint64_t)asker->filter << 32 | (uint64_t)limit << 48;
    unsigned low = asker->key % SWEEP_BLOCK;
    sweep_push(w, block, low, entry);
    for (unsigned f = 1; f <= flips; f++) {
        entry -= UINT64_C(1) << 48;
        const uint16_t *masks = plan->masks + plan->n_masks[f - 1];
        for (unsigned i = 0; i < n_low[f]; i++)
            sweep_push(w, block, low ^ masks[i], entry);
    }
}

/* Fills the bins of a block: masks of high bits alone lead to the blocks that askers come from. */
static void sweep_fill_bins(struct sweeping *w, const struct probe_line *lines, unsigned block)
{
    const struct sweep *s = w->sweep;
    unsigned flips = (unsigned)s->plan->flips[s->part], limit = s->plan->limit[s->part];
    for (unsigned f = 0, i = 0; f <= flips; f++)
        for (; i < s->plan->n_masks[f]; i++) {
            if (s->plan->masks[i] % SWEEP_BLOCK != 0)
                continue;
            unsigned from = block ^ s->plan->masks[i] / SWEEP_BLOCK;
            for (uint32_t a = s->block_at[from]; a < s->block_at[from + 1]; a++)
                sweep_hand_out(w, lines, &s->askers[a], flips - f, limit - f);
        }
}

static struct sweeping sweep_begin(const struct sweep *sweep, bool itself)
{
    const struct probe_tables *t = sweep->tables;
    uint64_t from = t->overflow_at[sweep->part];
    return (struct sweeping){
        .sweep = sweep,
        .lines = t->lines + ((size_t)sweep->part << t->key_bits),
        .ids = t->ids + (size_t)sweep->part * t->n_rows,
        .overflow = t->overflow + from,
        .n_overflow = t->overflow_at[sweep->part + 1] - from,
        .n_rows = t->n_rows,
        .itself = itself,
    };
}

/* Asks for the overflow of a bucket that will be walked soon. */
static inline __attribute__((always_inline)) void sweep_ask_outside(const struct sweeping *w,
                                                                    const struct probe_line *line)
{
    struct sweep_bucket b = sweep_bucket_of(w, line);
    for (uint32_t i = 0; i < b.n_outside && i < 256; i += 32)
        __builtin_prefetch(b.outside + i);
}

enum { SWEEP_AHEAD = 8 };

static void sweep_queries(const struct sweep *sweep)
{
    struct sweeping w = sweep_begin(sweep, false);
    struct sweep_room *room = sweep->room;
    unsigned n_blocks = 1u << (sweep->tables->key_bits - SWEEP_LOW_BITS);
    for (unsigned low = 0; low < SWEEP_BLOCK; low++)
        room->n_waiting[low] = 0;
    for (unsigned block = 0; block < n_blocks && !w.ended; block++) {
        const struct probe_line *lines = w.lines + (size_t)block * SWEEP_BLOCK;
        sweep_fill_bins(&w, lines, block);
        for (unsigned low = 0; low < SWEEP_BLOCK; low++) {
            if (low + SWEEP_AHEAD < SWEEP_BLOCK && room->n_waiting[low + SWEEP_AHEAD] > 0)
                sweep_ask_outside(&w, &lines[low + SWEEP_AHEAD]);
            if (room->n_waiting[low] > 0)
                sweep_bin(&w, lines, low);
        }
    }
    sweep_measure(&w);
}

/* The filters of `later` ask the bucket. */
static void sweep_compare_buckets(struct sweeping *w, const struct sweep_bucket *b,
                                  const struct sweep_bucket *later, unsigned limit)
{
    for (uint32_t i = 0; i < later->n_inside && !w->ended; i++)
        sweep_compare(w, b, later->inside[i], limit, later->base + i);
    for (uint32_t i = 0; i < later->n_outside && !w->ended; i++)
        sweep_compare(w, b, later->outside[i], limit, later->base + PROBE_INLINE + i);
}

/* Each filter asks those before it. */
static void sweep_compare_inside(struct sweeping *w, const struct sweep_bucket *b, unsigned limit)
{
    struct sweep_bucket before = *b;
    for (uint32_t i = 1; i < b->n_inside + b->n_outside && !w->ended; i++) {
        before.n_inside = i < PROBE_INLINE ? i : PROBE_INLINE;
        before.n_outside = i - before.n_inside;
        unsigned filter = i < PROBE_INLINE ? b->inside[i] : b->outside[i - PROBE_INLINE];
        sweep_compare(w, &before, filter, limit, b->base + i);
    }
}

static void sweep_rows(const struct sweep *sweep)
{
    struct sweeping w = sweep_begin(sweep, true);
    const struct probe_plan *plan = sweep->plan;
    unsigned flips = (unsigned)plan->flips[sweep->part], limit = plan->limit[sweep->part];
    for (unsigned key = 0; key < 1u << sweep->tables->key_bits && !w.ended; key++) {
        struct sweep_bucket b = sweep_bucket_of(&w, &w.lines[key]);
        if (b.n_inside == 0)
            continue;
        sweep_compare_inside(&w, &b, limit);
        for (unsigned f = 1, i = plan->n_masks[0]; f <= flips; f++)
            for (; i < plan->n_masks[f]; i++) {
                unsigned other = key ^ plan->masks[i];
                if (other < key)
                    continue;
                struct sweep_bucket later = sweep_bucket_of(&w, &w.lines[other]);
                sweep_compare_buckets(&w, &b, &later, limit - f);
            }
    }
    sweep_measure(&w);
}

const struct sweep_kernels SWEEP_KERNELS = {sweep_queries, sweep_rows};
