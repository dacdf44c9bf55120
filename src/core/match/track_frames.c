/* Pictures: registered where they change, queried at intervals. A frame of the query is compared
 * with what the entry shows about that moment: the frame kept last before it, and those kept within
 * a little while. Frames that agree count as votes when they are of good quality; pictures that are
 * all alike count as one. */
#include "core/match/track.h"

enum {
    SEED_BITS = 64,
    NEAR_BITS = LK_NEAR_RADIUS,
    FAR_BITS = 48,
    ABOUT_MS = 700,
    LASTS_MS = 2500,  /* a frame that was kept stands for so long at most */
    STANDS_MS = 1000, /* and one of a query */
    STRONG_NEAR = 3,  /* votes within NEAR_BITS */
    STRONG_FAR = 5,   /* or within FAR_BITS */
    REVIEW_NEAR = 2,
    STRONG_SPAN_MS = 2000,
    MAX_PICTURES = 8,
};

static const double slopes[] = {0.8, 0.9, 1, 1.1, 1.25};
static const struct line_search search = {slopes, 5, 0.7, 1.45, 1000};

/* Pictures that were seen, each more than NEAR_BITS from the others. */
struct pictures {
    const struct lk_print *p[MAX_PICTURES];
    unsigned n;
};

static void pictures_add(struct pictures *pictures, const struct lk_print *print)
{
    for (unsigned i = 0; i < pictures->n; i++)
        if (lk_print_distance(pictures->p[i], print) <= NEAR_BITS)
            return;
    if (pictures->n < MAX_PICTURES)
        pictures->p[pictures->n++] = print;
}

struct nearest {
    const struct lk_record *record;
    unsigned dist_bits;
};

static void look(const struct lk_record *q, const struct lk_record *e, unsigned turn,
                 struct nearest *best)
{
    if (e->kind != LK_FRAME || e->frame.turn != turn)
        return;
    const unsigned d = lk_print_distance(&q->print, &e->print);
    if (d < best->dist_bits)
        *best = (struct nearest){e, d};
}

/* What of the entry is nearest to the frame q, which the line puts at `ms`. */
static struct nearest nearest_about(const struct lk_sequence *entry, const struct lk_record *q,
                                    int64_t ms, unsigned turn)
{
    struct nearest best = {NULL, FAR_BITS + 1};
    const size_t first = sequence_at(entry, ms - ABOUT_MS);
    for (size_t i = first; i < entry->n_records && entry->records[i].time_ms <= ms + ABOUT_MS; i++)
        look(q, &entry->records[i], turn, &best);
    /* the frame kept last before: all forms of one moment */
    for (size_t i = first, n = 0; i > 0; i--) {
        const struct lk_record *e = &entry->records[i - 1];
        if (e->time_ms + LASTS_MS < ms || (n > 0 && e->time_ms != n))
            break;
        if (e->kind == LK_FRAME)
            n = e->time_ms > 0 ? e->time_ms : 1;
        look(q, e, turn, &best);
    }
    return best;
}

/* What has been counted along a line. */
struct count {
    struct pictures query, entry;
    uint32_t n_near, n_far;
    bool has_begun, has_voted;
    uint32_t voted_ms; /* the time of the last vote: other forms of that frame are no further one */
    struct track track;
};

static void count_one(struct count *c, const struct lk_record *q, const struct nearest *found)
{
    struct track *t = &c->track;
    const struct lk_record *e = found->record;
    if (!c->has_begun) {
        c->has_begun = true;
        t->dist_bits = UINT16_MAX;
        t->query_from_ms = q->time_ms;
    }
    t->query_to_ms = q->time_ms;
    t->dist_bits = found->dist_bits < t->dist_bits ? (uint16_t)found->dist_bits : t->dist_bits;
    t->far_bits = found->dist_bits > t->far_bits ? (uint16_t)found->dist_bits : t->far_bits;
    if (q->quality < LK_MIN_QUALITY || e->quality < LK_MIN_QUALITY ||
        (c->has_voted && c->voted_ms == q->time_ms))
        return;
    c->has_voted = true;
    c->voted_ms = q->time_ms;
    c->n_near += found->dist_bits <= NEAR_BITS;
    c->n_far++;
    pictures_add(&c->query, &q->print);
    pictures_add(&c->entry, &e->print);
}

static unsigned grade_of(const struct count *c)
{
    const struct track *t = &c->track;
    const bool spans = t->query_to_ms - t->query_from_ms >= STRONG_SPAN_MS;
    const bool moves = c->query.n >= 2 && c->entry.n >= 2;
    if (moves && spans && (c->n_near >= STRONG_NEAR || c->n_far >= STRONG_FAR))
        return LK_NEAR;
    return c->n_near >= (moves ? REVIEW_NEAR : 1) ? LK_REVIEW : 0;
}

/* A frame of the query stands for the time until the next one, or the end. */
static uint32_t stands_until(const struct lk_sequence *query, uint32_t ms)
{
    uint32_t until_ms = sequence_lasts_ms(query);
    for (size_t i = sequence_at(query, (int64_t)ms + 1); i < query->n_records; i++)
        if (query->records[i].kind == LK_FRAME) {
            until_ms = query->records[i].time_ms;
            break;
        }
    return until_ms - ms < STANDS_MS ? until_ms : ms + STANDS_MS;
}

static struct track weigh(const struct lk_sequence *query, const struct lk_sequence *entry,
                          const struct line *line, unsigned turn)
{
    struct count c = {.track = {.turn = (uint8_t)turn, .line = *line}};
    for (size_t i = 0; i < query->n_records; i++) {
        const struct lk_record *q = &query->records[i];
        if (q->kind != LK_FRAME)
            continue;
        const double at = line->slope * (double)q->time_ms + line->offset_ms;
        const struct nearest found = nearest_about(entry, q, (int64_t)at, turn);
        if (found.record != NULL)
            count_one(&c, q, &found);
    }
    c.track.grade = (uint8_t)grade_of(&c);
    if (c.has_begun) {
        c.track.query_to_ms = stands_until(query, c.track.query_to_ms);
        track_place(&c.track, entry);
    }
    c.track.n_votes = c.n_far;
    c.track.is_still = c.query.n < 2 || c.entry.n < 2;
    return c.track;
}

struct track track_of_frames(const struct lk_sequence *query, const struct lk_sequence *entry,
                             const struct lk_evidence *evidence, size_t n)
{
    static const uint8_t turns[] = {LK_TURN_0, LK_FLIP_Y};
    struct seed seeds[LINE_MAX_SEEDS];
    struct line lines[LINE_MAX_LINES];
    struct track best = {0};
    const size_t n_seeds = seeds_take(evidence, n, LK_FRAME, SEED_BITS, seeds);
    const unsigned n_lines = lines_find(&search, seeds, n_seeds, lines);
    for (unsigned i = 0; i < n_lines; i++)
        for (unsigned k = 0; k < sizeof turns; k++) {
            const struct track track = weigh(query, entry, &lines[i], turns[k]);
            if (track.grade != 0 && (best.grade == 0 || track.grade < best.grade ||
                                     (track.grade == best.grade && track.n_votes > best.n_votes)))
                best = track;
        }
    return best;
}
