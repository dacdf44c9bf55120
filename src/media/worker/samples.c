/* The numbers of the forms are FFmpeg's (libavutil/samplefmt.h), part of its binary interface. */
#include "samples.h"

enum { U8, S16, S32, FLT, DBL, U8P, S16P, S32P, FLTP, DBLP, S64, S64P };

#define TAKE(name, type, value)                                                                    \
    static void name(const uint8_t *from, size_t step, size_t n, float *to, size_t to_step)        \
    {                                                                                              \
        const type *p = (const void *)from;                                                        \
        for (size_t i = 0; i < n; i++, p += step, to += to_step)                                   \
            *to = (float)(value);                                                                  \
    }

TAKE(take_u8, uint8_t, ((double)*p - 128) / 128)
TAKE(take_s16, int16_t, (double)*p / 32768)
TAKE(take_s32, int32_t, (double)*p / 2147483648.0)
TAKE(take_s64, int64_t, (double)*p / 9223372036854775808.0)
TAKE(take_float, float, *p)
TAKE(take_double, double, *p)

bool samples_interleave(int format, uint8_t *const *planes, size_t n, size_t channels, float *to)
{
    static const struct {
        void (*take)(const uint8_t *from, size_t step, size_t n, float *to, size_t to_step);
        size_t bytes;
        bool planar;
    } forms[] = {
        [U8] = {take_u8, 1, false},      [S16] = {take_s16, 2, false},
        [S32] = {take_s32, 4, false},    [FLT] = {take_float, 4, false},
        [DBL] = {take_double, 8, false}, [U8P] = {take_u8, 1, true},
        [S16P] = {take_s16, 2, true},    [S32P] = {take_s32, 4, true},
        [FLTP] = {take_float, 4, true},  [DBLP] = {take_double, 8, true},
        [S64] = {take_s64, 8, false},    [S64P] = {take_s64, 8, true},
    };
    if (format < 0 || (size_t)format >= sizeof forms / sizeof *forms)
        return false;
    for (size_t c = 0; c < channels; c++)
        if (forms[format].planar)
            forms[format].take(planes[c], 1, n, to + c, channels);
        else
            forms[format].take(planes[0] + c * forms[format].bytes, channels, n, to + c, channels);
    return true;
}
