#include "media_test.h"

#include <stdio.h>
#include <stdlib.h>

static const char *test_dir = ".";

void test_dir_set(const char *dir)
{
    test_dir = dir;
}

const char *test_path(const char *name)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", test_dir, name);
    return path;
}

struct file_bytes test_file(const char *name)
{
    struct file_bytes file = {0};
    FILE *f = fopen(test_path(name), "rb");
    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    file.n = (size_t)ftell(f);
    rewind(f);
    file.bytes = malloc(file.n);
    assert_non_null(file.bytes);
    assert_int_equal(fread(file.bytes, 1, file.n, f), file.n);
    fclose(f);
    return file;
}

struct media *test_media(const struct media_limits *limits)
{
    struct media *m;
    struct lk_error err;
    enum lk_status status = media_open(NULL, limits, &m, &err);
    if (status != LK_OK)
        fail_msg("%s", err.text);
    return m;
}

enum lk_status test_decode(struct media *m, struct file_bytes file, struct media_image *out,
                           struct lk_error *err)
{
    const struct media_request req = {.front_end = LK_FULLRES};
    return media_decode_bytes(m, file.bytes, file.n, &req, out, err);
}

void test_still_decodes(struct media *m)
{
    struct lk_error err = {0};
    struct media_image image;
    struct file_bytes file = test_file("plain.jpg");
    assert_int_equal(test_decode(m, file, &image, &err), LK_OK);
    media_image_fini(&image);
    free(file.bytes);
    media_close(m);
}
