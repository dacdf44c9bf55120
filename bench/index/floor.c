/* Lines looked up, filters read behind them, candidates looked at twice (id and row). */
#include "floor.h"

static double choose(unsigned n, unsigned k)
{
    double x = 1;
    for (unsigned i = 1; i <= k; i++)
        x = x * (n - k + i) / i;
    return x;
}

/* How many values of n bits lie within `most` bits of one. */
static double ball(unsigned n, int most)
{
    double sum = 0;
    for (int k = 0; k <= most && k <= (int)n; k++)
        sum += choose(n, (unsigned)k);
    return sum;
}

double floor_us(size_t n_prints, unsigned radius_bits)
{
    enum { PARTS = 16, INLINE = 28, FILTER_BYTES = 2 };
    const double line_us = 0.010, bytes_per_us = 12e3, keys = 65536, n = (double)n_prints;
    int limit[PARTS];
    double lines = 0, candidates = 0;
    for (int i = 0; i < PARTS; i++)
        limit[i] = (int)(radius_bits + 1) / PARTS - 1 + (i < (int)(radius_bits + 1) % PARTS);
    for (int i = 0; i < PARTS; i++) {
        lines += ball(16, limit[i]);
        for (int d = 0; d <= limit[i]; d++)
            candidates += choose(16, (unsigned)d) * ball(16, limit[i] + limit[i ^ 1] + 1 - d);
    }
    double beyond = (n / keys - INLINE) * lines * FILTER_BYTES;
    return lines * line_us + (beyond > 0 ? beyond / bytes_per_us : 0) +
           2 * n * candidates / keys / keys * line_us;
}
