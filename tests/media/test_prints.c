/* The whole way from a file to its print, against the prints that the PDQ reference gives. The
 * pictures are not ours to pass on: LIKENESS_PDQ_DATA names a directory that has them (images/ and
 * expected/pdq_expected.csv); without it there is nothing to do. The reference decoded them with
 * another build of libjpeg, so a bit or two may differ. */
#include "media_test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_DISTANCE = 2 };

static struct media *media;
static const char *data_dir;

struct tally {
    unsigned n_files, n_exact, n_wrong;
};

/* file,width,height,channels,ref512 hash,quality,fullres hash,quality,... */
static bool read_row(char *line, const char **file, struct lk_print *print, int *quality)
{
    char *column[9], *rest = line;
    for (int i = 0; i < 9; i++) {
        column[i] = strsep(&rest, ",\r\n");
        if (column[i] == NULL)
            return false;
    }
    *file = column[0];
    *quality = atoi(column[7]);
    struct lk_error err;
    return lk_print_from_hex(print, column[6], strlen(column[6]), &err) == LK_OK;
}

static void check_row(const char *file, const struct lk_print *want, int quality,
                      struct tally *tally)
{
    char path[4096];
    struct lk_error err = {0};
    struct media_image image;
    struct lk_image_prints got;
    const struct media_request req = {.front_end = LK_FULLRES};
    snprintf(path, sizeof path, "%s/images/%s", data_dir, file);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    tally->n_files++;
    enum lk_status status = media_decode(media, fd, &req, &image, &err);
    close(fd);
    if (status == LK_OK) {
        status = lk_image_print(lk_alloc_heap(), &image.pixels, LK_FULLRES, &got, &err);
        media_image_fini(&image);
    }
    unsigned dist = status == LK_OK ? lk_print_distance(&got.turn[0], want) : 256;
    tally->n_exact += dist == 0;
    if (dist <= MAX_DISTANCE && abs(got.quality - quality) <= 1) {
        if (dist != 0)
            print_message("# %s: %u bits\n", file, dist);
        return;
    }
    tally->n_wrong++;
    print_message("# %s: %u bits from the reference, quality %d for %d %s\n", file, dist,
                  status == LK_OK ? got.quality : -1, quality, err.text);
}

static void files_give_the_prints_of_the_reference(void **state)
{
    (void)state;
    char path[4096], line[1024];
    struct tally tally = {0};
    snprintf(path, sizeof path, "%s/expected/pdq_expected.csv", data_dir);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    media = test_media(NULL);
    while (fgets(line, sizeof line, f) != NULL) {
        const char *file;
        struct lk_print want;
        int quality;
        if (read_row(line, &file, &want, &quality))
            check_row(file, &want, quality, &tally);
    }
    fclose(f);
    media_close(media);
    print_message("# %u files, %u exact, %u beyond %d bits\n", tally.n_files, tally.n_exact,
                  tally.n_wrong, MAX_DISTANCE);
    assert_int_equal(tally.n_wrong, 0);
    assert_true(tally.n_files > 0);
}

int main(void)
{
    data_dir = getenv("LIKENESS_PDQ_DATA");
    if (data_dir == NULL) {
        puts("1..0 # SKIP LIKENESS_PDQ_DATA names no directory");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_give_the_prints_of_the_reference),
    };
    return cmocka_run_group_tests_name("prints", tests, NULL, NULL);
}
