/* Binary PGM (P5) and PPM (P6), 8 and 16 bits: netpbm's pgm(5) and ppm(5).
 *
 *     P6 <space> width <space> height <space> maxval <one space> rows
 *
 * A '#' starts a comment that runs to the end of its line. Samples above 255 take two bytes, the
 * high one first; every sample is scaled from 0..maxval to 0..255. */
#include "codec.h"

#include <string.h>

struct reader {
    const uint8_t *p;
    size_t n, at;
};

static bool knows(const uint8_t *bytes, size_t n)
{
    return n >= 3 && bytes[0] == 'P' && (bytes[1] == '5' || bytes[1] == '6') &&
           (bytes[2] == '#' || strchr(" \t\n\v\f\r", bytes[2]) != NULL) && bytes[2] != '\0';
}

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void skip_space(struct reader *r)
{
    while (r->at < r->n) {
        if (r->p[r->at] == '#')
            while (r->at < r->n && r->p[r->at] != '\n')
                r->at++;
        else if (is_space(r->p[r->at]))
            r->at++;
        else
            return;
    }
}

/* A whole number up to ten million, which is beyond every limit here. */
static enum wire_reason read_number(struct reader *r, uint32_t *out)
{
    skip_space(r);
    if (r->at == r->n)
        return WIRE_CUT_SHORT;
    *out = 0;
    size_t from = r->at;
    for (; r->at < r->n && r->p[r->at] >= '0' && r->p[r->at] <= '9'; r->at++) {
        *out = *out * 10 + (uint32_t)(r->p[r->at] - '0');
        if (*out > 10000000)
            return WIRE_DAMAGED;
    }
    if (r->at == r->n)
        return WIRE_CUT_SHORT;
    return r->at > from ? WIRE_FINE : WIRE_DAMAGED;
}

static void scale_samples(const uint8_t *from, uint8_t *to, size_t n, uint32_t maxval)
{
    if (maxval == 255) {
        memcpy(to, from, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t v = maxval < 256 ? from[i] : (uint32_t)from[2 * i] << 8 | from[2 * i + 1];
        to[i] = (uint8_t)(((v < maxval ? v : maxval) * 255 + maxval / 2) / maxval);
    }
}

static enum wire_reason decode(const uint8_t *bytes, size_t n, const struct codec_options *options,
                               struct picture *out)
{
    struct reader r = {bytes, n, 2};
    uint32_t width, height, maxval;
    enum wire_reason reason = read_number(&r, &width);
    if (reason == WIRE_FINE)
        reason = read_number(&r, &height);
    if (reason == WIRE_FINE)
        reason = read_number(&r, &maxval);
    if (reason != WIRE_FINE)
        return reason;
    if (maxval == 0 || maxval > 65535 || !is_space(r.p[r.at]))
        return WIRE_DAMAGED;
    r.at++;
    reason = picture_size(out, width, height, options);
    if (reason != WIRE_FINE)
        return reason;
    unsigned channels = bytes[1] == '6' ? 3 : 1;
    size_t n_samples = (size_t)width * height * channels;
    if ((n - r.at) / (maxval < 256 ? 1 : 2) < n_samples)
        return WIRE_CUT_SHORT;
    reason = picture_alloc(out, width, height, channels);
    if (reason == WIRE_FINE)
        scale_samples(r.p + r.at, out->pixels, n_samples, maxval);
    return reason;
}

const struct codec codec_pnm = {.format = WIRE_PNM, .knows = knows, .decode = decode};
