/* media/media.h - from the bytes of a picture file to pixels, without trusting them.
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

#include <likeness/image.h>
#include <likeness/status.h>
#include <stdbool.h>
#include <stdint.h>

struct media; /* opaque */

/* What one decode may use. A limit of 0 stands for its default. */
struct media_limits {
    uint64_t max_bytes;    /* size of the file; default 64 MiB, at most 1 GiB */
    uint64_t max_pixels;   /* width * height as the file states them; default 100 million */
    uint64_t memory_bytes; /* of the decoding process, its output included; default 1 GiB */
    uint32_t timeout_ms;   /* from asking until the pixels are here; default 20,000 */
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

/* Gives the pixels back; *image may be all zero. */
void media_image_fini(struct media_image *image);

/* The limits in force, defaults filled in. */
struct media_limits media_limits(const struct media *m);

#endif
