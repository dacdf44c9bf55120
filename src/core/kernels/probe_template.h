/* core/kernels/probe_template.h - the search of probe.h, compiled once for each instruction set.
 *
 * Included behind PROBE_NAME (the function), `struct probe_want` and
 *   probe_want_of(filter, limit)   what the filters of a bucket are compared with
 *   probe_near(filters, want)      a bit for each of 32 filters at most `limit` bits from it
 *
 * Memory decides how long it takes, so everything is asked for long before it is read; and it is
 * asked for into the second level cache, which has room for many more requests under way than the
 * first, and in bursts, as reading beside asking fills the first with misses that wait. Parts are
 * looked up in groups (all 16 of them, at radius 31 and up to tens of millions of rows):
 *
 *   ask for all lines; walk the lines; ask for all of overflow that they lead to; walk it
 *
 * Whether a filter passes cannot be predicted, and a wrong guess is noticed only when the filter
 * has arrived: so no branch depends on it. Each comparison is appended to a list, which grows if it
 * passed. An id is asked for when the list is read, a row when its id was read. */
#include "probe.h"

enum {
    GROUP_LINES = 704,       /* in a group of parts; one part alone has up to 697 */
    GROUP_FILTERS = 1 << 17, /* in overflow: a group that has more takes no further part */
    WINDOW = 2048,           /* batches asked for at a time, 128 KiB of overflow */
    BATCH = 32,              /* filters compared at once, a line of overflow */
    CANDIDATES = 256,
    FOUND = 64,
};

/* The part of a bucket that lies in overflow; what is still to be asked for. */
struct piece {
    uint64_t from; /* in overflow */
    uint32_t n;    /* filters */
    uint32_t id;   /* of the first, in the ids of the part */
    uint16_t part;
    uint16_t limit;
};

/* Filters to compare, and then those that passed: bit i is of id + i. */
struct batch {
    uint32_t line; /* in overflow */
    uint32_t bits;
    uint32_t id;
    uint32_t part;
};

/* Batches that are compared with the same. */
struct run {
    uint32_t first;
    uint16_t part;
    uint16_t limit;
};

struct walk {
    const struct probe_tables *tables;
    const struct probe_plan *plan;
    const struct lk_print *query;
    probe_sink *sink;
    void *ctx;
    uint64_t n_seen; /* candidates, those in the buffer not among them */
    bool is_over;    /* more of them than the plan allows */

    size_t n_pieces, next_piece;
    uint64_t n_filters; /* in the pieces */
    struct piece pieces[GROUP_LINES];

    size_t n_runs, n_batches, n_passed;
    struct run runs[GROUP_LINES + 1];
    struct batch batches[WINDOW];
    uint16_t passed[WINDOW + 1]; /* one is written before it is known whether it counts */

    /* Candidates: measured, rows asked for, ids asked for. */
    size_t n_measured, n_read, n;
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

/* Measures the candidates whose rows were asked for. */
static void measure(struct walk *w)
{
    struct probe_found found[FOUND];
    size_t n_found = 0;
    for (; w->n_measured < w->n_read; w->n_measured++) {
        uint32_t row = w->row[w->n_measured];
        if (row >= w->tables->n_rows)
            continue;
        unsigned dist_bits = distance(&w->tables->rows[row], w->query);
        if (dist_bits > w->plan->radius_bits)
            continue;
        found[n_found++] = (struct probe_found){row, (uint16_t)dist_bits, w->part[w->n_measured]};
        if (n_found == FOUND) {
            w->sink(w->ctx, found, n_found);
            n_found = 0;
        }
    }
    if (n_found > 0)
        w->sink(w->ctx, found, n_found);
}

/* Reads the ids that were asked for, and asks for their rows. */
static void read_ids(struct walk *w)
{
    for (; w->n_read < w->n; w->n_read++) {
        uint32_t row = w->row[w->n_read] = w->tables->ids[w->id[w->n_read]];
        if (row < w->tables->n_rows)
            __builtin_prefetch(&w->tables->rows[row], 0, 2);
    }
}

static void drain(struct walk *w)
{
    measure(w);
    read_ids(w);
    measure(w);
    w->n_seen += w->n;
    w->n_measured = w->n_read = w->n = 0;
}

/* Filters that passed become candidates, whose ids are asked for. */
static void take_passed(struct walk *w)
{
    for (size_t i = 0; i < w->n_passed; i++) {
        struct batch batch = w->batches[w->passed[i]];
        uint64_t ids = (uint64_t)batch.part * w->tables->n_rows;
        do {
            if (w->n == CANDIDATES)
                drain(w);
            uint64_t id = ids + (batch.id + (unsigned)__builtin_ctz(batch.bits));
            w->id[w->n] = id;
            w->part[w->n] = (uint8_t)batch.part;
            __builtin_prefetch(&w->tables->ids[id], 0, 2);
            w->n++;
            batch.bits &= batch.bits - 1;
        } while (batch.bits != 0);
    }
    w->n_passed = w->n_batches = 0;
}

static inline uint32_t first_bits(uint64_t n)
{
    return n >= BATCH ? UINT32_MAX : (UINT32_C(1) << n) - 1;
}

/* Compares a batch of filters, of which `bits` count. */
static inline void compare(struct walk *w, uint32_t i, const void *filters, uint32_t bits,
                           const struct probe_want *want)
{
    bits &= probe_near(filters, want);
    w->batches[i].bits = bits;
    w->passed[w->n_passed] = (uint16_t)i;
    w->n_passed += bits != 0;
}

static inline void put_piece(struct walk *w, const struct probe_line *line, unsigned part,
                             unsigned limit)
{
    const struct probe_tables *t = w->tables;
    uint64_t from = t->overflow_at[part] + line->over, end = t->overflow_at[part + 1];
    uint32_t n = line->count - PROBE_INLINE;
    if (from > end || n > end - from)
        return;
    w->n_filters += n;
    w->pieces[w->n_pieces++] = (struct piece){.from = from,
                                              .n = n,
                                              .id = line->base + PROBE_INLINE,
                                              .part = (uint16_t)part,
                                              .limit = (uint16_t)limit};
}

static inline void walk_line(struct walk *w, const struct probe_line *line, unsigned part,
                             unsigned limit, const struct probe_want *want)
{
    uint32_t count = line->count, n_rows = w->tables->n_rows;
    if (line->base > n_rows || count > n_rows - line->base)
        return;
    uint32_t n = count < PROBE_INLINE ? count : PROBE_INLINE;
    uint32_t i = (uint32_t)w->n_batches++;
    w->batches[i].id = line->base;
    w->batches[i].part = part;
    compare(w, i, line->filter, first_bits(n), want);
    if (count > PROBE_INLINE)
        put_piece(w, line, part, limit);
}

static inline unsigned n_lines(const struct probe_plan *plan, unsigned part)
{
    return plan->flips[part] < 0 ? 0 : plan->n_masks[plan->flips[part]];
}

/* Functions that only ask are always inlined: GCC takes them for ones without effect. */
#define ASKING static inline __attribute__((always_inline))

ASKING void ask_lines(const struct walk *w, unsigned part)
{
    const struct probe_line *lines = w->tables->lines + ((size_t)part << w->tables->key_bits);
    unsigned key = probe_key(w->query, part, w->tables->key_bits);
    for (unsigned i = 0, n = n_lines(w->plan, part); i < n; i++)
        __builtin_prefetch(&lines[key ^ w->plan->masks[i]], 0, 2);
}

/* Asks for as much of the pieces as the window holds. Whole lines: the first and the last of a
 * piece are compared in part. */
ASKING void ask_window(struct walk *w)
{
    uint32_t n = 0;
    unsigned part = PROBE_PARTS, limit = 0;
    w->n_runs = 0;
    for (; w->next_piece < w->n_pieces && n < WINDOW; w->next_piece++) {
        struct piece *piece = &w->pieces[w->next_piece];
        if (piece->part != part || piece->limit != limit) {
            part = piece->part;
            limit = piece->limit;
            w->runs[w->n_runs++] = (struct run){n, piece->part, piece->limit};
        }
        uint64_t end = piece->from + piece->n, at = piece->from / BATCH * BATCH;
        uint32_t skip = (uint32_t)(piece->from - at), id = piece->id - skip;
        for (; at < end && n < WINDOW; at += BATCH, id += BATCH, skip = 0) {
            uint32_t bits = UINT32_MAX << skip & first_bits(end - at);
            __builtin_prefetch(&w->tables->overflow[at], 0, 2);
            w->batches[n++] = (struct batch){(uint32_t)(at / BATCH), bits, id, part};
        }
        if (at < end) {
            *piece = (struct piece){at, (uint32_t)(end - at), id, piece->part, piece->limit};
            break;
        }
    }
    w->runs[w->n_runs].first = n;
}

static void walk_part(struct walk *w, unsigned part)
{
    const struct probe_plan *plan = w->plan;
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
}

static void walk_window(struct walk *w)
{
    for (size_t r = 0; r < w->n_runs; r++) {
        const struct run *run = &w->runs[r];
        unsigned filter = probe_filter(w->query, run->part, w->tables->key_bits);
        struct probe_want want = probe_want_of(filter, run->limit);
        for (uint32_t i = run->first; i < run[1].first; i++)
            compare(w, i, &w->tables->overflow[(uint64_t)w->batches[i].line * BATCH],
                    w->batches[i].bits, &want);
    }
}

/* Whether the pieces lead to more candidates than the plan allows. They are counted if they could,
 * which only happens with crowded buckets and costs less than to measure them all. */
static bool is_crowded(const struct walk *w)
{
    uint64_t n_had = w->n_seen + w->n, most = w->plan->most_candidates;
    if (n_had + w->n_filters <= most)
        return false;
    for (size_t i = 0; i < w->n_pieces; i++) {
        const struct piece *piece = &w->pieces[i];
        unsigned filter = probe_filter(w->query, piece->part, w->tables->key_bits);
        struct probe_want want = probe_want_of(filter, piece->limit);
        uint64_t at = piece->from / BATCH * BATCH, end = piece->from + piece->n;
        for (uint32_t which = UINT32_MAX << (piece->from - at); at < end;
             at += BATCH, which = UINT32_MAX)
            n_had += (unsigned)__builtin_popcount(probe_near(&w->tables->overflow[at], &want) &
                                                  which & first_bits(end - at));
    }
    return n_had > most;
}

/* Looks up the parts from `from` to the one that it returns; none when they are too crowded. */
static unsigned walk_group(struct walk *w, unsigned from)
{
    unsigned asked = from, part = from;
    for (unsigned n = 0; asked < PROBE_PARTS; asked++) {
        n += n_lines(w->plan, asked);
        if (n > GROUP_LINES)
            break;
        ask_lines(w, asked);
    }
    while (part < asked && w->n_filters < GROUP_FILTERS)
        walk_part(w, part++);
    if (is_crowded(w)) {
        w->is_over = true;
        return from;
    }
    take_passed(w);
    while (w->next_piece < w->n_pieces) {
        ask_window(w);
        read_ids(w);
        walk_window(w);
        measure(w);
        take_passed(w);
    }
    w->n_pieces = w->next_piece = w->n_filters = 0;
    w->is_over = w->n_seen + w->n > w->plan->most_candidates;
    return part;
}

unsigned PROBE_NAME(const struct probe_tables *tables, const struct probe_plan *plan,
                    const struct lk_print *query, probe_sink *sink, void *ctx)
{
    struct walk w;
    w.tables = tables;
    w.plan = plan;
    w.query = query;
    w.sink = sink;
    w.ctx = ctx;
    w.n_seen = w.n_filters = 0;
    w.is_over = false;
    w.n_pieces = w.next_piece = w.n_batches = w.n_passed = w.n_measured = w.n_read = w.n = 0;
    unsigned part = 0;
    while (part < PROBE_PARTS && !w.is_over)
        part = walk_group(&w, part);
    drain(&w);
    return part;
}
