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
    PIECE_ASKED = 64,        /* lines of a bucket's overflow; the processor sees what follows */
    BATCH = 32,              /* filters compared at once */
    PASSED = 1024,           /* >= GROUP_LINES */
    CANDIDATES = 256,
    FOUND = 64,
};

/* The part of a bucket that lies in overflow. */
struct piece {
    uint64_t from; /* in overflow */
    uint64_t id;   /* of its first filter, in ids */
    uint32_t n;    /* filters */
    uint16_t part;
    uint16_t limit;
};

/* Filters that passed: bit i is of id + i. */
struct passed {
    uint64_t id;
    uint32_t bits;
    uint32_t part;
};

struct walk {
    const struct probe_tables *tables;
    const struct lk_print *query;
    unsigned radius_bits;
    probe_sink *sink;
    void *ctx;
    uint64_t n_seen; /* candidates, those in the buffer not among them */

    size_t n_pieces;
    uint64_t n_filters; /* in the pieces */
    struct piece pieces[GROUP_LINES];

    size_t n_passed;
    struct passed passed[PASSED + 1]; /* one is written before it is known whether it counts */

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
        if (dist_bits > w->radius_bits)
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
        uint32_t bits = w->passed[i].bits;
        do {
            if (w->n == CANDIDATES)
                drain(w);
            w->id[w->n] = w->passed[i].id + (unsigned)__builtin_ctz(bits);
            w->part[w->n] = (uint8_t)w->passed[i].part;
            __builtin_prefetch(&w->tables->ids[w->id[w->n]], 0, 2);
            w->n++;
            bits &= bits - 1;
        } while (bits != 0);
    }
    w->n_passed = 0;
}

static inline uint32_t first_bits(uint64_t n)
{
    return n >= BATCH ? UINT32_MAX : (UINT32_C(1) << n) - 1;
}

/* Compares a batch of filters, of which those in `which` count. */
static inline size_t compare(struct walk *w, size_t n_passed, const void *filters,
                             const struct probe_want *want, uint32_t which, uint64_t id,
                             unsigned part)
{
    uint32_t bits = probe_near(filters, want) & which;
    w->passed[n_passed] = (struct passed){id, bits, part};
    return n_passed + (bits != 0);
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
    w->pieces[w->n_pieces++] =
        (struct piece){.from = from,
                       .id = (uint64_t)part * t->n_rows + line->base + PROBE_INLINE,
                       .n = n,
                       .part = (uint16_t)part,
                       .limit = (uint16_t)limit};
}

static inline void walk_line(struct walk *w, const struct probe_line *line, unsigned part,
                             unsigned limit, const struct probe_want *want)
{
    uint32_t count = line->count, n_rows = w->tables->n_rows;
    if (line->base > n_rows || count > n_rows - line->base)
        return;
    uint32_t which = first_bits(count < PROBE_INLINE ? count : PROBE_INLINE);
    w->n_passed = compare(w, w->n_passed, line->filter, want, which,
                          (uint64_t)part * n_rows + line->base, part);
    if (count > PROBE_INLINE)
        put_piece(w, line, part, limit);
}

static inline unsigned n_lines(const struct probe_plan *plan, unsigned part)
{
    return plan->flips[part] < 0 ? 0 : plan->n_masks[plan->flips[part]];
}

/* Functions that only ask are always inlined: GCC takes them for ones without effect. */
#define ASKING static inline __attribute__((always_inline))

ASKING void ask_lines(const struct probe_tables *t, const struct probe_plan *plan,
                      const struct lk_print *query, unsigned part)
{
    const struct probe_line *lines = t->lines + ((size_t)part << t->key_bits);
    unsigned key = probe_key(query, part, t->key_bits);
    for (unsigned i = 0, n = n_lines(plan, part); i < n; i++)
        __builtin_prefetch(&lines[key ^ plan->masks[i]], 0, 2);
}

ASKING void ask_pieces(const struct walk *w)
{
    for (size_t i = 0; i < w->n_pieces; i++) {
        uint64_t at = w->pieces[i].from / BATCH * BATCH, end = w->pieces[i].from + w->pieces[i].n;
        for (unsigned k = 0; k < PIECE_ASKED && at < end; k++, at += BATCH)
            __builtin_prefetch(&w->tables->overflow[at], 0, 2);
    }
}

static void walk_part(struct walk *w, const struct probe_plan *plan, unsigned part)
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
}

/* Whole lines are compared, the first and the last in part: what was not asked for is not read. */
static void walk_piece(struct walk *w, const struct piece *piece)
{
    uint64_t at = piece->from / BATCH * BATCH, last = piece->from + piece->n;
    uint64_t id = piece->id - (piece->from - at);
    unsigned filter = probe_filter(w->query, piece->part, w->tables->key_bits);
    struct probe_want want = probe_want_of(filter, piece->limit);
    uint32_t which = UINT32_MAX << (piece->from - at);
    while (at < last) {
        if (w->n_passed + PASSED / 4 > PASSED)
            take_passed(w);
        uint64_t end = last - at < BATCH * PASSED / 4 ? last : at + BATCH * PASSED / 4;
        size_t n_passed = w->n_passed;
        for (; at < end; at += BATCH, id += BATCH, which = UINT32_MAX)
            n_passed = compare(w, n_passed, w->tables->overflow + at, &want,
                               which & first_bits(last - at), id, piece->part);
        w->n_passed = n_passed;
    }
}

/* Looks up the parts from `from` to the one that it returns. */
static unsigned walk_group(struct walk *w, const struct probe_plan *plan, unsigned from)
{
    unsigned asked = from, part = from;
    for (unsigned n = 0; asked < PROBE_PARTS; asked++) {
        n += n_lines(plan, asked);
        if (n > GROUP_LINES)
            break;
        ask_lines(w->tables, plan, w->query, asked);
    }
    while (part < asked && w->n_filters < GROUP_FILTERS)
        walk_part(w, plan, part++);
    ask_pieces(w);
    take_passed(w);
    for (size_t i = 0; i < w->n_pieces; i++)
        walk_piece(w, &w->pieces[i]);
    w->n_pieces = w->n_filters = 0;
    read_ids(w);
    take_passed(w);
    measure(w);
    return part;
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
    w.n_seen = w.n_filters = 0;
    w.n_pieces = w.n_passed = w.n_measured = w.n_read = w.n = 0;
    unsigned part = 0;
    while (part < PROBE_PARTS && w.n_seen + w.n <= plan->most_candidates)
        part = walk_group(&w, plan, part);
    drain(&w);
    return part;
}
