/* Files that are empty, cut short, damaged, enormous or something else: always an error that says
 * which, never a picture, and the next file works. */
#include "media_test.h"

#include "sys/clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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

static enum lk_status decode(const void *bytes, size_t n, struct lk_error *err)
{
    struct media_image image;
    struct file_bytes file = {(uint8_t *)(uintptr_t)bytes, n};
    enum lk_status status = test_decode(media, file, &image, err);
    if (status == LK_OK)
        media_image_fini(&image);
    return status;
}

static void an_empty_file_is_named_as_such(void **state)
{
    (void)state;
    struct lk_error err;
    assert_int_equal(decode("", 0, &err), LK_CORRUPT);
    assert_string_equal(err.text, "the file is empty");
}

static void other_files_are_unsupported_whatever_their_name(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "GIF",     "hello, this is a text file\n", "P7\n1 1\n", "%PDF-1.7\n", "RIFF....WAVEfmt ",
        "\xff\xd8"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct lk_error err;
        assert_int_equal(decode(texts[i], strlen(texts[i]), &err), LK_UNSUPPORTED);
        assert_non_null(strstr(err.text, "not a picture in a format known here"));
    }
}

/* Says whether the first n bytes of a file are refused as they should be. */
static bool is_refused(const char *name, struct file_bytes file, size_t n)
{
    struct lk_error err = {0};
    enum lk_status status = decode(file.bytes, n, &err);
    if (status == LK_CORRUPT || (status == LK_UNSUPPORTED && n < 32))
        return true;
    print_message("# %s cut to %zu of %zu bytes: %s %s\n", name, n, file.n, lk_status_name(status),
                  err.text);
    return false;
}

/* Cuts the file at about 40 lengths, and at each of the last few. may_lack: how many bytes at the
 * end may be missing, because they are no part of the first picture. Returns how many cuts were not
 * refused. */
static unsigned cut_everywhere(const char *name, size_t may_lack)
{
    struct file_bytes file = test_file(name);
    size_t longest = file.n - may_lack - 1;
    unsigned n_wrong = 0;
    for (size_t n = 1; n < longest - 4; n += file.n / 40 + 1)
        n_wrong += !is_refused(name, file, n);
    for (size_t n = longest - 4; n <= longest; n++)
        n_wrong += !is_refused(name, file, n);
    free(file.bytes);
    return n_wrong;
}

static void a_picture_cut_short_is_an_error_at_every_length(void **state)
{
    (void)state;
    unsigned n_wrong = 0;
    n_wrong += cut_everywhere("plain.jpg", 0);
    n_wrong += cut_everywhere("progressive.jpg", 0);
    n_wrong += cut_everywhere("grey.jpg", 0);
    n_wrong += cut_everywhere("cmyk.jpg", 0);
    n_wrong += cut_everywhere("plain.png", 4); /* the checksum of the empty end chunk */
    n_wrong += cut_everywhere("interlaced.png", 4);
    n_wrong += cut_everywhere("alpha.png", 4);
    n_wrong += cut_everywhere("lossy.webp", 1); /* a byte of padding */
    n_wrong += cut_everywhere("lossless.webp", 1);
    n_wrong += cut_everywhere("animated.webp", 1);
    n_wrong += cut_everywhere("plain.gif", 3); /* end of the picture's data, end of the file */
    n_wrong += cut_everywhere("plain.bmp", 0);
    n_wrong += cut_everywhere("runs.bmp", 0);
    n_wrong += cut_everywhere("plain.tif", 96); /* colour tags, unused */
    n_wrong += cut_everywhere("base.ppm", 0);
    n_wrong += cut_everywhere("deep.ppm", 0);
    n_wrong += cut_everywhere("plain.heic", 0);
    n_wrong += cut_everywhere("plain.avif", 0);
    assert_int_equal(n_wrong, 0);
}

/* A PNG header that states any size, with a right checksum, and nothing behind it. */
static size_t make_png_header(uint8_t *to, uint32_t width, uint32_t height)
{
    static const uint8_t start[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    memcpy(to, start, 16);
    for (int i = 0; i < 4; i++) {
        to[16 + i] = (uint8_t)(width >> (24 - 8 * i));
        to[20 + i] = (uint8_t)(height >> (24 - 8 * i));
    }
    memcpy(to + 24, "\x08\x02\0\0", 5);
    uint32_t crc = ~0u;
    for (int i = 12; i < 29; i++) {
        crc ^= to[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    for (int i = 0; i < 4; i++)
        to[29 + i] = (uint8_t)(~crc >> (24 - 8 * i));
    return 33;
}

static void a_bomb_is_refused_by_what_its_header_states(void **state)
{
    (void)state;
    static const uint8_t gif[] = "GIF89a\xff\xff\xff\xff\x80\0\0abcdef"
                                 ",\0\0\0\0\xff\xff\xff\xff\0\x08\x02";
    static const char pnm[] = "P6\n60000 60000\n255\n";
    struct lk_error err;
    uint8_t png[33];
    size_t n = make_png_header(png, 20000, 20000);
    assert_int_equal(decode(png, n, &err), LK_LIMIT);
    assert_string_equal(err.text, "the picture is 20000 x 20000, more than the limit of 100000000 "
                                  "pixels (max_pixels)");
    n = make_png_header(png, 70000, 1);
    assert_int_equal(decode(png, n, &err), LK_LIMIT);
    assert_string_equal(err.text, "the picture is 70000 x 1, a side is limited to 65535 pixels");
    assert_int_equal(decode(gif, sizeof gif - 1, &err), LK_LIMIT);
    assert_int_equal(decode(pnm, sizeof pnm - 1, &err), LK_LIMIT);
}

/* A sound JPEG whose frame header is rewritten to 65000 x 65000. */
static void a_jpeg_bomb_is_refused_too(void **state)
{
    (void)state;
    struct lk_error err;
    struct file_bytes file = test_file("plain.jpg");
    for (size_t i = 0; i + 9 < file.n; i++)
        if (file.bytes[i] == 0xff && file.bytes[i + 1] == 0xc0) {
            memset(file.bytes + i + 5, 0xfd, 4);
            break;
        }
    assert_int_equal(decode(file.bytes, file.n, &err), LK_LIMIT);
    assert_non_null(strstr(err.text, "65021 x 65021"));
    free(file.bytes);
}

static void each_limit_is_named_with_its_value(void **state)
{
    (void)state;
    struct lk_error err;
    struct media_image image;
    struct file_bytes file = test_file("plain.png");
    struct media *m = test_media(&(struct media_limits){.max_bytes = 1000});
    assert_int_equal(test_decode(m, file, &image, &err), LK_LIMIT);
    assert_string_equal(err.text, "the file is larger than the limit of 1000 bytes (max_bytes)");
    int fd = open(test_path("plain.png"), O_RDONLY | O_CLOEXEC);
    const struct media_request req = {.front_end = LK_FULLRES};
    assert_int_equal(media_decode(m, fd, &req, &image, &err), LK_LIMIT);
    assert_string_equal(err.text, "the file is larger than the limit of 1000 bytes (max_bytes)");
    close(fd);
    media_close(m);
    m = test_media(&(struct media_limits){.max_pixels = 6911});
    assert_int_equal(test_decode(m, file, &image, &err), LK_LIMIT);
    assert_string_equal(err.text,
                        "the picture is 72 x 96, more than the limit of 6911 pixels (max_pixels)");
    media_close(m);
    m = test_media(&(struct media_limits){.max_pixels = 6912});
    assert_int_equal(test_decode(m, file, &image, &err), LK_OK);
    media_image_fini(&image);
    media_close(m);
    free(file.bytes);
}

#ifndef __SANITIZE_ADDRESS__ /* its own memory cannot be limited */
static void memory_beyond_its_limit_is_refused(void **state)
{
    (void)state;
    struct lk_error err;
    struct media_image image;
    struct media *m = test_media(&(struct media_limits){.memory_bytes = 4 << 20});
    static const char *const names[] = {"large.jpg", "plain.heic", "plain.avif"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct file_bytes file = test_file(names[i]);
        assert_int_equal(test_decode(m, file, &image, &err), LK_LIMIT);
        assert_string_equal(err.text,
                            "decoding takes more than the limit of 4 MiB of memory (memory_bytes)");
        free(file.bytes);
    }
    media_close(m);
}
#endif

static void a_writer_that_stops_meets_the_time_limit(void **state)
{
    (void)state;
    struct lk_error err;
    struct media_image image;
    const struct media_request req = {.front_end = LK_FULLRES};
    struct media *m = test_media(&(struct media_limits){.timeout_ms = 300});
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(write(ends[1], "\xff\xd8\xff", 3), 3);
    int64_t start_ns = clock_monotonic_ns();
    assert_int_equal(media_decode(m, ends[0], &req, &image, &err), LK_TIMEOUT);
    int64_t took_ms = (clock_monotonic_ns() - start_ns) / 1000000;
    assert_in_range(took_ms, 290, 2000);
    assert_string_equal(err.text, "decoding took longer than the limit of 300 ms (timeout_ms)");
    close(ends[0]);
    close(ends[1]);
    test_still_decodes(m);
}

static void a_pipe_is_as_good_as_a_file(void **state)
{
    (void)state;
    struct lk_error err;
    struct media_image image;
    const struct media_request req = {.front_end = LK_FULLRES};
    struct file_bytes file = test_file("plain.jpg");
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(write(ends[1], file.bytes, file.n), file.n);
    close(ends[1]);
    assert_int_equal(media_decode(media, ends[0], &req, &image, &err), LK_OK);
    close(ends[0]);
    media_image_fini(&image);
    free(file.bytes);
}

/* Flips bytes all over; whatever comes, it is a picture or a plain refusal, never a crash. */
static void damaged_bytes_never_kill_the_decoder(void **state)
{
    (void)state;
    static const char *const names[] = {"plain.jpg",  "progressive.jpg", "plain.png", "lossy.webp",
                                        "plain.gif",  "plain.tif",       "runs.bmp",  "plain.heic",
                                        "plain.avif", "jpeg.tif",        "tiled.tif"};
    uint32_t seed = 12345;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct file_bytes file = test_file(names[i]);
        for (int round = 0; round < 12; round++) {
            for (int k = 0; k < 3; k++) {
                seed = seed * 1664525u + 1013904223u;
                file.bytes[(seed >> 8) % file.n] ^= (uint8_t)(1u << (seed & 7));
            }
            struct lk_error err;
            enum lk_status status = decode(file.bytes, file.n, &err);
            if (status == LK_INTERNAL)
                fail_msg("%s, round %d: %s", names[i], round, err.text);
        }
        free(file.bytes);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1)
        test_dir_set(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_file_is_named_as_such),
        cmocka_unit_test(other_files_are_unsupported_whatever_their_name),
        cmocka_unit_test(a_picture_cut_short_is_an_error_at_every_length),
        cmocka_unit_test(a_bomb_is_refused_by_what_its_header_states),
        cmocka_unit_test(a_jpeg_bomb_is_refused_too),
        cmocka_unit_test(each_limit_is_named_with_its_value),
#ifndef __SANITIZE_ADDRESS__
        cmocka_unit_test(memory_beyond_its_limit_is_refused),
#endif
        cmocka_unit_test(a_writer_that_stops_meets_the_time_limit),
        cmocka_unit_test(a_pipe_is_as_good_as_a_file),
        cmocka_unit_test(damaged_bytes_never_kill_the_decoder),
    };
    return cmocka_run_group_tests_name("hostile", tests, open_media, close_media);
}
