/* likeness/video.h - from the frames of a video to prints over time.
 *
 * A frame's print is PDQ of its luma, borders cut off and reduced by the mean of squares, so that
 * it lies within a few bits of the whole print of the same still: stills are looked up among
 * frames.
 *
 *   registration  every change is kept: a frame whose print differs by more than 48 bits from the
 *                 last one kept so, or that comes 2 seconds after it, in all forms: as it is,
 *                 mirrored, and two centre crops; and as it is alone, a frame that differs by more
 *                 than 27 bits from the last few kept, up to 15 a second. So a query frame or a
 *                 still from anywhere in the video has a near one.
 *   query         a frame every query_interval_ms.
 *
 * Where borders were cut, both keep the frame with them, too; and where a video is shown within the
 * frame (under a caption, in a page, in a corner), that part by itself.
 *
 * Dense on one side is enough: docs/internals/video-prints.md has the measurements. */
#ifndef LIKENESS_VIDEO_H
#define LIKENESS_VIDEO_H

#include <likeness/fingerprint.h>

/* Of one video, unless the caller allows other numbers; thinned evenly when there would be more. */
#define LK_MAX_VIDEO_RECORDS 24000

#define LK_QUERY_INTERVAL_MS 500

/* The luma of one frame, 8 bits a pixel, of whatever range. Borrowed. */
struct lk_luma {
    const uint8_t *data;
    uint32_t width, height; /* 1 .. LK_MAX_SIDE, as stored */
    size_t stride_bytes;    /* >= width */
    uint8_t orientation;    /* 1..8 as in EXIF, to be applied; 0: as 1 */
};

struct lk_video_options {
    uint8_t purpose;            /* enum lk_purpose */
    uint32_t query_interval_ms; /* 0: LK_QUERY_INTERVAL_MS; the first six come twice as fast */
    size_t max_records;         /* 0: LK_MAX_VIDEO_RECORDS; else 16 .. LK_MAX_RECORDS */
};

struct lk_video_report {
    uint32_t duration_ms;
    uint32_t n_frames; /* that were handed over */
    uint32_t n_used;   /* of them, those that a print was made of */
    uint32_t n_flat;   /* of them, those with too little structure to say anything */
    uint32_t n_kept;   /* of them, those that have records */
    bool is_static;    /* all that was kept shows one picture */
};

struct lk_video; /* opaque: a video on its way to prints */

/* Errors: LK_INVALID (purpose, max_records), LK_NOMEM. */
enum lk_status lk_video_new(const struct lk_alloc *alloc, const struct lk_video_options *options,
                            struct lk_video **out, struct lk_error *err) LK_MUST_CHECK;

/* Whether the frame shown at this time would be used: its pixels need not be made if not. */
bool lk_video_wants(const struct lk_video *v, int64_t time_us);

/* Hands over a frame, at its presentation time from the beginning of the video. Frames before 0,
 * and frames that are not wanted, are passed over; frames are to come in the order they are shown,
 * and one that comes late is passed over. Cost: one pass over the pixels and about 0.1 ms.
 * Errors: LK_INVALID (sizes, stride, orientation), LK_NOMEM. */
enum lk_status lk_video_put(struct lk_video *v, const struct lk_luma *luma, int64_t time_us,
                            struct lk_error *err) LK_MUST_CHECK;

/* No more frames. duration_ms 0: until the last frame. */
void lk_video_end(struct lk_video *v, uint32_t duration_ms);

/* After lk_video_end(): the records, in time order, borrowed until lk_video_free(). */
const struct lk_record *lk_video_records(const struct lk_video *v, size_t *n);
struct lk_video_report lk_video_report(const struct lk_video *v);

/* Whether there is anything to register or search by: LK_OK, or LK_INVALID with the reason. */
enum lk_status lk_video_refusal(const struct lk_video_report *report,
                                struct lk_error *err) LK_MUST_CHECK;

/* NULL is fine. */
void lk_video_free(struct lk_video *v);

#endif
