/* Every level of kernels against the plain transcription in bench/: the same floats, not near ones.
 */
#include "../../bench/pdq_baseline.h"
#include "../cmocka_all.h"
#include "core/image/pdq.h"
#include "core/image/pdq_filter.h"
#include "core/kernels/cpu.h"

#include <stdlib.h>

static uint64_t random_state = 0x9e3779b97f4a7c15u;

static uint32_t random_below(uint32_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)((random_state >> 32) % n);
}

/* Noise, a ramp, or blocks: what running sums drift on differs. */
static void fill(uint8_t *p, uint32_t width, uint32_t height, uint32_t channels)
{
    uint32_t kind = random_below(4), scale = 1 + random_below(40);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++)
            for (uint32_t c = 0; c < channels; c++)
                *p++ = (uint8_t)(kind == 0   ? random_below(256)
                                 : kind == 1 ? x * 5 / scale + y * 3 / scale + c * 40
                                 : kind == 2 ? ((x / scale + y / scale) % 2) * 255
                                             : (x * y / scale + random_below(9)));
}

static void check_size(uint32_t width, uint32_t height, uint32_t channels)
{
    size_t n = (size_t)width * height * channels;
    uint8_t *bytes = malloc(n); /* exact, so that a sanitizer sees a byte too far */
    assert_non_null(bytes);
    fill(bytes, width, height, channels);
    const struct lk_pixels px = {.data = bytes,
                                 .width = width,
                                 .height = height,
                                 .stride_bytes = (size_t)width * channels,
                                 .channels = (uint8_t)channels};
    static float want[PDQ_SIDE * PDQ_SIDE];
    float *scratch = malloc((size_t)width * height * 2 * sizeof *scratch);
    assert_non_null(scratch);
    pdq_baseline_matrix(bytes, (int)width, (int)height, (int)channels, scratch, want);
    free(scratch);
    uint16_t words[16];
    int quality;
    pdq_baseline_print(want, words, &quality);
    struct image_rows rows;
    image_rows_init(&rows, &px, LK_FULLRES);
    for (int level = 0; level < CPU_N_LEVELS; level++) {
        const struct pdq_kernels *k = pdq_kernels_get(cpu_mask() & (CPU_BIT(level + 1) - 1));
        _Alignas(PDQ_ALIGN) float a[PDQ_SIDE * PDQ_SIDE], b[PDQ_FREQS * PDQ_FREQS];
        struct lk_error err;
        assert_int_equal(pdq_filter(k, lk_alloc_heap(), &rows, a, &err), LK_OK);
        if (memcmp(a, want, sizeof a) != 0)
            fail_msg("%u x %u x %u differs with %u lanes", width, height, channels, k->lanes);
        struct lk_print turn[LK_N_TURNS];
        k->transform(a, b);
        pdq_turns(b, turn);
        for (int i = 0; i < 16; i++)
            assert_int_equal(turn[0].w[i / 4] >> (16 * (i % 4)) & 0xffff, words[i]);
        assert_int_equal(pdq_quality(a), quality);
    }
    free(bytes);
}

static void squares(void **state)
{
    (void)state;
    for (uint32_t side = 1; side <= 300; side += side < 80 ? 1 : 7)
        check_size(side, side, side % 2 ? 3 : 1);
}

static void odd_shapes(void **state)
{
    (void)state;
    static const uint16_t shapes[][2] = {{5, 700},   {700, 5},   {1, 1000},   {1000, 1},
                                         {129, 127}, {128, 128}, {127, 129},  {2049, 33},
                                         {33, 2049}, {641, 479}, {1152, 864}, {4100, 17},
                                         {17, 4100}, {65535, 6}, {6, 65535}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (uint32_t channels = 1; channels <= 3; channels += 2)
            check_size(shapes[i][0], shapes[i][1], channels);
}

static void random_shapes(void **state)
{
    (void)state;
    for (int i = 0; i < 120; i++)
        check_size(1 + random_below(700), 1 + random_below(500), random_below(2) ? 3 : 1);
}

/* Rows may have anything behind them. */
static void strides(void **state)
{
    (void)state;
    enum { W = 203, H = 120, STRIDE = 640 };
    uint8_t *bytes = malloc(STRIDE * H), *tight = malloc(W * 3 * H);
    assert_true(bytes && tight);
    fill(tight, W, H, 3);
    memset(bytes, 0xa5, STRIDE * H);
    for (int y = 0; y < H; y++)
        memcpy(bytes + y * STRIDE, tight + y * W * 3, W * 3);
    struct lk_pixels px = {
        .data = tight, .width = W, .height = H, .stride_bytes = W * 3, .channels = 3};
    struct lk_image_prints a, b;
    struct lk_error err;
    assert_int_equal(lk_image_print(lk_alloc_heap(), &px, LK_FULLRES, &a, &err), LK_OK);
    px.data = bytes;
    px.stride_bytes = STRIDE;
    assert_int_equal(lk_image_print(lk_alloc_heap(), &px, LK_FULLRES, &b, &err), LK_OK);
    assert_memory_equal(&a, &b, sizeof a);
    free(bytes);
    free(tight);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"squares of 1 to 300: every level gives the floats of the transcription", squares, NULL,
         NULL, NULL},
        {"long, thin, and odd pictures: every level gives the floats of the transcription",
         odd_shapes, NULL, NULL, NULL},
        {"random pictures: every level gives the floats of the transcription", random_shapes, NULL,
         NULL, NULL},
        {"what stands behind a row does not matter", strides, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
