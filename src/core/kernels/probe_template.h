/* core/kernels/probe_template.h - the search of probe.h, compiled once for each instruction set.
 *
 * Included behind PROBE_NAME (the function), `struct probe_want` and
 *   probe_want_of(filter, limit)   what the filters of a bucket are compared with
 *   probe_near(filters, want)      a bit for each of 32 filters at most `limit` bits from it
 *
 * Memory decides how long it takes, so everything is asked for long before it is read, and asked
 * for into the second level cache: that has room for many more requests under way than the first
 * (on Zen 5 a random line costs 3.2 ns so, 9 ns otherwise).
 *
 *   lines      LINES_AHEAD lines ahead
 *   overflow   RING buckets ahead: a bucket's line tells where it is
 *   ids        when a filter passes; read behind the part
 *   rows       when their ids are read; measured one part later
 */
#include "probe.h"

enum { LINES_AHEAD = 128, RING = 64, CANDIDATES = 256, FOUND = 64, LINE_FILTERS = 32 };

/* The part of a bucket that lies in overflow. */
struct piece {
    uint64_t from; /* in overflow */
    uint64_t id;   /* of its first filter, in ids */
    uint32_t n;    /* filters */
    uint16_t part;
    uint16_t limit;
};

struct walk {
    const struct probe_tables *tables;
    const struct lk_print *query;
    unsigned radius_bits;
    probe_sink *sink;
    void *ctx;
    uint64_t n_seen; /* candidates, those in the buffer not among them */

    size_t ring_at, ring_n; /* the oldest of the ring, and how many wait */
    struct piece ring[RING];

    /* Candidates: measured, rows asked for, ids asked for and there by now, ids asked for. */
    size_t n_measured, n_read, n_due, n;
    uint64_t id[CANDIDATES];
    uint32_t row[CANDIDATES];
    uint8_t part[CANDIDATES];
};

static inline unsigned distance(const struct lk_print *x, const struct lk_print *y)
{
    const uint64_t *a = x->w, *b = y->w;
    return (unsigned)(__builtin_popcountll(a[0] ^ b[0]) + __builtin_popcountll(a[1] ^ b[1]) +
                      __builtin_popcountll(a[2] ^ b[2]) + __builtin_popcountll(a[3] ^ b[3]));
}

/* Measures the candidates whose rows were asked for, and asks for the rows of the others. */
static void advance(struct walk *w)
{
    const struct lk_print *rows = w->tables->rows;
    struct probe_found found[FOUND];
    size_t n_found = 0, i = w->n_measured;
    for (; i < w->n_read; i++) {
        if (w->row[i] >= w->tables->n_rows)
            continue;
        unsigned dist_bits = distance(&rows[w->row[i]], w->query);
        if (dist_bits > w->radius_bits)
            continue;
        found[n_found++] = (struct probe_found){w->row[i], (uint16_t)dist_bits, w->part[i]};
        if (n_found == FOUND) {
            w->sink(w->ctx, found, n_found);
            n_found = 0;
        }
    }
    if (n_found > 0)
        w->sink(w->ctx, found, n_found);
    w->n_measured = i;
    for (; i < w->n_due; i++) {
        w->row[i] = w->tables->ids[w->id[i]];
        if (w->row[i] < w->tables->n_rows)
            __builtin_prefetch(&rows[w->row[i]]);
    }
    w->n_read = i;
    w->n_due = w->n;
}

static void drain(struct walk *w)
{
    for (int i = 0; i < 3; i++)
        advance(w);
    w->n_seen += w->n;
    w->n_measured = w->n_read = w->n_due = w->n = 0;
}

/* Filters that passed become candidates: bit i is of id + i. */
static inline void take(struct walk *w, uint32_t passed, uint64_t id, unsigned part)
{
    for (; __builtin_expect(passed != 0, 0); passed &= passed - 1) {
        if (w->n == CANDIDATES)
            drain(w);
        w->id[w->n] = id + (unsigned)__builtin_ctz(passed);
        w->part[w->n] = (uint8_t)part;
        __builtin_prefetch(&w->tables->ids[w->id[w->n]]);
        w->n++;
    }
}

static inline uint32_t first_bits(uint32_t n)
{
    return n >= LINE_FILTERS ? UINT32_MAX : (UINT32_C(1) << n) - 1;
}

/* Walks the oldest piece in the ring. */
static inline void walk_piece(struct walk *w)
{
    const struct piece *piece = &w->ring[w->ring_at];
    const uint16_t *filters = w->tables->overflow + piece->from;
    unsigned part = piece->part;
    struct probe_want want =
        probe_want_of(probe_filter(w->query, part, w->tables->key_bits), piece->limit);
    uint64_t id = piece->id;
    uint32_t n = piece->n;
    w->ring_at = (w->ring_at + 1) % RING;
    w->ring_n--;
    for (uint32_t i = 0; i < n; i += LINE_FILTERS)
        take(w, probe_near(filters + i, &want) & first_bits(n - i), id + i, part);
}

static inline void enter_ring(struct walk *w, const struct probe_line *line, unsigned part,
                              unsigned limit)
{
    const struct probe_tables *t = w->tables;
    uint64_t from = t->overflow_at[part] + line->over, end = t->overflow_at[part + 1];
    uint32_t n = line->count - PROBE_INLINE;
    if (from > end || n > end - from)
        return;
    if (w->ring_n == RING)
        walk_piece(w);
    w->ring[(w->ring_at + w->ring_n++) % RING] =
        (struct piece){.from = from,
                       .id = (uint64_t)part * t->n_rows + line->base + PROBE_INLINE,
                       .n = n,
                       .part = (uint16_t)part,
                       .limit = (uint16_t)limit};
    const uint16_t *p = t->overflow + from, *last = p + n - 1;
    for (unsigned i = 0; i < 8 && p < last; i++, p += LINE_FILTERS)
        __builtin_prefetch(p, 0, 2);
    __builtin_prefetch(last, 0, 2);
}

static inline void walk_line(struct walk *w, const struct probe_line *line, unsigned part,
                             unsigned limit, const struct probe_want *want)
{
    uint32_t count = line->count, n_rows = w->tables->n_rows;
    if (line->base > n_rows || count > n_rows - line->base)
        return;
    uint32_t n = count < PROBE_INLINE ? count : PROBE_INLINE;
    take(w, probe_near(line->filter, want) & first_bits(n), (uint64_t)part * n_rows + line->base,
         part);
    if (count > PROBE_INLINE)
        enter_ring(w, line, part, limit);
}

/* Asks for the lines of a part and returns how many they are. Always inlined: GCC takes a function
 * that only prefetches for one without effect. */
static inline __attribute__((always_inline)) unsigned ask_lines(const struct probe_tables *t,
                                                                const struct probe_plan *plan,
                                                                const struct lk_print *query,
                                                                unsigned part)
{
    const struct probe_line *lines = t->lines + ((size_t)part << t->key_bits);
    unsigned key = probe_key(query, part, t->key_bits);
    unsigned n = plan->flips[part] < 0 ? 0 : plan->n_masks[plan->flips[part]];
    for (unsigned i = 0; i < n; i++)
        __builtin_prefetch(&lines[key ^ plan->masks[i]], 0, 2);
    return n;
}

static inline unsigned walk_part(struct walk *w, const struct probe_plan *plan, unsigned part)
{
    unsigned key_bits = w->tables->key_bits, i = 0;
    const struct probe_line *lines = w->tables->lines + ((size_t)part << key_bits);
    unsigned key = probe_key(w->query, part, key_bits);
    unsigned filter = probe_filter(w->query, part, key_bits);
    for (int flips = 0; flips <= plan->flips[part]; flips++) {
        unsigned limit = (unsigned)(plan->limit[part] - flips);
        struct probe_want want = probe_want_of(filter, limit);
        for (; i < plan->n_masks[flips]; i++)
            walk_line(w, &lines[key ^ plan->masks[i]], part, limit, &want);
    }
    return i;
}

unsigned PROBE_NAME(const struct probe_tables *tables, const struct probe_plan *plan,
                    const struct lk_print *query, probe_sink *sink, void *ctx)
{
    struct walk w;
    w.tables = tables;
    w.query = query;
    w.radius_bits = plan->radius_bits;
    w.sink = sink;
    w.ctx = ctx;
    w.n_seen = 0;
    w.ring_at = w.ring_n = w.n_measured = w.n_read = w.n_due = w.n = 0;
    unsigned part, asked = 0, n_ahead = 0;
    for (part = 0; part < PROBE_PARTS; part++) {
        while (asked < PROBE_PARTS && n_ahead < LINES_AHEAD)
            n_ahead += ask_lines(tables, plan, query, asked++);
        if (w.n_seen + w.n > plan->most_candidates)
            break;
        n_ahead -= walk_part(&w, plan, part);
        if (part % 4 == 3)
            advance(&w);
    }
    while (w.ring_n > 0)
        walk_piece(&w);
    drain(&w);
    return part;
}
