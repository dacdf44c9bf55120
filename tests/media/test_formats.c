/* Every format, and every way of storing that we know of, decodes to what it was made from. */
#include "../pnm.h"
#include "media_test.h"

#include <stdio.h>
#include <stdlib.h>

/* How far a picture may be from the expected one: mean difference of a sample, in 1/100. */
struct sample {
    const char *file, *format, *expected;
    unsigned tolerance;
};

static const struct sample samples[] = {
    {"plain.jpg", "jpeg", "base.ppm", 900}, /* colour at half resolution of a tiny picture */
    {"progressive.jpg", "jpeg", "base.ppm", 900},
    {"full_chroma.jpg", "jpeg", "base.ppm", 250},
    {"grey.jpg", "jpeg", "grey.pgm", 250},
    {"cmyk.jpg", "jpeg", "base.ppm", 350},
    {"plain.png", "png", "base.ppm", 0},
    {"interlaced.png", "png", "base.ppm", 0},
    {"deep.png", "png", "base.ppm", 0},
    {"grey.png", "png", "grey.pgm", 0},
    {"grey_deep.png", "png", "grey.pgm", 0},
    {"grey_alpha.png", "png", "grey_alpha.pgm", 60},
    {"palette.png", "png", "palette.ppm", 0},
    {"two_tones.png", "png", "two_tones.pgm", 0},
    {"alpha.png", "png", "alpha.ppm", 60},
    {"lossy.webp", "webp", "base.ppm", 900},
    {"lossless.webp", "webp", "base.ppm", 0},
    {"alpha.webp", "webp", "alpha.ppm", 60},
    {"animated.webp", "webp", "base.ppm", 0},
    {"plain.gif", "gif", "gif.ppm", 0},
    {"interlaced.gif", "gif", "gif.ppm", 0},
    {"animated.gif", "gif", "gif.ppm", 0},
    {"clear_half.gif", "gif", "clear_half.ppm", 0},
    {"plain.bmp", "bmp", "base.ppm", 0},
    {"palette.bmp", "bmp", "bmp_palette.ppm", 0},
    {"runs.bmp", "bmp", "bmp_palette.ppm", 0},
    {"fields.bmp", "bmp", "base.ppm", 400},
    {"alpha.bmp", "bmp", "alpha.ppm", 60},
    {"plain.tif", "tiff", "base.ppm", 0},
    {"tiled.tif", "tiff", "base.ppm", 0},
    {"deep.tif", "tiff", "base.ppm", 0},
    {"grey.tif", "tiff", "grey.pgm", 0},
    {"palette.tif", "tiff", "palette.ppm", 0},
    {"jpeg.tif", "tiff", "base.ppm", 900},
    {"cmyk.tif", "tiff", "base.ppm", 100},
    {"alpha.tif", "tiff", "alpha.ppm", 60},
    {"base.ppm", "pnm", "base.ppm", 0},
    {"deep.ppm", "pnm", "base.ppm", 0},
    {"comment.ppm", "pnm", "base.ppm", 0},
    {"grey.pgm", "pnm", "grey.pgm", 0},
    {"plain.heic", "heic", "base.ppm", 900},
    {"alpha.heic", "heic", "alpha.ppm", 900},
    {"plain.avif", "avif", "base.ppm", 900},
    {"alpha.avif", "avif", "alpha.ppm", 900},
    {"turned_1.jpg", "jpeg", "base.ppm", 250},
    {"turned_2.jpg", "jpeg", "base.ppm", 250},
    {"turned_3.jpg", "jpeg", "base.ppm", 250},
    {"turned_4.jpg", "jpeg", "base.ppm", 250},
    {"turned_5.jpg", "jpeg", "base.ppm", 250},
    {"turned_6.jpg", "jpeg", "base.ppm", 250},
    {"turned_7.jpg", "jpeg", "base.ppm", 250},
    {"turned_8.jpg", "jpeg", "base.ppm", 250},
    {"turned_6.png", "png", "base.ppm", 0},
    {"turned_6.webp", "webp", "base.ppm", 0},
    {"turned_6.tif", "tiff", "base.ppm", 0},
    {"turned.heic", "heic", "base.ppm", 900},
};

static struct media *media;

static int open_media(void **state)
{
    (void)state;
    media = test_media(NULL);
    return 0;
}

static int close_media(void **state)
{
    (void)state;
    media_close(media);
    return 0;
}

/* Mean difference of a sample in 1/100; UINT_MAX when the pictures are not alike at all. */
static unsigned difference(const struct lk_pixels *a, const struct lk_pixels *b)
{
    if (a->width != b->width || a->height != b->height || a->channels != b->channels)
        return UINT32_MAX;
    uint64_t sum = 0, n = (uint64_t)a->width * a->height * a->channels;
    for (uint64_t i = 0; i < n; i++)
        sum += (uint64_t)abs(a->data[i] - b->data[i]);
    return (unsigned)(sum * 100 / n);
}

static bool decodes_as_expected(const struct sample *s)
{
    struct lk_error err;
    struct lk_pixels expected;
    struct media_image image;
    struct file_bytes file = test_file(s->file);
    enum lk_status status = test_decode(media, file, &image, &err);
    free(file.bytes);
    if (status != LK_OK) {
        print_message("# %s: %s\n", s->file, err.text);
        return false;
    }
    assert_true(pnm_read(test_path(s->expected), &expected));
    unsigned got = difference(&image.pixels, &expected);
    bool ok =
        got <= s->tolerance && strcmp(image.format, s->format) == 0 && image.pixels.reduced_by == 1;
    if (!ok)
        print_message("# %s: %s, %u x %u x %u, differs by %u/100, allowed %u\n", s->file,
                      image.format, image.pixels.width, image.pixels.height, image.pixels.channels,
                      got, s->tolerance);
    free((void *)(uintptr_t)expected.data);
    media_image_fini(&image);
    assert_null(image.pixels.data);
    return ok;
}

static void every_format_decodes_to_its_pixels(void **state)
{
    (void)state;
    unsigned n_wrong = 0;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        n_wrong += !decodes_as_expected(&samples[i]);
    assert_int_equal(n_wrong, 0);
}

static void a_frame_smaller_than_its_canvas_lies_on_white(void **state)
{
    (void)state;
    struct lk_error err;
    struct media_image image;
    struct file_bytes file = test_file("offset.gif");
    assert_int_equal(test_decode(media, file, &image, &err), LK_OK);
    assert_int_equal(image.pixels.width, 90);
    assert_int_equal(image.pixels.height, 110);
    assert_int_equal(image.pixels.data[0], 255);
    struct lk_pixels inner = image.pixels, expected;
    inner.data += 5 * inner.stride_bytes + 10 * 3;
    assert_true(pnm_read(test_path("gif.ppm"), &expected));
    for (uint32_t y = 0; y < expected.height; y++)
        assert_memory_equal(inner.data + y * inner.stride_bytes,
                            expected.data + y * expected.stride_bytes, expected.stride_bytes);
    free((void *)(uintptr_t)expected.data);
    free(file.bytes);
    media_image_fini(&image);
}

static void orientation_is_reported_and_can_be_ignored(void **state)
{
    (void)state;
    struct lk_error err;
    struct media_image turned, stored;
    const struct media_request ignore = {.front_end = LK_FULLRES, .ignore_orientation = true};
    struct file_bytes file = test_file("turned_6.png");
    assert_int_equal(test_decode(media, file, &turned, &err), LK_OK);
    assert_int_equal(media_decode_bytes(media, file.bytes, file.n, &ignore, &stored, &err), LK_OK);
    assert_int_equal(turned.orientation, 6);
    assert_int_equal(stored.orientation, 6);
    assert_int_equal(turned.pixels.width, stored.pixels.height);
    assert_int_equal(turned.source_width, stored.pixels.width);
    const struct lk_pixels *t = &turned.pixels, *s = &stored.pixels;
    for (uint32_t y = 0; y < t->height; y++)
        for (uint32_t x = 0; x < t->width; x++)
            assert_memory_equal(t->data + y * t->stride_bytes + 3 * x,
                                s->data + (s->height - 1 - x) * s->stride_bytes + 3 * y, 3);
    free(file.bytes);
    media_image_fini(&turned);
    media_image_fini(&stored);
}

static void scaled_reduces_a_large_jpeg_to_luma(void **state)
{
    (void)state;
    const struct media_request scaled = {.front_end = LK_SCALED};
    const char *const names[] = {"large.jpg", "large_6.jpg"};
    for (int i = 0; i < 2; i++) {
        struct lk_error err;
        struct media_image image;
        struct file_bytes file = test_file(names[i]);
        assert_int_equal(media_decode_bytes(media, file.bytes, file.n, &scaled, &image, &err),
                         LK_OK);
        assert_int_equal(image.pixels.channels, 1);
        assert_int_equal(image.pixels.reduced_by, 2);
        assert_int_equal(image.source_width, 1040);
        assert_int_equal(image.pixels.width, i == 0 ? 520 : 1100);
        assert_int_equal(image.pixels.height, i == 0 ? 1100 : 520);
        media_image_fini(&image);
        assert_int_equal(test_decode(media, file, &image, &err), LK_OK);
        assert_int_equal(image.pixels.channels, 3);
        assert_int_equal(image.pixels.reduced_by, 1);
        media_image_fini(&image);
        free(file.bytes);
    }
}

static void scaled_leaves_a_small_picture_as_fullres_has_it(void **state)
{
    (void)state;
    const struct media_request scaled = {.front_end = LK_SCALED};
    struct lk_error err;
    struct media_image a, b;
    struct file_bytes file = test_file("plain.jpg");
    assert_int_equal(media_decode_bytes(media, file.bytes, file.n, &scaled, &a, &err), LK_OK);
    assert_int_equal(test_decode(media, file, &b, &err), LK_OK);
    assert_int_equal(difference(&a.pixels, &b.pixels), 0);
    media_image_fini(&a);
    media_image_fini(&b);
    free(file.bytes);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        test_dir_set(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_decodes_to_its_pixels),
        cmocka_unit_test(a_frame_smaller_than_its_canvas_lies_on_white),
        cmocka_unit_test(orientation_is_reported_and_can_be_ignored),
        cmocka_unit_test(scaled_reduces_a_large_jpeg_to_luma),
        cmocka_unit_test(scaled_leaves_a_small_picture_as_fullres_has_it),
    };
    return cmocka_run_group_tests_name("formats", tests, open_media, close_media);
}
