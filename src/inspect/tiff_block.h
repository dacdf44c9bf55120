/* inspect/tiff_block.h - the directories of a TIFF block (TIFF 6.0), which EXIF is made of.
 *
 *     byte order "II" or "MM", 42, offset of the first directory; a directory is a count16 and
 *     entries of 12 bytes {tag16 type16 count32 value32}; a value of more than 4 bytes stands at
 *     the offset that stands in its place
 *
 * Every offset is checked against what is left before it is followed. */
#ifndef INSPECT_TIFF_BLOCK_H
#define INSPECT_TIFF_BLOCK_H

#include "inspect/span.h"

struct tiff_block {
    struct span bytes;
    bool is_big;    /* the most significant byte first */
    uint32_t first; /* offset of the first directory */
};

struct tiff_entry {
    unsigned tag, type;
    uint32_t value;   /* an offset, or a number of type LONG */
    struct span data; /* the value's bytes; n is 0: none that can be had */
};

enum { TIFF_BYTE = 1, TIFF_ASCII = 2, TIFF_SHORT = 3, TIFF_LONG = 4, TIFF_UNDEFINED = 7 };

/* false if the bytes do not begin like a TIFF block. A mark "Exif\0\0" before it is passed over. */
bool tiff_open(struct tiff_block *t, struct span bytes);

/* The i-th entry of the directory at this offset; false behind the last. */
bool tiff_entry(const struct tiff_block *t, uint32_t directory, unsigned i, struct tiff_entry *out);

/* A number of 1 to 4 bytes. */
uint32_t tiff_number(const struct tiff_block *t, const uint8_t *p, unsigned n_bytes);

#endif
