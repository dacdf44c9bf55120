/* Image prints from pixels: the plain transcription against each level of kernels. CPU time of one
 * thread, median of rounds. usage: bench_image [ROUNDS] */
#include "core/image/pdq.h"
#include "core/kernels/cpu.h"
#include "pdq_baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MAX_ROUNDS = 101, BURST = 3 };

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
    double u = *(const double *)a, v = *(const double *)b;
    return (u > v) - (u < v);
}

static double median(double *times, int n)
{
    qsort(times, (size_t)n, sizeof *times, by_value);
    return times[n / 2];
}

/* Smooth shapes with some noise, as photographs have. */
static struct lk_pixels picture(uint32_t width, uint32_t height)
{
    uint8_t *data = malloc((size_t)width * height * 3), *p = data;
    if (!data)
        abort();
    uint32_t noise = 1;
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++)
            for (uint32_t c = 0; c < 3; c++) {
                noise = noise * 1664525 + 1013904223;
                *p++ = (uint8_t)((x * (c + 1) / 7 ^ y / 5) + (noise >> 29));
            }
    return (struct lk_pixels){
        .data = data, .width = width, .height = height, .stride_bytes = width * 3, .channels = 3};
}

static double baseline_ms(const struct lk_pixels *px, int rounds, struct lk_print *print)
{
    static float a[64 * 64];
    double times[MAX_ROUNDS];
    uint16_t words[16] = {0};
    int quality;
    float *scratch = malloc((size_t)px->width * px->height * 2 * sizeof *scratch);
    if (!scratch)
        abort();
    for (int i = -1; i < rounds; i++) { /* one round touches the memory and does not count */
        double start = cpu_ms();
        pdq_baseline_matrix(px->data, (int)px->width, (int)px->height, 3, scratch, a);
        pdq_baseline_print(a, words, &quality);
        times[i < 0 ? 0 : i] = cpu_ms() - start;
    }
    free(scratch);
    *print = (struct lk_print){0};
    for (int i = 0; i < 16; i++)
        print->w[i / 4] |= (uint64_t)words[i] << (16 * (i % 4));
    return median(times, rounds);
}

static double kernels_ms(const struct pdq_kernels *kernels, const struct lk_pixels *px,
                         enum lk_front_end front_end, int rounds, struct lk_image_prints *prints)
{
    double times[MAX_ROUNDS];
    struct lk_error err;
    for (int i = 0; i < rounds; i++) {
        double start = cpu_ms();
        for (int j = 0; j < BURST; j++)
            if (pdq_print_with(kernels, lk_alloc_heap(), px, front_end, prints, &err) != LK_OK)
                abort();
        times[i] = (cpu_ms() - start) / BURST;
    }
    return median(times, rounds);
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 11;
    if (rounds < 1 || rounds > MAX_ROUNDS) {
        fprintf(stderr, "usage: bench_image [ROUNDS], 1 to %d\n", MAX_ROUNDS);
        return 2;
    }
    static const uint32_t sizes[][2] = {{512, 512}, {1152, 864}, {4032, 3024}};
    printf("%-11s %-9s %-8s %9s %8s\n", "size", "front end", "kernels", "ms", "speed");
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct lk_pixels px = picture(sizes[s][0], sizes[s][1]);
        struct lk_print want;
        double base = baseline_ms(&px, rounds, &want);
        printf("%4u x %-4u %-9s %-8s %9.3f %7.1fx\n", px.width, px.height, "fullres", "plain C",
               base, 1.0);
        const struct pdq_kernels *last = NULL;
        for (int level = 0; level < CPU_N_LEVELS; level++) {
            const struct pdq_kernels *k = pdq_kernels_get(cpu_mask() & (CPU_BIT(level + 1) - 1));
            if (k == last)
                continue;
            last = k;
            for (int front_end = LK_FULLRES; front_end <= LK_SCALED; front_end++) {
                struct lk_image_prints got;
                double ms = kernels_ms(k, &px, (enum lk_front_end)front_end, rounds, &got);
                if (front_end == LK_FULLRES && lk_print_distance(&got.turn[0], &want) != 0)
                    printf("the prints DIFFER\n");
                printf("%4u x %-4u %-9s %-8s %9.3f %7.1fx\n", px.width, px.height,
                       lk_front_end_name((unsigned)front_end),
                       cpu_level_name((enum cpu_level)level), ms, base / ms);
            }
        }
        free((void *)px.data);
    }
    return 0;
}
