/* For each slope the seeds are sorted by the offset they speak for; the heaviest window over them
 * is a line. Then the line is drawn anew through its seeds (least squares), which gives slopes
 * between those tried. */
#include "core/match/line.h"

enum { ROUNDS = 2, SOUND_LASTS_MS = 1024, MIN_SPAN_MS = 2000 };

struct voice {
    double offset_ms;
    uint32_t weight;
};

static void sort(struct voice *v, size_t n)
{
    for (size_t gap = n / 2; gap > 0; gap /= 2)
        for (size_t i = gap; i < n; i++) {
            const struct voice moved = v[i];
            size_t k = i;
            for (; k >= gap && v[k - gap].offset_ms > moved.offset_ms; k -= gap)
                v[k] = v[k - gap];
            v[k] = moved;
        }
}

static struct line heaviest(const struct line_search *search, double slope,
                            const struct seed *seeds, size_t n)
{
    struct voice voices[LINE_MAX_SEEDS];
    struct line best = {.slope = slope};
    uint64_t weight = 0;
    for (size_t i = 0; i < n; i++)
        voices[i] = (struct voice){(double)seeds[i].entry_ms - slope * (double)seeds[i].query_ms,
                                   seeds[i].weight};
    sort(voices, n);
    for (size_t from = 0, to = 0; to < n; to++) {
        weight += voices[to].weight;
        while (voices[to].offset_ms - voices[from].offset_ms > 2 * search->near_ms)
            weight -= voices[from++].weight;
        if (weight > best.weight) {
            best.weight = weight;
            best.offset_ms = (voices[to].offset_ms + voices[from].offset_ms) / 2;
        }
    }
    return best;
}

static bool is_on(const struct line_search *search, const struct line *line,
                  const struct seed *seed)
{
    const double off =
        (double)seed->entry_ms - line->slope * (double)seed->query_ms - line->offset_ms;
    return off <= search->near_ms && off >= -search->near_ms;
}

/* Draws the line through its seeds. */
static void redraw(const struct line_search *search, const struct seed *seeds, size_t n,
                   struct line *line)
{
    double sum = 0, x = 0, y = 0, xx = 0, xy = 0;
    int64_t first = INT64_MAX, last = INT64_MIN;
    uint64_t weight = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_on(search, line, &seeds[i]))
            continue;
        weight += seeds[i].weight;
        sum += seeds[i].weight;
        x += seeds[i].weight * (double)seeds[i].query_ms;
        y += seeds[i].weight * (double)seeds[i].entry_ms;
        first = seeds[i].query_ms < first ? seeds[i].query_ms : first;
        last = seeds[i].query_ms > last ? seeds[i].query_ms : last;
    }
    if (weight == 0)
        return;
    x /= sum;
    y /= sum;
    for (size_t i = 0; i < n; i++)
        if (is_on(search, line, &seeds[i])) {
            const double dx = (double)seeds[i].query_ms - x;
            xx += seeds[i].weight * dx * dx;
            xy += seeds[i].weight * dx * ((double)seeds[i].entry_ms - y);
        }
    if (last - first >= MIN_SPAN_MS && xx > 0) {
        const double slope = xy / xx;
        line->slope = slope < search->least_slope  ? search->least_slope
                      : slope > search->most_slope ? search->most_slope
                                                   : slope;
    }
    line->offset_ms = y - line->slope * x;
    line->pivot_ms = (int64_t)x;
    line->weight = weight;
}

/* Whether two lines meet about the same moments. */
static bool is_same(const struct line_search *search, const struct line *a, const struct line *b)
{
    const double at = (double)a->pivot_ms;
    const double off = (a->slope - b->slope) * at + a->offset_ms - b->offset_ms;
    return off <= search->near_ms && off >= -search->near_ms;
}

unsigned lines_find(const struct line_search *search, const struct seed *seeds, size_t n,
                    struct line lines[LINE_MAX_LINES])
{
    unsigned n_lines = 0;
    for (unsigned s = 0; s < search->n_slopes; s++) {
        struct line line = heaviest(search, search->slopes[s], seeds, n);
        for (int round = 0; round < ROUNDS; round++)
            redraw(search, seeds, n, &line);
        unsigned at = 0;
        while (at < n_lines && !is_same(search, &lines[at], &line))
            at++;
        if (at < n_lines ? line.weight <= lines[at].weight : line.weight == 0)
            continue;
        if (at == n_lines && n_lines == LINE_MAX_LINES && line.weight <= lines[--at].weight)
            continue;
        if (at == n_lines)
            n_lines++;
        for (; at > 0 && lines[at - 1].weight < line.weight; at--)
            lines[at] = lines[at - 1];
        lines[at] = line;
    }
    return n_lines;
}

size_t sequence_at(const struct lk_sequence *sequence, int64_t ms)
{
    size_t from = 0, to = sequence->n_records;
    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        if ((int64_t)sequence->records[middle].time_ms < ms)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

uint32_t sequence_lasts_ms(const struct lk_sequence *sequence)
{
    uint32_t until_ms = sequence->duration_ms;
    if (sequence->n_records > 0) {
        const struct lk_record *last = &sequence->records[sequence->n_records - 1];
        const uint32_t more_ms = last->kind == LK_SOUND ? SOUND_LASTS_MS : 0;
        const uint32_t end_ms =
            last->time_ms > UINT32_MAX - more_ms ? UINT32_MAX : last->time_ms + more_ms;
        until_ms = end_ms > until_ms ? end_ms : until_ms;
    }
    return until_ms > 0 ? until_ms : 1;
}
