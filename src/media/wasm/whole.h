/* media/wasm/whole.h - is a file there to its end?
 *
 * stb_image fills what is missing with grey and says nothing; a print of that would look healthy
 * and find nothing. So the structure is walked first. */
#ifndef MEDIA_WASM_WHOLE_H
#define MEDIA_WASM_WHOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A JPEG that reaches its end-of-image marker. */
bool whole_jpeg(const uint8_t *bytes, size_t n);

/* A GIF whose first picture reaches the terminator of its data. */
bool whole_gif(const uint8_t *bytes, size_t n);

#endif
