/* media/media.h - from the bytes of a file to pixels, or to prints over time, without trusting
 * them.
 *
 * Decoders are where hostile files bite, so none runs in this process. struct media owns a warmed
 * helper process (likeness-decode); each decode happens in a fresh fork of it that has no files, no
 * network, little memory and little time, and may only read its input and write its answer
 * (docs/internals/media.md). Whatever it answers is checked again here.
 *
 * The format is told from the bytes, never from a name: JPEG, PNG, WebP, GIF, HEIC, AVIF, TIFF,
 * BMP, and PNM (P5, P6). The first frame of an animation counts. Transparent pixels are laid over
 * white, colours are taken as they stand (no colour management), and the orientation that the
 * file states is applied unless the caller says otherwise. */
#ifndef MEDIA_MEDIA_H
#define MEDIA_MEDIA_H

#include <likeness/audio.h>
#include <likeness/image.h>
#include <likeness/status.h>
#include <likeness/video.h>
#include <stdbool.h>
#include <stdint.h>

struct media; /* opaque */

/* What one decode may use. A limit of 0 stands for its default. */
struct media_limits {
    uint64_t max_bytes;    /* size of the file; default 64 MiB, at most 1 GiB */
    uint64_t max_pixels;   /* width * height as the file states them; default 100 million */
    uint64_t memory_bytes; /* of the decoding process, its output included; default 1 GiB */
    uint32_t timeout_ms;   /* from asking until the pixels are here; default 20,000 */
    /* Of video and sound, which are read as they are decoded; pixels and memory as above. */
    uint64_t prints_max_bytes;  /* default 16 GiB */
    uint32_t prints_timeout_ms; /* default 3,600,000: an hour */
    uint32_t max_duration_ms;   /* default 43,200,000: twelve hours */
};

struct media_request {
    /* What the pixels are for. LK_SCALED lets a decoder reduce a large picture as the front end's
     * own rule says (lk_image_reduction); anything else gets full size. */
    enum lk_front_end front_end;
    bool ignore_orientation; /* leave the pixels as they are stored */
};

/* A decoded picture. Owns its pixels: media_image_fini(). */
struct media_image {
    struct lk_pixels pixels; /* one channel when the source has no colour or only luma was decoded,
                                else three; reduced_by as lk_image_print() wants it */
    /* As stored: before reduction and orientation; HEIC and AVIF as their decoder turned them. */
    uint32_t source_width, source_height;
    uint8_t orientation; /* 1..8 as in EXIF; 1 when none, or already applied by the
                            format's own decoder (HEIC, AVIF) */
    const char *format;  /* "jpeg" "png" "webp" "gif" "heic" "avif" "tiff" "bmp" "pnm";
                            a constant */
};

/* Starts the helper process. worker_path NULL: the environment's LIKENESS_DECODE, else the file
 * "likeness-decode" beside the running program, or ../libexec/likeness/ from there.
 * limits NULL: all defaults.
 * Errors: LK_NOT_FOUND (names where it looked), LK_INVALID (limits), LK_IO, LK_NOMEM, LK_INTERNAL
 * (the helper did not come up).
 * Costs a process start, about 20 ms. The helper dies with this process, or when it is closed. */
enum lk_status media_open(const char *worker_path, const struct media_limits *limits,
                          struct media **out, struct lk_error *err) LK_MUST_CHECK;

/* Ends the helper and waits for it. No decode may be running. NULL is fine. */
void media_close(struct media *m);

/* Decodes the picture that can be read from fd, from its current position to its end; fd may be
 * a file, a pipe or a memfd, and stays open. *out is written only on success.
 * Errors: LK_CORRUPT (empty, cut short, damaged: never half a picture), LK_UNSUPPORTED (no format
 * we know), LK_LIMIT (the text names the limit and its value), LK_TIMEOUT, LK_INTERNAL (the decoder
 * died; the text names the signal), LK_IO, LK_NOMEM. After any of them the next decode works again.
 * Threads: any number at once; each decode is a process of its own. */
enum lk_status media_decode(struct media *m, int fd, const struct media_request *req,
                            struct media_image *out, struct lk_error *err) LK_MUST_CHECK;

/* The same for bytes in memory. */
enum lk_status media_decode_bytes(struct media *m, const void *bytes, size_t n,
                                  const struct media_request *req, struct media_image *out,
                                  struct lk_error *err) LK_MUST_CHECK;

/* A descriptor that can be read at any place, for what comes from `fd`: a copy of a file's
 * descriptor, or all that a pipe has (1 GiB at most), in memory. The caller closes it.
 * Errors: LK_LIMIT, LK_IO. */
enum lk_status media_spool(int fd, int *out, struct lk_error *err) LK_MUST_CHECK;

/* What a file is by its first bytes (MEDIA_HEAD_BYTES of them, fewer when it has no more): an
 * image; a video or a recording, which only media_prints() can tell apart; or 0: no format known
 * here. A GIF counts as a video: media_prints() says when it is a single picture. Compares a few
 * bytes with constants, nothing else. */
#define MEDIA_HEAD_BYTES 1024
enum media_sort { MEDIA_UNKNOWN = 0, MEDIA_PICTURE = 1, MEDIA_TIMED = 2 };
enum media_sort media_sort_of(const uint8_t *head, size_t n);

struct media_prints_request {
    uint8_t purpose;            /* enum lk_purpose */
    bool ignore_orientation;    /* leave the frames as they are stored */
    uint32_t query_interval_ms; /* between the frames of a query; 0: as lk_video_options */
    /* Told how far it is, rising, 1..99, in the caller's thread; may be NULL. */
    void (*progress)(void *ctx, unsigned percent);
    void *progress_ctx;
};

/* The prints of a video or a recording. Owns its records: media_prints_fini(). */
struct media_prints {
    struct lk_sequence sequence; /* medium: LK_VIDEO, or LK_AUDIO where there is only sound */
    struct lk_record *records;   /* those of the sequence */
    const char
        *format; /* "mp4" "webm" "avi" "mpeg-ts" "gif" "mp3" "aac" "ogg" "flac" "wav" "amr" */
    uint32_t width, height;       /* of a video, as stored; else 0 */
    struct lk_video_report video; /* all zero where there are no pictures */
    struct lk_audio_report sound; /* likewise */
    uint32_t warnings;            /* bits: media_warning_text() */
};

/* Makes the prints of the video or recording in fd, a file or a memfd (media_spool), which is read
 * from its beginning whatever its position. Decoded and fingerprinted in the jail; what comes back
 * is checked.
 *
 * A file that is cut short or damaged gives the prints of what could be read, and warnings.
 * Errors: as media_decode(); LK_CORRUPT (nothing could be read), LK_UNSUPPORTED (no format we know;
 * no track of a kind that is decoded here; a single picture in a GIF), LK_INVALID (nothing to
 * recognise it by: flat, too quiet, too short), LK_LIMIT (bytes, pixels, duration, frames, streams,
 * memory). Threads: any number at once. */
enum lk_status media_prints(struct media *m, int fd, const struct media_prints_request *req,
                            struct media_prints *out, struct lk_error *err) LK_MUST_CHECK;
void media_prints_fini(struct media_prints *prints);

/* The words of the lowest warning in *warnings, which is taken out; NULL when none is left. */
const char *media_warning_text(uint32_t *warnings);

/* Gives the pixels back; *image may be all zero. */
void media_image_fini(struct media_image *image);

/* The limits in force, defaults filled in. */
struct media_limits media_limits(const struct media *m);

#endif
