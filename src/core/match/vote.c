/* Every near pair is a hypothesis; the pairs that fit it within what anchors err by are counted.
 * The best hypothesis is fitted to its votes by least squares, and they are counted again under it:
 * that takes out the turn between the registered forms. The idea is Hough's vote over scale and
 * place (Lowe 2004, section 7.3); with so few pairs, trying each of them is simpler than bins and
 * exact.
 *
 * Lengths are in the unit of frames, 1/256 of a picture's long side. */
#include "core/match/vote.h"

#include "core/image/anchor_tables.h"
#include "core/image/anchors.h"

#include <math.h>
#include <string.h>

enum {
    FRAME_SIDE = 256,
    MAX_HYPOTHESES = 64,
    MAX_VOTES = 128,
    SCALE_STEPS = 11, /* scales agree within 1.21 */
};

static const float place_share = 0.12f; /* of the distance from the hypothesis's own anchor */
static const float place_sigmas = 0.6f;
static const float place_slack = 0.7f;
static const float fitted_share = 0.05f;
static const float apart_sigmas = 0.7f;

/* A pair in the coordinates that the hypotheses are made in. */
struct pair {
    const struct lk_evidence *from;
    float qx, qy, q_sigma;
    float ex, ey, e_sigma; /* of the entry, mirrored where the form is */
    int steps;             /* size in the query less size in the entry */
    int turn;              /* -1, 0, 1 times LK_SMALL_TURN_DEGREES, clockwise, of the query */
    uint8_t quarters;      /* that the query is turned by besides, clockwise */
    bool mirrored, inverted;
};

struct ballot {
    struct pair pairs[VOTE_MAX_EVIDENCE];
    size_t n;
    uint16_t votes[MAX_VOTES]; /* of the hypothesis that was counted last */
    size_t n_votes;
};

static float lesser(float a, float b)
{
    return a < b ? a : b;
}

static float greater(float a, float b)
{
    return a > b ? a : b;
}

static struct pair pair_of(const struct lk_evidence *e)
{
    const struct lk_frame *q = &e->query->frame, *f = &e->entry->frame;
    const unsigned small = f->turn % LK_INVERTED >> LK_SMALL_TURN_SHIFT;
    const unsigned of_query = q->turn % LK_N_TURNS;
    struct pair p = {.from = e,
                     .qx = (float)q->x + 0.5f,
                     .qy = (float)q->y + 0.5f,
                     .q_sigma = anchor_sigma(q->size, FRAME_SIDE),
                     .ex = (float)f->x + 0.5f,
                     .ey = (float)f->y + 0.5f,
                     .e_sigma = anchor_sigma(f->size, FRAME_SIDE),
                     .steps = (int)q->size - (int)f->size,
                     .quarters = (uint8_t)(of_query <= LK_TURN_270 ? of_query : 0),
                     .mirrored = f->turn % LK_N_TURNS == LK_FLIP_Y,
                     .inverted = (q->turn & LK_INVERTED) != 0};
    /* a patch sampled clockwise shows the picture turned anticlockwise */
    p.turn = small == LK_SMALL_TURN_LEFT ? 1 : small == LK_SMALL_TURN_RIGHT ? -1 : 0;
    if (p.mirrored) {
        p.turn = -p.turn;
        p.ex = -p.ex;
    }
    return p;
}

/* Keeps the nearest, by distance and then as they came. */
static void collect(struct ballot *b, const struct lk_evidence *evidence, size_t n)
{
    b->n = 0;
    for (size_t i = 0; i < n; i++) {
        const struct lk_evidence *e = &evidence[i];
        if (e->query->kind != LK_ANCHOR || e->entry->kind != LK_ANCHOR)
            continue;
        size_t at = b->n;
        while (at > 0 && b->pairs[at - 1].from->dist_bits > e->dist_bits)
            at--;
        if (at == VOTE_MAX_EVIDENCE)
            continue;
        const size_t n_kept = b->n < VOTE_MAX_EVIDENCE ? b->n : VOTE_MAX_EVIDENCE - 1;
        memmove(&b->pairs[at + 1], &b->pairs[at], (n_kept - at) * sizeof *b->pairs);
        b->pairs[at] = pair_of(e);
        b->n = n_kept + 1;
    }
}

static bool beside(float ax, float ay, float a_sigma, float bx, float by, float b_sigma)
{
    const float smaller = a_sigma < b_sigma ? a_sigma : b_sigma;
    const float limit = apart_sigmas * smaller;
    return (ax - bx) * (ax - bx) + (ay - by) * (ay - by) < limit * limit &&
           a_sigma < 1.4f * b_sigma && b_sigma < 1.4f * a_sigma;
}

/* Blobs beside one another are one: they tell the same. */
static bool counted(const struct ballot *b, const struct pair *p)
{
    for (size_t i = 0; i < b->n_votes; i++) {
        const struct pair *v = &b->pairs[b->votes[i]];
        if (beside(v->qx, v->qy, v->q_sigma, p->qx, p->qy, p->q_sigma) ||
            beside(v->ex, v->ey, v->e_sigma, p->ex, p->ey, p->e_sigma))
            return true;
    }
    return false;
}

/* How far the place of the pair in the query is from where the hypothesis puts it, squared. */
static float miss(const struct lk_place *h, const struct pair *p)
{
    const float x = h->a * p->ex - h->b * p->ey + h->dx - p->qx;
    const float y = h->b * p->ex + h->a * p->ey + h->dy - p->qy;
    return x * x + y * y;
}

static void count(struct ballot *b, const struct lk_place *h, const struct pair *own, float share)
{
    const float scale = sqrtf(h->a * h->a + h->b * h->b);
    b->n_votes = 0;
    for (size_t i = 0; i < b->n && b->n_votes < MAX_VOTES; i++) {
        const struct pair *p = &b->pairs[i];
        const int steps = p->steps - own->steps, turn = p->turn - own->turn;
        if (p->mirrored != own->mirrored || p->inverted != own->inverted ||
            p->quarters != own->quarters || steps > SCALE_STEPS || steps < -SCALE_STEPS ||
            turn > 1 || turn < -1)
            continue;
        const float dx = p->ex - own->ex, dy = p->ey - own->ey;
        const float limit =
            share * scale * sqrtf(dx * dx + dy * dy) + place_sigmas * p->q_sigma + place_slack;
        if (miss(h, p) < limit * limit && !counted(b, p))
            b->votes[b->n_votes++] = (uint16_t)i;
    }
}

static struct lk_place hypothesis(const struct pair *p)
{
    const float scale = p->q_sigma / p->e_sigma;
    struct lk_place h = {.a = scale, .b = 0, .mirrored = p->mirrored};
    if (p->turn != 0) {
        h.a = scale * ANCHOR_TURN_COS;
        h.b = (float)p->turn * scale * ANCHOR_TURN_SIN;
    }
    for (unsigned i = 0; i < p->quarters; i++) {
        const float a = h.a;
        h.a = -h.b;
        h.b = a;
    }
    h.dx = p->qx - (h.a * p->ex - h.b * p->ey);
    h.dy = p->qy - (h.b * p->ex + h.a * p->ey);
    return h;
}

/* The similarity that carries the entry's places of the votes to the query's with the least sum of
 * squares; as it was when they lie in one point. */
static struct lk_place fit(const struct ballot *b, const struct lk_place *h)
{
    float mex = 0, mey = 0, mqx = 0, mqy = 0, along = 0, across = 0, spread = 0;
    const float n = (float)b->n_votes;
    for (size_t i = 0; i < b->n_votes; i++) {
        const struct pair *p = &b->pairs[b->votes[i]];
        mex += p->ex / n;
        mey += p->ey / n;
        mqx += p->qx / n;
        mqy += p->qy / n;
    }
    for (size_t i = 0; i < b->n_votes; i++) {
        const struct pair *p = &b->pairs[b->votes[i]];
        const float ex = p->ex - mex, ey = p->ey - mey, qx = p->qx - mqx, qy = p->qy - mqy;
        along += ex * qx + ey * qy;
        across += ex * qy - ey * qx;
        spread += ex * ex + ey * ey;
    }
    struct lk_place fitted = *h;
    if (spread < 1)
        return fitted;
    fitted.a = along / spread;
    fitted.b = across / spread;
    fitted.dx = mqx - (fitted.a * mex - fitted.b * mey);
    fitted.dy = mqy - (fitted.b * mex + fitted.a * mey);
    return fitted;
}

/* The share of a picture that lies in the box around the anchors, each with four sigma, which is
 * what decides its print. */
static uint8_t span(const struct ballot *b, bool of_query, const struct lk_frame *whole)
{
    const bool known = whole->x > 0 && whole->y > 0;
    const float right = known ? 2.0f * (float)whole->x : FRAME_SIDE;
    const float bottom = known ? 2.0f * (float)whole->y : FRAME_SIDE;
    float x0 = right, y0 = bottom, x1 = 0, y1 = 0;
    for (size_t i = 0; i < b->n_votes; i++) {
        const struct pair *p = &b->pairs[b->votes[i]];
        const float x = of_query ? p->qx : fabsf(p->ex), y = of_query ? p->qy : p->ey;
        const float r = 4 * (of_query ? p->q_sigma : p->e_sigma);
        x0 = lesser(x0, x - r);
        y0 = lesser(y0, y - r);
        x1 = greater(x1, x + r);
        y1 = greater(y1, y + r);
    }
    x0 = greater(x0, 0);
    y0 = greater(y0, 0);
    x1 = lesser(x1, right);
    y1 = lesser(y1, bottom);
    return x1 <= x0 || y1 <= y0 ? 0
                                : (uint8_t)((x1 - x0) * (y1 - y0) * 100 / (right * bottom) + 0.5f);
}

/* Votes were counted with the entry mirrored about its left edge; places mirror it about its
 * middle. */
static struct lk_place in_picture(struct lk_place h, const struct lk_frame *entry_whole)
{
    const float width = entry_whole->x > 0 ? 2.0f * (float)entry_whole->x : FRAME_SIDE;
    if (h.mirrored) {
        h.dx -= h.a * width;
        h.dy -= h.b * width;
    }
    return h;
}

/* A hypothesis, and how it was counted. */
struct candidate {
    struct lk_place place;
    const struct pair *own; /* NULL: none yet */
    float share;
    size_t n_votes;
};

static void try_place(struct ballot *b, const struct lk_place *place, const struct pair *own,
                      float share, struct candidate *best)
{
    count(b, place, own, share);
    if (b->n_votes > best->n_votes)
        *best = (struct candidate){*place, own, share, b->n_votes};
}

static struct candidate find_best(struct ballot *b)
{
    struct candidate best = {.own = NULL};
    for (size_t i = 0; i < b->n && i < MAX_HYPOTHESES; i++) {
        const struct lk_place first = hypothesis(&b->pairs[i]);
        try_place(b, &first, &b->pairs[i], place_share, &best);
        if (b->n_votes < 3)
            continue;
        const struct lk_place fitted = fit(b, &first);
        try_place(b, &fitted, &b->pairs[i], fitted_share, &best);
    }
    return best;
}

void vote_count(const struct lk_evidence *evidence, size_t n, const struct lk_match_terms *terms,
                struct vote_result *out)
{
    struct ballot b;
    collect(&b, evidence, n);
    *out = (struct vote_result){0};
    struct candidate best = find_best(&b);
    if (best.own == NULL)
        return;
    count(&b, &best.place, best.own, best.share);
    if (b.n_votes >= 3)
        best.place = fit(&b, &best.place);
    out->n_votes = (unsigned)b.n_votes;
    out->place = in_picture(best.place, &terms->entry_whole);
    out->coverage_percent = span(&b, false, &terms->entry_whole);
    out->query_percent = span(&b, true, &terms->query_whole);
    out->dist_bits = b.pairs[b.votes[0]].from->dist_bits;
    for (; out->n_shown < b.n_votes && out->n_shown < LK_MAX_SHOWN_VOTES; out->n_shown++) {
        const struct lk_evidence *e = b.pairs[b.votes[out->n_shown]].from;
        out->shown[out->n_shown] = (struct lk_vote){e->query->frame, e->entry->frame, e->dist_bits};
    }
}

/* What is left of each turn when the mirror is taken out: a quarter turn, anticlockwise -1. */
static const struct {
    int8_t a, b;
    bool mirrored;
} forms[LK_N_TURNS] = {
    [LK_TURN_0] = {1, 0, false},      [LK_TURN_90] = {0, -1, false},
    [LK_TURN_180] = {-1, 0, false},   [LK_TURN_270] = {0, 1, false},
    [LK_FLIP_X] = {-1, 0, true},      [LK_FLIP_Y] = {1, 0, true},
    [LK_FLIP_PLUS_1] = {0, -1, true}, [LK_FLIP_MINUS_1] = {0, 1, true},
};

enum lk_turn turn_of_place(const struct lk_place *place)
{
    enum lk_turn nearest = LK_TURN_0;
    float most = -1;
    for (unsigned turn = 0; turn < LK_N_TURNS; turn++) {
        const float along = place->a * (float)forms[turn].a + place->b * (float)forms[turn].b;
        if (forms[turn].mirrored == place->mirrored && along > most) {
            most = along;
            nearest = (enum lk_turn)turn;
        }
    }
    return nearest;
}

struct lk_place place_of_turn(const struct lk_frame *query, const struct lk_frame *entry,
                              const struct lk_match_terms *terms)
{
    const unsigned turn = entry->turn % LK_N_TURNS;
    const float half = FRAME_SIDE / 2;
    const float qx = query->x > 0 ? (float)query->x : half,
                qy = query->y > 0 ? (float)query->y : half;
    const float ex = entry->x > 0 ? (float)entry->x : half,
                ey = entry->y > 0 ? (float)entry->y : half;
    const float scale = (qx + qy) / (ex + ey);
    struct lk_place p = {.a = (float)forms[turn].a * scale,
                         .b = (float)forms[turn].b * scale,
                         .mirrored = forms[turn].mirrored};
    const struct lk_frame *q = &terms->query_whole, *e = &terms->entry_whole;
    const float to_x = q->x > 0 ? (float)q->x : half, to_y = q->y > 0 ? (float)q->y : half;
    const float from_x = e->x > 0 ? (float)e->x : half, from_y = e->y > 0 ? (float)e->y : half;
    p.dx = to_x - (p.a * from_x - p.b * from_y);
    p.dy = to_y - (p.b * from_x + p.a * from_y);
    return p;
}
