/* All the prints of a picture, for a query and for registration: CPU time of one thread, median of
 * rounds, beside what one PDQ print of the same pixels costs in plain C and with our kernels.
 *
 * usage: bench_fingerprint ROUNDS PNM...
 *
 * Each picture is measured as it is and as a working copy of 384 pixels, both from pixels in
 * memory; its luma is what the file's colours give. The last line is the mean over the pictures. */
#include "../../tests/pnm.h"
#include "../pdq_baseline.h"

#include <likeness/fingerprint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_ROUNDS = 101, WORKING_SIDE = 384 };

enum cost { PLAIN_C, WHOLE, QUERY, REGISTRATION, N_COSTS };

struct row {
    double ms[N_COSTS];
    size_t n_records[N_COSTS];
};

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

static void *must(void *p)
{
    if (p == NULL) {
        fprintf(stderr, "bench_fingerprint: no memory\n");
        exit(1);
    }
    return p;
}

static struct lk_pixels read_picture(const char *path)
{
    struct lk_pixels px;
    if (!pnm_read(path, &px) || px.channels != 3) {
        fprintf(stderr, "bench_fingerprint: %s: no coloured picture in PNM\n", path);
        exit(1);
    }
    return px;
}

/* The mean of each target pixel's block of whole pixels. */
static struct lk_pixels shrunk(const struct lk_pixels *px, uint32_t side)
{
    uint32_t longer = px->width > px->height ? px->width : px->height;
    if (longer < side)
        side = longer;
    uint32_t w = px->width * side / longer, h = px->height * side / longer;
    uint8_t *data = must(malloc((size_t)w * h * 3)), *p = data;
    for (uint32_t y = 0; y < h; y++)
        for (uint32_t x = 0; x < w; x++)
            for (uint32_t c = 0; c < 3; c++) {
                uint32_t y0 = y * px->height / h, y1 = (y + 1) * px->height / h, sum = 0;
                uint32_t x0 = x * px->width / w, x1 = (x + 1) * px->width / w;
                for (uint32_t v = y0; v < y1; v++)
                    for (uint32_t u = x0; u < x1; u++)
                        sum += px->data[(size_t)v * px->stride_bytes + u * 3 + c];
                *p++ = (uint8_t)(sum / ((y1 - y0) * (x1 - x0)));
            }
    return (struct lk_pixels){
        .data = data, .width = w, .height = h, .stride_bytes = w * 3, .channels = 3};
}

static void check(enum lk_status status, const struct lk_error *err)
{
    if (status != LK_OK) {
        fprintf(stderr, "bench_fingerprint: %s\n", err->text);
        exit(1);
    }
}

static void run(enum cost cost, const struct lk_pixels *px, float *scratch, size_t *n_records)
{
    struct lk_error err;
    struct lk_image_prints whole;
    if (cost == PLAIN_C) {
        static float matrix[64 * 64];
        uint16_t words[16];
        int quality;
        pdq_baseline_matrix(px->data, (int)px->width, (int)px->height, 3, scratch, matrix);
        pdq_baseline_print(matrix, words, &quality);
        *n_records = 1;
    } else if (cost == WHOLE) {
        check(lk_image_print(lk_alloc_heap(), px, LK_FULLRES, &whole, &err), &err);
        *n_records = 1;
    } else {
        static struct lk_record records[LK_MAX_IMAGE_RECORDS];
        struct lk_fingerprint_options options = {
            .purpose = cost == QUERY ? LK_QUERY : LK_REGISTRATION, .front_end = LK_FULLRES};
        check(lk_image_fingerprint(lk_alloc_heap(), px, &options, &whole, records, n_records, &err),
              &err);
    }
}

static struct row measure(const struct lk_pixels *px, int rounds)
{
    struct row row = {0};
    double times[N_COSTS][MAX_ROUNDS];
    float *scratch = must(malloc((size_t)px->width * px->height * 2 * sizeof *scratch));
    for (int i = -1; i < rounds; i++) /* one round touches the memory and does not count */
        for (int c = 0; c < N_COSTS; c++) {
            double start = cpu_ms();
            run((enum cost)c, px, scratch, &row.n_records[c]);
            times[c][i < 0 ? 0 : i] = cpu_ms() - start;
        }
    for (int c = 0; c < N_COSTS; c++) {
        qsort(times[c], (size_t)rounds, sizeof times[c][0], by_value);
        row.ms[c] = times[c][rounds / 2];
    }
    free(scratch);
    return row;
}

static void show(const char *name, uint32_t width, uint32_t height, const struct row *r)
{
    printf("%-18.18s %5u x %-5u %8.2f %8.2f %8.2f %6.1f x %8.2f %6.1f x %5zu %5zu\n", name, width,
           height, r->ms[PLAIN_C], r->ms[WHOLE], r->ms[QUERY], r->ms[QUERY] / r->ms[PLAIN_C],
           r->ms[REGISTRATION], r->ms[REGISTRATION] / r->ms[PLAIN_C], r->n_records[QUERY],
           r->n_records[REGISTRATION]);
}

static void add(struct row *sum, const struct row *r, size_t n)
{
    for (int c = 0; c < N_COSTS; c++) {
        sum->ms[c] += r->ms[c] / (double)n;
        sum->n_records[c] += r->n_records[c]; /* divided once, at the end */
    }
}

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[1]) : 0;
    if (rounds < 1 || rounds > MAX_ROUNDS) {
        fprintf(stderr, "usage: bench_fingerprint ROUNDS PNM..., 1 to %d rounds\n", MAX_ROUNDS);
        return 2;
    }
    size_t n = (size_t)argc - 2;
    struct row sum[2] = {0};
    printf("%-18s %13s %8s %8s %8s %8s %8s %8s %5s %5s\n", "picture", "pixels", "plain C", "pdq",
           "query", "", "register", "", "qu.", "reg.");
    for (size_t k = 0; k < n; k++) {
        struct lk_pixels px = read_picture(argv[k + 2]), small = shrunk(&px, WORKING_SIDE);
        const char *slash = strrchr(argv[k + 2], '/');
        struct row r[2] = {measure(&px, rounds), measure(&small, rounds)};
        show(slash ? slash + 1 : argv[k + 2], px.width, px.height, &r[0]);
        show("  working copy", small.width, small.height, &r[1]);
        add(&sum[0], &r[0], n);
        add(&sum[1], &r[1], n);
        free((void *)px.data);
        free((void *)small.data);
    }
    for (int c = 0; c < N_COSTS; c++) {
        sum[0].n_records[c] /= n;
        sum[1].n_records[c] /= n;
    }
    show("mean, as they are", 0, 0, &sum[0]);
    show("mean, working copy", 0, 0, &sum[1]);
    return 0;
}
