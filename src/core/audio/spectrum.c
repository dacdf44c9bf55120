/* Four spectra at a time.
 *
 * The 1024 real samples of a frame are taken for 512 complex ones, even samples real and odd ones
 * imaginary; their Fourier transform (Stockham's, four passes of radix 4 and one of radix 2, from
 * one buffer into the other, so that nothing has to be put in order) is then taken apart into that
 * of the real samples, for the frequencies that the bands need. Only +, -, x and square roots. */
#include "core/audio/spectrum.h"

enum { N = AUDIO_WINDOW / 2 };

/* Smaller powers count as none: no result depends on how a processor treats tiny numbers. */
#define LEAST_POWER 0x1p-64f

struct turned {
    float c, s;
};

static inline struct turned turned(unsigned k) /* by -2 pi k / 1024 */
{
    return (struct turned){audio_circle[k][0], audio_circle[k][1]};
}

/* One butterfly of radix 4: x[k * in] to y[k * out], turned by p, 2 p, 3 p times -2 pi / 1024. */
static inline void butterfly(const vf *x, vf *y, unsigned in, unsigned out, unsigned p)
{
    const struct turned w1 = turned(p), w2 = turned(2 * p), w3 = turned(3 * p);
    const vf a_re = x[0], b_re = x[in], c_re = x[2 * in], d_re = x[3 * in];
    const vf a_im = x[N], b_im = x[N + in], c_im = x[N + 2 * in], d_im = x[N + 3 * in];
    const vf ac_re = a_re + c_re, ac_im = a_im + c_im, bd_re = b_re + d_re, bd_im = b_im + d_im;
    const vf a_c_re = a_re - c_re, a_c_im = a_im - c_im, b_d_re = b_re - d_re, b_d_im = b_im - d_im;
    y[0] = ac_re + bd_re;
    y[N] = ac_im + bd_im;
    vf re = a_c_re + b_d_im, im = a_c_im - b_d_re;
    y[out] = re * w1.c - im * w1.s;
    y[N + out] = re * w1.s + im * w1.c;
    re = ac_re - bd_re;
    im = ac_im - bd_im;
    y[2 * out] = re * w2.c - im * w2.s;
    y[N + 2 * out] = re * w2.s + im * w2.c;
    re = a_c_re - b_d_im;
    im = a_c_im + b_d_re;
    y[3 * out] = re * w3.c - im * w3.s;
    y[N + 3 * out] = re * w3.s + im * w3.c;
}

/* Transforms a; the result is in b, a is used up. */
static void transform(vf *a, vf *b)
{
    vf *x = a, *y = b;
    unsigned stride = 1;
    for (unsigned n = N; n > 2; n /= 4, stride *= 4) {
        for (unsigned p = 0; p < n / 4; p++)
            for (unsigned q = 0; q < stride; q++)
                butterfly(x + q + stride * p, y + q + stride * 4 * p, N / 4, stride,
                          2 * p * stride);
        vf *t = x;
        x = y;
        y = t;
    }
    for (unsigned q = 0; q < N / 2; q++) {
        b[q] = a[q] + a[q + N / 2];
        b[N + q] = a[N + q] + a[N + q + N / 2];
        b[q + N / 2] = a[q] - a[q + N / 2];
        b[N + q + N / 2] = a[N + q] - a[N + q + N / 2];
    }
}

/* The samples of each frame in its lane, through the window. */
static void fill(const float *samples, vf *a)
{
    for (unsigned i = 0; i < AUDIO_WINDOW; i++) {
        const float *s = samples + i;
        const float w = audio_window[i <= N ? i : AUDIO_WINDOW - i];
        const vf v = {s[0], s[SPECTRUM_HOP], s[2 * SPECTRUM_HOP], s[3 * SPECTRUM_HOP]};
        a[i / 2 + i % 2 * N] = v * w;
    }
}

/* Four times the power at a frequency of the real samples. */
static inline vf power(const vf *z, unsigned k)
{
    const struct turned w = turned(k);
    const vf even_re = z[k] + z[N - k], even_im = z[N + k] - z[N + N - k];
    const vf odd_re = z[N + k] + z[N + N - k], odd_im = z[N - k] - z[k];
    const vf re = even_re + (odd_re * w.c - odd_im * w.s);
    const vf im = even_im + (odd_re * w.s + odd_im * w.c);
    return re * re + im * im;
}

static void add_bands(const vf *powers, struct spectrum_frame frames[SPECTRUM_FRAMES])
{
    const float *weight = audio_band_weights;
    vf total = {0};
    for (unsigned b = 0; b < AUDIO_BANDS; b++) {
        const vf *p = powers + (audio_band_first[b] - AUDIO_BIN_FIRST);
        vf sum = {0};
        for (unsigned k = 0; k < audio_band_bins[b]; k++)
            sum += p[k] * *weight++;
        for (unsigned f = 0; f < SPECTRUM_FRAMES; f++) {
            if (!(sum[f] >= LEAST_POWER))
                sum[f] = 0;
            frames[f].roots[b] = __builtin_sqrtf(__builtin_sqrtf(sum[f]));
        }
        total += sum;
    }
    for (unsigned f = 0; f < SPECTRUM_FRAMES; f++)
        frames[f].power = total[f] / AUDIO_BANDS;
}

void spectrum_frames(const float samples[SPECTRUM_SAMPLES], struct spectrum_scratch *scratch,
                     struct spectrum_frame frames[SPECTRUM_FRAMES])
{
    fill(samples, scratch->a);
    transform(scratch->a, scratch->b);
    for (unsigned k = AUDIO_BIN_FIRST; k <= AUDIO_BIN_LAST; k++)
        scratch->a[k - AUDIO_BIN_FIRST] = power(scratch->b, k);
    add_bands(scratch->a, frames);
}
