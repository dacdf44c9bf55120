/* Windows bitmaps, after the descriptions of BITMAPFILEHEADER and BITMAPINFOHEADER (versions core,
 * 3, 4, 5): 1, 4, 8, 16, 24 and 32 bits, bit fields, run lengths of 4 and 8 bits.
 *
 *      0   "BM"                    14  size of this second header (12, or 40 and more)
 *      2   size of the file        18  width        22  height, negative: top row first
 *     10   where the pixels start  28  bits         30  compression
 *                                  46  colours used 54  masks of red, green, blue, alpha
 *
 * Colours of the palette are blue, green, red (and a spare byte but in the core version); rows are
 * padded to 4 bytes. */
#include "codec.h"

#include <string.h>

enum { RGB = 0, RLE8 = 1, RLE4 = 2, FIELDS = 3, ALPHA_FIELDS = 6 };

struct bmp {
    const uint8_t *bytes;
    size_t n;
    uint32_t header_bytes, bits, compression, n_colours;
    uint64_t width, height;
    bool top_down;
    size_t data_at, palette_at;
    uint32_t colour_bytes; /* of one palette entry */
    uint32_t mask[4];      /* red, green, blue, alpha */
};

static uint32_t u16(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8;
}

static uint32_t u32(const uint8_t *p)
{
    return u16(p) | u16(p + 2) << 16;
}

static bool knows(const uint8_t *bytes, size_t n)
{
    if (n < 18 || bytes[0] != 'B' || bytes[1] != 'M')
        return false;
    uint32_t header_bytes = u32(bytes + 14);
    return header_bytes == 12 || (header_bytes >= 16 && header_bytes <= 124);
}

static bool is_known_form(const struct bmp *b)
{
    switch (b->compression) {
    case RGB:
        return b->bits == 1 || b->bits == 4 || b->bits == 8 || b->bits == 16 || b->bits == 24 ||
               b->bits == 32;
    case RLE8:
        return b->bits == 8 && !b->top_down;
    case RLE4:
        return b->bits == 4 && !b->top_down;
    case FIELDS:
    case ALPHA_FIELDS:
        return b->bits == 16 || b->bits == 32;
    default:
        return false;
    }
}

static void read_masks(struct bmp *b)
{
    static const uint32_t of_16[] = {0x7c00, 0x03e0, 0x001f}, of_32[] = {0xff0000, 0xff00, 0xff};
    memcpy(b->mask, b->bits == 16 ? of_16 : of_32, sizeof of_16);
    if (b->compression == RGB || b->n < 66)
        return;
    for (size_t i = 0; i < 3; i++)
        b->mask[i] = u32(b->bytes + 54 + 4 * i);
    if ((b->header_bytes >= 56 || b->compression == ALPHA_FIELDS) && b->n >= 70)
        b->mask[3] = u32(b->bytes + 66);
}

static enum wire_reason read_header(struct bmp *b)
{
    b->header_bytes = u32(b->bytes + 14);
    if (b->n < 14 + (size_t)b->header_bytes)
        return WIRE_CUT_SHORT;
    b->data_at = u32(b->bytes + 10);
    if (b->header_bytes == 12) {
        b->width = u16(b->bytes + 18);
        b->height = u16(b->bytes + 20);
        b->bits = u16(b->bytes + 24);
        b->colour_bytes = 3;
    } else if (b->header_bytes < 40) {
        return WIRE_VARIANT;
    } else {
        int32_t width = (int32_t)u32(b->bytes + 18), height = (int32_t)u32(b->bytes + 22);
        b->width = width > 0 ? (uint64_t)width : 0;
        b->top_down = height < 0;
        b->height = (uint64_t)(height < 0 ? -(int64_t)height : height);
        b->bits = u16(b->bytes + 28);
        b->compression = u32(b->bytes + 30);
        b->n_colours = u32(b->bytes + 46);
        b->colour_bytes = 4;
    }
    if (!is_known_form(b))
        return WIRE_VARIANT;
    read_masks(b);
    if (b->bits > 8)
        return WIRE_FINE;
    b->palette_at = 14 + (size_t)b->header_bytes;
    if (b->n_colours == 0 || b->n_colours > 1u << b->bits)
        b->n_colours = 1u << b->bits;
    return b->palette_at + (size_t)b->n_colours * b->colour_bytes <= b->n ? WIRE_FINE
                                                                          : WIRE_CUT_SHORT;
}

/* Where the pixel goes: y counts rows as the file has them. */
static uint8_t *pixel_at(const struct bmp *b, const struct picture *out, uint32_t x, uint32_t y)
{
    uint32_t row = b->top_down ? y : out->height - 1 - y;
    return out->pixels + ((size_t)row * out->width + x) * 3;
}

static void put_colour(const struct bmp *b, uint8_t *to, uint32_t index)
{
    if (index >= b->n_colours) {
        memset(to, 0, 3);
        return;
    }
    const uint8_t *from = b->bytes + b->palette_at + (size_t)index * b->colour_bytes;
    for (size_t c = 0; c < 3; c++)
        to[c] = from[2 - c];
}

/* The bits under the mask, widened or narrowed to 8. */
static uint32_t field(uint32_t v, uint32_t mask)
{
    unsigned shift = (unsigned)__builtin_ctz(mask);
    uint32_t most = mask >> shift;
    return (uint32_t)((((uint64_t)((v & mask) >> shift)) * 255 + most / 2) / most);
}

static void put_fields(const struct bmp *b, uint8_t *to, uint32_t v)
{
    uint8_t rgba[4] = {0, 0, 0, 255};
    for (size_t c = 0; c < 4; c++)
        if (b->mask[c] != 0)
            rgba[c] = (uint8_t)field(v, b->mask[c]);
    pixels_over_white(rgba, to, 1);
}

static void unpack_row(const struct bmp *b, const uint8_t *from, struct picture *out, uint32_t y)
{
    for (uint32_t x = 0; x < out->width; x++) {
        uint8_t *to = pixel_at(b, out, x, y);
        switch (b->bits) {
        case 16:
            put_fields(b, to, u16(from + 2 * (size_t)x));
            break;
        case 24:
            for (size_t c = 0; c < 3; c++)
                to[c] = from[3 * (size_t)x + 2 - c];
            break;
        case 32:
            put_fields(b, to, u32(from + 4 * (size_t)x));
            break;
        default: { /* 1, 4, 8: the first pixel in the high bits */
            uint32_t at = x * b->bits;
            uint32_t shift = 8 - b->bits - at % 8;
            put_colour(b, to, (uint32_t)from[at / 8] >> shift & ((1u << b->bits) - 1));
        }
        }
    }
}

static enum wire_reason unpack_rows(const struct bmp *b, struct picture *out)
{
    size_t stride = ((size_t)b->width * b->bits + 31) / 32 * 4;
    if (b->data_at > b->n || (b->n - b->data_at) / stride < b->height)
        return WIRE_CUT_SHORT;
    for (uint32_t y = 0; y < out->height; y++)
        unpack_row(b, b->bytes + b->data_at + y * stride, out, y);
    return WIRE_FINE;
}

struct runs {
    const struct bmp *b;
    struct picture *out;
    size_t at;
    uint32_t x, y;
};

static enum wire_reason put_index(struct runs *r, uint32_t index)
{
    if (r->x >= r->out->width || r->y >= r->out->height)
        return WIRE_DAMAGED;
    put_colour(r->b, pixel_at(r->b, r->out, r->x, r->y), index);
    r->x++;
    return WIRE_FINE;
}

/* n pixels whose indices stand at p: in bytes, or in half bytes. */
static enum wire_reason put_indices(struct runs *r, const uint8_t *p, uint32_t n, bool repeat)
{
    enum wire_reason reason = WIRE_FINE;
    for (uint32_t i = 0; i < n && reason == WIRE_FINE; i++) {
        uint32_t k = repeat ? i % 2 : i;
        uint32_t index =
            r->b->bits == 8 ? p[repeat ? 0 : i] : (uint32_t)p[k / 2] >> (k % 2 == 0 ? 4 : 0) & 15;
        reason = put_index(r, index);
    }
    return reason;
}

/* After a zero byte: 0 end of row, 1 end of picture, 2 move, else that many pixels as they are. */
static enum wire_reason escape(struct runs *r, uint32_t code, bool *done)
{
    const uint8_t *p = r->b->bytes + r->at;
    size_t left = r->b->n - r->at;
    if (code == 0) {
        r->x = 0;
        r->y++;
    } else if (code == 1) {
        *done = true;
    } else if (code == 2) {
        if (left < 2)
            return WIRE_CUT_SHORT;
        r->x += p[0];
        r->y += p[1];
        r->at += 2;
        if (r->x > r->out->width || r->y > r->out->height)
            return WIRE_DAMAGED;
    } else {
        size_t n_bytes = r->b->bits == 8 ? code : (code + 1) / 2;
        n_bytes += n_bytes % 2;
        if (left < n_bytes)
            return WIRE_CUT_SHORT;
        r->at += n_bytes;
        return put_indices(r, p, code, false);
    }
    return WIRE_FINE;
}

static enum wire_reason unpack_runs(const struct bmp *b, struct picture *out)
{
    memset(out->pixels, 255, (size_t)out->width * out->height * 3);
    struct runs r = {b, out, b->data_at, 0, 0};
    bool done = false;
    while (!done) {
        if (r.at > b->n || b->n - r.at < 2)
            return WIRE_CUT_SHORT;
        const uint8_t *p = b->bytes + r.at;
        r.at += 2;
        enum wire_reason reason =
            p[0] == 0 ? escape(&r, p[1], &done) : put_indices(&r, p + 1, p[0], true);
        if (reason != WIRE_FINE)
            return reason;
    }
    return WIRE_FINE;
}

static enum wire_reason decode(const uint8_t *bytes, size_t n, const struct codec_options *options,
                               struct picture *out)
{
    struct bmp b = {.bytes = bytes, .n = n};
    enum wire_reason reason = read_header(&b);
    if (reason == WIRE_FINE)
        reason = picture_size(out, b.width, b.height, options);
    if (reason == WIRE_FINE)
        reason = picture_alloc(out, (uint32_t)b.width, (uint32_t)b.height, 3);
    if (reason != WIRE_FINE)
        return reason;
    bool has_runs = b.compression == RLE8 || b.compression == RLE4;
    reason = has_runs ? unpack_runs(&b, out) : unpack_rows(&b, out);
    if (reason != WIRE_FINE)
        picture_fini(out);
    return reason;
}

const struct codec codec_bmp = {.format = WIRE_BMP, .knows = knows, .decode = decode};
