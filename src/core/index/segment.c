/* Building is a counting sort, part by part: count the rows of each bucket, let the heads of the
 * lines say where each bucket begins, then deal the rows out. While they are dealt, `count` says
 * how many a bucket has received. */
#include "segment.h"

#include <string.h>

static struct probe_line *lines_of(const struct segment *s, unsigned part)
{
    return s->lines + ((size_t)part << s->key_bits);
}

static uint32_t *ids_of(const struct segment *s, unsigned part)
{
    return s->ids + (uint64_t)part * s->n_rows;
}

static uint32_t n_over(const struct probe_line *line)
{
    return line->count > PROBE_INLINE ? line->count - PROBE_INLINE : 0;
}

struct segment_sizes segment_sizes(uint32_t n_rows)
{
    unsigned key_bits = 0;
    if (n_rows >= SEGMENT_MIN_ROWS)
        for (key_bits = 8; key_bits < 16 && n_rows / 20 >= UINT32_C(1) << key_bits; key_bits++)
            ;
    struct segment_sizes sizes = {.key_bits = key_bits,
                                  .rows = (uint64_t)n_rows * sizeof(struct lk_print),
                                  .labels = (uint64_t)n_rows * sizeof(uint64_t),
                                  .gone = ((uint64_t)n_rows + 63) / 64 * sizeof(uint64_t)};
    if (key_bits > 0) {
        sizes.lines = ((uint64_t)PROBE_PARTS << key_bits) * sizeof(struct probe_line);
        sizes.ids = (uint64_t)PROBE_PARTS * n_rows * sizeof(uint32_t);
    }
    return sizes;
}

void segment_count_parts(struct segment *s, unsigned from, unsigned to)
{
    for (unsigned p = from; p < to; p++) {
        struct probe_line *lines = lines_of(s, p);
        memset(lines, 0, sizeof *lines << s->key_bits);
        for (uint32_t row = 0; row < s->n_rows; row++)
            lines[probe_key(&s->rows[row], p, s->key_bits)].count++;
        uint32_t base = 0, over = 0;
        for (size_t key = 0; key < (size_t)1 << s->key_bits; key++) {
            lines[key].base = base;
            lines[key].over = over;
            base += lines[key].count;
            over += n_over(&lines[key]);
        }
    }
}

/* The last bucket has the rows that are left. Its count is not asked: another thread may be dealing
 * rows to that part. */
static uint64_t overflow_of(const struct segment *s, unsigned part)
{
    const struct probe_line *last = lines_of(s, part) + ((size_t)1 << s->key_bits) - 1;
    uint32_t n = last->base < s->n_rows ? s->n_rows - last->base : 0;
    return (uint64_t)last->over + (n > PROBE_INLINE ? n - PROBE_INLINE : 0);
}

uint64_t segment_count(struct segment *s)
{
    if (s->key_bits == 0)
        return 0;
    segment_count_parts(s, 0, PROBE_PARTS);
    uint64_t n = PROBE_SLACK;
    for (unsigned p = 0; p < PROBE_PARTS; p++)
        n += overflow_of(s, p);
    return n;
}

struct probe_tables segment_tables(const struct segment *s)
{
    struct probe_tables t = {.lines = s->lines,
                             .overflow = s->overflow,
                             .ids = s->ids,
                             .rows = s->rows,
                             .n_rows = s->n_rows,
                             .key_bits = s->key_bits};
    if (s->key_bits == 0)
        return t;
    uint64_t most = s->n_overflow >= PROBE_SLACK ? s->n_overflow - PROBE_SLACK : 0;
    for (unsigned p = 0; p < PROBE_PARTS; p++) {
        uint64_t end = t.overflow_at[p] + overflow_of(s, p);
        t.overflow_at[p + 1] = end < most ? end : most;
    }
    return t;
}

static void fill_part(struct segment *s, const struct probe_tables *tables, unsigned p)
{
    enum { AHEAD = 16 };
    struct probe_line *lines = lines_of(s, p);
    uint16_t *overflow = s->overflow + tables->overflow_at[p];
    uint32_t *ids = ids_of(s, p);
    for (size_t key = 0; key < (size_t)1 << s->key_bits; key++)
        lines[key].count = 0;
    for (uint32_t row = 0; row < s->n_rows; row++) {
        if (row + AHEAD < s->n_rows)
            __builtin_prefetch(&lines[probe_key(&s->rows[row + AHEAD], p, s->key_bits)], 1);
        struct probe_line *line = &lines[probe_key(&s->rows[row], p, s->key_bits)];
        uint32_t at = line->count++;
        uint16_t filter = (uint16_t)probe_filter(&s->rows[row], p, s->key_bits);
        if (at < PROBE_INLINE)
            line->filter[at] = filter;
        else
            overflow[line->over + at - PROBE_INLINE] = filter;
        ids[line->base + at] = row;
    }
}

void segment_fill_parts(struct segment *s, unsigned from, unsigned to)
{
    struct probe_tables tables = segment_tables(s);
    for (unsigned p = from; p < to; p++)
        fill_part(s, &tables, p);
}

void segment_fill(struct segment *s)
{
    if (s->key_bits == 0)
        return;
    memset(s->overflow + s->n_overflow - PROBE_SLACK, 0, PROBE_SLACK * sizeof *s->overflow);
    segment_fill_parts(s, 0, PROBE_PARTS);
}

bool segment_is_gone(const struct segment *s, uint32_t row)
{
    return __atomic_load_n(&s->gone[row / 64], __ATOMIC_ACQUIRE) >> (row % 64) & 1;
}

bool segment_row(const struct segment *s, uint32_t row, struct lk_print *print, uint64_t *label)
{
    *print = s->rows[row];
    *label = s->labels[row];
    /* What was read was read before the mark is: see segment_erase(). */
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return !segment_is_gone(s, row);
}
