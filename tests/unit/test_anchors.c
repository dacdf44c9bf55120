/* Working copy, scale space, blobs and patches: against slow arithmetic, and against what they are
 * for - the same places of a picture are found again in its copies. */
#include "../cmocka_all.h"
#include "../scene.h"
#include "../stingy_alloc.h"
#include "core/image/anchor_tables.h"
#include "core/image/patch.h"
#include "core/kernels/cpu.h"

#include <likeness/match.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct lk_error err;

/* ---- pictures ---- */

enum { W = 384, H = 288 };
static uint8_t picture[W * H];
static int grey[W * H];

static struct lk_pixels pixels_of(const uint8_t *data, uint32_t width, uint32_t height,
                                  size_t stride, uint8_t channels)
{
    return (struct lk_pixels){data, width, height, stride, channels, 0};
}

static struct work work_of(const uint8_t *data, uint32_t width, uint32_t height, size_t stride)
{
    struct lk_pixels px = pixels_of(data, width, height, stride, 1);
    struct work work;
    assert_int_equal(work_init(&work, lk_alloc_heap(), &px, &err), LK_OK);
    return work;
}

/* ---- the working copy ---- */

static void check_means(uint32_t width, uint32_t height)
{
    uint64_t state = width * 1000003u + height;
    uint8_t *luma = malloc((size_t)width * height);
    for (size_t i = 0; i < (size_t)width * height; i++)
        luma[i] = (uint8_t)scene_below(&state, 256);
    struct work work = work_of(luma, width, height, width);
    assert_true(work.width <= WORK_SIDE && work.height <= WORK_SIDE);
    for (uint32_t oy = 0; oy < work.height; oy += 7)
        for (uint32_t ox = 0; ox < work.width; ox += 7) {
            double sum = 0, area = 0;
            const double x0 = (double)ox * width / work.width;
            const double x1 = (double)(ox + 1) * width / work.width;
            const double y0 = (double)oy * height / work.height;
            const double y1 = (double)(oy + 1) * height / work.height;
            for (uint32_t y = (uint32_t)y0; y < y1 && y < height; y++)
                for (uint32_t x = (uint32_t)x0; x < x1 && x < width; x++) {
                    const double share =
                        (fmin(x1, x + 1) - fmax(x0, x)) * (fmin(y1, y + 1) - fmax(y0, y));
                    sum += share * luma[(size_t)y * width + x];
                    area += share;
                }
            assert_true(fabs(sum / area - work.luma[oy * work.width + ox]) < 0.51);
        }
    work_fini(&work, lk_alloc_heap());
    free(luma);
}

static void a_working_copy_has_the_means_of_areas(void **state)
{
    (void)state;
    static const uint32_t sides[][2] = {{800, 600}, {385, 384}, {384, 100}, {769, 31},
                                        {31, 769},  {1000, 1},  {517, 800}, {5000, 40}};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        check_means(sides[i][0], sides[i][1]);
}

static void colour_becomes_luma_and_strides_are_kept_to(void **state)
{
    (void)state;
    enum { SIDE = 20, STRIDE = 97 };
    static uint8_t rgb[STRIDE * SIDE];
    memset(rgb, 0xee, sizeof rgb);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            memcpy(rgb + y * STRIDE + 3 * x, ((uint8_t[]){200, (uint8_t)(10 * x), 30}), 3);
    struct lk_pixels px = pixels_of(rgb, SIDE, SIDE, STRIDE, 3);
    struct work work;
    assert_int_equal(work_init(&work, lk_alloc_heap(), &px, &err), LK_OK);
    for (int i = 0; i < SIDE * SIDE; i++)
        assert_int_equal(work.luma[i], (int)(0.299 * 200 + 5.87 * (i % SIDE) + 0.114 * 30 + 0.5));
    work_fini(&work, lk_alloc_heap());
}

/* ---- kernels ---- */

static void random_plane(uint64_t *state, float *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (float)scene_below(state, 1 << 20) / 4096.0f - 30.0f;
}

static int mirrored(int i, int n)
{
    i = i < 0 ? -i : i;
    i = i > n - 1 ? 2 * (n - 1) - i : i;
    return i < 0 ? 0 : i;
}

/* A blur as its definition has it, in doubles. */
static void check_blur(const struct anchor_blur_job *job)
{
    const int w = (int)job->width, h = (int)job->height, r = (int)job->radius;
    for (int y = 0; y < h; y += 3)
        for (int x = 0; x < w; x += 5) {
            double sum = 0;
            for (int dy = -r; dy <= r; dy++)
                for (int dx = -r; dx <= r; dx++)
                    sum += (double)job->kernel[abs(dx)] * (double)job->kernel[abs(dy)] *
                           (double)job->from[mirrored(y + dy, h) * w + mirrored(x + dx, w)];
            assert_true(fabs(sum - (double)job->to[y * w + x]) < 1e-3);
        }
}

static void every_level_blurs_as_the_definition_and_as_plain_c(void **state)
{
    (void)state;
    static const uint32_t sides[][2] = {{384, 20}, {33, 40}, {12, 12}, {100, 13}, {17, 64}};
    static float from[384 * 64], to[384 * 64], scratch[384 * 64], plain[384 * 64];
    uint64_t random = 5;
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        for (unsigned b = 0; b < ANCHOR_N_BLURS; b++) {
            const size_t n = sides[i][0] * sides[i][1];
            random_plane(&random, from, n);
            struct anchor_blur_job job = {
                from, to, scratch, anchor_blur[b], sides[i][0], sides[i][1], anchor_blur_radius[b]};
            anchor_kernels_scalar.blur(&job);
            check_blur(&job);
            memcpy(plain, to, n * sizeof *to);
            anchor_kernels_get(cpu_mask())->blur(&job);
            assert_memory_equal(plain, to, n * sizeof *to);
        }
}

static void every_level_samples_and_transforms_as_plain_c(void **state)
{
    (void)state;
    static float plane[90 * 70];
    const struct anchor_kernels *best = anchor_kernels_get(cpu_mask());
    uint64_t random = 6;
    random_plane(&random, plane, sizeof plane / sizeof *plane);
    for (int i = 0; i < 300; i++) {
        struct patch a, b;
        struct anchor_spectrum sa, sb;
        const struct anchor_sample_job job = {plane,
                                              90,
                                              70,
                                              (float)scene_below(&random, 900) / 10,
                                              (float)scene_below(&random, 700) / 10,
                                              (float)scene_below(&random, 300) / 100,
                                              (float)scene_below(&random, 100) / 100 - 0.5f};
        anchor_kernels_scalar.sample(&job, a.at);
        best->sample(&job, b.at);
        assert_memory_equal(a.at, b.at, sizeof a.at);
        assert_true(anchor_kernels_scalar.spectrum(a.at, &sa) == best->spectrum(b.at, &sb));
        assert_memory_equal(&sa, &sb, sizeof sa);
    }
}

static void every_level_flags_the_same_extrema(void **state)
{
    (void)state;
    float rows[3][W];
    uint64_t random = 7;
    for (int round = 0; round < 200; round++) {
        uint8_t a[W] = {0}, b[W] = {0};
        const uint32_t width = 3 + scene_below(&random, W - 2);
        for (int i = 0; i < 3; i++)
            for (uint32_t x = 0; x < width; x++)
                rows[i][x] = (float)scene_below(&random, 9) - 4; /* often equal */
        anchor_kernels_scalar.flag_extrema(rows[0], rows[1], rows[2], width, 1, a);
        anchor_kernels_get(cpu_mask())->flag_extrema(rows[0], rows[1], rows[2], width, 1, b);
        assert_memory_equal(a, b, sizeof a);
        for (uint32_t x = 1; x + 1 < width; x++) {
            bool high = rows[1][x] >= 1, low = rows[1][x] <= -1;
            for (int i = 0; i < 9; i++) {
                const float v = rows[i / 3][x + (uint32_t)(i % 3) - 1];
                high &= i == 4 || rows[1][x] > v;
                low &= i == 4 || rows[1][x] < v;
            }
            assert_int_equal(a[x], high || low);
        }
    }
}

/* ---- blobs ---- */

struct found {
    struct work work;
    struct scale_space space;
    struct anchor chosen[96];
    size_t n;
};

static struct found *find_anchors(const uint8_t *luma, uint32_t width, uint32_t height,
                                  size_t stride)
{
    struct found *f = calloc(1, sizeof *f);
    struct anchor_list list;
    f->work = work_of(luma, width, height, stride);
    assert_int_equal(scale_space_init(&f->space, lk_alloc_heap(), &f->work, &err), LK_OK);
    assert_int_equal(anchor_list_init(&list, lk_alloc_heap(), &f->work, &err), LK_OK);
    for (unsigned o = 0; o < f->space.n_octaves; o++)
        scale_space_octave(&f->space, o);
    for (unsigned o = 0; o < f->space.n_octaves; o++)
        anchors_detect(&f->space, o, &list);
    const struct lk_rect all = {0, 0, f->work.width, f->work.height};
    f->n = anchors_choose(&list, &f->work, &all, 96, f->chosen);
    anchor_list_fini(&list, lk_alloc_heap());
    return f;
}

static void free_found(struct found *f)
{
    scale_space_fini(&f->space, lk_alloc_heap());
    work_fini(&f->work, lk_alloc_heap());
    free(f);
}

static struct lk_print print_of(const struct found *f, const struct anchor *a,
                                enum lk_small_turn turn)
{
    struct patch patch;
    struct lk_print print;
    const uint32_t side = f->work.width > f->work.height ? f->work.width : f->work.height;
    patch_sample(&f->space, a, anchor_sigma(a->size, side), turn, &patch);
    (void)patch_print(&patch, &print);
    return print;
}

/* A Gaussian of sigma s is found at s: its difference of Gaussians is greatest there. */
static void a_gaussian_blob_is_found_at_its_place_and_size(void **state)
{
    (void)state;
    for (int i = 0; i < 19; i++) {
        const double s = 4 + 0.7 * i, cx = 150 + 2.3 * i, cy = 140 - 1.7 * i;
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++)
                picture[y * W + x] =
                    (uint8_t)(80 +
                              100 *
                                  exp(-((x - cx) * (x - cx) + (y - cy) * (y - cy)) / (2 * s * s)) +
                              0.5);
        struct found *f = find_anchors(picture, W, H, W);
        const struct anchor *best = &f->chosen[0];
        for (size_t k = 1; k < f->n; k++)
            if (f->chosen[k].strength > best->strength)
                best = &f->chosen[k];
        assert_true(f->n >= 1);
        assert_true(fabs((double)best->x - cx) < 0.5 && fabs((double)best->y - cy) < 0.5);
        const double sigma = (double)anchor_sigma(best->size, W);
        assert_true(sigma > 0.8 * s && sigma < 1.2 * s);
        free_found(f);
    }
}

/* A copy: the part of a picture from (x, y) on, `scale` times as large. */
struct copied {
    double x, y, scale;
    uint32_t width, height; /* of the copy */
};

/* Where an anchor of the picture lies in the copy; false where its patch is not all inside. */
static bool carried(const struct anchor *a, const struct copied *c, double *x, double *y,
                    double *sigma)
{
    *sigma = (double)anchor_sigma(a->size, W) * c->scale;
    *x = ((double)a->x - c->x) * c->scale;
    *y = ((double)a->y - c->y) * c->scale;
    const double r = 6 * *sigma;
    return *x > r && *y > r && *x < c->width - r && *y < c->height - r;
}

static bool is_there(const struct found *picture_anchors, const struct anchor *a,
                     const struct found *copy, double x, double y, double sigma)
{
    const uint32_t side =
        copy->work.width > copy->work.height ? copy->work.width : copy->work.height;
    const struct lk_print want = print_of(picture_anchors, a, LK_SMALL_TURN_NONE);
    for (size_t i = 0; i < copy->n; i++) {
        const struct anchor *b = &copy->chosen[i];
        const double ratio = (double)anchor_sigma(b->size, side) / sigma;
        const struct lk_print got = print_of(copy, b, LK_SMALL_TURN_NONE);
        if (fabs((double)b->x - x) < 0.4 * sigma && fabs((double)b->y - y) < 0.4 * sigma &&
            ratio > 0.8 && ratio < 1.25 && lk_print_distance(&want, &got) <= LK_ANCHOR_RADIUS)
            return true;
    }
    return false;
}

/* Of the picture's anchors that the copy shows whole, `percent` are its anchors too. */
static void check_copy(const struct found *of, const struct found *copy, const struct copied *c,
                       unsigned percent)
{
    unsigned n = 0, n_found = 0;
    for (size_t i = 0; i < of->n; i++) {
        double x, y, sigma;
        if (!carried(&of->chosen[i], c, &x, &y, &sigma) || sigma < 2.4)
            continue;
        n++;
        n_found += is_there(of, &of->chosen[i], copy, x, y, sigma);
    }
    assert_in_range(n, 12, 96);
    assert_true(n_found * 100 >= n * percent);
}

static void a_crop_has_the_anchors_of_the_picture(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        scene_draw(seed, W, H, grey, picture);
        struct found *whole = find_anchors(picture, W, H, W);
        struct found *crop = find_anchors(picture + 40 * W + 70, 260, 200, W);
        check_copy(whole, crop, &(struct copied){70, 40, 1, 260, 200}, 90);
        free_found(whole);
        free_found(crop);
    }
}

static void a_smaller_copy_has_the_anchors_of_the_picture(void **state)
{
    (void)state;
    static uint8_t small[W / 2 * (H / 2)];
    for (uint64_t seed = 1; seed <= 4; seed++) {
        scene_draw(seed, W, H, grey, picture);
        for (int y = 0; y < H / 2; y++)
            for (int x = 0; x < W / 2; x++) {
                const uint8_t *p = picture + 2 * y * W + 2 * x;
                small[y * (W / 2) + x] = (uint8_t)((p[0] + p[1] + p[W] + p[W + 1] + 2) / 4);
            }
        struct found *whole = find_anchors(picture, W, H, W);
        struct found *half = find_anchors(small, W / 2, H / 2, W / 2);
        /* a sample stands in the middle of its pixel */
        check_copy(whole, half, &(struct copied){0.5, 0.5, 0.5, W / 2, H / 2}, 75);
        free_found(whole);
        free_found(half);
    }
}

static void other_pictures_do_not_have_them(void **state)
{
    (void)state;
    scene_draw(1, W, H, grey, picture);
    struct found *a = find_anchors(picture, W, H, W);
    scene_draw(2, W, H, grey, picture);
    struct found *b = find_anchors(picture, W, H, W);
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++) {
            const struct lk_print pa = print_of(a, &a->chosen[i], LK_SMALL_TURN_NONE);
            const struct lk_print pb = print_of(b, &b->chosen[k], LK_SMALL_TURN_NONE);
            assert_true(lk_print_distance(&pa, &pb) > LK_ANCHOR_RADIUS);
        }
    free_found(a);
    free_found(b);
}

static void patches_are_no_smaller_than_seven_percent_and_mostly_inside(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        scene_draw(seed, W, H, grey, picture);
        struct found *f = find_anchors(picture, W, H, W);
        for (size_t i = 0; i < f->n; i++) {
            const struct anchor *a = &f->chosen[i];
            const float half = 6 * anchor_sigma(a->size, W);
            assert_true(2 * half >= 0.068f * W);
            const float r = 0.59f * half;
            assert_true(a->x > r && a->y > r && a->x < W - r && a->y < H - r);
        }
        free_found(f);
    }
}

static void anchors_keep_to_the_part_that_is_asked_for(void **state)
{
    (void)state;
    scene_draw(3, W, H, grey, picture);
    struct work work = work_of(picture, W, H, W);
    struct scale_space space;
    struct anchor_list list;
    struct anchor chosen[64];
    assert_int_equal(scale_space_init(&space, lk_alloc_heap(), &work, &err), LK_OK);
    assert_int_equal(anchor_list_init(&list, lk_alloc_heap(), &work, &err), LK_OK);
    for (unsigned o = 0; o < space.n_octaves; o++) {
        scale_space_octave(&space, o);
        anchors_detect(&space, o, &list);
    }
    const struct lk_rect part = {100, 60, 200, 150};
    const size_t n = anchors_choose(&list, &work, &part, 64, chosen);
    assert_in_range(n, 10, 64);
    for (size_t i = 0; i < n; i++)
        assert_true(chosen[i].x > 100 && chosen[i].x < 300 && chosen[i].y > 60 &&
                    chosen[i].y < 210);
    anchor_list_fini(&list, lk_alloc_heap());
    scale_space_fini(&space, lk_alloc_heap());
    work_fini(&work, lk_alloc_heap());
}

/* ---- prints ---- */

static void patch_at(int cx, int cy, double turn_degrees, double gain, double lift,
                     struct patch *out)
{
    const double c = cos(turn_degrees * M_PI / 180), s = sin(turn_degrees * M_PI / 180);
    for (int j = 0; j < PATCH_SIDE; j++)
        for (int i = 0; i < PATCH_SIDE; i++) {
            const double dx = i - 15.5, dy = j - 15.5;
            const int x = (int)(cx + 1.5 * (c * dx - s * dy) + 0.5);
            const int y = (int)(cy + 1.5 * (s * dx + c * dy) + 0.5);
            out->at[j * PATCH_SIDE + i] = (float)(gain * picture[y * W + x] + lift);
        }
}

static void the_print_of_a_mirrored_patch_is_the_mirrored_print(void **state)
{
    (void)state;
    scene_draw(4, W, H, grey, picture);
    for (int k = 0; k < 40; k++) {
        struct patch patch, flipped;
        struct lk_print print, of_flipped;
        patch_at(60 + 6 * k, 80 + 3 * k, 0, 1, 0, &patch);
        for (int i = 0; i < PATCH_SIDE * PATCH_SIDE; i++)
            flipped.at[i] = patch.at[i - i % PATCH_SIDE + PATCH_SIDE - 1 - i % PATCH_SIDE];
        (void)patch_print(&patch, &print);
        (void)patch_print(&flipped, &of_flipped);
        const struct lk_print mirrored = patch_print_mirrored(&print);
        assert_in_range(lk_print_distance(&mirrored, &of_flipped), 0, 2); /* of sums near zero */
        assert_true(lk_print_distance(&print, &of_flipped) > 60);
        const struct lk_print back = patch_print_mirrored(&mirrored);
        assert_memory_equal(&back, &print, sizeof print);
    }
}

static void the_print_of_an_inverted_patch_is_the_inverted_print(void **state)
{
    (void)state;
    scene_draw(4, W, H, grey, picture);
    for (int k = 0; k < 40; k++) {
        struct patch patch, negative;
        struct lk_print print, of_negative;
        patch_at(60 + 6 * k, 80 + 3 * k, 0, 1, 0, &patch);
        patch_at(60 + 6 * k, 80 + 3 * k, 0, -1, 255, &negative);
        (void)patch_print(&patch, &print);
        (void)patch_print(&negative, &of_negative);
        const struct lk_print inverted = patch_print_inverted(&print);
        assert_in_range(lk_print_distance(&inverted, &of_negative), 0, 2);
        assert_true(lk_print_distance(&print, &of_negative) > 60);
    }
}

static void four_quarters_are_a_whole_turn(void **state)
{
    (void)state;
    struct patch patch, turned, back;
    scene_draw(4, W, H, grey, picture);
    patch_at(200, 140, 0, 1, 0, &patch);
    patch_turn(&patch, &turned);
    assert_true(turned.at[0] == patch.at[PATCH_SIDE - 1]); /* what was on the right is on top */
    patch_turn(&turned, &back);
    patch_turn(&back, &turned);
    patch_turn(&turned, &back);
    assert_memory_equal(&back, &patch, sizeof patch);
}

static void light_and_contrast_leave_the_print_alone(void **state)
{
    (void)state;
    scene_draw(5, W, H, grey, picture);
    for (int k = 0; k < 40; k++) {
        struct patch patch;
        struct lk_print print, lifted, faded;
        patch_at(60 + 6 * k, 80 + 3 * k, 0, 1, 0, &patch);
        (void)patch_print(&patch, &print);
        patch_at(60 + 6 * k, 80 + 3 * k, 0, 1, 37, &patch);
        (void)patch_print(&patch, &lifted);
        patch_at(60 + 6 * k, 80 + 3 * k, 0, 0.6, 10, &patch);
        (void)patch_print(&patch, &faded);
        assert_in_range(lk_print_distance(&print, &lifted), 0, 2);
        assert_in_range(lk_print_distance(&print, &faded), 0, 16);
    }
}

/* What is turned a little one way is met by the patch turned back. */
static void turned_forms_meet_turned_pictures(void **state)
{
    (void)state;
    scene_draw(6, W, H, grey, picture);
    unsigned nearer = 0;
    for (int k = 0; k < 40; k++) {
        struct patch patch;
        struct lk_print straight, turned;
        patch_at(60 + 6 * k, 80 + 3 * k, 0, 1, 0, &patch);
        (void)patch_print(&patch, &straight);
        patch_at(60 + 6 * k, 80 + 3 * k, 10, 1, 0, &patch);
        (void)patch_print(&patch, &turned);
        nearer += lk_print_distance(&straight, &turned) > 30;
    }
    assert_true(nearer >= 36);
    struct found *f = find_anchors(picture, W, H, W);
    for (size_t i = 0; i < f->n; i++) {
        struct patch left, right;
        const float sigma = anchor_sigma(f->chosen[i].size, W);
        patch_sample(&f->space, &f->chosen[i], sigma, LK_SMALL_TURN_LEFT, &left);
        patch_sample(&f->space, &f->chosen[i], sigma, LK_SMALL_TURN_RIGHT, &right);
        /* 10 degrees the one way and 10 the other are 20 apart about the same middle */
        const int middle = (PATCH_SIDE / 2) * PATCH_SIDE + PATCH_SIDE / 2;
        assert_true(fabsf(left.at[middle] - right.at[middle]) < 12);
        assert_memory_not_equal(left.at, right.at, sizeof left.at);
    }
    free_found(f);
}

static void a_flat_patch_has_no_quality(void **state)
{
    (void)state;
    struct patch patch;
    struct lk_print print;
    for (int i = 0; i < PATCH_SIDE * PATCH_SIDE; i++)
        patch.at[i] = 97;
    assert_int_equal(patch_print(&patch, &print), 0);
    for (int i = 0; i < PATCH_SIDE * PATCH_SIDE; i++)
        patch.at[i] = (float)(i % 2 * 255);
    assert_int_equal(patch_print(&patch, &print), 0); /* two pixels apart nothing differs */
    for (int i = 0; i < PATCH_SIDE * PATCH_SIDE; i++)
        patch.at[i] = (float)(i / 4 % 2 * 255);
    assert_int_equal(patch_print(&patch, &print), 100);
}

/* ---- memory ---- */

static void without_memory_nothing_is_left_behind(void **state)
{
    (void)state;
    scene_draw(1, W, H, grey, picture);
    for (size_t left = 0; left < 3; left++) {
        struct stingy stingy = {.left = left};
        const struct lk_alloc alloc = {&stingy, stingy_alloc, stingy_resize, stingy_free};
        struct lk_pixels px = pixels_of(picture, W, H, W, 1);
        struct work work = {0};
        struct scale_space space = {0};
        struct anchor_list list = {0};
        enum lk_status status = work_init(&work, &alloc, &px, &err);
        if (status == LK_OK)
            status = scale_space_init(&space, &alloc, &work, &err);
        if (status == LK_OK)
            status = anchor_list_init(&list, &alloc, &work, &err);
        assert_int_equal(status, LK_NOMEM);
        anchor_list_fini(&list, &alloc);
        scale_space_fini(&space, &alloc);
        work_fini(&work, &alloc);
        assert_int_equal(stingy.n_out, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_working_copy_has_the_means_of_areas),
        cmocka_unit_test(colour_becomes_luma_and_strides_are_kept_to),
        cmocka_unit_test(every_level_blurs_as_the_definition_and_as_plain_c),
        cmocka_unit_test(every_level_samples_and_transforms_as_plain_c),
        cmocka_unit_test(every_level_flags_the_same_extrema),
        cmocka_unit_test(a_gaussian_blob_is_found_at_its_place_and_size),
        cmocka_unit_test(a_crop_has_the_anchors_of_the_picture),
        cmocka_unit_test(a_smaller_copy_has_the_anchors_of_the_picture),
        cmocka_unit_test(other_pictures_do_not_have_them),
        cmocka_unit_test(patches_are_no_smaller_than_seven_percent_and_mostly_inside),
        cmocka_unit_test(anchors_keep_to_the_part_that_is_asked_for),
        cmocka_unit_test(the_print_of_a_mirrored_patch_is_the_mirrored_print),
        cmocka_unit_test(the_print_of_an_inverted_patch_is_the_inverted_print),
        cmocka_unit_test(four_quarters_are_a_whole_turn),
        cmocka_unit_test(light_and_contrast_leave_the_print_alone),
        cmocka_unit_test(turned_forms_meet_turned_pictures),
        cmocka_unit_test(a_flat_patch_has_no_quality),
        cmocka_unit_test(without_memory_nothing_is_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
