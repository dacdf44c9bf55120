/* inspect/inflate.h - unpacks what zlib packed (RFC 1950, RFC 1951), into bounded memory.
 *
 * Small, not fast: for texts in PNG files. Any bytes are safe. */
#ifndef INSPECT_INFLATE_H
#define INSPECT_INFLATE_H

#include "inspect/span.h"

/* Unpacks into out[0..max); returns how many bytes came out before the end, an error or the
 * maximum. *whole: all of it came out, and its checksum fits. */
size_t inflate_zlib(struct span in, uint8_t *out, size_t max, bool *whole);

#endif
