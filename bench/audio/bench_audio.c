/* What prints of sound cost: milliseconds of CPU time a second of sound, and how much faster than
 * it plays that is.
 *
 * usage: bench_audio [ROUNDS]
 * The median of ROUNDS over a minute of something like a voice, made here. */
#include "../../tests/unit/sound.h"

#include <likeness/audio.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SECONDS = 60, MAX_ROUNDS = 99 };

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double cpu_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double once_ms(const struct lk_audio_options *o, const float *x, size_t n, size_t *n_records)
{
    struct lk_audio *a = NULL;
    struct lk_error err;
    const double before = cpu_ms();
    if (lk_audio_new(lk_alloc_heap(), o, &a, &err) != LK_OK ||
        lk_audio_put(a, x, n, &err) != LK_OK || lk_audio_end(a, &err) != LK_OK)
        abort();
    const double ms = cpu_ms() - before;
    lk_audio_records(a, n_records);
    lk_audio_free(a);
    return ms;
}

int main(int argc, char **argv)
{
    static const uint32_t rates[] = {8000, 16000, 22050, 44100, 48000, 96000, 44101};
    const int rounds = argc > 1 ? atoi(argv[1]) : 5;
    double times[MAX_ROUNDS];
    if (rounds < 1 || rounds > MAX_ROUNDS) {
        fprintf(stderr, "usage: bench_audio [ROUNDS], 1 to %d\n", MAX_ROUNDS);
        return 2;
    }
    printf("%8s %-12s %10s %12s %10s %14s\n", "rate", "purpose", "ms a s", "x real time",
           "prints a s", "bytes a s");
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        const size_t n = (size_t)rates[i] * SECONDS;
        float *x = malloc(n * sizeof *x);
        if (x == NULL)
            abort();
        sound_fill(1, rates[i], x, n);
        for (unsigned purpose = LK_REGISTRATION; purpose <= LK_QUERY; purpose++) {
            const struct lk_audio_options o = {
                .purpose = (uint8_t)purpose, .channels = 1, .sample_rate_hz = rates[i]};
            size_t n_records = 0;
            for (int k = 0; k < rounds; k++)
                times[k] = once_ms(&o, x, n, &n_records);
            qsort(times, (size_t)rounds, sizeof *times, by_size);
            const double ms = times[rounds / 2] / SECONDS, per_s = (double)n_records / SECONDS;
            printf("%8u %-12s %10.3f %12.0f %10.1f %14.0f\n", rates[i],
                   purpose == LK_QUERY ? "query" : "registration", ms, 1000 / ms, per_s,
                   per_s * LK_RECORD_MIN_BYTES);
        }
        free(x);
    }
    return 0;
}
