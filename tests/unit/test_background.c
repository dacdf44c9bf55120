/* The background set: what is drawn everywhere gives no anchored print, photographs lose none. */
#include "../cmocka_all.h"
#include "core/image/background.h"

#include <likeness/fingerprint.h>
#include <string.h>

static struct lk_error err;

enum { WIDTH = 480, HEIGHT = 400 };

static size_t n_anchors(const uint8_t *luma, unsigned purpose)
{
    struct lk_pixels px = {
        .data = luma, .width = WIDTH, .height = HEIGHT, .stride_bytes = WIDTH, .channels = 1};
    struct lk_fingerprint_options options = {.purpose = (uint8_t)purpose, .front_end = LK_FULLRES};
    struct lk_image_prints whole;
    struct lk_record records[LK_MAX_IMAGE_RECORDS];
    size_t n, n_found = 0;
    assert_int_equal(
        lk_image_fingerprint(lk_alloc_heap(), &px, &options, &whole, records, &n, &err), LK_OK);
    for (size_t i = 0; i < n; i++)
        n_found += records[i].kind == LK_ANCHOR && records[i].frame.turn == 0;
    return n_found;
}

/* Fails, too, when the print of an anchor changes and the set was not made again
 * (tools/background/make.sh). */
static void test_card(void **state)
{
    (void)state;
    static uint8_t luma[WIDTH * HEIGHT];
    for (unsigned y = 0; y < HEIGHT; y++)
        for (unsigned x = 0; x < WIDTH; x++)
            luma[y * WIDTH + x] = (x / 40 + y / 40) % 2 ? 235 : 20;
    /* without the set all 64 and 96 */
    assert_in_range(n_anchors(luma, LK_REGISTRATION), 0, 16);
    assert_in_range(n_anchors(luma, LK_QUERY), 0, 24);
}

/* Blots of all sizes at chance places, none of them in the set. */
static void blots(void **state)
{
    (void)state;
    static uint8_t luma[WIDTH * HEIGHT];
    uint32_t seed = 7;
    memset(luma, 128, sizeof luma);
    for (unsigned i = 0; i < 900; i++) {
        uint32_t r[4];
        for (int k = 0; k < 4; k++)
            r[k] = (seed = seed * 1664525u + 1013904223u) >> 12;
        unsigned w = 2 + r[2] % 50, h = 2 + r[2] / 64 % 50;
        for (unsigned y = r[1] % HEIGHT; y < r[1] % HEIGHT + h && y < HEIGHT; y++)
            for (unsigned x = r[0] % WIDTH; x < r[0] % WIDTH + w && x < WIDTH; x++)
                luma[y * WIDTH + x] = (uint8_t)((luma[y * WIDTH + x] + r[3] % 256) / 2);
    }
    assert_in_range(n_anchors(luma, LK_REGISTRATION), 60, 64);
}

static void distances(void **state)
{
    (void)state;
    assert_in_range(background_count(), 500, 2048);
    for (unsigned i = 0; i < background_count(); i += 97) {
        struct lk_print print = background_get(i);
        assert_true(background_has(&print));
        print.w[1] ^= (UINT64_C(1) << 20) - 1;
        print.w[3] ^= (UINT64_C(1) << (BACKGROUND_RADIUS - 20)) - 1;
        assert_true(background_has(&print));
    }
    /* far from everything: half way between all */
    struct lk_print far = {{0x5555555555555555, 0x3333333333333333, 0x0f0f0f0f0f0f0f0f, 0x6969}};
    assert_false(background_has(&far));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"a test card gives few anchored prints", test_card, NULL, NULL, NULL},
        {"a picture of its own keeps its anchored prints", blots, NULL, NULL, NULL},
        {"the set has what is within its radius and nothing far", distances, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
