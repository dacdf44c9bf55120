/* worker/samples.h - samples of any form as floats, channels side by side. */
#ifndef WORKER_SAMPLES_H
#define WORKER_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes n * channels floats, full scale -1 to 1, to `to`. `format` is an enum AVSampleFormat,
 * planes as an AVFrame's extended_data. False for a form that is not known. */
bool samples_interleave(int format, uint8_t *const *planes, size_t n, size_t channels, float *to);

#endif
