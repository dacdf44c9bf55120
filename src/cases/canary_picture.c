/* Fractal noise (octaves of a random lattice, smoothly interpolated, each half as strong as the one
 * before: the fall of a photograph's spectrum), and over it ellipses of other noise, so that there
 * are edges and blobs to anchor prints at. */
#include "cases/canary_picture.h"

#include "base/err.h"
#include "sys/rand.h"

#include <string.h>

enum {
    SHAPES_LEAST = 6,
    SHAPES_MORE = 18,
    LATTICE = 256, /* nodes a side of the largest; it repeats */
    OCTAVES = 6,
    DRAWS = 16,
    SCRATCH_BYTES = 32 << 20,
};

struct picture {
    uint8_t *luma;
    uint32_t width, height;
    const uint8_t *lattice; /* LATTICE * LATTICE random bytes */
};

/* Between two nodes, without corners at them. t: 0..255 of the way. */
static int32_t blend(int32_t a, int32_t b, int32_t t)
{
    int32_t smooth = t * t * (3 * 256 - 2 * t) >> 16;
    return a + ((b - a) * smooth >> 8);
}

static int32_t node(const struct picture *p, uint32_t x, uint32_t y)
{
    return p->lattice[(y % LATTICE) * LATTICE + x % LATTICE];
}

/* 0..255; `step` pixels between nodes. */
static int32_t noise(const struct picture *p, uint32_t x, uint32_t y, uint32_t step, uint32_t shift)
{
    uint32_t nx = x / step + shift, ny = y / step + shift / 2;
    int32_t tx = (int32_t)(x % step * 256 / step), ty = (int32_t)(y % step * 256 / step);
    return blend(blend(node(p, nx, ny), node(p, nx + 1, ny), tx),
                 blend(node(p, nx, ny + 1), node(p, nx + 1, ny + 1), tx), ty);
}

static uint8_t light(const struct picture *p, uint32_t x, uint32_t y, uint32_t shift)
{
    int32_t sum = 0, weight = 0;
    uint32_t step = 192;
    for (int octave = 0; octave < OCTAVES; octave++, step /= 2) {
        int32_t strength = 1 << (OCTAVES - octave);
        sum += strength * noise(p, x, y, step, shift + 31 * (uint32_t)octave);
        weight += strength;
    }
    int32_t value = (sum / weight - 128) * 2 + 128;
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static void paint(struct picture *p)
{
    for (uint32_t y = 0; y < p->height; y++)
        for (uint32_t x = 0; x < p->width; x++)
            p->luma[(size_t)y * p->width + x] = light(p, x, y, 0);
}

static void paint_shape(struct picture *p)
{
    int64_t cx = (int64_t)rand_below(p->width), cy = (int64_t)rand_below(p->height);
    int64_t rx = 10 + (int64_t)rand_below(p->width / 4),
            ry = 10 + (int64_t)rand_below(p->height / 4);
    uint32_t shift = 1 + (uint32_t)rand_below(LATTICE);
    int64_t lighter = (int64_t)rand_below(161) - 80;
    for (uint32_t y = 0; y < p->height; y++)
        for (uint32_t x = 0; x < p->width; x++) {
            int64_t dx = (int64_t)x - cx, dy = (int64_t)y - cy;
            if (dx * dx * ry * ry + dy * dy * rx * rx > rx * rx * ry * ry)
                continue;
            int64_t value = light(p, x, y, shift) / 2 + 64 + lighter;
            p->luma[(size_t)y * p->width + x] = (uint8_t)(value < 0     ? 0
                                                          : value > 255 ? 255
                                                                        : value);
        }
}

/* Sides as phones and sites have them, upright or lying. */
static void choose_shape(struct picture *p)
{
    static const uint32_t sides[][2] = {{640, 480}, {600, 400}, {640, 360}, {512, 512}, {640, 512}};
    const uint32_t *chosen = sides[rand_below(sizeof sides / sizeof *sides)];
    bool is_upright = rand_below(2) == 1;
    p->width = chosen[is_upright];
    p->height = chosen[!is_upright];
}

static enum lk_status draw(struct arena *scratch, struct lk_record *records, size_t *n,
                           bool *is_fit, struct lk_error *err)
{
    const struct lk_fingerprint_options options = {.purpose = LK_REGISTRATION,
                                                   .front_end = LK_SCALED};
    struct lk_image_prints whole;
    struct lk_error unfit;
    struct picture p;
    choose_shape(&p);
    uint8_t *lattice = arena_alloc(scratch, (size_t)LATTICE * LATTICE);
    p.luma = arena_alloc(scratch, (size_t)p.width * p.height);
    if (lattice == NULL || p.luma == NULL)
        return FAIL(err, LK_NOMEM, "no memory to draw a canary");
    rand_bytes(lattice, (size_t)LATTICE * LATTICE);
    p.lattice = lattice;
    paint(&p);
    for (uint64_t left = SHAPES_LEAST + rand_below(SHAPES_MORE); left > 0; left--)
        paint_shape(&p);
    const struct lk_pixels pixels = {.data = p.luma,
                                     .width = p.width,
                                     .height = p.height,
                                     .stride_bytes = p.width,
                                     .channels = 1};
    TRY(lk_image_fingerprint(lk_alloc_heap(), &pixels, &options, &whole, records, n, err));
    *is_fit = whole.quality >= 50 && lk_image_refusal(&whole, &unfit) == LK_OK;
    return LK_OK;
}

enum lk_status canary_picture(struct arena *arena, struct lk_sequence *out, struct lk_error *err)
{
    struct lk_record *records = arena_alloc(arena, LK_MAX_IMAGE_RECORDS * sizeof *records);
    bool is_fit = false;
    size_t n = 0;
    if (records == NULL)
        return FAIL(err, LK_NOMEM, "no memory to draw a canary");
    for (int i = 0; i < DRAWS && !is_fit; i++) {
        struct arena scratch;
        arena_init(&scratch, lk_alloc_heap(), SCRATCH_BYTES);
        enum lk_status status = draw(&scratch, records, &n, &is_fit, err);
        arena_fini(&scratch);
        TRY(status);
    }
    if (!is_fit)
        return FAIL(err, LK_INTERNAL, "no picture that could be drawn makes good prints");
    *out = (struct lk_sequence){.medium = LK_IMAGE, .records = records, .n_records = n};
    return LK_OK;
}
