/* Orientation: found in each container, and applied to pixels. */
#include "../cmocka_all.h"
#include "core/image/orient.h"
#include "inspect/exif.h"

#include <stdlib.h>

/* A TIFF block with one other entry before the orientation. */
static size_t tiff_block(uint8_t *p, bool big, unsigned orientation)
{
    static const uint8_t little_bytes[] = {
        'I',  'I', '*', 0, 8, 0, 0, 0, 2,   0,       /* two entries at 8 */
        0x0f, 1,   2,   0, 1, 0, 0, 0, 'x', 0, 0, 0, /* the maker */
        0x12, 1,   3,   0, 1, 0, 0, 0, 0,   0, 0, 0, 0, 0, 0, 0,
    };
    static const uint8_t big_bytes[] = {
        'M', 'M',  0, '*', 0, 0, 0, 8, 0,   2,       /* two entries at 8 */
        1,   0x0f, 0, 2,   0, 0, 0, 1, 'x', 0, 0, 0, /* the maker */
        1,   0x12, 0, 3,   0, 0, 0, 1, 0,   0, 0, 0, 0, 0, 0, 0,
    };
    memcpy(p, big ? big_bytes : little_bytes, sizeof big_bytes);
    p[big ? 31 : 30] = (uint8_t)orientation;
    return sizeof big_bytes;
}

static void copy(uint8_t **p, const char *bytes, size_t n)
{
    memcpy(*p, bytes, n);
    *p += n;
}

static size_t in_jpeg(uint8_t *bytes, bool big, unsigned orientation)
{
    uint8_t *p = bytes;
    copy(&p, "\xff\xd8\xff\xe0\0\4JF\xff\xff\xff\xe1\0\0Exif\0\0", 20);
    p += tiff_block(p, big, orientation);
    size_t length = (size_t)(p - bytes) - 12;
    bytes[12] = (uint8_t)(length >> 8);
    bytes[13] = (uint8_t)length;
    copy(&p, "\xff\xda\0\2", 4);
    return (size_t)(p - bytes);
}

static size_t in_png(uint8_t *bytes, bool big, unsigned orientation)
{
    uint8_t *p = bytes;
    copy(&p, "\x89PNG\r\n\x1a\n\0\0\0\0eXIf", 16);
    size_t n = tiff_block(p, big, orientation);
    bytes[11] = (uint8_t)n;
    p += n;
    copy(&p, "crc.", 4);
    return (size_t)(p - bytes);
}

static size_t in_webp(uint8_t *bytes, bool big, unsigned orientation)
{
    uint8_t *p = bytes;
    copy(&p, "RIFF\0\0\0\0WEBPVP8X\3\0\0\0abc\0EXIF\0\0\0\0", 32);
    size_t n = tiff_block(p, big, orientation);
    bytes[28] = (uint8_t)n;
    return 32 + n;
}

typedef size_t make(uint8_t *bytes, bool big, unsigned orientation);

static void found_in(make *container)
{
    for (unsigned orientation = 1; orientation <= 8; orientation++)
        for (int big = 0; big < 2; big++) {
            uint8_t bytes[128];
            size_t n = container(bytes, big, orientation);
            assert_int_equal(exif_orientation(bytes, n), orientation);
        }
}

static void found_in_each(void **state)
{
    (void)state;
    found_in(tiff_block);
    found_in(in_jpeg);
    found_in(in_png);
    found_in(in_webp);
}

static void damage_means_none(void **state)
{
    (void)state;
    static make *const containers[] = {tiff_block, in_jpeg, in_png, in_webp};
    uint8_t bytes[128];
    for (size_t i = 0; i < 4; i++) {
        size_t n = containers[i](bytes, true, 9);
        assert_int_equal(exif_orientation(bytes, n), 1);
        n = containers[i](bytes, true, 6);
        for (size_t cut = 0; cut < n; cut++) {
            uint8_t *exact = malloc(cut + 1); /* so that a sanitizer sees a byte too far */
            assert_non_null(exact);
            memcpy(exact, bytes, cut);
            unsigned got = exif_orientation(exact, cut);
            assert_true(got == 1 || got == 6);
            free(exact);
        }
    }
    assert_int_equal(exif_orientation(NULL, 0), 1);
}

/* 3 x 2 pixels a b c / d e f. */
static void pixels_turn(void **state)
{
    (void)state;
    static const char *const want[9] = {"",       "abcdef", "cbafed", "fedcba", "defabc",
                                        "adbecf", "daebfc", "fcebda", "cfbead"};
    const struct lk_pixels from = {.data = (const uint8_t *)"abc.def.",
                                   .width = 3,
                                   .height = 2,
                                   .stride_bytes = 4,
                                   .channels = 1};
    for (unsigned orientation = 1; orientation <= 8; orientation++) {
        uint8_t to[6];
        orient_pixels(&from, orientation, to);
        assert_memory_equal(to, want[orientation], 6);
        assert_int_equal(orient_swaps_sides(orientation), orientation >= 5);
    }
}

static void every_pixel_of_large_ones(void **state)
{
    (void)state;
    enum { W = 71, H = 45 };
    static uint8_t from_bytes[W * H * 3], once[W * H * 3], twice[W * H * 3];
    for (size_t i = 0; i < sizeof from_bytes; i++)
        from_bytes[i] = (uint8_t)(i * 7 + i / 256);
    const struct lk_pixels from = {
        .data = from_bytes, .width = W, .height = H, .stride_bytes = W * 3, .channels = 3};
    static const unsigned back[9] = {0, 1, 2, 3, 4, 5, 8, 7, 6};
    for (unsigned orientation = 1; orientation <= 8; orientation++) {
        struct lk_pixels turned = from;
        turned.data = once;
        turned.width = orient_swaps_sides(orientation) ? H : W;
        turned.height = orient_swaps_sides(orientation) ? W : H;
        turned.stride_bytes = turned.width * 3;
        orient_pixels(&from, orientation, once);
        orient_pixels(&turned, back[orientation], twice);
        assert_memory_equal(twice, from_bytes, sizeof from_bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"the orientation is found in TIFF, JPEG, PNG and WebP, either byte order", found_in_each,
         NULL, NULL, NULL},
        {"a damaged or missing orientation means 1", damage_means_none, NULL, NULL, NULL},
        {"the eight orientations put pixels where TIFF says", pixels_turn, NULL, NULL, NULL},
        {"turning back gives every pixel of a larger picture", every_pixel_of_large_ones, NULL,
         NULL, NULL},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
