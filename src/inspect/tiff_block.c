#include "tiff_block.h"

#include <string.h>

uint32_t tiff_number(const struct tiff_block *t, const uint8_t *p, unsigned n_bytes)
{
    uint32_t v = 0;
    for (unsigned i = 0; i < n_bytes; i++)
        v = v << 8 | p[t->is_big ? i : n_bytes - 1 - i];
    return v;
}

bool tiff_open(struct tiff_block *t, struct span bytes)
{
    if (span_begins(bytes, "Exif\0\0", 6))
        bytes = span_after(bytes, 6);
    if (bytes.n < 8)
        return false;
    *t = (struct tiff_block){.bytes = bytes, .is_big = memcmp(bytes.p, "MM\0\x2a", 4) == 0};
    t->first = tiff_number(t, bytes.p + 4, 4);
    return t->is_big || memcmp(bytes.p, "II\x2a\0", 4) == 0;
}

static size_t size_of_type(unsigned type)
{
    static const uint8_t sizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};
    return type < sizeof sizes ? sizes[type] : 0;
}

bool tiff_entry(const struct tiff_block *t, uint32_t directory, unsigned i, struct tiff_entry *out)
{
    struct span left = span_after(t->bytes, directory);
    if (left.n < 2 || i >= tiff_number(t, left.p, 2) || i >= (left.n - 2) / 12)
        return false;
    const uint8_t *p = left.p + 2 + 12 * (size_t)i;
    *out = (struct tiff_entry){.tag = tiff_number(t, p, 2), .type = tiff_number(t, p + 2, 2)};
    uint64_t n = (uint64_t)tiff_number(t, p + 4, 4) * size_of_type(out->type);
    out->value = tiff_number(t, p + 8, 4);
    if (n <= 4)
        out->data = (struct span){p + 8, (size_t)n};
    else if (out->value <= t->bytes.n && n <= t->bytes.n - out->value)
        out->data = (struct span){t->bytes.p + out->value, (size_t)n};
    return true;
}
