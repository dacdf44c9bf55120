/* A transcription of the published algorithm (PDQ, full resolution), scalar, compiled with -O3 and
 * no flags for the processor, as the reference's makefile does. */
#include "pdq_baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One mean over a window of w samples, n samples `step` floats apart. */
static void box(const float *in, float *out, int n, int step, int w)
{
    int half = (w + 2) / 2;
    int ahead = 0, behind = 0, at = 0, count = 0;
    float sum = 0.0f;
    for (int i = 0; i < half - 1; i++, ahead += step) {
        sum += in[ahead];
        count++;
    }
    for (int i = 0; i < w - half + 1; i++, ahead += step, at += step) {
        sum += in[ahead];
        count++;
        out[at] = sum / (float)count;
    }
    for (int i = 0; i < n - w; i++, ahead += step, behind += step, at += step) {
        sum += in[ahead];
        sum -= in[behind];
        out[at] = sum / (float)count;
    }
    for (int i = 0; i < half - 1; i++, behind += step, at += step) {
        sum -= in[behind];
        count--;
        out[at] = sum / (float)count;
    }
}

void pdq_baseline_matrix(const uint8_t *pixels, int width, int height, int channels, float *scratch,
                         float *a)
{
    size_t n = (size_t)width * (size_t)height;
    float *x = scratch, *y = scratch + n;
    for (size_t i = 0; i < n; i++)
        x[i] = channels == 1 ? (float)pixels[i]
                             : 0.299f * (float)pixels[3 * i] + 0.587f * (float)pixels[3 * i + 1] +
                                   0.114f * (float)pixels[3 * i + 2];
    int across = (width + 127) / 128, down = (height + 127) / 128;
    for (int repetition = 0; repetition < 2; repetition++) {
        for (int row = 0; row < height; row++)
            box(x + (size_t)row * (size_t)width, y + (size_t)row * (size_t)width, width, 1, across);
        for (int column = 0; column < width; column++)
            box(y + column, x + column, height, width, down);
    }
    for (int i = 0; i < 64; i++)
        for (int j = 0; j < 64; j++) {
            int row = (int)((i + 0.5) * height / 64), column = (int)((j + 0.5) * width / 64);
            a[i * 64 + j] = x[(size_t)row * (size_t)width + (size_t)column];
        }
}

static int gradient(float u, float v)
{
    return abs((int)(((u - v) * 100.0f) / 255.0f));
}

static int compare(const void *u, const void *v)
{
    float a = *(const float *)u, b = *(const float *)v;
    return (a > b) - (a < b);
}

void pdq_baseline_print(const float *a, uint16_t words[16], int *quality)
{
    int sum = 0;
    for (int i = 0; i < 64; i++)
        for (int j = 0; j < 64; j++) {
            if (i < 63)
                sum += gradient(a[i * 64 + j], a[(i + 1) * 64 + j]);
            if (j < 63)
                sum += gradient(a[i * 64 + j], a[i * 64 + j + 1]);
        }
    *quality = sum / 90 > 100 ? 100 : sum / 90;

    static float d[16][64];
    for (int i = 0; i < 16; i++)
        for (int j = 0; j < 64; j++)
            d[i][j] = (float)((double)(float)sqrt(2.0 / 64.0) *
                              cos((M_PI / 2 / 64.0) * (i + 1) * (2 * j + 1)));
    float t[16][64], b[256], sorted[256];
    for (int i = 0; i < 16; i++)
        for (int j = 0; j < 64; j++) {
            t[i][j] = 0.0f;
            for (int k = 0; k < 64; k++)
                t[i][j] += d[i][k] * a[k * 64 + j];
        }
    for (int i = 0; i < 16; i++)
        for (int j = 0; j < 16; j++) {
            b[16 * i + j] = 0.0f;
            for (int k = 0; k < 64; k++)
                b[16 * i + j] += t[i][k] * d[j][k];
        }
    memcpy(sorted, b, sizeof b);
    qsort(sorted, 256, sizeof *sorted, compare);
    memset(words, 0, 16 * sizeof *words);
    for (int k = 0; k < 256; k++)
        if (b[k] > sorted[127])
            words[k / 16] = (uint16_t)(words[k / 16] | 1u << (k % 16));
}
