/* Thinning. Blocks of a registration are numbered by their stride: at level l those stay whose
 * number is a multiple of 2^l. Blocks of a query are numbered in bursts of 1.024 seconds, so that
 * in a burst one of them is near each registered block: at level l the bursts stay whose number is
 * a multiple of 2^l. */
#include "core/audio/keep.h"

#include "base/err.h"

#include <string.h>

enum {
    REGISTERED_FRAMES = LK_AUDIO_REGISTERED_MS / FRAME_MS,
    QUERY_FRAMES = LK_AUDIO_QUERY_MS / FRAME_MS,
    BURST_FRAMES = LK_AUDIO_BLOCK_MS / FRAME_MS,
    FIRST_ROOM = 64,
    MAX_LEVEL = 31,
    LOUDNESS_SHIFT = 19,
    QUIET = 10 * LOUDNESS_OCTAVE, /* 30 dB below the loud parts */
    LOUD_PERCENT = 95,
    OVERLAP_FRAMES = 3, /* a frame is as long as four hops */
};

void keep_init(struct keep *k, const struct lk_alloc *alloc, const struct lk_audio_options *options)
{
    *k = (struct keep){
        .alloc = alloc,
        .purpose = options->purpose,
        .n_max = options->max_records != 0 ? options->max_records : LK_MAX_AUDIO_RECORDS,
    };
}

static size_t room_bytes(size_t n)
{
    return n * (sizeof(struct lk_record) + sizeof(uint16_t));
}

void keep_fini(struct keep *k)
{
    if (k->records != NULL)
        k->alloc->free(k->alloc->ctx, k->records, room_bytes(k->n_room));
    k->records = NULL;
}

static unsigned loudness(float power)
{
    uint32_t bits;
    memcpy(&bits, &power, sizeof bits);
    return bits >> LOUDNESS_SHIFT;
}

void keep_frame(struct keep *k, float power)
{
    if (power > 0)
        k->n_frames[loudness(power)]++;
}

uint32_t keep_stride(const struct keep *k)
{
    return k->purpose == LK_REGISTRATION ? REGISTERED_FRAMES : QUERY_FRAMES;
}

bool keep_wants(const struct keep *k, uint64_t frame)
{
    const uint32_t unit = k->purpose == LK_REGISTRATION ? REGISTERED_FRAMES : BURST_FRAMES;
    return frame / unit % (UINT64_C(1) << k->level) == 0;
}

static void thin(struct keep *k)
{
    size_t n = 0;
    k->level++;
    for (size_t i = 0; i < k->n; i++)
        if (keep_wants(k, k->records[i].time_ms / FRAME_MS)) {
            k->records[n] = k->records[i];
            k->loudness[n++] = k->loudness[i];
        }
    k->n = n;
}

static enum lk_status grow(struct keep *k, struct lk_error *err)
{
    size_t n_room = k->n_room == 0 ? FIRST_ROOM : 2 * k->n_room;
    if (n_room > k->n_max)
        n_room = k->n_max;
    struct lk_record *records = k->alloc->alloc(k->alloc->ctx, room_bytes(n_room));
    if (records == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %zu prints of a recording", n_room);
    uint16_t *loud = (uint16_t *)(void *)(records + n_room);
    if (k->n > 0) {
        memcpy(records, k->records, k->n * sizeof *records);
        memcpy(loud, k->loudness, k->n * sizeof *loud);
    }
    keep_fini(k);
    k->records = records;
    k->loudness = loud;
    k->n_room = n_room;
    return LK_OK;
}

enum lk_status keep_block(struct keep *k, uint64_t frame, const struct block_print *print,
                          struct lk_error *err)
{
    k->n_blocks++;
    if (print == NULL) {
        k->n_refused++;
        return LK_OK;
    }
    const unsigned loud = loudness(print->power);
    k->n_loud[loud]++;
    while (k->n == k->n_max && k->level < MAX_LEVEL)
        thin(k);
    if (k->n == k->n_max || !keep_wants(k, frame))
        return LK_OK;
    if (k->n == k->n_room)
        TRY(grow(k, err));
    k->loudness[k->n] = (uint16_t)loud;
    k->records[k->n++] = (struct lk_record){
        .print = print->print,
        .time_ms = (uint32_t)(frame * FRAME_MS),
        .frame = {.x = 128, .y = 128, .size = 255},
        .kind = LK_SOUND,
        .quality = print->quality,
    };
    return LK_OK;
}

void keep_silence(struct keep *k, uint64_t n_blocks)
{
    k->n_blocks += n_blocks;
    k->n_refused += n_blocks;
}

static uint32_t clamp_u32(uint64_t n)
{
    return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

/* The least loudness that is not quiet: 30 dB below that which 95 of 100 frames do not exceed. */
static unsigned least_loudness(const struct keep *k)
{
    uint64_t n = 0, below = 0;
    unsigned bin = 0;
    for (unsigned i = 0; i < LOUDNESS_BINS; i++)
        n += k->n_frames[i];
    while (bin < LOUDNESS_BINS - 1 && (below += k->n_frames[bin]) * 100 < n * LOUD_PERCENT)
        bin++;
    const unsigned quiet = bin > QUIET ? bin - QUIET : 0, silent = loudness(BLOCK_LEAST_POWER);
    return quiet > silent ? quiet : silent;
}

void keep_end(struct keep *k, struct lk_audio_report *report)
{
    const unsigned least = least_loudness(k);
    uint64_t n_active = 0, n_quiet = 0;
    size_t n = 0;
    for (unsigned i = 0; i < LOUDNESS_BINS; i++)
        if (i < least)
            n_quiet += k->n_loud[i];
        else
            n_active += k->n_frames[i];
    for (size_t i = 0; i < k->n; i++)
        if (k->loudness[i] >= least)
            k->records[n++] = k->records[i];
    k->n = n;
    report->n_blocks = clamp_u32(k->n_blocks);
    report->n_gated = clamp_u32(k->n_refused + n_quiet);
    report->active_ms = n_active == 0 ? 0 : clamp_u32((n_active + OVERLAP_FRAMES) * FRAME_MS);
}
