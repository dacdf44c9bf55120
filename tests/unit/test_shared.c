/* Pictures that have nothing in common but what an app, a font or a sticker put on them. They must
 * not match: a registered screenshot of an app would else take down every screenshot of that app.
 */
#include "../cmocka_all.h"
#include "../scene.h"
#include "bank/bank.h"

#include <likeness/fingerprint.h>
#include <stdlib.h>
#include <string.h>

enum { PHOTO_W = 480, PHOTO_H = 360, W = 480, H = 800, N = 16 };

struct canvas {
    uint8_t luma[W * H];
    uint32_t width, height;
};

static struct lk_error err;

static uint32_t random_below(uint64_t *state, uint32_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % n;
}

static void fill(struct canvas *c, uint32_t x, uint32_t y, uint32_t w, uint32_t h, uint8_t value)
{
    for (uint32_t i = y; i < y + h && i < c->height; i++)
        for (uint32_t k = x; k < x + w && k < c->width; k++)
            c->luma[i * W + k] = value;
}

static void disc(struct canvas *c, int x, int y, int r, uint8_t value)
{
    for (int i = -r; i <= r; i++)
        for (int k = -r; k <= r; k++)
            if (i * i + k * k <= r * r && y + i >= 0 && x + k >= 0 && y + i < (int)c->height &&
                x + k < (int)c->width)
                c->luma[(y + i) * W + x + k] = value;
}

/* Letters of a font of our own: 26 patterns of 5 x 7 dots. */
static void words(struct canvas *c, uint64_t said, uint32_t x, uint32_t y, uint32_t dot, uint32_t n,
                  uint8_t value)
{
    for (uint32_t i = 0; i < n; i++) {
        uint64_t letter = random_below(&said, 31);
        if (letter >= 26) /* between words */
            continue;
        for (uint32_t d = 0; d < 35; d++)
            if (random_below(&letter, 5) < 3)
                fill(c, x + (i * 6 + d % 5) * dot, y + d / 5 * dot, dot, dot, value);
    }
}

static void photograph(struct canvas *c, uint64_t seed, uint32_t y)
{
    static int grey[PHOTO_W * PHOTO_H];
    static uint8_t luma[PHOTO_W * PHOTO_H];
    scene_draw(seed, PHOTO_W, PHOTO_H, grey, luma);
    for (uint32_t i = 0; i < PHOTO_H; i++)
        memcpy(c->luma + (y + i) * W, luma + i * PHOTO_W, PHOTO_W);
}

static void page(struct canvas *c, uint64_t seed)
{
    c->height = H;
    fill(c, 0, 0, W, H, 244);
    fill(c, 0, 0, W, 60, 70);
    words(c, 1, 70, 20, 3, 12, 250);
    disc(c, 30, 30, 20, 200);
    disc(c, 34, 26, 8, 90);
    photograph(c, seed, 120);
    for (int i = 0; i < 4; i++)
        disc(c, 40 + 70 * i, 510, 18, (uint8_t)(40 + 30 * i));
    for (uint32_t i = 0; i < 6; i++)
        words(c, 10 + i, 20, 550 + 34 * i, 3, 20, 20);
    fill(c, 0, 752, W, 48, 220);
    for (int i = 0; i < 5; i++)
        disc(c, 48 + 96 * i, 776, 14, 90);
}

static void stickers(struct canvas *c, uint64_t seed)
{
    photograph(c, seed, 0);
    static const int at[4][2] = {{90, 80}, {380, 90}, {120, 270}, {350, 260}};
    for (int i = 0; i < 4; i++) {
        const int x = at[i][0], y = at[i][1];
        disc(c, x, y, 40, 215);
        disc(c, x - 14, y - 10, 7, 30);
        disc(c, x + 14, y - 10, 7, 30);
        disc(c, x, y + 14, 12, 60);
    }
}

static void caption(struct canvas *c, uint64_t seed)
{
    c->height = PHOTO_H + 90;
    fill(c, 0, 0, W, 90, 255);
    words(c, 3, 20, 12, 4, 18, 10);
    words(c, 4, 60, 52, 4, 14, 10);
    photograph(c, seed, 90);
}

static void written_on(struct canvas *c, uint64_t seed)
{
    photograph(c, seed, 0);
    words(c, 5, 30, 250, 4, 17, 252);
    words(c, 6, 50, 290, 4, 15, 252);
}

struct prints {
    struct lk_record records[LK_MAX_IMAGE_RECORDS];
    struct lk_sequence sequence;
};

static void fingerprint(const struct canvas *c, unsigned purpose, struct prints *out)
{
    const struct lk_pixels px = {c->luma, c->width, c->height, W, 1, 0};
    const struct lk_fingerprint_options options = {.purpose = (uint8_t)purpose,
                                                   .front_end = LK_FULLRES};
    struct lk_image_prints whole;
    size_t n;
    assert_int_equal(
        lk_image_fingerprint(lk_alloc_heap(), &px, &options, &whole, out->records, &n, &err),
        LK_OK);
    out->sequence =
        (struct lk_sequence){.medium = LK_IMAGE, .records = out->records, .n_records = n};
}

/* Matches of queries with pictures that are not theirs: [0] partial or surer, [1] for review. */
static void ask(struct bank *bank, const struct prints *queries, size_t n_own[2], size_t n[2])
{
    for (size_t i = 0; i < N; i++) {
        struct bank_matches matches;
        assert_int_equal(bank_match(bank, &queries[i].sequence, 1, lk_alloc_heap(), &matches, &err),
                         LK_OK);
        for (size_t k = 0; k < matches.n; k++)
            (matches.p[k].id[0] == i + 1 ? n_own : n)[matches.p[k].verdict.grade > LK_PARTIAL]++;
        bank_matches_free(lk_alloc_heap(), &matches);
    }
}

static struct bank *bank_of(const struct prints *entries, size_t from, size_t to)
{
    const struct bank_config config = {.mode = BANK_WRITE, .by_caller = true};
    struct bank *bank;
    assert_int_equal(bank_open(NULL, &config, &bank, &err), LK_OK);
    for (size_t i = from; i < to; i++) {
        const struct bank_entry e = {
            .id = {(uint8_t)(i + 1)}, .tier = LK_TIER_SELF, .sequence = entries[i].sequence};
        assert_int_equal(bank_add(bank, &e, 1, 0, &err), LK_OK);
    }
    return bank;
}

/* In one bank of all, where what many share is counted; `alone`: and each in a bank of its own,
 * where nothing can be, and only cutting frames away helps. */
static void assert_apart(void (*draw)(struct canvas *, uint64_t seed), bool alone)
{
    struct prints *entries = calloc(N, sizeof *entries), *queries = calloc(N, sizeof *queries);
    struct canvas *c = calloc(1, sizeof *c);
    assert_true(entries != NULL && queries != NULL && c != NULL);
    for (size_t i = 0; i < N; i++) {
        *c = (struct canvas){.width = W, .height = PHOTO_H};
        draw(c, 100 + i);
        fingerprint(c, LK_REGISTRATION, &entries[i]);
        fingerprint(c, LK_QUERY, &queries[i]);
    }
    size_t n[2] = {0}, n_own[2] = {0};
    struct bank *bank = bank_of(entries, 0, N);
    ask(bank, queries, n_own, n);
    bank_close(bank);
    assert_int_equal(n_own[0], N);
    assert_int_equal(n[0], 0);
    assert_in_range(n[1], 0, 1);
    n[1] = 0;
    for (size_t i = 0; alone && i < N; i++) {
        bank = bank_of(entries, i, i + 1);
        ask(bank, queries, n_own, n);
        bank_close(bank);
    }
    assert_int_equal(n[0], 0);
    assert_in_range(n[1], 0, 2);
    free(c);
    free(queries);
    free(entries);
}

static void the_page_of_an_app_connects_nothing(void **state)
{
    (void)state;
    assert_apart(page, true);
}

static void the_same_stickers_connect_nothing(void **state)
{
    (void)state;
    assert_apart(stickers, false);
}

static void the_same_caption_connects_nothing(void **state)
{
    (void)state;
    assert_apart(caption, true);
}

static void the_same_words_on_pictures_connect_nothing(void **state)
{
    (void)state;
    assert_apart(written_on, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_of_an_app_connects_nothing),
        cmocka_unit_test(the_same_stickers_connect_nothing),
        cmocka_unit_test(the_same_caption_connects_nothing),
        cmocka_unit_test(the_same_words_on_pictures_connect_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
