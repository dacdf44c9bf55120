/* core/audio/block.h - from 1.024 seconds of spectra to a print. */
#ifndef CORE_AUDIO_BLOCK_H
#define CORE_AUDIO_BLOCK_H

#include "core/audio/audio_tables.h"

#include <likeness/print.h>

/* Of a block or a frame: less is silence. About 90 dB below full scale. */
#define BLOCK_LEAST_POWER 0x1p-20f

/* A block, row after row. */
struct block {
    const float (*roots)[AUDIO_BANDS]; /* AUDIO_BLOCK rows: spectrum_frame.roots */
    const float *powers;               /* AUDIO_BLOCK of them */
};

struct block_print {
    struct lk_print print;
    float power; /* mean of the block's */
    uint8_t quality;
};

/* False, and no print, when the block is silent, mostly pause, or steady. Cost: about 3 us. */
bool block_print(const struct block *block, struct block_print *out);

#endif
