/* What both kinds of track share: their seeds, the nearest pairs, counted by distance first so that
 * no order need be made; and their place in the entry. */
#include "core/match/track.h"

size_t seeds_take(const struct lk_evidence *evidence, size_t n, unsigned kind, unsigned radius_bits,
                  struct seed seeds[LINE_MAX_SEEDS])
{
    size_t of_dist[LK_PRINT_BITS + 1] = {0}, n_taken = 0, n_out = 0;
    unsigned within = 0;
    for (size_t i = 0; i < n; i++)
        if (evidence[i].query->kind == kind && evidence[i].entry->kind == kind &&
            evidence[i].dist_bits <= radius_bits)
            of_dist[evidence[i].dist_bits]++;
    while (within <= radius_bits && n_taken + of_dist[within] <= LINE_MAX_SEEDS)
        n_taken += of_dist[within++];
    /* the first of those at the distance where there are too many */
    size_t n_last = within <= radius_bits ? LINE_MAX_SEEDS - n_taken : 0;
    for (size_t i = 0; i < n && n_out < LINE_MAX_SEEDS; i++) {
        const struct lk_evidence *e = &evidence[i];
        if (e->query->kind != kind || e->entry->kind != kind || e->dist_bits > radius_bits ||
            e->dist_bits > within || (e->dist_bits == within && n_last == 0))
            continue;
        n_last -= e->dist_bits == within;
        seeds[n_out++] =
            (struct seed){e->query->time_ms, e->entry->time_ms, 1 + radius_bits - e->dist_bits};
    }
    return n_out;
}

static uint32_t on_line(const struct line *line, uint32_t query_ms, uint32_t lasts_ms)
{
    const double at = line->slope * (double)query_ms + line->offset_ms + 0.5;
    return at < 0 ? 0 : at > (double)lasts_ms ? lasts_ms : (uint32_t)at;
}

void track_place(struct track *track, const struct lk_sequence *entry)
{
    const uint32_t lasts_ms = sequence_lasts_ms(entry);
    track->from_ms = on_line(&track->line, track->query_from_ms, lasts_ms);
    track->to_ms = on_line(&track->line, track->query_to_ms, lasts_ms);
}
