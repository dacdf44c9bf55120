/* Decoding, measured: what the front end `scaled` costs beside the floor, which is libjpeg-turbo
 * decoding the luma of the same file at full size and doing nothing with it.
 *
 * usage: bench_media [--rounds N] JPEG...     LIKENESS_DECODE=build/likeness-decode
 *
 * Prints one line a file: medians of CPU time in ms within one process, taken in turns, and of wall
 * time through the jailed helper. */
#include "media/media.h"
#include "media/worker/codec.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <jpeglib.h>

enum { MAX_ROUNDS = 101 };

struct file_bytes {
    uint8_t *bytes;
    size_t n;
};

static double now_ms(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static struct file_bytes read_file(const char *path)
{
    struct file_bytes file = {0};
    FILE *f = fopen(path, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0)
        return file;
    file.n = (size_t)ftell(f);
    rewind(f);
    file.bytes = malloc(file.n);
    if (file.bytes != NULL && fread(file.bytes, 1, file.n, f) != file.n)
        file.n = 0;
    fclose(f);
    return file;
}

/* The floor: entropy decoding and inverse DCT of the luma. */
static void decode_luma(struct file_bytes file)
{
    struct jpeg_decompress_struct c;
    struct jpeg_error_mgr errors;
    c.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&c);
    jpeg_mem_src(&c, file.bytes, file.n);
    jpeg_read_header(&c, TRUE);
    c.out_color_space = JCS_GRAYSCALE;
    jpeg_start_decompress(&c);
    JSAMPROW row = malloc(c.output_width);
    while (row != NULL && c.output_scanline < c.output_height)
        jpeg_read_scanlines(&c, &row, 1);
    free(row);
    jpeg_finish_decompress(&c);
    jpeg_destroy_decompress(&c);
}

static void must(enum lk_status status, const struct lk_error *err)
{
    if (status == LK_OK)
        return;
    fprintf(stderr, "bench_media: %s\n", err->text);
    exit(1);
}

static void decode_and_print(struct file_bytes file, enum lk_front_end front_end)
{
    const struct wire_job job = {.max_pixels = 400000000,
                                 .memory_bytes = UINT64_C(1) << 32,
                                 .front_end = (uint8_t)front_end};
    struct wire_answer a;
    struct picture p;
    struct lk_error err;
    struct lk_image_prints prints;
    codec_run(&codec_jpeg, file.bytes, file.n, &job, &a, &p);
    if (a.reason != WIRE_FINE)
        must(wire_refusal(&a, &job, &err), &err);
    const struct lk_pixels pixels = {.data = p.pixels,
                                     .width = p.width,
                                     .height = p.height,
                                     .stride_bytes = (size_t)p.width * p.channels,
                                     .channels = p.channels,
                                     .reduced_by = p.reduced_by};
    must(lk_image_print(lk_alloc_heap(), &pixels, front_end, &prints, &err), &err);
    picture_fini(&p);
}

static void through_helper(struct media *media, const char *path, enum lk_front_end front_end)
{
    const struct media_request req = {.front_end = front_end};
    struct media_image image;
    struct lk_image_prints prints;
    struct lk_error err;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    must(media_decode(media, fd, &req, &image, &err), &err);
    close(fd);
    must(lk_image_print(lk_alloc_heap(), &image.pixels, front_end, &prints, &err), &err);
    media_image_fini(&image);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *ms, int n)
{
    qsort(ms, (size_t)n, sizeof *ms, compare);
    return ms[n / 2];
}

static void measure(struct media *media, const char *path, int n_rounds)
{
    enum { LUMA, SCALED, FULLRES, HELPER_SCALED, HELPER_FULLRES, N_WAYS };
    static double ms[N_WAYS][MAX_ROUNDS];
    struct file_bytes file = read_file(path);
    if (file.n == 0) {
        fprintf(stderr, "bench_media: cannot read '%s'\n", path);
        exit(1);
    }
    for (int i = 0; i < n_rounds; i++)
        for (int way = 0; way < N_WAYS; way++) {
            clockid_t clock = way < HELPER_SCALED ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
            double start = now_ms(clock);
            if (way == LUMA)
                decode_luma(file);
            else if (way == SCALED || way == FULLRES)
                decode_and_print(file, way == SCALED ? LK_SCALED : LK_FULLRES);
            else
                through_helper(media, path, way == HELPER_SCALED ? LK_SCALED : LK_FULLRES);
            ms[way][i] = now_ms(clock) - start;
        }
    double m[N_WAYS];
    for (int way = 0; way < N_WAYS; way++)
        m[way] = median(ms[way], n_rounds);
    printf("%s: luma alone %.1f, scaled %.1f (x%.2f), fullres %.1f (x%.2f); "
           "through the helper: scaled %.1f, fullres %.1f\n",
           path, m[LUMA], m[SCALED], m[SCALED] / m[LUMA], m[FULLRES], m[FULLRES] / m[LUMA],
           m[HELPER_SCALED], m[HELPER_FULLRES]);
    free(file.bytes);
}

int main(int argc, char **argv)
{
    int first = 1, n_rounds = 21;
    if (argc > 2 && strcmp(argv[1], "--rounds") == 0) {
        n_rounds = atoi(argv[2]);
        first = 3;
    }
    if (first >= argc || n_rounds < 1 || n_rounds > MAX_ROUNDS) {
        fprintf(stderr, "usage: bench_media [--rounds 1..%d] JPEG...\n", MAX_ROUNDS);
        return 2;
    }
    struct media *media;
    struct lk_error err;
    double start = now_ms(CLOCK_MONOTONIC);
    must(media_open(NULL, NULL, &media, &err), &err);
    printf("starting the helper: %.1f ms\n", now_ms(CLOCK_MONOTONIC) - start);
    for (int i = first; i < argc; i++)
        measure(media, argv[i], n_rounds);
    media_close(media);
    return 0;
}
