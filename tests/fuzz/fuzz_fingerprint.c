/* Pixels of any small size, shape, stride and part: no byte outside is read, records are such that
 * may be stored, where rows lie changes none of them, and the photograph lies inside.
 *
 * Bytes: width (2), height (2), bytes between rows, flags, front end, block, part (4); then what is
 * seen, a byte a block of pixels. */
#include <likeness/fingerprint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADER_BYTES = 12, MAX_SIDE = 420, IS_COLOUR = 1, IS_REGISTRATION = 2, HAS_PART = 4 };

struct input {
    uint32_t width, height, block;
    uint8_t channels;
    size_t gap_bytes;
    struct lk_fingerprint_options options;
    const uint8_t *seen;
    size_t n_seen;
};

static uint32_t side(const uint8_t *p)
{
    return 1 + (uint32_t)(p[0] | p[1] << 8) % MAX_SIDE;
}

static struct input read_input(const uint8_t *data, size_t size)
{
    struct input in = {
        .width = side(data),
        .height = side(data + 2),
        .gap_bytes = data[4],
        .channels = data[5] & IS_COLOUR ? 3 : 1,
        .block = 1 + data[7] % 32u,
        .options = {.purpose = data[5] & IS_REGISTRATION ? LK_REGISTRATION : LK_QUERY,
                    .front_end = data[6]},
        .seen = data + HEADER_BYTES,
        .n_seen = size - HEADER_BYTES,
    };
    if (data[5] & HAS_PART)
        in.options.part =
            (struct lk_rect){data[8] * 2u, data[9] * 2u, data[10] * 2u, data[11] * 2u};
    return in;
}

/* Exactly as large as the last row needs, so that a sanitizer sees the first byte behind it. */
static uint8_t *paint(const struct input *in, size_t gap_bytes, struct lk_pixels *px)
{
    const size_t row_bytes = (size_t)in->width * in->channels, stride = row_bytes + gap_bytes;
    const uint32_t n_across = (in->width + in->block - 1) / in->block;
    uint8_t *p = calloc((in->height - 1) * stride + row_bytes, 1);
    if (p == NULL)
        abort();
    for (uint32_t y = 0; y < in->height; y++)
        for (size_t x = 0; x < row_bytes; x++) {
            const size_t pixel = x / in->channels;
            const size_t at = y / in->block * (size_t)n_across + pixel / in->block;
            p[y * stride + x] = (uint8_t)(in->seen[at % in->n_seen] + x % in->channels * 16);
        }
    *px = (struct lk_pixels){p, in->width, in->height, stride, in->channels, 0};
    return p;
}

static void need(bool ok)
{
    if (!ok)
        abort();
}

static void check_records(const struct lk_record *records, size_t n)
{
    const struct lk_sequence seq = {.medium = LK_IMAGE, .records = records, .n_records = n};
    need(n >= 1 && n <= LK_MAX_IMAGE_RECORDS);
    need(lk_sequence_check(&seq, NULL) == LK_OK);
    need(records[0].kind == LK_WHOLE && records[0].frame.turn == LK_TURN_0);
}

static bool is_same(const struct lk_record *a, const struct lk_record *b)
{
    return lk_print_distance(&a->print, &b->print) == 0 && a->kind == b->kind &&
           a->quality == b->quality && a->front_end == b->front_end &&
           memcmp(&a->frame, &b->frame, sizeof a->frame) == 0;
}

/* The same rows close together, in steps. */
static void check_steps(const struct input *in, const struct lk_record *records, size_t n)
{
    struct lk_pixels px;
    struct lk_fingerprint *f = NULL;
    unsigned percent = 0, before = 0;
    size_t n_again;
    uint8_t *bytes = paint(in, 0, &px);
    need(lk_fingerprint_new(lk_alloc_heap(), &px, &in->options, &f, NULL) == LK_OK);
    free(bytes);
    for (; percent < 100; before = percent)
        need(lk_fingerprint_step(f, &percent, NULL) == LK_OK && percent >= before &&
             percent <= 100);
    const struct lk_record *again = lk_fingerprint_records(f, &n_again);
    need(n_again == n);
    for (size_t i = 0; i < n; i++)
        need(is_same(&records[i], &again[i]));
    lk_fingerprint_free(f);
}

static void check_photograph(const struct lk_pixels *px)
{
    struct lk_rect r;
    need(lk_image_photograph(lk_alloc_heap(), px, &r, NULL) == LK_OK);
    need(r.width > 0 && r.height > 0);
    need(r.width <= px->width && r.x <= px->width - r.width);
    need(r.height <= px->height && r.y <= px->height - r.height);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct lk_record records[LK_MAX_IMAGE_RECORDS];
    struct lk_image_prints whole;
    struct lk_pixels px;
    size_t n;
    if (size <= HEADER_BYTES)
        return 0;
    const struct input in = read_input(data, size);
    uint8_t *bytes = paint(&in, in.gap_bytes, &px);
    if (lk_image_fingerprint(lk_alloc_heap(), &px, &in.options, &whole, records, &n, NULL) ==
        LK_OK) {
        check_records(records, n);
        check_steps(&in, records, n);
    }
    check_photograph(&px);
    free(bytes);
    return 0;
}
