/* Finding one row again, and taking it out. The bucket of its first part leads to it; each of the
 * 16 tables holds a filter and an id of it, which are overwritten too, as the bucket and the filter
 * together are 32 of its bits. */
#include "segment.h"

static const struct probe_line *line_of(const struct segment *s, unsigned part,
                                        const struct lk_print *print)
{
    return s->lines + ((size_t)part << s->key_bits) + probe_key(print, part, s->key_bits);
}

static bool same(const struct lk_print *a, const struct lk_print *b)
{
    return ((a->w[0] ^ b->w[0]) | (a->w[1] ^ b->w[1]) | (a->w[2] ^ b->w[2]) |
            (a->w[3] ^ b->w[3])) == 0;
}

static bool is_row(const struct segment *s, uint32_t row, const struct lk_print *print,
                   uint64_t label)
{
    return row < s->n_rows && s->labels[row] == label && same(&s->rows[row], print) &&
           !segment_is_gone(s, row);
}

/* The rows of the bucket of *print in a part that have its filter: where their ids stand. Start
 * with *at = 0; SEGMENT_NONE at the end. */
struct bucket {
    const struct probe_line *line;
    const uint16_t *overflow;
    uint64_t id; /* of the first, in ids */
    uint32_t n;
    uint16_t filter;
};

static struct bucket bucket_of(const struct segment *s, const struct probe_tables *t, unsigned part,
                               const struct lk_print *print)
{
    const struct probe_line *line = line_of(s, part, print);
    struct bucket b = {.line = line,
                       .overflow = t->overflow + t->overflow_at[part] + line->over,
                       .id = (uint64_t)part * s->n_rows + line->base,
                       .n = line->count,
                       .filter = (uint16_t)probe_filter(print, part, s->key_bits)};
    if (line->base > s->n_rows || b.n > s->n_rows - line->base)
        b.n = 0;
    uint64_t room = t->overflow_at[part + 1] - t->overflow_at[part];
    if (b.n > PROBE_INLINE && (line->over > room || b.n - PROBE_INLINE > room - line->over))
        b.n = PROBE_INLINE;
    return b;
}

enum { WINDOW = 32 };
_Static_assert(WINDOW <= PROBE_SLACK, "a window must not reach beyond what follows the overflow");

/* Whether one of 32 filters is this one: no branch inside, so that a compiler may compare several
 * at once. */
static bool has_filter(const uint16_t *filters, uint16_t filter)
{
    unsigned found = 0;
    for (unsigned i = 0; i < WINDOW; i++)
        found |= filters[i] == filter;
    return found != 0;
}

static uint32_t next_with_filter(const struct bucket *b, uint32_t at)
{
    for (; at < b->n && at < PROBE_INLINE; at++)
        if (b->line->filter[at] == b->filter)
            return at;
    while (at < b->n) {
        const uint16_t *filters = &b->overflow[at - PROBE_INLINE];
        uint32_t end = b->n - at < WINDOW ? b->n : at + WINDOW;
        for (uint32_t i = has_filter(filters, b->filter) ? at : end; i < end; i++)
            if (filters[i - at] == b->filter)
                return i;
        at = end;
    }
    return SEGMENT_NONE;
}

uint32_t segment_find(const struct segment *s, const struct probe_tables *tables,
                      const struct lk_print *print, uint64_t label)
{
    if (s->key_bits == 0) {
        for (uint32_t row = 0; row < s->n_rows; row++)
            if (is_row(s, row, print, label))
                return row;
        return SEGMENT_NONE;
    }
    struct bucket b = bucket_of(s, tables, 0, print);
    for (uint32_t at = 0; (at = next_with_filter(&b, at)) != SEGMENT_NONE; at++)
        if (is_row(s, s->ids[b.id + at], print, label))
            return s->ids[b.id + at];
    return SEGMENT_NONE;
}

/* Where in its bucket the id of a row stands, or SEGMENT_NONE. Ids rise in a bucket, but for those
 * that are gone, so that one of a million equal prints is found in twenty steps. */
static uint32_t halve(const uint32_t *ids, uint32_t n, uint32_t row)
{
    uint32_t low = 0, high = n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2, at = middle;
        while (at < high && ids[at] == PROBE_GONE)
            at++;
        if (at == high || ids[at] > row)
            high = middle;
        else if (ids[at] < row)
            low = at + 1;
        else
            return at;
    }
    return SEGMENT_NONE;
}

/* Ids rise, and the rows of a bucket are mostly spread evenly over all: where a row most likely
 * stands, give or take two deviations. */
struct window {
    uint32_t from, to;
};

static struct window likely_window(const struct segment *s, const struct bucket *b, uint32_t row)
{
    enum { LEAST = 12, MOST = 128 };
    uint32_t guess = (uint32_t)((uint64_t)row * b->n / s->n_rows);
    uint32_t around = LEAST + b->n / 40 < MOST ? LEAST + b->n / 40 : MOST;
    return (struct window){guess > around ? guess - around : 0,
                           b->n - guess > around ? guess + around : b->n};
}

static uint32_t place_of(const struct segment *s, const struct bucket *b, struct window likely,
                         uint32_t row)
{
    const uint32_t *ids = s->ids + b->id;
    for (uint32_t at = likely.from; at < likely.to; at++)
        if (ids[at] == row)
            return at;
    return halve(ids, b->n, row);
}

static void ask_for_filter(const struct bucket *b, uint32_t at)
{
    if (at != SEGMENT_NONE && at >= PROBE_INLINE)
        __builtin_prefetch(&b->overflow[at - PROBE_INLINE], 1, 2);
}

static void wipe_filter(struct segment *s, const struct bucket *b, uint32_t at)
{
    if (at == SEGMENT_NONE)
        return;
    if (at < PROBE_INLINE)
        s->lines[b->line - s->lines].filter[at] = 0;
    else
        s->overflow[b->overflow - s->overflow + (at - PROBE_INLINE)] = 0;
    s->ids[b->id + at] = PROBE_GONE;
}

/* All tables at once, step by step, so that their memory is waited for together. */
static void wipe_filters(struct segment *s, const struct probe_tables *tables,
                         const struct lk_print *print, uint32_t row)
{
    enum { IDS_A_LINE = 16 };
    struct bucket b[PROBE_PARTS];
    struct window likely[PROBE_PARTS];
    uint32_t at[PROBE_PARTS];
    for (unsigned p = 0; p < PROBE_PARTS; p++)
        __builtin_prefetch(line_of(s, p, print), 1, 2);
    for (unsigned p = 0; p < PROBE_PARTS; p++) {
        b[p] = bucket_of(s, tables, p, print);
        likely[p] = likely_window(s, &b[p], row);
        for (uint32_t i = likely[p].from; i < likely[p].to + IDS_A_LINE - 1; i += IDS_A_LINE)
            __builtin_prefetch(&s->ids[b[p].id + i], 1, 2);
    }
    for (unsigned p = 0; p < PROBE_PARTS; p++) {
        at[p] = place_of(s, &b[p], likely[p], row);
        ask_for_filter(&b[p], at[p]);
    }
    for (unsigned p = 0; p < PROBE_PARTS; p++)
        wipe_filter(s, &b[p], at[p]);
}

static void wipe(struct segment *s, const struct probe_tables *tables, uint32_t row)
{
    struct lk_print print = s->rows[row];
    if (s->key_bits > 0)
        wipe_filters(s, tables, &print, row);
    s->rows[row] = (struct lk_print){{0}};
    s->labels[row] = 0;
}

void segment_erase_with(struct segment *s, const struct probe_tables *tables, uint32_t row,
                        bool wipe_too)
{
    uint64_t bit = UINT64_C(1) << (row % 64);
    /* Readers look here after they measured: seen set, nothing of what follows is reported. */
    __atomic_fetch_or(&s->gone[row / 64], bit, __ATOMIC_SEQ_CST);
    __atomic_thread_fence(__ATOMIC_RELEASE); /* plain stores may not overtake it */
    if (wipe_too)
        wipe(s, tables, row);
}

void segment_erase(struct segment *s, uint32_t row, bool wipe_too)
{
    struct probe_tables tables = segment_tables(s);
    segment_erase_with(s, &tables, row, wipe_too);
}

void segment_ask(const struct segment *s, const struct lk_print *print)
{
    if (s->key_bits > 0)
        __builtin_prefetch(line_of(s, 0, print));
}
