/* The answer, little endian, 64 bytes, followed by height * width * channels bytes of pixels when
 * the reason is 0:
 *
 *    0        4        8        12       16          20           24 25 26 27    28 .. 63
 *   +--------+--------+--------+--------+-----------+------------+--+--+--+--+------------+
 *   | "LKJ1" | reason | width  | height | source w. | source h.  |fo|ch|or|re| zeros      |
 *   +--------+--------+--------+--------+-----------+------------+--+--+--+--+------------+
 *   fo: format  ch: channels  or: orientation  re: reduced by                              */
#include "wire.h"

#include "base/err.h"

#include <likeness/image.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

static void put_u32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static uint32_t get_u32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static const char *const format_names[WIRE_N_FORMATS] = {
    [WIRE_UNKNOWN] = "unknown", [WIRE_JPEG] = "jpeg",       [WIRE_PNG] = "png",
    [WIRE_WEBP] = "webp",       [WIRE_GIF] = "gif",         [WIRE_HEIC] = "heic",
    [WIRE_AVIF] = "avif",       [WIRE_TIFF] = "tiff",       [WIRE_BMP] = "bmp",
    [WIRE_PNM] = "pnm",         [WIRE_MP4] = "mp4",         [WIRE_WEBM] = "webm",
    [WIRE_AVI] = "avi",         [WIRE_MPEG_TS] = "mpeg-ts", [WIRE_MP3] = "mp3",
    [WIRE_AAC] = "aac",         [WIRE_OGG] = "ogg",         [WIRE_FLAC] = "flac",
    [WIRE_WAV] = "wav",         [WIRE_AMR] = "amr",
};

const char *wire_format_name(unsigned format)
{
    return format_names[format < WIRE_N_FORMATS ? format : WIRE_UNKNOWN];
}

void wire_answer_put(const struct wire_answer *answer, uint8_t bytes[WIRE_ANSWER_BYTES])
{
    memset(bytes, 0, WIRE_ANSWER_BYTES);
    put_u32(bytes, WIRE_MAGIC);
    put_u32(bytes + 4, answer->reason);
    put_u32(bytes + 8, answer->width);
    put_u32(bytes + 12, answer->height);
    put_u32(bytes + 16, answer->source_width);
    put_u32(bytes + 20, answer->source_height);
    bytes[24] = answer->format;
    bytes[25] = answer->channels;
    bytes[26] = answer->orientation;
    bytes[27] = answer->reduced_by;
}

/* Can a picture like this come of such a job? */
static bool is_plausible(const struct wire_answer *a, const struct wire_job *job)
{
    if (a->format == WIRE_UNKNOWN || a->format >= WIRE_N_PICTURE_FORMATS)
        return false;
    if (a->channels != 1 && a->channels != 3)
        return false;
    if (a->orientation < 1 || a->orientation > 8)
        return false;
    if (a->source_width == 0 || a->source_width > LK_MAX_SIDE || a->source_height == 0 ||
        a->source_height > LK_MAX_SIDE)
        return false;
    if ((uint64_t)a->source_width * a->source_height > job->max_pixels)
        return false;
    if (a->reduced_by != 1 &&
        (job->front_end != LK_SCALED ||
         a->reduced_by != lk_image_reduction(a->source_width, a->source_height)))
        return false;
    uint32_t width = (a->source_width + a->reduced_by - 1) / a->reduced_by;
    uint32_t height = (a->source_height + a->reduced_by - 1) / a->reduced_by;
    bool on_its_side = a->orientation >= 5 && !job->ignore_orientation;
    return a->width == (on_its_side ? height : width) &&
           a->height == (on_its_side ? width : height);
}

enum lk_status wire_answer_get(const uint8_t bytes[WIRE_ANSWER_BYTES], const struct wire_job *job,
                               struct wire_answer *out, struct lk_error *err)
{
    struct wire_answer a = {
        .reason = get_u32(bytes + 4),
        .width = get_u32(bytes + 8),
        .height = get_u32(bytes + 12),
        .source_width = get_u32(bytes + 16),
        .source_height = get_u32(bytes + 20),
        .format = bytes[24],
        .channels = bytes[25],
        .orientation = bytes[26],
        .reduced_by = bytes[27],
    };
    bool is_known = get_u32(bytes) == WIRE_MAGIC && a.reason < WIRE_N_REASONS;
    if (!is_known || (a.reason == WIRE_FINE && !is_plausible(&a, job)))
        return FAIL(err, LK_INTERNAL,
                    "the picture decoder gave an answer that cannot be true; "
                    "the file may be an attack on it");
    *out = a;
    return LK_OK;
}

static unsigned long long mib(uint64_t n_bytes)
{
    return (unsigned long long)(n_bytes >> 20);
}

enum lk_status wire_refusal(const struct wire_answer *answer, const struct wire_job *job,
                            struct lk_error *err)
{
    const char *name = wire_format_name(answer->format);
    switch ((enum wire_reason)answer->reason) {
    case WIRE_EMPTY:
        return FAIL(err, LK_CORRUPT, "the file is empty");
    case WIRE_NO_FORMAT:
        return FAIL(err, LK_UNSUPPORTED,
                    "not a picture in a format known here (jpeg, png, webp, gif, heic, avif, "
                    "tiff, bmp, pnm)");
    case WIRE_CUT_SHORT:
        return FAIL(err, LK_CORRUPT, "the %s picture is cut short", name);
    case WIRE_DAMAGED:
        return FAIL(err, LK_CORRUPT, "the %s picture is damaged", name);
    case WIRE_VARIANT:
        return FAIL(err, LK_UNSUPPORTED, "this variant of %s is not supported", name);
    case WIRE_TOO_MANY_BYTES:
        return FAIL(err, LK_LIMIT, "the file is larger than the limit of %llu bytes (max_bytes)",
                    (unsigned long long)job->max_bytes);
    case WIRE_TOO_MANY_PIXELS:
        return FAIL(err, LK_LIMIT,
                    "the picture is %u x %u, more than the limit of %llu pixels (max_pixels)",
                    answer->source_width, answer->source_height,
                    (unsigned long long)job->max_pixels);
    case WIRE_TOO_LONG_SIDE:
        return FAIL(err, LK_LIMIT, "the picture is %u x %u, a side is limited to %u pixels",
                    answer->source_width, answer->source_height, LK_MAX_SIDE);
    case WIRE_NO_MEMORY:
        return FAIL(err, LK_LIMIT,
                    "decoding takes more than the limit of %llu MiB of memory (memory_bytes)",
                    mib(job->memory_bytes));
    case WIRE_READ_FAILED:
        return FAIL(err, LK_IO, "the file could not be read to its end");
    default:
        break;
    }
    return FAIL(err, LK_INTERNAL, "the picture decoder gave no reason");
}

enum lk_status wire_death(const struct wire_verdict *verdict, const struct wire_job *job,
                          struct lk_error *err)
{
    if (verdict == NULL || verdict->magic != WIRE_MAGIC)
        return FAIL(err, LK_INTERNAL,
                    "the picture decoder ended unexpectedly; it starts again with the next file");
    int how = verdict->wait_status;
    bool cpu_used_up = WIFSIGNALED(how) && WTERMSIG(how) == SIGXCPU;
    if (verdict->timed_out || cpu_used_up)
        return FAIL(err, LK_TIMEOUT, "decoding took longer than the limit of %u ms (timeout_ms)",
                    job->timeout_ms);
    if (WIFSIGNALED(how)) {
        const char *name = sigabbrev_np(WTERMSIG(how));
        return FAIL(err, LK_INTERNAL,
                    "the picture decoder died of signal %d (SIG%s) on this file; the file may be "
                    "an attack on it",
                    WTERMSIG(how), name != NULL ? name : "?");
    }
    return FAIL(err, LK_INTERNAL, "the picture decoder stopped without an answer (exit code %d)",
                WEXITSTATUS(how));
}
