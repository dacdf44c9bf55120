/* The prints of the PDQ reference, on every level of this machine. tests/golden/pdq: pictures made
 * by integer formulas, with the prints, turns and qualities that the unmodified reference gives. A
 * directory of further vectors may be named by LIKENESS_PDQ_DATA (expected/ppm, expected/stages and
 * expected/pdq_expected.jsonl in it), which are then checked instead. */
#include "../cmocka_all.h"
#include "../pnm.h"
#include "core/image/pdq.h"
#include "core/image/pdq_filter.h"
#include "core/kernels/cpu.h"
#include "sys/json_read.h"

#include <likeness/image.h>
#include <stdio.h>
#include <stdlib.h>

static const char *golden_dir;
static const char *further_dir;

struct tally {
    unsigned pictures, prints, wrong;
};

static void check_front_end(const struct json_tree *expected, const struct lk_pixels *px,
                            enum lk_front_end front_end, unsigned mask, const char *name,
                            struct tally *tally)
{
    struct lk_image_prints got;
    struct lk_error err;
    assert_int_equal(
        pdq_print_with(pdq_kernels_get(mask), lk_alloc_heap(), px, front_end, &got, &err), LK_OK);
    const struct json_tree *turns = json_get(expected, "dihedral");
    assert_int_equal(json_array_length(turns), LK_N_TURNS);
    for (size_t i = 0; i < LK_N_TURNS; i++) {
        const char *want =
            i == 0 ? json_get_text(expected, "hash", NULL) : json_as_text(json_at(turns, i), NULL);
        char hex[LK_PRINT_HEX_CHARS + 1];
        lk_print_to_hex(&got.turn[i], hex);
        tally->prints++;
        if (strcmp(hex, want) != 0) {
            tally->wrong++;
            print_message("# %s %s turn %zu mask %x: %s, not %s\n", name,
                          lk_front_end_name(front_end), i, mask, hex, want);
        }
    }
    int64_t quality = -1;
    assert_true(json_as_int(json_get(expected, "quality"), 0, 100, &quality));
    assert_int_equal(got.quality, quality);
}

static void check_picture(const struct json_tree *row, const char *path, struct tally *tally)
{
    struct lk_pixels px;
    if (!pnm_read(path, &px))
        return;
    tally->pictures++;
    for (int level = 0; level < CPU_N_LEVELS; level++) {
        unsigned mask = cpu_mask() & (CPU_BIT(level + 1) - 1);
        check_front_end(json_get(row, "fullres"), &px, LK_FULLRES, mask, path, tally);
        check_front_end(json_get(row, "ref512"), &px, LK_REF512, mask, path, tally);
    }
    free((void *)px.data);
}

/* Calls check_picture() for every line; the name in it is turned into a path under `dir`. */
static void check_lines(const char *list, const char *dir, bool from_photographs,
                        struct tally *tally)
{
    FILE *file = fopen(list, "r");
    assert_non_null(file);
    static char line[8192];
    while (fgets(line, sizeof line, file)) {
        struct json_tree *row;
        struct lk_error err;
        assert_int_equal(json_tree_parse(line, strlen(line), &row, &err), LK_OK);
        const char *name = json_get_text(row, "file", NULL);
        char path[1024], flat[512];
        if (from_photographs) {
            snprintf(flat, sizeof flat, "%s", name);
            for (char *slash; (slash = strchr(flat, '/')) != NULL;)
                *slash = '_';
            char *dot = strrchr(flat, '.');
            assert_non_null(dot);
            *dot = '\0';
            snprintf(path, sizeof path, "%s/%s.ppm", dir, flat);
        } else {
            snprintf(path, sizeof path, "%s/%s.gz", dir, strrchr(name, '/') + 1);
        }
        check_picture(row, path, tally);
        json_tree_free(row);
    }
    fclose(file);
}

static void synthetic_pictures(void **state)
{
    (void)state;
    struct tally tally = {0};
    char list[1024];
    snprintf(list, sizeof list, "%s/synth.jsonl", golden_dir);
    check_lines(list, golden_dir, false, &tally);
    assert_int_equal(tally.pictures, 43);
    assert_int_equal(tally.wrong, 0);
    assert_int_equal(tally.prints, 43 * 2 * LK_N_TURNS * CPU_N_LEVELS);
}

static void decoded_photographs(void **state)
{
    (void)state;
    struct tally tally = {0};
    char list[1024], dir[1024];
    snprintf(list, sizeof list, "%s/expected/pdq_expected.jsonl", further_dir);
    snprintf(dir, sizeof dir, "%s/expected/ppm", further_dir);
    check_lines(list, dir, true, &tally);
    assert_true(tally.pictures > 0);
    assert_int_equal(tally.wrong, 0);
}

static void check_stage(const char *data, const char *name)
{
    char path[1024];
    struct lk_pixels px;
    snprintf(path, sizeof path, "%s/expected/ppm/%s.ppm", data, name);
    assert_true(pnm_read(path, &px));
    snprintf(path, sizeof path, "%s/expected/stages/%s.txt", data, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[256];
    assert_non_null(fgets(line, sizeof line, file));
    struct image_rows rows;
    image_rows_init(&rows, &px, LK_FULLRES);
    _Alignas(PDQ_ALIGN) float a[PDQ_SIDE * PDQ_SIDE];
    struct lk_error err;
    assert_int_equal(pdq_filter(pdq_kernels_get(cpu_mask()), lk_alloc_heap(), &rows, a, &err),
                     LK_OK);
    for (int i = 0; i < PDQ_SIDE * PDQ_SIDE; i++) {
        float want;
        assert_int_equal(fscanf(file, "%f", &want), 1);
        assert_true(a[i] == want);
    }
    fclose(file);
    free((void *)px.data);
}

static void matrix_of_floats(void **state)
{
    (void)state;
    check_stage(further_dir, "misc_wee");
    check_stage(further_dir, "bridge-mods_square-256x256");
    check_stage(further_dir, "bridge-mods_square-512x512");
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: test_pdq DIRECTORY\n");
        return 2;
    }
    golden_dir = argv[1];
    further_dir = getenv("LIKENESS_PDQ_DATA");
    const struct CMUnitTest shipped[] = {
        {"43 synthetic pictures have the reference's prints, turns and quality", synthetic_pictures,
         NULL, NULL, NULL},
    };
    const struct CMUnitTest further[] = {
        {"decoded photographs have the reference's prints", decoded_photographs, NULL, NULL, NULL},
        {"the matrix of 64 x 64 floats is the reference's", matrix_of_floats, NULL, NULL, NULL},
    };
    if (further_dir && *further_dir)
        return cmocka_run_group_tests(further, NULL, NULL);
    return cmocka_run_group_tests(shipped, NULL, NULL);
}
