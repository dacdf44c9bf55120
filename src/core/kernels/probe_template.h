/* core/kernels/probe_template.h - the search of probe.h, compiled once for each instruction set.
 *
 * Included behind PROBE_NAME (the function), `struct probe_want` and
 *   probe_want_of(filter, limit)   what the filters of a bucket are compared with
 *   probe_near(filters, want)      a bit for each of 32 filters at most `limit` bits from it
 *
 * Memory decides how long it takes, so everything is asked for before it is read:
 *
 *   lines      two parts ahead
 *   overflow   RING buckets ahead: a bucket's line tells where it is
 *   ids        when a filter passes; read when the buffer of candidates is full or at the end
 *   rows       all of a buffer, then they are measured
 */
#include "probe.h"

enum { RING = 8, CANDIDATES = 256, FOUND = 64 };

struct walk {
    const struct probe_tables *tables;
    const struct lk_print *query;
    unsigned radius_bits;
    probe_sink *sink;
    void *ctx;
    uint64_t n_seen;  /* candidates */
    size_t n_waiting; /* in the ring */
    size_t at;        /* of the oldest in the ring */
    size_t n;         /* candidates in the buffer */
    struct {
        uint64_t from; /* in overflow */
        uint64_t id;   /* of its first filter, in ids */
        uint32_t n;    /* filters */
        uint32_t part;
        struct probe_want want;
    } ring[RING];
    uint64_t id[CANDIDATES];
    uint8_t part[CANDIDATES];
};

static void measure(struct walk *w)
{
    const struct lk_print *rows = w->tables->rows;
    uint32_t row[CANDIDATES];
    struct probe_found found[FOUND];
    size_t n_found = 0;
    for (size_t i = 0; i < w->n; i++) {
        row[i] = w->tables->ids[w->id[i]];
        if (row[i] < w->tables->n_rows)
            __builtin_prefetch(&rows[row[i]]);
    }
    for (size_t i = 0; i < w->n; i++) {
        if (row[i] >= w->tables->n_rows)
            continue;
        const uint64_t *a = rows[row[i]].w, *b = w->query->w;
        unsigned dist_bits =
            (unsigned)(__builtin_popcountll(a[0] ^ b[0]) + __builtin_popcountll(a[1] ^ b[1]) +
                       __builtin_popcountll(a[2] ^ b[2]) + __builtin_popcountll(a[3] ^ b[3]));
        if (dist_bits > w->radius_bits)
            continue;
        found[n_found++] = (struct probe_found){row[i], (uint16_t)dist_bits, w->part[i]};
        if (n_found == FOUND) {
            w->sink(w->ctx, found, n_found);
            n_found = 0;
        }
    }
    if (n_found > 0)
        w->sink(w->ctx, found, n_found);
    w->n_seen += w->n;
    w->n = 0;
}

/* Filters that passed become candidates: bit i is of id + i. */
static inline void take(struct walk *w, uint32_t passed, uint64_t id, unsigned part)
{
    for (; __builtin_expect(passed != 0, 0); passed &= passed - 1) {
        if (w->n == CANDIDATES)
            measure(w);
        w->id[w->n] = id + (unsigned)__builtin_ctz(passed);
        w->part[w->n] = (uint8_t)part;
        __builtin_prefetch(&w->tables->ids[w->id[w->n]]);
        w->n++;
    }
}

static inline uint32_t first_bits(uint32_t n)
{
    return n >= 32 ? UINT32_MAX : (UINT32_C(1) << n) - 1;
}

/* Walks the filters of the oldest bucket in the ring. */
static inline void walk_overflow(struct walk *w)
{
    const uint16_t *filters = w->tables->overflow + w->ring[w->at].from;
    uint64_t id = w->ring[w->at].id;
    uint32_t n = w->ring[w->at].n;
    for (uint32_t i = 0; i < n; i += 32)
        take(w, probe_near(filters + i, &w->ring[w->at].want) & first_bits(n - i), id + i,
             w->ring[w->at].part);
    w->at = (w->at + 1) % RING;
    w->n_waiting--;
}

static inline void enter_overflow(struct walk *w, const struct probe_line *line, unsigned part,
                                  uint32_t count, const struct probe_want *want)
{
    const struct probe_tables *t = w->tables;
    uint64_t from = t->overflow_at[part] + line->over, end = t->overflow_at[part + 1];
    uint32_t n = count - PROBE_INLINE;
    if (from > end || n > end - from)
        return;
    if (w->n_waiting == RING)
        walk_overflow(w);
    size_t at = (w->at + w->n_waiting++) % RING;
    w->ring[at].from = from;
    w->ring[at].id = (uint64_t)part * t->n_rows + line->base + PROBE_INLINE;
    w->ring[at].n = n;
    w->ring[at].part = part;
    w->ring[at].want = *want;
    const char *p = (const char *)(t->overflow + from),
               *last = (const char *)(t->overflow + from + n);
    for (unsigned i = 0; i < 8 && p < last; i++, p += 64)
        __builtin_prefetch(p);
}

static inline void walk_line(struct walk *w, const struct probe_line *line, unsigned part,
                             const struct probe_want *want)
{
    uint32_t count = line->count, n_rows = w->tables->n_rows;
    if (line->base > n_rows || count > n_rows - line->base)
        return;
    uint32_t n = count < PROBE_INLINE ? count : PROBE_INLINE;
    take(w, probe_near(line->filter, want) & first_bits(n), (uint64_t)part * n_rows + line->base,
         part);
    if (count > PROBE_INLINE)
        enter_overflow(w, line, part, count, want);
}

/* Always inlined: GCC takes a function that only prefetches for one without effect. */
static inline __attribute__((always_inline)) void ask_lines(const struct probe_tables *t,
                                                            const struct probe_plan *plan,
                                                            const struct lk_print *query,
                                                            unsigned part)
{
    if (part >= PROBE_PARTS || plan->flips[part] < 0)
        return;
    const struct probe_line *lines = t->lines + ((size_t)part << t->key_bits);
    unsigned key = probe_key(query, part, t->key_bits);
    unsigned n = plan->n_masks[plan->flips[part]];
    for (unsigned i = 0; i < n; i++)
        __builtin_prefetch(&lines[key ^ plan->masks[i]]);
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
    w.n_waiting = w.at = w.n = 0;
    ask_lines(tables, plan, query, 0);
    ask_lines(tables, plan, query, 1);
    unsigned part;
    for (part = 0; part < PROBE_PARTS; part++) {
        ask_lines(tables, plan, query, part + 2);
        if (plan->flips[part] < 0)
            continue;
        if (w.n_seen + w.n > plan->most_candidates)
            break;
        const struct probe_line *lines = tables->lines + ((size_t)part << tables->key_bits);
        unsigned key = probe_key(query, part, tables->key_bits);
        unsigned filter = probe_filter(query, part, tables->key_bits);
        for (unsigned flips = 0, i = 0; flips <= (unsigned)plan->flips[part]; flips++) {
            struct probe_want want = probe_want_of(filter, (unsigned)plan->limit[part] - flips);
            for (; i < plan->n_masks[flips]; i++)
                walk_line(&w, &lines[key ^ plan->masks[i]], part, &want);
        }
    }
    while (w.n_waiting > 0)
        walk_overflow(&w);
    measure(&w);
    return part;
}
