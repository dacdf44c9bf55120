/* All the records of pictures, whole prints and anchors, for registration and for queries: kept as
 * lines of text (docs/formats/print.md) so that none changes unnoticed, whatever the compiler and
 * the processor. The pictures are made by integer formulas.
 *
 * usage: test_anchored PICTURES LINES [write] */
#include "../cmocka_all.h"
#include "../pnm.h"
#include "../scene.h"
#include "exchange/record_line.h"

#include <likeness/fingerprint.h>
#include <stdio.h>
#include <stdlib.h>

static const char *pictures_dir, *lines_dir;
static bool writing;

static void append(struct buf *lines, const struct lk_pixels *px, unsigned purpose)
{
    struct lk_image_prints whole;
    static struct lk_record records[LK_MAX_IMAGE_RECORDS];
    const struct lk_fingerprint_options options = {.purpose = (uint8_t)purpose,
                                                   .front_end = LK_FULLRES};
    struct lk_error err;
    size_t n;
    assert_int_equal(lk_image_fingerprint(lk_alloc_heap(), px, &options, &whole, records, &n, &err),
                     LK_OK);
    for (size_t i = 0; i < n; i++)
        record_line_write(lines, LK_IMAGE, &records[i], purpose == LK_QUERY ? "query" : "registration");
}

static void compare(FILE *f, const struct buf *lines, const char *path)
{
    char *kept = malloc(lines->n + 1);
    assert_non_null(kept);
    assert_int_equal(fread(kept, 1, lines->n + 1, f), lines->n);
    for (size_t i = 0, line = 1; i < lines->n; line += lines->p[i++] == '\n')
        if (kept[i] != lines->p[i])
            fail_msg("%s differs in line %zu", path, line);
    free(kept);
}

static void check(const struct lk_pixels *px, const char *name)
{
    char path[512];
    struct buf lines;
    struct lk_error err;
    buf_init(&lines, lk_alloc_heap(), 1 << 20);
    append(&lines, px, LK_REGISTRATION);
    append(&lines, px, LK_QUERY);
    assert_int_equal(buf_status(&lines, "records", &err), LK_OK);
    (void)snprintf(path, sizeof path, "%s/%s.lines", lines_dir, name);
    FILE *f = fopen(path, writing ? "wb" : "rb");
    assert_non_null(f);
    if (writing)
        assert_int_equal(fwrite(lines.p, 1, lines.n, f), lines.n);
    else
        compare(f, &lines, path);
    assert_int_equal(fclose(f), 0);
    buf_fini(&lines);
}

static void a_picture_of_formulas(void **state)
{
    (void)state;
    char path[512];
    struct lk_pixels px;
    (void)snprintf(path, sizeof path, "%s/A_333x257.ppm.gz", pictures_dir);
    assert_true(pnm_read(path, &px));
    check(&px, "formulas");
    free((void *)px.data);
}

static void a_scene_of_discs(void **state)
{
    (void)state;
    enum { W = 500, H = 375 };
    static int grey[W * H];
    static uint8_t luma[W * H];
    scene_draw(1, W, H, grey, luma);
    const struct lk_pixels px = {luma, W, H, W, 1, 0};
    check(&px, "discs");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_of_formulas),
        cmocka_unit_test(a_scene_of_discs),
    };
    if (argc < 3)
        return 2;
    pictures_dir = argv[1];
    lines_dir = argv[2];
    writing = argc > 3;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
