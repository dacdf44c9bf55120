/* The public face of image prints: front ends, refusal, records, errors. */
#include "../cmocka_all.h"
#include "core/image/pdq.h"
#include "core/kernels/cpu.h"

#include <likeness/image.h>
#include <stdlib.h>

static struct lk_error err;

/* Layered waves made of integers: structure at every size. */
static struct lk_pixels picture(uint32_t width, uint32_t height, uint8_t channels)
{
    uint8_t *p = malloc((size_t)width * height * channels);
    assert_non_null(p);
    for (uint32_t y = 0, i = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++)
            for (uint32_t c = 0; c < channels; c++)
                p[i++] =
                    (uint8_t)(((x * 7 / 64) * (y * 5 / 64) + (c + 1) * x / 9 + y * y / 900) % 251);
    return (struct lk_pixels){.data = p,
                              .width = width,
                              .height = height,
                              .stride_bytes = (size_t)width * channels,
                              .channels = channels};
}

static struct lk_image_prints print_of(const struct lk_pixels *px, enum lk_front_end front_end)
{
    struct lk_image_prints prints;
    assert_int_equal(lk_image_print(lk_alloc_heap(), px, front_end, &prints, &err), LK_OK);
    assert_int_equal(prints.front_end, front_end);
    return prints;
}

static void reductions(void **state)
{
    (void)state;
    static const uint32_t want[][3] = {
        {1, 1, 1},       {512, 512, 1},   {1023, 5000, 1},   {1024, 1024, 2},
        {2047, 2048, 2}, {2048, 2048, 4}, {4032, 3024, 4},   {5120, 2880, 4},
        {4095, 4096, 4}, {4096, 4096, 8}, {65535, 65535, 8}, {65535, 1000, 1},
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        assert_int_equal(lk_image_reduction(want[i][0], want[i][1]), want[i][2]);
        assert_int_equal(lk_image_reduction(want[i][1], want[i][0]), want[i][2]);
    }
}

static void unreduced_is_fullres(void **state)
{
    (void)state;
    struct lk_pixels px = picture(1023, 777, 3);
    struct lk_image_prints full = print_of(&px, LK_FULLRES), scaled = print_of(&px, LK_SCALED);
    assert_memory_equal(full.turn, scaled.turn, sizeof full.turn);
    assert_int_equal(full.quality, scaled.quality);
    free((void *)px.data);
}

/* The rule once more, written the slow way. */
static struct lk_pixels reduce(const struct lk_pixels *px, uint32_t s)
{
    uint32_t width = (px->width + s - 1) / s, height = (px->height + s - 1) / s;
    uint8_t *to = malloc((size_t)width * height);
    assert_non_null(to);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            uint64_t sum = 0, n = 0;
            for (uint32_t v = y * s; v < y * s + s && v < px->height; v++)
                for (uint32_t u = x * s; u < x * s + s && u < px->width; u++, n++) {
                    const uint8_t *p = px->data + v * px->stride_bytes + u * px->channels;
                    sum +=
                        px->channels == 1 ? 1000u * p[0] : 299u * p[0] + 587u * p[1] + 114u * p[2];
                }
            to[y * width + x] = (uint8_t)((sum + 500 * n) / (1000 * n));
        }
    return (struct lk_pixels){.data = to,
                              .width = width,
                              .height = height,
                              .stride_bytes = width,
                              .channels = 1,
                              .reduced_by = (uint8_t)s};
}

static void reduced(uint32_t width, uint32_t height, uint8_t channels)
{
    struct lk_pixels px = picture(width, height, channels);
    struct lk_pixels small = reduce(&px, lk_image_reduction(width, height));
    struct lk_image_prints here = print_of(&px, LK_SCALED), before = print_of(&small, LK_SCALED);
    assert_memory_equal(here.turn, before.turn, sizeof here.turn);
    assert_int_equal(here.quality, before.quality);
    for (int level = 0; level < CPU_N_LEVELS; level++) {
        struct lk_image_prints other;
        const struct pdq_kernels *k = pdq_kernels_get(cpu_mask() & (CPU_BIT(level + 1) - 1));
        assert_int_equal(pdq_print_with(k, lk_alloc_heap(), &px, LK_SCALED, &other, &err), LK_OK);
        assert_memory_equal(other.turn, here.turn, sizeof here.turn);
    }
    small.reduced_by = 0; /* as if it were a whole picture of that size */
    struct lk_image_prints full = print_of(&small, LK_FULLRES);
    assert_memory_equal(here.turn, full.turn, sizeof here.turn);
    free((void *)px.data);
    free((void *)small.data);
}

static void reduced_by_squares(void **state)
{
    (void)state;
    reduced(1024, 1024, 3);
    reduced(1301, 1067, 3);
    reduced(2051, 2049, 1);
    reduced(4097, 4099, 3);
}

static void never_reduced_twice(void **state)
{
    (void)state;
    /* what a decoder leaves of 9000 x 8800 is still above 1024 */
    struct lk_pixels px = picture(1125, 1100, 1);
    px.reduced_by = 8;
    struct lk_image_prints scaled = print_of(&px, LK_SCALED);
    px.reduced_by = 0;
    struct lk_image_prints full = print_of(&px, LK_FULLRES), again = print_of(&px, LK_SCALED);
    assert_memory_equal(scaled.turn, full.turn, sizeof full.turn);
    assert_memory_not_equal(scaled.turn, again.turn, sizeof full.turn);
    px.reduced_by = 8;
    struct lk_image_prints prints;
    assert_int_equal(lk_image_print(lk_alloc_heap(), &px, LK_FULLRES, &prints, &err), LK_INVALID);
    assert_non_null(strstr(err.text, "scaled"));
    free((void *)px.data);
}

static void flat_pictures_refused(void **state)
{
    (void)state;
    enum { SIDE = 200 };
    static uint8_t bytes[SIDE * SIDE];
    const struct lk_pixels px = {
        .data = bytes, .width = SIDE, .height = SIDE, .stride_bytes = SIDE, .channels = 1};
    for (int grey = 0; grey < 256; grey += 51) {
        memset(bytes, grey, sizeof bytes);
        struct lk_image_prints prints = print_of(&px, LK_FULLRES);
        assert_int_equal(prints.quality, 0);
        assert_int_equal(lk_image_refusal(&prints, &err), LK_INVALID);
    }
    memset(bytes, 0, sizeof bytes / 2);
    memset(bytes + sizeof bytes / 2, 255, sizeof bytes / 2);
    struct lk_image_prints halves = print_of(&px, LK_FULLRES);
    assert_true(halves.quality >= 50);
    assert_int_equal(lk_image_refusal(&halves, &err), LK_INVALID);
}

static void tiny_pictures_refused(void **state)
{
    (void)state;
    for (uint32_t side = 1; side < 5; side++) {
        struct lk_pixels px = picture(side, 100, 3);
        struct lk_image_prints prints = print_of(&px, LK_FULLRES);
        assert_int_equal(lk_print_popcount(&prints.turn[0]), 0);
        assert_int_equal(prints.quality, 0);
        assert_int_equal(lk_image_refusal(&prints, &err), LK_INVALID);
        assert_non_null(strstr(err.text, "5 pixels"));
        free((void *)px.data);
    }
}

static void dark_pictures_kept(void **state)
{
    (void)state;
    struct lk_pixels px = picture(640, 480, 3);
    uint8_t *p = (uint8_t *)px.data;
    for (size_t i = 0; i < px.stride_bytes * px.height; i++)
        p[i] /= 16;
    struct lk_image_prints prints = print_of(&px, LK_FULLRES);
    assert_int_equal(lk_image_refusal(&prints, &err), LK_OK);
    free(p);
}

static void records(void **state)
{
    (void)state;
    struct lk_pixels px = picture(320, 240, 3);
    struct lk_image_prints prints = print_of(&px, LK_REF512);
    struct lk_record made[LK_N_TURNS];
    assert_int_equal(lk_image_records(&prints, false, made), 1);
    assert_int_equal(lk_image_records(&prints, true, made), LK_N_TURNS);
    for (unsigned i = 0; i < LK_N_TURNS; i++) {
        assert_memory_equal(&made[i].print, &prints.turn[i], sizeof made[i].print);
        assert_int_equal(made[i].kind, LK_WHOLE);
        assert_int_equal(made[i].front_end, LK_REF512);
        assert_int_equal(made[i].quality, prints.quality);
        assert_int_equal(made[i].time_ms, 0);
        assert_int_equal(made[i].frame.x, 128);
        assert_int_equal(made[i].frame.y, 128);
        assert_int_equal(made[i].frame.size, 255);
        assert_int_equal(made[i].frame.turn, i);
    }
    const struct lk_sequence seq = {.medium = LK_IMAGE, .records = made, .n_records = LK_N_TURNS};
    assert_int_equal(lk_sequence_check(&seq, &err), LK_OK);
    free((void *)px.data);
}

static void *no_memory(void *ctx, size_t n_bytes)
{
    (void)ctx;
    (void)n_bytes;
    return NULL;
}

static void wrong_pixels(void **state)
{
    (void)state;
    struct lk_image_prints prints;
    struct lk_pixels px = picture(30, 20, 3);
    struct lk_pixels bad[5] = {px, px, px, px, px};
    bad[0].width = 0;
    bad[1].height = LK_MAX_SIDE + 1;
    bad[2].channels = 4;
    bad[3].channels = 0;
    bad[4].stride_bytes = 89;
    for (int i = 0; i < 5; i++)
        assert_int_equal(lk_image_print(lk_alloc_heap(), &bad[i], LK_FULLRES, &prints, &err),
                         LK_INVALID);
    assert_int_equal(lk_image_print(lk_alloc_heap(), &px, (enum lk_front_end)9, &prints, &err),
                     LK_INVALID);
    const struct lk_alloc empty = {.alloc = no_memory};
    assert_int_equal(lk_image_print(&empty, &px, LK_FULLRES, &prints, &err), LK_NOMEM);
    free((void *)px.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"a reduction leaves at least 512 on both sides", reductions, NULL, NULL, NULL},
        {"scaled without a reduction is fullres", unreduced_is_fullres, NULL, NULL, NULL},
        {"scaled reduces by means of squares of luma", reduced_by_squares, NULL, NULL, NULL},
        {"what a decoder has reduced is not reduced again", never_reduced_twice, NULL, NULL, NULL},
        {"flat pictures and halves are refused", flat_pictures_refused, NULL, NULL, NULL},
        {"pictures under 5 pixels have the zero print and are refused", tiny_pictures_refused, NULL,
         NULL, NULL},
        {"dark pictures are not refused", dark_pictures_kept, NULL, NULL, NULL},
        {"records carry the eight turns for registration, one for a query", records, NULL, NULL,
         NULL},
        {"wrong pixels and missing memory are errors", wrong_pixels, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
