/* The last steps of PDQ, as published: quality from differences, bits from the lower median.
 *
 * A turned picture has the same frequencies with some signs changed, rows and columns perhaps
 * exchanged; bits are taken again, against the median of the changed values. Signs change by one of
 * four patterns, and exchanging does not change a median, so four medians serve eight forms. */
#include "core/image/pdq.h"

#include <math.h>
#include <string.h>

/* What saving a picture again moves a frequency by: the transform is orthonormal, so that it keeps
 * the size of the noise that is left on the 64 x 64 means. */
#define CLEAR_OF_MEDIAN 0.25f

enum { N = PDQ_FREQS * PDQ_FREQS, LOWER_MEDIAN = N / 2 - 1 /* rank from 0 */ };

unsigned pdq_quality(const float a[PDQ_SIDE * PDQ_SIDE])
{
    int sum = 0;
    for (int i = 0; i + 1 < PDQ_SIDE; i++)
        for (int j = 0; j < PDQ_SIDE; j++) {
            float u = a[i * PDQ_SIDE + j], v = a[(i + 1) * PDQ_SIDE + j];
            int d = (int)(((u - v) * 100.0f) / 255.0f);
            sum += d < 0 ? -d : d;
        }
    for (int i = 0; i < PDQ_SIDE; i++)
        for (int j = 0; j + 1 < PDQ_SIDE; j++) {
            float u = a[i * PDQ_SIDE + j], v = a[i * PDQ_SIDE + j + 1];
            int d = (int)(((u - v) * 100.0f) / 255.0f);
            sum += d < 0 ? -d : d;
        }
    int quality = sum / 90;
    return (unsigned)(quality > 100 ? 100 : quality);
}

/* Integers that sort as the floats do. */
static int32_t sort_key(float value)
{
    int32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits ^ (int32_t)((uint32_t)(bits >> 31) >> 1);
}

static float from_sort_key(int32_t key)
{
    int32_t bits = key ^ (int32_t)((uint32_t)(key >> 31) >> 1);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Finds the key of the wanted rank by its bits, from the highest: no branch depends on the values,
 * and the counting is done side by side. */
static float lower_median(const float values[N])
{
    int32_t keys[N];
    for (int i = 0; i < N; i++)
        keys[i] = sort_key(values[i]);
    uint32_t found = 0; /* with the sign bit turned over, so that it counts upward */
    for (uint32_t bit = 1u << 31; bit != 0; bit >>= 1) {
        int32_t candidate = (int32_t)((found | bit) ^ 1u << 31);
        int below = 0;
        for (int i = 0; i < N; i++)
            below += keys[i] < candidate;
        if (below <= LOWER_MEDIAN)
            found |= bit;
    }
    return from_sort_key((int32_t)(found ^ 1u << 31));
}

unsigned pdq_clear(const float b[N])
{
    float median = lower_median(b);
    unsigned n = 0;
    for (int k = 0; k < N; k++)
        n += fabsf(b[k] - median) > CLEAR_OF_MEDIAN;
    return n;
}

/* Which signs change at (i, j). */
enum pattern { NONE, ODD_SUM_MINUS, EVEN_COLUMNS_MINUS, EVEN_ROWS_MINUS, N_PATTERNS };

static bool minus(enum pattern pattern, int i, int j)
{
    switch (pattern) {
    case ODD_SUM_MINUS:
        return (i + j) % 2 == 1;
    case EVEN_COLUMNS_MINUS:
        return j % 2 == 0;
    case EVEN_ROWS_MINUS:
        return i % 2 == 0;
    default:
        return false;
    }
}

static const struct {
    uint8_t pattern;
    bool exchange; /* element (i, j) goes to (j, i) */
} forms[LK_N_TURNS] = {
    [LK_TURN_0] = {NONE, false},
    [LK_TURN_90] = {EVEN_COLUMNS_MINUS, true},
    [LK_TURN_180] = {ODD_SUM_MINUS, false},
    [LK_TURN_270] = {EVEN_ROWS_MINUS, true},
    [LK_FLIP_X] = {EVEN_ROWS_MINUS, false},
    [LK_FLIP_Y] = {EVEN_COLUMNS_MINUS, false},
    [LK_FLIP_PLUS_1] = {NONE, true},
    [LK_FLIP_MINUS_1] = {ODD_SUM_MINUS, true},
};

static void print_of(const float values[N], float median, bool exchange, struct lk_print *print)
{
    memset(print, 0, sizeof *print);
    for (unsigned bit = 0; bit < N; bit++) {
        unsigned at = exchange ? bit % PDQ_FREQS * PDQ_FREQS + bit / PDQ_FREQS : bit;
        print->w[bit / 64] |= (uint64_t)(values[at] > median) << (bit % 64);
    }
}

void pdq_turns(const float b[N], struct lk_print turn[LK_N_TURNS])
{
    for (int pattern = NONE; pattern < N_PATTERNS; pattern++) {
        float values[N];
        for (int k = 0; k < N; k++)
            values[k] = minus((enum pattern)pattern, k / PDQ_FREQS, k % PDQ_FREQS) ? -b[k] : b[k];
        float median = lower_median(values);
        for (int form = 0; form < LK_N_TURNS; form++)
            if (forms[form].pattern == pattern)
                print_of(values, median, forms[form].exchange, &turn[form]);
    }
}
