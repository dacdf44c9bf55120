/* tests/formats/listing.h - records and digests as the second readers list them. */
#ifndef TESTS_FORMATS_LISTING_H
#define TESTS_FORMATS_LISTING_H

#include <likeness/print.h>

#include <stdio.h>

static inline void list_hex(FILE *out, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%02x", bytes[i]);
}

static inline void list_record(FILE *out, const struct lk_record *r)
{
    char hex[LK_PRINT_HEX_CHARS + 1];
    const uint8_t frame[4] = {r->frame.x, r->frame.y, r->frame.size, r->frame.turn};
    lk_print_to_hex(&r->print, hex);
    fprintf(out, " %s:%u:", lk_kind_name(r->kind), r->time_ms);
    list_hex(out, frame, sizeof frame);
    fprintf(out, ":%u:%u:%s", r->front_end, r->quality, hex);
}

static inline void list_digest(FILE *out, const struct lk_digest *d)
{
    fprintf(out, " digest:%u:", d->type);
    list_hex(out, d->bytes, sizeof d->bytes);
}

#endif
