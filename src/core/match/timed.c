/* What a query and an entry have in common where one of them lasts. Pictures and sound are weighed
 * each by itself (core/match/track.h); both together are two proofs. A picture has no time: it is
 * looked for among the frames of a video, and frames among pictures. */
#include "core/match/track.h"

#include <likeness/image.h>

enum {
    MOST_PERCENT = 50,  /* near: so much of both sides agrees */
    ALL_PERCENT = 95,   /* exact */
    STILL_PERCENT = 80, /* of a video's frames that show one picture: it is that picture */
    TOGETHER_MS = 1500,
    WHOLE_SPEED = 100,
};

static uint8_t percent_of(uint32_t from_ms, uint32_t to_ms, uint32_t lasts_ms)
{
    const uint64_t percent = (uint64_t)(to_ms - from_ms) * 100 / lasts_ms;
    return (uint8_t)(percent > 100 ? 100 : percent);
}

static bool is_picture(const struct lk_record *r)
{
    return r->kind == LK_WHOLE || r->kind == LK_FRAME;
}

static bool may_vote(const struct lk_evidence *e)
{
    return is_picture(e->query) && is_picture(e->entry) && e->dist_bits <= LK_NEAR_RADIUS &&
           e->query->quality >= LK_MIN_QUALITY && e->entry->quality >= LK_MIN_QUALITY;
}

/* ---- a picture on one side ---- */

static const struct lk_evidence *nearest_still(const struct lk_evidence *evidence, size_t n)
{
    const struct lk_evidence *best = NULL;
    for (size_t i = 0; i < n; i++)
        if (may_vote(&evidence[i]) && (best == NULL || evidence[i].dist_bits < best->dist_bits))
            best = &evidence[i];
    return best;
}

/* How many moments of the video there are, and how many of them show what `seen` shows. */
static void count_moments(const struct lk_sequence *video, const struct lk_print *seen,
                          uint32_t *n_moments, uint32_t *n_like)
{
    *n_moments = *n_like = 0;
    bool is_like = false;
    for (size_t i = 0, last = SIZE_MAX; i < video->n_records; i++) {
        const struct lk_record *r = &video->records[i];
        if (r->kind != LK_FRAME || r->quality < LK_MIN_QUALITY)
            continue;
        if (last == SIZE_MAX || video->records[last].time_ms != r->time_ms) {
            *n_like += is_like;
            *n_moments += 1;
            is_like = false;
            last = i;
        }
        is_like |= lk_print_distance(&r->print, seen) <= LK_NEAR_RADIUS;
    }
    *n_like += is_like;
}

static struct lk_verdict of_still(const struct lk_sequence *query, const struct lk_sequence *entry,
                                  const struct lk_evidence *evidence, size_t n)
{
    const struct lk_evidence *best = nearest_still(evidence, n);
    const bool is_query_video = query->medium == LK_VIDEO;
    const struct lk_sequence *video = is_query_video ? query : entry;
    uint32_t n_moments, n_like;
    if (best == NULL)
        return (struct lk_verdict){.grade = 0};
    const struct lk_record *frame = is_query_video ? best->query : best->entry;
    count_moments(video, &frame->print, &n_moments, &n_like);
    const bool is_all = (uint64_t)n_like * 100 >= (uint64_t)n_moments * STILL_PERCENT;
    const uint8_t percent = (uint8_t)(n_moments > 0 ? (uint64_t)n_like * 100 / n_moments : 0);
    struct lk_verdict v = {
        .grade = is_all ? LK_NEAR : LK_PARTIAL,
        .dist_bits = best->dist_bits,
        .n_votes = 1,
        .coverage_percent = is_query_video ? 100 : percent,
        .query_percent = is_query_video ? percent : 100,
        .turn = best->entry->frame.turn % LK_N_TURNS,
        .shares_content = !is_all,
        .by_picture = true,
        .speed_percent = WHOLE_SPEED,
    };
    if (is_query_video)
        v.query_from_ms = v.query_to_ms = frame->time_ms;
    else
        v.from_ms = v.to_ms = frame->time_ms;
    return v;
}

/* ---- both last ---- */

static bool says_the_same(const struct track *a, const struct track *b)
{
    const double at = ((double)a->query_from_ms + (double)a->query_to_ms) / 2;
    const double off = (a->line.slope - b->line.slope) * at + a->line.offset_ms - b->line.offset_ms;
    return off <= TOGETHER_MS && off >= -TOGETHER_MS;
}

static uint8_t speed_of(const struct line *line)
{
    const double percent = line->slope * 100 + 0.5;
    return (uint8_t)(percent > 255 ? 255 : percent);
}

/* What one track alone says. */
static struct lk_verdict of_track(const struct lk_sequence *query, const struct lk_sequence *entry,
                                  const struct track *track, bool is_sound)
{
    struct lk_verdict v = {
        .grade = track->grade,
        .dist_bits = track->dist_bits,
        .n_votes = (uint16_t)(track->n_votes > UINT16_MAX ? UINT16_MAX : track->n_votes),
        .turn = track->turn,
        .from_ms = track->from_ms,
        .to_ms = track->to_ms,
        .query_from_ms = track->query_from_ms,
        .query_to_ms = track->query_to_ms,
        .speed_percent = speed_of(&track->line),
        .by_sound = is_sound,
        .by_picture = !is_sound,
    };
    v.coverage_percent = percent_of(v.from_ms, v.to_ms, sequence_lasts_ms(entry));
    v.query_percent = percent_of(v.query_from_ms, v.query_to_ms, sequence_lasts_ms(query));
    return v;
}

/* Whether a video shows one picture all the time, which is that of `frame`. */
static bool is_still(const struct lk_sequence *video, const struct lk_record *frame)
{
    uint32_t n_moments, n_like;
    count_moments(video, &frame->print, &n_moments, &n_like);
    return (uint64_t)n_like * 100 >= (uint64_t)n_moments * STILL_PERCENT;
}

/* One picture is all that agrees. Of two still videos it is all there is, whatever their length; of
 * one, it is a still of the other. */
static void grade_still(const struct lk_sequence *query, const struct lk_sequence *entry,
                        const struct lk_evidence *nearest, struct lk_verdict *v)
{
    const bool query_is = is_still(query, nearest->query);
    const bool entry_is = is_still(entry, nearest->entry);
    if (!query_is && !entry_is)
        return;
    v->grade = query_is && entry_is ? LK_NEAR : LK_PARTIAL;
    v->by_picture = true;
    v->speed_percent = WHOLE_SPEED;
    if (query_is)
        v->query_percent = 100;
    if (entry_is)
        v->coverage_percent = 100;
}

/* What both tracks span together, along the line of the sound, which is the more exact. */
static void widen(const struct track *frames, const struct track *sound,
                  const struct lk_sequence *query, const struct lk_sequence *entry,
                  struct lk_verdict *v)
{
    struct track both = *sound;
    if (frames->query_from_ms < both.query_from_ms)
        both.query_from_ms = frames->query_from_ms;
    if (frames->query_to_ms > both.query_to_ms)
        both.query_to_ms = frames->query_to_ms;
    track_place(&both, entry);
    v->from_ms = both.from_ms;
    v->to_ms = both.to_ms;
    v->query_from_ms = both.query_from_ms;
    v->query_to_ms = both.query_to_ms;
    v->speed_percent = speed_of(&both.line);
    v->coverage_percent = percent_of(v->from_ms, v->to_ms, sequence_lasts_ms(entry));
    v->query_percent = percent_of(v->query_from_ms, v->query_to_ms, sequence_lasts_ms(query));
}

static void grade_strong(const struct lk_sequence *entry, const struct track *frames,
                         const struct track *sound, struct lk_verdict *v)
{
    const bool is_most = v->coverage_percent >= MOST_PERCENT && v->query_percent >= MOST_PERCENT;
    const bool is_all = v->coverage_percent >= ALL_PERCENT && v->query_percent >= ALL_PERCENT;
    if (v->grade != LK_NEAR)
        return;
    /* other pictures under the same sound are another video */
    if (!is_most || (v->by_sound && !v->by_picture && entry->medium == LK_VIDEO))
        v->grade = LK_PARTIAL;
    else if (is_all && (!v->by_picture || frames->far_bits <= LK_EXACT_RADIUS) &&
             (!v->by_sound || sound->far_bits <= LK_EXACT_RADIUS))
        v->grade = LK_EXACT;
}

static struct lk_verdict of_tracks(const struct lk_sequence *query, const struct lk_sequence *entry,
                                   const struct lk_evidence *evidence, size_t n)
{
    const struct track sound = track_of_sound(query, entry, evidence, n);
    const struct track frames = track_of_frames(query, entry, evidence, n);
    if (sound.grade == 0 && frames.grade == 0)
        return (struct lk_verdict){.grade = 0};
    const bool by_frames = frames.grade != 0 && (sound.grade == 0 || frames.grade <= sound.grade);
    struct lk_verdict v = of_track(query, entry, by_frames ? &frames : &sound, !by_frames);
    if (sound.grade != 0 && frames.grade != 0 && says_the_same(&frames, &sound)) {
        v.by_picture = v.by_sound = true;
        v.two_prints_agree = sound.grade == LK_NEAR && frames.grade == LK_NEAR;
        if (v.two_prints_agree)
            widen(&frames, &sound, query, entry, &v);
    }
    const struct lk_evidence *still = nearest_still(evidence, n);
    grade_strong(entry, &frames, &sound, &v);
    if (frames.is_still && frames.grade != 0 && still != NULL && v.grade > LK_NEAR)
        grade_still(query, entry, still, &v);
    v.shares_content = v.grade >= LK_PARTIAL;
    return v;
}

struct lk_verdict lk_match_judge_timed(const struct lk_sequence *query,
                                       const struct lk_sequence *entry,
                                       const struct lk_evidence *evidence, size_t n)
{
    const bool has_still = query->medium == LK_IMAGE || entry->medium == LK_IMAGE;
    struct lk_verdict v = (has_still ? of_still : of_tracks)(query, entry, evidence, n);
    v.lasts_ms = entry->medium == LK_IMAGE ? 0 : sequence_lasts_ms(entry);
    v.query_lasts_ms = query->medium == LK_IMAGE ? 0 : sequence_lasts_ms(query);
    return v;
}
