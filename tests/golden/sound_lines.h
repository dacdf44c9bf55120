/* tests/golden/sound_lines.h - the prints of a recording as lines of text, at many rates. Built
 * natively and to WebAssembly, so that both can be held against what is kept. */
#ifndef TESTS_GOLDEN_SOUND_LINES_H
#define TESTS_GOLDEN_SOUND_LINES_H

#include <likeness/audio.h>

/* Writes "rate channels purpose time_ms quality print" for each record of each case to out[0..cap).
 * pcm: 16,000 samples a second. Returns the bytes written; 0 when something failed. */
size_t sound_lines(const struct lk_alloc *alloc, const int16_t *pcm, size_t n, char *out,
                   size_t cap);

#endif
