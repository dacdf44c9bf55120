/* The answer with prints, little endian, 80 bytes: "LKJ2", then the numbers of struct wire_prints
 * in their order, four bytes each, then format and is_static, zeros. */
#include "wire.h"

#include "base/err.h"

#include <likeness/print.h>
#include <string.h>

enum { N_NUMBERS = 15, NUMBERS_AT = 4, FORMAT_AT = NUMBERS_AT + 4 * N_NUMBERS };

/* The longest binary form of a sequence without digests. */
enum { MAX_SEQUENCE_BYTES = 16 + LK_MAX_RECORDS * LK_RECORD_MAX_BYTES };

static void put_u32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static uint32_t get_u32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* One list of the members for both ways. */
static void numbers_of(struct wire_prints *a, uint32_t *at[N_NUMBERS])
{
    uint32_t *const all[N_NUMBERS] = {
        &a->reason,      &a->percent,  &a->n_bytes,   &a->width,    &a->height,
        &a->duration_ms, &a->warnings, &a->n_frames,  &a->n_used,   &a->n_flat,
        &a->n_kept,      &a->sound_ms, &a->active_ms, &a->n_blocks, &a->n_gated,
    };
    memcpy(at, all, sizeof all);
}

void wire_prints_put(const struct wire_prints *answer, uint8_t bytes[WIRE_PRINTS_BYTES])
{
    struct wire_prints a = *answer;
    uint32_t *numbers[N_NUMBERS];
    numbers_of(&a, numbers);
    memset(bytes, 0, WIRE_PRINTS_BYTES);
    put_u32(bytes, WIRE_MAGIC);
    for (size_t i = 0; i < N_NUMBERS; i++)
        put_u32(bytes + NUMBERS_AT + 4 * i, *numbers[i]);
    bytes[FORMAT_AT] = a.format;
    bytes[FORMAT_AT + 1] = a.is_static;
}

static bool is_plausible(const struct wire_prints *a, const struct wire_job *job)
{
    if (a->percent > 100 || a->n_bytes > MAX_SEQUENCE_BYTES || a->warnings > WIRE_WARN_ALL)
        return false;
    if (a->n_bytes == 0) /* only how far it has come */
        return a->reason != WIRE_FINE || a->percent < 100;
    return a->reason == WIRE_FINE && a->format != WIRE_UNKNOWN && a->format < WIRE_N_FORMATS &&
           a->is_static <= 1 && (uint64_t)a->width * a->height <= job->max_pixels &&
           a->duration_ms <= job->max_duration_ms && a->sound_ms <= job->max_duration_ms &&
           a->active_ms <= a->sound_ms && a->n_gated <= a->n_blocks && a->n_used <= a->n_frames &&
           a->n_flat <= a->n_used && a->n_kept <= a->n_used;
}

enum lk_status wire_prints_get(const uint8_t bytes[WIRE_PRINTS_BYTES], const struct wire_job *job,
                               struct wire_prints *out, struct lk_error *err)
{
    struct wire_prints a;
    uint32_t *numbers[N_NUMBERS];
    memset(&a, 0, sizeof a);
    numbers_of(&a, numbers);
    for (size_t i = 0; i < N_NUMBERS; i++)
        *numbers[i] = get_u32(bytes + NUMBERS_AT + 4 * i);
    a.format = bytes[FORMAT_AT];
    a.is_static = bytes[FORMAT_AT + 1];
    if (get_u32(bytes) != WIRE_MAGIC || a.reason >= WIRE_N_REASONS || !is_plausible(&a, job))
        return FAIL(err, LK_INTERNAL,
                    "the media decoder gave an answer that cannot be true; the file may be an "
                    "attack on it");
    *out = a;
    return LK_OK;
}

static enum lk_status says_nothing(const struct wire_prints *a, struct lk_error *err)
{
    if (a->n_used > 0 && a->sound_ms == 0)
        return FAIL(err, LK_INVALID,
                    "there is nothing to recognise the video by: of %u frames looked at, %u are "
                    "flat, and it has no sound",
                    a->n_used, a->n_flat);
    if (a->n_used > 0)
        return FAIL(err, LK_INVALID,
                    "there is nothing to recognise the video by: of %u frames looked at, %u are "
                    "flat, and its sound is too short or too quiet (%u ms are active, 3000 are "
                    "needed)",
                    a->n_used, a->n_flat, a->active_ms);
    return FAIL(err, LK_INVALID,
                "there is nothing to recognise the recording by: %u ms of it are active, 3000 are "
                "needed, and %u of %u blocks are too quiet",
                a->active_ms, a->n_gated, a->n_blocks);
}

enum lk_status wire_prints_refusal(const struct wire_prints *a, const struct wire_job *job,
                                   struct lk_error *err)
{
    const char *name = wire_format_name(a->format);
    switch ((enum wire_reason)a->reason) {
    case WIRE_NO_FORMAT:
        return FAIL(err, LK_UNSUPPORTED,
                    "neither a picture nor a video or recording in a format known here (mp4, mov, "
                    "webm, mkv, avi, mpeg-ts, gif, mp3, m4a, aac, ogg, opus, flac, wav, amr)");
    case WIRE_CUT_SHORT:
        return FAIL(err, LK_CORRUPT, "the %s file is cut short before anything could be read",
                    name);
    case WIRE_DAMAGED:
        return FAIL(err, LK_CORRUPT, "the %s file is damaged: nothing in it could be read", name);
    case WIRE_NO_TRACK:
        return FAIL(err, LK_UNSUPPORTED,
                    "the %s file has neither pictures nor sound of a kind that is decoded here",
                    name);
    case WIRE_TOO_LONG:
        return FAIL(err, LK_LIMIT, "the file plays for %u s, the limit is %u s (max_duration_ms)",
                    a->duration_ms / 1000, job->max_duration_ms / 1000);
    case WIRE_TOO_MANY_FRAMES:
        return FAIL(err, LK_LIMIT, "the video has more than %u frames, which is the limit",
                    WIRE_MAX_FRAMES);
    case WIRE_TOO_MANY_STREAMS:
        return FAIL(err, LK_LIMIT, "the file has more than %u streams, which is the limit",
                    WIRE_MAX_STREAMS);
    case WIRE_TOO_MANY_PIXELS:
        return FAIL(err, LK_LIMIT,
                    "a frame is %u x %u, more than the limit of %llu pixels (max_pixels)", a->width,
                    a->height, (unsigned long long)job->max_pixels);
    case WIRE_SAYS_NOTHING:
        return says_nothing(a, err);
    case WIRE_ONE_PICTURE:
        return FAIL(err, LK_UNSUPPORTED, "the %s file is a single picture", name);
    case WIRE_EMPTY:
    case WIRE_TOO_MANY_BYTES:
    case WIRE_NO_MEMORY:
    case WIRE_READ_FAILED: {
        const struct wire_answer same = {.reason = a->reason, .format = a->format};
        return wire_refusal(&same, job, err);
    }
    default:
        return FAIL(err, LK_INTERNAL, "the media decoder gave no reason");
    }
}

const char *wire_warning_text(unsigned bit)
{
    switch ((enum wire_warning)bit) {
    case WIRE_WARN_CUT_SHORT:
        return "the file is cut short: prints were made of what could be read";
    case WIRE_WARN_DAMAGED:
        return "the file is damaged in places: prints were made of what could be read";
    case WIRE_WARN_NO_PICTURES:
        return "its pictures are of a kind that is not decoded here: prints were made of the sound "
               "alone";
    case WIRE_WARN_NO_SOUND:
        return "its sound is of a kind that is not decoded here: prints were made of the pictures "
               "alone";
    case WIRE_WARN_CHANGES:
        return "its sound changes its form: prints of it were made up to there";
    case WIRE_WARN_QUIET:
        return "its sound is too short or too quiet: prints were made of the pictures alone";
    case WIRE_WARN_FLAT:
        return "its pictures are flat: prints were made of the sound alone";
    case WIRE_WARN_ALL:
        break;
    }
    return NULL;
}
