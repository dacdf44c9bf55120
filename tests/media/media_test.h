/* tests/media/media_test.h - what the tests of src/media share. */
#ifndef TESTS_MEDIA_TEST_H
#define TESTS_MEDIA_TEST_H

#include "../cmocka_all.h"

#include "media/media.h"

/* A file of a test, in memory; free(bytes). */
struct file_bytes {
    uint8_t *bytes;
    size_t n;
};

/* "DIR/name"; borrowed until the next call. DIR is what main() was given. */
const char *test_path(const char *name);
void test_dir_set(const char *dir);

struct file_bytes test_file(const char *name);

/* Opens a client with these limits, or fails the test. */
struct media *test_media(const struct media_limits *limits);

/* Decodes bytes; *err is filled on failure. */
enum lk_status test_decode(struct media *m, struct file_bytes file, struct media_image *out,
                           struct lk_error *err);

/* After something went wrong: a good file decodes all the same. Closes m. */
void test_still_decodes(struct media *m);

#endif
