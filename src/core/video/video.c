/* Frames in, records out.
 *
 *   frame -> small plane -> borders -> part -> PDQ -> is it another picture than the last? ->
 * records
 *
 * When there would be too many records, every second frame that was kept goes, and from then on
 * frames are kept half as often: a long video is thinned evenly. */
#include "base/err.h"
#include "core/video/borders.h"
#include "core/video/frame_print.h"
#include "core/video/inside.h"

#include <string.h>

enum {
    LOOK_US = 66000,       /* registration: at most some 15 frames a second are looked at */
    KEEP_US = 60000,       /* and kept; half as many in all forms */
    STILL_US = 2000000,    /* one is kept so often though nothing changes */
    NEW_PICTURE_BITS = 48, /* from the last one kept in all forms */
    BETWEEN_BITS = 27,     /* from the last few kept: kept as it is, so that a still meets one */
    N_LAST = 4,            /* so few */
    SAME_PICTURE_BITS = 8, /* from any one kept: nothing new */
    STATIC_BITS = 31,
    STORED_QUALITY = 20, /* less says nothing */
    QUICK_FRAMES = 6,    /* of a query, at half the interval */
    MAX_PER_FRAME = 10,  /* as it is, mirrored, two crops, with its borders, and what is inside */
    LEAST_RECORDS = 16,
};

/* One frame that was kept: records[first .. first + n). */
struct kept {
    struct lk_print print;
    uint32_t first, n;
};

struct array {
    void *p;
    size_t n, room, size;
};

struct lk_video {
    const struct lk_alloc *alloc;
    struct lk_video_options options;
    struct lk_video_report report;
    struct reduced frame;
    struct borders borders;
    struct array records, kept;
    int64_t next_us;      /* nothing before is wanted */
    int64_t last_kept_us; /* of the last frame kept, also if it was dropped as known */
    int64_t keep_us;
    int64_t last_full_us; /* and of the last that was to be kept in all forms */
    struct lk_print last; /* print of that */
    bool has_last;
};

/* ---- arrays ---- */

static void *array_put(const struct lk_alloc *alloc, struct array *a)
{
    if (a->n == a->room) {
        size_t room = a->room == 0 ? 64 : 2 * a->room;
        void *p = alloc->resize(alloc->ctx, a->p, a->room * a->size, room * a->size);
        if (p == NULL)
            return NULL;
        a->p = p;
        a->room = room;
    }
    return (char *)a->p + a->n++ * a->size;
}

static void array_fini(const struct lk_alloc *alloc, struct array *a)
{
    alloc->free(alloc->ctx, a->p, a->room * a->size);
}

/* ---- beginning and end ---- */

enum lk_status lk_video_new(const struct lk_alloc *alloc, const struct lk_video_options *options,
                            struct lk_video **out, struct lk_error *err)
{
    if (options->purpose != LK_REGISTRATION && options->purpose != LK_QUERY)
        return FAIL(err, LK_INVALID, "purpose %u is not known", options->purpose);
    if (options->max_records > LK_MAX_RECORDS ||
        (options->max_records > 0 && options->max_records < LEAST_RECORDS))
        return FAIL(err, LK_INVALID, "%zu records at most; %d to %d may be asked for",
                    options->max_records, LEAST_RECORDS, LK_MAX_RECORDS);
    struct lk_video *v = alloc->alloc(alloc->ctx, sizeof *v);
    if (v == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a video");
    *v = (struct lk_video){.alloc = alloc,
                           .options = *options,
                           .keep_us = KEEP_US,
                           .records = {.size = sizeof(struct lk_record)},
                           .kept = {.size = sizeof(struct kept)}};
    if (v->options.max_records == 0)
        v->options.max_records = LK_MAX_VIDEO_RECORDS;
    if (v->options.query_interval_ms == 0)
        v->options.query_interval_ms = LK_QUERY_INTERVAL_MS;
    *out = v;
    return LK_OK;
}

void lk_video_free(struct lk_video *v)
{
    if (v == NULL)
        return;
    reduced_fini(&v->frame, v->alloc);
    array_fini(v->alloc, &v->records);
    array_fini(v->alloc, &v->kept);
    v->alloc->free(v->alloc->ctx, v, sizeof *v);
}

void lk_video_end(struct lk_video *v, uint32_t duration_ms)
{
    const struct kept *kept = v->kept.p;
    v->report.n_kept = (uint32_t)v->kept.n;
    v->report.is_static = v->kept.n > 0;
    for (size_t i = 1; i < v->kept.n; i++)
        v->report.is_static &= lk_print_distance(&kept[0].print, &kept[i].print) <= STATIC_BITS;
    if (duration_ms > 0)
        v->report.duration_ms = duration_ms;
}

const struct lk_record *lk_video_records(const struct lk_video *v, size_t *n)
{
    *n = v->records.n;
    return v->records.p;
}

struct lk_video_report lk_video_report(const struct lk_video *v)
{
    return v->report;
}

enum lk_status lk_video_refusal(const struct lk_video_report *report, struct lk_error *err)
{
    if (report->n_kept > 0)
        return LK_OK;
    if (report->n_used == 0)
        return FAIL(err, LK_INVALID, "the video has no frame that could be read");
    return FAIL(err, LK_INVALID,
                "the video shows nothing to recognise it by: of %u frames looked at, all are flat",
                report->n_used);
}

/* ---- one frame ---- */

/* Prints of a part of the small plane; false when there is nothing to recognise it by. */
static bool print_part(const struct lk_video *v, const struct lk_rect *part,
                       struct lk_image_prints *out)
{
    struct lk_error unheard;
    if (part->width < FRAME_PRINT_MIN_SIDE || part->height < FRAME_PRINT_MIN_SIDE)
        return false;
    frame_print(&v->frame, part, out);
    return out->quality >= STORED_QUALITY && lk_image_refusal(out, &unheard) == LK_OK;
}

/* Half the sides of a part, in the unit of the whole picture that lies inside the borders. */
static struct lk_frame frame_of(const struct lk_rect *whole, const struct lk_rect *part,
                                unsigned turn)
{
    const uint32_t longest = whole->width > whole->height ? whole->width : whole->height;
    const uint32_t x = (part->width * 128 + longest / 2) / longest;
    const uint32_t y = (part->height * 128 + longest / 2) / longest;
    return (struct lk_frame){.x = (uint8_t)(x > 255 ? 255 : x),
                             .y = (uint8_t)(y > 255 ? 255 : y),
                             .size = 255,
                             .turn = (uint8_t)turn};
}

static enum lk_status put_record(struct lk_video *v, const struct lk_image_prints *prints,
                                 struct lk_frame frame, int64_t time_us, struct lk_error *err)
{
    struct lk_record *r = array_put(v->alloc, &v->records);
    if (r == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the prints of a video");
    *r = (struct lk_record){.print = prints->turn[frame.turn],
                            .time_ms = (uint32_t)(time_us / 1000),
                            .frame = frame,
                            .kind = LK_FRAME,
                            .front_end = LK_TRIMMED,
                            .quality = prints->quality};
    return LK_OK;
}

/* What is left of a part when `percent` of each side are, in the middle. */
static struct lk_rect centre_of(const struct lk_rect *part, uint32_t percent)
{
    struct lk_rect in = {.width = part->width * percent / 100,
                         .height = part->height * percent / 100};
    in.x = part->x + (part->width - in.width) / 2;
    in.y = part->y + (part->height - in.height) / 2;
    return in;
}

static enum lk_status put_other_forms(struct lk_video *v, const struct lk_rect *part,
                                      const struct lk_image_prints *prints, int64_t time_us,
                                      struct lk_error *err)
{
    static const uint8_t crops[] = {90, 80};
    TRY(put_record(v, prints, frame_of(part, part, LK_FLIP_Y), time_us, err));
    for (unsigned i = 0; i < sizeof crops; i++) {
        const struct lk_rect crop = centre_of(part, crops[i]);
        struct lk_image_prints cropped;
        if (print_part(v, &crop, &cropped))
            TRY(put_record(v, &cropped, frame_of(part, &crop, LK_TURN_0), time_us, err));
    }
    return LK_OK;
}

/* The frame as it stands, when borders were cut from it: a still has them too. */
static enum lk_status put_untrimmed(struct lk_video *v, const struct lk_rect *part, int64_t time_us,
                                    struct lk_error *err)
{
    const struct lk_rect all = {0, 0, v->frame.width, v->frame.height};
    struct lk_image_prints prints;
    if (part->width == all.width && part->height == all.height)
        return LK_OK;
    if (!print_part(v, &all, &prints))
        return LK_OK;
    return put_record(v, &prints, frame_of(part, &all, LK_TURN_0), time_us, err);
}

/* What looks like a video within the frame; of a query also where that is only a guess. */
static enum lk_status put_inside(struct lk_video *v, const struct lk_rect *part, int64_t time_us,
                                 struct lk_error *err)
{
    const bool all = v->options.purpose == LK_QUERY;
    struct lk_rect parts[INSIDE_MAX_PARTS];
    const struct lk_rect whole = {0, 0, v->frame.width, v->frame.height};
    size_t n;
    TRY(inside_find(v->alloc, &v->frame, part, all, parts, &n, err));
    for (size_t i = 0; i < n; i++) {
        struct lk_image_prints prints;
        if (print_part(v, &parts[i], &prints))
            TRY(put_record(v, &prints, frame_of(&whole, &parts[i], LK_TURN_0), time_us, err));
    }
    return LK_OK;
}

/* ---- which frames ---- */

/* Drops every second frame that was kept. */
static void thin(struct lk_video *v)
{
    struct lk_record *records = v->records.p;
    struct kept *kept = v->kept.p;
    size_t n_kept = 0, n_records = 0;
    for (size_t i = 0; i < v->kept.n; i += 2) {
        const struct kept k = kept[i];
        memmove(&records[n_records], &records[k.first], k.n * sizeof *records);
        kept[n_kept++] = (struct kept){k.print, (uint32_t)n_records, k.n};
        n_records += k.n;
    }
    v->kept.n = n_kept;
    v->records.n = n_records;
    v->keep_us *= 2;
    if (v->options.query_interval_ms < UINT32_MAX / 2)
        v->options.query_interval_ms *= 2;
}

static bool is_known(const struct lk_video *v, const struct lk_print *print)
{
    const struct kept *kept = v->kept.p;
    for (size_t i = v->kept.n; i > 0; i--)
        if (lk_print_distance(&kept[i - 1].print, print) <= SAME_PICTURE_BITS)
            return true;
    return false;
}

/* Whether a frame with this print lies near none of the last few that were kept. */
static bool is_between(const struct lk_video *v, const struct lk_print *print)
{
    const struct kept *kept = v->kept.p;
    for (size_t i = v->kept.n; i > 0 && v->kept.n - i < N_LAST; i--)
        if (lk_print_distance(&kept[i - 1].print, print) <= BETWEEN_BITS)
            return false;
    return true;
}

/* What registration keeps of a frame with this print. */
enum forms { NO_FORM, AS_IT_IS, ALL_FORMS };

static enum forms forms_of(struct lk_video *v, const struct lk_print *print, int64_t time_us)
{
    const bool is_soon = v->has_last && time_us - v->last_kept_us < v->keep_us;
    const int64_t since_us = time_us - v->last_full_us;
    const bool is_full =
        !v->has_last || since_us >= STILL_US ||
        (since_us >= 2 * v->keep_us && lk_print_distance(&v->last, print) > NEW_PICTURE_BITS);
    if (!is_full && (is_soon || !is_between(v, print)))
        return NO_FORM;
    v->last_kept_us = time_us;
    if (!is_full)
        return is_known(v, print) ? NO_FORM : AS_IT_IS;
    v->last = *print;
    v->last_full_us = time_us;
    v->has_last = true;
    return is_known(v, print) ? NO_FORM : ALL_FORMS;
}

bool lk_video_wants(const struct lk_video *v, int64_t time_us)
{
    return time_us >= v->next_us && time_us / 1000 <= UINT32_MAX;
}

static int64_t pause_us(const struct lk_video *v)
{
    if (v->options.purpose == LK_REGISTRATION)
        return LOOK_US;
    const int64_t interval_us = (int64_t)v->options.query_interval_ms * 1000;
    return v->report.n_used <= QUICK_FRAMES ? interval_us / 2 : interval_us;
}

static enum lk_status keep(struct lk_video *v, const struct lk_rect *part,
                           const struct lk_image_prints *prints, enum forms forms, int64_t time_us,
                           struct lk_error *err)
{
    if (v->records.n + MAX_PER_FRAME > v->options.max_records)
        thin(v);
    const uint32_t first = (uint32_t)v->records.n;
    TRY(put_record(v, prints, frame_of(part, part, LK_TURN_0), time_us, err));
    TRY(put_untrimmed(v, part, time_us, err));
    if (forms == ALL_FORMS)
        TRY(put_inside(v, part, time_us, err));
    if (v->options.purpose == LK_REGISTRATION && forms == ALL_FORMS)
        TRY(put_other_forms(v, part, prints, time_us, err));
    struct kept *k = array_put(v->alloc, &v->kept);
    if (k == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the prints of a video");
    *k = (struct kept){prints->turn[LK_TURN_0], first, (uint32_t)v->records.n - first};
    return LK_OK;
}

enum lk_status lk_video_put(struct lk_video *v, const struct lk_luma *luma, int64_t time_us,
                            struct lk_error *err)
{
    struct lk_image_prints prints;
    v->report.n_frames++;
    if (!lk_video_wants(v, time_us))
        return LK_OK;
    TRY(reduced_set(&v->frame, v->alloc, luma, err));
    const struct lk_rect part = borders_update(&v->borders, &v->frame);
    const bool fine = print_part(v, &part, &prints);
    v->report.n_used++;
    v->report.n_flat += !fine;
    v->report.duration_ms = (uint32_t)(time_us / 1000);
    if (fine) {
        const bool is_query = v->options.purpose == LK_QUERY;
        const enum forms forms =
            is_query ? ALL_FORMS : forms_of(v, &prints.turn[LK_TURN_0], time_us);
        if (forms != NO_FORM)
            TRY(keep(v, &part, &prints, forms, time_us, err));
    }
    v->next_us = time_us + pause_us(v);
    return LK_OK;
}
