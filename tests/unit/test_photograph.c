/* Where the photograph lies: drawn frames are cut, photographs without a frame are left whole. */
#include "../cmocka_all.h"
#include "../stingy_alloc.h"
#include "core/image/photograph.h"

#include <string.h>

static struct lk_error err;

struct copy {
    uint8_t luma[384 * 384];
    uint32_t width, height;
};

static void fill(struct copy *c, uint32_t width, uint32_t height, uint8_t level)
{
    c->width = width;
    c->height = height;
    memset(c->luma, level, (size_t)width * height);
}

static void draw(struct copy *c, struct lk_rect r, uint8_t level)
{
    for (uint32_t y = r.y; y < r.y + r.height; y++)
        memset(c->luma + y * c->width + r.x, level, r.width);
}

/* Grain and slow waves, between 60 and 210. */
static void draw_photograph(struct copy *c, struct lk_rect r)
{
    uint32_t grain = 1 + r.x + r.y;
    for (uint32_t y = 0; y < r.height; y++)
        for (uint32_t x = 0; x < r.width; x++) {
            grain = grain * 1664525u + 1013904223u;
            uint32_t wave = (x * x / 90 + y * y / 70 + x * y / 50) % 240;
            wave = wave < 120 ? wave : 239 - wave;
            c->luma[(r.y + y) * c->width + r.x + x] = (uint8_t)(60 + wave + grain % 3 * 15);
        }
}

/* Short dark bars as text and icons make them. */
static void draw_text(struct copy *c, uint32_t x, uint32_t y, uint32_t n, uint8_t level)
{
    for (uint32_t i = 0; i < n; i++)
        draw(c, (struct lk_rect){x + i * 6, y, 3, 5 + i % 3}, level);
}

static struct lk_rect found(const struct copy *c)
{
    struct lk_rect r;
    assert_int_equal(photograph_find(lk_alloc_heap(), c->luma, c->width, c->height, &r, &err),
                     LK_OK);
    return r;
}

static void assert_rect(struct lk_rect got, struct lk_rect want)
{
    assert_in_range(got.x + 1, want.x, want.x + 2);
    assert_in_range(got.y + 1, want.y, want.y + 2);
    assert_in_range(got.width + 2, want.width, want.width + 4);
    assert_in_range(got.height + 2, want.height, want.height + 4);
}

static void phone_frame(void **state)
{
    (void)state;
    for (int dark = 0; dark < 2; dark++) {
        struct copy c;
        uint8_t ground = dark ? 18 : 255, ink = dark ? 235 : 20;
        struct lk_rect photograph = {0, 60, 180, 200};
        fill(&c, 180, 384, ground);
        draw_text(&c, 8, 8, 5, ink);
        draw(&c, (struct lk_rect){8, 25, 20, 20}, 120);
        draw_text(&c, 40, 30, 10, ink);
        draw_photograph(&c, photograph);
        draw_text(&c, 10, 275, 3, ink);
        draw_text(&c, 10, 300, 20, ink);
        draw_text(&c, 10, 360, 24, ink);
        assert_rect(found(&c), photograph);
    }
}

static void window_in_a_page(void **state)
{
    (void)state;
    struct copy c;
    struct lk_rect photograph = {50, 60, 160, 120};
    fill(&c, 384, 240, 245);
    draw(&c, (struct lk_rect){0, 0, 384, 20}, 220);
    draw_text(&c, 40, 8, 20, 60);
    draw_photograph(&c, photograph);
    for (uint32_t i = 0; i < 10; i++)
        draw_text(&c, 260, 40 + i * 18, 16, 70);
    assert_rect(found(&c), photograph);
}

/* The bars are sides too, and clearer ones; what they cut out is a page still. */
static void between_the_bars_of_an_app(void **state)
{
    (void)state;
    struct copy c;
    struct lk_rect photograph = {0, 58, 230, 172};
    fill(&c, 230, 384, 244);
    draw(&c, (struct lk_rect){0, 0, 230, 29}, 70);
    draw_text(&c, 30, 10, 12, 250);
    draw_photograph(&c, photograph);
    for (uint32_t i = 0; i < 6; i++)
        draw_text(&c, 10, 262 + i * 16, 26, 20);
    draw(&c, (struct lk_rect){0, 361, 230, 23}, 220);
    assert_rect(found(&c), photograph);
}

static void borders_and_bars(void **state)
{
    (void)state;
    static const struct lk_rect inside[] = {
        {20, 20, 344, 248}, {0, 60, 384, 168}, {90, 0, 204, 288}, {0, 50, 384, 238}};
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
        struct copy c;
        fill(&c, 384, 288, i % 2 ? 255 : 0);
        draw_photograph(&c, inside[i]);
        assert_rect(found(&c), inside[i]);
    }
}

static void story(void **state)
{
    (void)state;
    struct copy c;
    struct lk_rect photograph = {0, 110, 216, 164};
    fill(&c, 216, 384, 0);
    for (uint32_t y = 0; y < 384; y++)
        for (uint32_t x = 0; x < 216; x++)
            c.luma[y * 216 + x] = (uint8_t)(40 + (x + y) / 6);
    draw_photograph(&c, photograph);
    assert_rect(found(&c), photograph);
}

static void photographs_stay_whole(void **state)
{
    (void)state;
    struct copy c;
    struct lk_rect whole = {0, 0, 384, 288};
    fill(&c, 384, 288, 0);
    draw_photograph(&c, whole);
    assert_memory_equal(&(struct lk_rect[]){found(&c)}, &whole, sizeof whole);
    /* a sky that gets lighter towards a straight horizon */
    for (uint32_t y = 0; y < 130; y++)
        memset(c.luma + y * 384, (int)(130 + y / 2), 384);
    assert_memory_equal(&(struct lk_rect[]){found(&c)}, &whole, sizeof whole);
    fill(&c, 384, 288, 200);
    assert_memory_equal(&(struct lk_rect[]){found(&c)}, &whole, sizeof whole);
}

static void assert_parts(const struct copy *c, const struct lk_rect *want, size_t n_want)
{
    struct lk_rect got[PHOTOGRAPH_MAX_PARTS];
    size_t n;
    assert_int_equal(photograph_parts(lk_alloc_heap(), c->luma, c->width, c->height, got, &n, &err),
                     LK_OK);
    assert_in_range(n, n_want, n_want == 0 ? 0 : PHOTOGRAPH_MAX_PARTS);
    if (n_want == 1) {
        assert_rect(got[0], want[0]); /* the clearest first */
        return;
    }
    for (size_t i = 0; i < n_want; i++) {
        size_t k = 0;
        while (k + 1 < n && (got[k].x + 9 < want[i].x || got[k].x > want[i].x + 9 ||
                             got[k].y + 9 < want[i].y || got[k].y > want[i].y + 9))
            k++;
        assert_rect(got[k], want[i]);
    }
}

static void collages(void **state)
{
    (void)state;
    static const struct lk_rect four[] = {
        {0, 0, 140, 140}, {144, 0, 140, 140}, {0, 144, 140, 140}, {144, 144, 140, 140}};
    struct copy c;
    fill(&c, 284, 284, 255);
    for (size_t i = 0; i < 4; i++)
        draw_photograph(&c, four[i]);
    assert_parts(&c, four, 4);

    static const struct lk_rect pasted = {100, 60, 200, 150};
    fill(&c, 384, 288, 0);
    draw_photograph(&c, (struct lk_rect){0, 0, 384, 288});
    for (uint32_t i = 0; i < 384 * 288; i++)
        c.luma[i] /= 2;
    draw_photograph(&c, pasted);
    assert_parts(&c, &pasted, 1);

    draw_photograph(&c, (struct lk_rect){0, 0, 384, 288});
    assert_parts(&c, NULL, 0);
}

static void small_copies_stay_whole(void **state)
{
    (void)state;
    for (uint32_t side = 1; side < 60; side++) {
        struct copy c;
        fill(&c, side, 384, 255);
        draw_photograph(&c, (struct lk_rect){0, 100, side, 200});
        struct lk_rect r = found(&c);
        assert_true(side >= 48 ? r.height < 384 : r.height == 384);
        assert_int_equal(r.width, side);
    }
}

static void refusals(void **state)
{
    (void)state;
    struct copy c;
    struct lk_rect r;
    fill(&c, 100, 100, 9);
    assert_int_equal(photograph_find(lk_alloc_heap(), c.luma, 385, 100, &r, &err), LK_INVALID);
    assert_int_equal(photograph_find(lk_alloc_heap(), c.luma, 100, 0, &r, &err), LK_INVALID);
    struct stingy stingy = {.left = 0};
    struct lk_alloc alloc = {&stingy, stingy_alloc, stingy_resize, stingy_free};
    assert_int_equal(photograph_find(&alloc, c.luma, 100, 100, &r, &err), LK_NOMEM);
    stingy.left = 1;
    assert_int_equal(photograph_find(&alloc, c.luma, 100, 100, &r, &err), LK_NOMEM);
    stingy.left = 2;
    assert_int_equal(photograph_find(&alloc, c.luma, 100, 100, &r, &err), LK_OK);
    assert_int_equal(stingy.n_out, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"a phone's frame is cut, light or dark", phone_frame, NULL, NULL, NULL},
        {"a photograph in a page is found", window_in_a_page, NULL, NULL, NULL},
        {"a photograph between the bars of an app is found", between_the_bars_of_an_app, NULL, NULL,
         NULL},
        {"borders and bars are cut", borders_and_bars, NULL, NULL, NULL},
        {"a story's smooth bars are cut", story, NULL, NULL, NULL},
        {"a photograph without a frame stays whole", photographs_stay_whole, NULL, NULL, NULL},
        {"the photographs of a collage are found", collages, NULL, NULL, NULL},
        {"a copy too small to judge stays whole", small_copies_stay_whole, NULL, NULL, NULL},
        {"bad sizes and missing memory are refused", refusals, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
