/* inspect/exif.h - which way up the camera was held.
 *
 * EXIF orientation: 1 as stored, 2 mirrored left to right, 3 turned by 180 degrees, 4 mirrored top
 * to bottom, 5 mirrored on the main diagonal, 6 to be turned 90 degrees clockwise, 7 mirrored on
 * the other diagonal, 8 to be turned 90 degrees anticlockwise. */
#ifndef INSPECT_EXIF_H
#define INSPECT_EXIF_H

#include <stddef.h>
#include <stdint.h>

/* Finds the orientation in a JPEG, PNG, WebP or TIFF file: 1..8, and 1 when there is none or it
 * makes no sense. Any bytes are safe. Pure; threads: any. Cost: a walk over segments or chunks. */
unsigned exif_orientation(const uint8_t *bytes, size_t n);

#endif
