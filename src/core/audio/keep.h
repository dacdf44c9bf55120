/* core/audio/keep.h - which blocks of a recording become records, in memory that does not grow.
 *
 * How loud is loud is known only when the recording has ended; until then all prints are kept that
 * might do, with their loudness, and what is over the number allowed is thinned out evenly.
 * Loudness is counted in 16 steps an octave, which are read off the bits of a float. */
#ifndef CORE_AUDIO_KEEP_H
#define CORE_AUDIO_KEEP_H

#include "core/audio/block.h"

#include <likeness/audio.h>

enum {
    FRAME_MS = 16,
    LOUDNESS_OCTAVE = 16,
    LOUDNESS_BINS = 4096,
};

struct keep {
    const struct lk_alloc *alloc;
    uint8_t purpose;
    unsigned level; /* how often the stride was doubled, or the pauses between bursts */
    size_t n, n_room, n_max;
    struct lk_record *records; /* n_room; after them as many loudnesses */
    uint16_t *loudness;
    uint64_t n_blocks, n_refused;
    uint64_t n_frames[LOUDNESS_BINS]; /* that were so loud; silent ones are not counted */
    uint64_t n_loud[LOUDNESS_BINS];   /* blocks that gave a print and were so loud */
};

void keep_init(struct keep *k, const struct lk_alloc *alloc,
               const struct lk_audio_options *options);
void keep_fini(struct keep *k);

void keep_frame(struct keep *k, float power);

/* Frames from one block to the next. */
uint32_t keep_stride(const struct keep *k);

/* Whether a print of the block that begins with this frame would be kept. */
bool keep_wants(const struct keep *k, uint64_t frame);

/* Counts the block, and keeps its print; NULL: it gave none. Errors: LK_NOMEM. */
enum lk_status keep_block(struct keep *k, uint64_t frame, const struct block_print *print,
                          struct lk_error *err) LK_MUST_CHECK;

/* Counts silent blocks. */
void keep_silence(struct keep *k, uint64_t n_blocks);

/* Removes what was too quiet, and fills the report but for the duration. */
void keep_end(struct keep *k, struct lk_audio_report *report);

#endif
