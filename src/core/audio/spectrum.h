/* core/audio/spectrum.h - what a moment of sound is made of: 32 bands between 250 and 3500 Hz.
 *
 * Frames of 1024 samples (64 ms), one every 256 (16 ms), four of them at a time, each in a lane of
 * its own. */
#ifndef CORE_AUDIO_SPECTRUM_H
#define CORE_AUDIO_SPECTRUM_H

#include "core/audio/audio_tables.h"
#include "core/audio/lanes.h"

enum {
    SPECTRUM_HOP = 256,
    SPECTRUM_FRAMES = LANES, /* at a time */
    SPECTRUM_SAMPLES = AUDIO_WINDOW + (SPECTRUM_FRAMES - 1) * SPECTRUM_HOP,
};

struct spectrum_scratch {
    vf a[AUDIO_WINDOW], b[AUDIO_WINDOW]; /* 512 complex numbers: real parts, then imaginary ones */
};

/* Of a frame: fourth roots of the bands' powers, and the mean power. */
struct spectrum_frame {
    float roots[AUDIO_BANDS];
    float power;
};

void spectrum_frames(const float samples[SPECTRUM_SAMPLES], struct spectrum_scratch *scratch,
                     struct spectrum_frame frames[SPECTRUM_FRAMES]);

#endif
