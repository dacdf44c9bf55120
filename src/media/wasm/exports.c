/* What the page may call: likeness.wasm, which imports nothing, so that it can do nothing but
 * compute.
 *
 *   p = lk_wasm_alloc(n)        see heap.h
 *   lk_wasm_file(p, n)          a JPEG, PNG or GIF file -> enum lk_status; takes p over
 *   lk_wasm_rgba(p, w, h)       4 * w * h bytes of a canvas -> enum lk_status; takes p over
 *   lk_wasm_shape()             after either: six u32, width and height of the picture, and x, y,
 *                               width, height of the photograph in it, a proposal; these four
 *                               are 0 where there is nothing to cut
 *   lk_wasm_begin(x, y, w, h)   registers that part; 0, 0, 0, 0: all of it -> enum lk_status
 *   lk_wasm_step()              some milliseconds of work -> percent done; 100: the result is
 *                               there; below 0: minus enum lk_status
 *   lk_wasm_result(), _bytes()  then: the sequence in its binary form (print.h)
 *   lk_wasm_error()             after anything that failed: why, a text that ends with a NUL
 *
 * One module instance is one worker with one picture at a time: its state stands here. */
#include "base/err.h"
#include "media/wasm/decode.h"
#include "media/wasm/heap.h"

#include <likeness/fingerprint.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(name)))

/* No form of a sequence without digests is longer. */
static uint8_t result[16 + LK_MAX_IMAGE_RECORDS * LK_RECORD_MAX_BYTES];
static size_t result_bytes;
static struct lk_error error;

static struct lk_pixels pixels;            /* data from malloc(); NULL: no picture is open */
static struct lk_fingerprint *fingerprint; /* NULL: none is on its way */
static uint32_t shape[6];

static void drop_pixels(void)
{
    free((void *)pixels.data);
    pixels = (struct lk_pixels){0};
}

static void drop_fingerprint(void)
{
    lk_fingerprint_free(fingerprint);
    fingerprint = NULL;
}

static void forget(void)
{
    drop_pixels();
    drop_fingerprint();
    result_bytes = 0;
    error = (struct lk_error){0};
}

static enum lk_status propose(void)
{
    struct lk_rect part;
    TRY(lk_image_photograph(&wasm_heap, &pixels, &part, &error));
    if (part.width == pixels.width && part.height == pixels.height)
        part = (struct lk_rect){0};
    const uint32_t all[] = {pixels.width, pixels.height, part.x, part.y, part.width, part.height};
    memcpy(shape, all, sizeof shape);
    return LK_OK;
}

static enum lk_status keep_result(void)
{
    struct lk_sequence seq = {.medium = LK_IMAGE};
    seq.records = lk_fingerprint_records(fingerprint, &seq.n_records);
    TRY(lk_sequence_check(&seq, &error));
    if (lk_sequence_encoded_bytes(&seq) > sizeof result)
        return FAIL(&error, LK_INTERNAL, "the prints do not fit in the result");
    result_bytes = lk_sequence_encode(&seq, result);
    return LK_OK;
}

EXPORT("lk_wasm_file") enum lk_status wasm_file(uint8_t *bytes, size_t n);
EXPORT("lk_wasm_rgba") enum lk_status wasm_rgba(uint8_t *rgba, uint32_t width, uint32_t height);
EXPORT("lk_wasm_shape") const uint32_t *wasm_shape(void);
EXPORT("lk_wasm_begin")
enum lk_status wasm_begin(uint32_t x, uint32_t y, uint32_t width, uint32_t height);
EXPORT("lk_wasm_step") int wasm_step(void);
EXPORT("lk_wasm_result") const uint8_t *wasm_result(void);
EXPORT("lk_wasm_result_bytes") size_t wasm_result_bytes(void);
EXPORT("lk_wasm_error") const char *wasm_error(void);

enum lk_status wasm_file(uint8_t *bytes, size_t n)
{
    forget();
    enum lk_status status = decode_file(bytes, n, &pixels, &error);
    free(bytes);
    if (status == LK_OK)
        return propose();
    pixels = (struct lk_pixels){0};
    return status;
}

enum lk_status wasm_rgba(uint8_t *rgba, uint32_t width, uint32_t height)
{
    forget();
    pixels.data = rgba;
    if (width < 1 || height < 1 || width > LK_MAX_SIDE || height > LK_MAX_SIDE)
        return FAIL(&error, LK_LIMIT, "a picture of %u x %u; each side must be 1 to %u", width,
                    height, LK_MAX_SIDE);
    decode_over_white(rgba, (size_t)width * height, 4);
    pixels.width = width;
    pixels.height = height;
    pixels.stride_bytes = (size_t)width * 3;
    pixels.channels = 3;
    return propose();
}

const uint32_t *wasm_shape(void)
{
    return shape;
}

enum lk_status wasm_begin(uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
    const struct lk_fingerprint_options options = {
        .purpose = LK_REGISTRATION,
        .front_end = LK_FULLRES,
        .part = {x, y, width, height},
    };
    if (pixels.width == 0)
        return FAIL(&error, LK_INVALID, "no picture is open");
    drop_fingerprint();
    enum lk_status status = lk_fingerprint_new(&wasm_heap, &pixels, &options, &fingerprint, &error);
    drop_pixels();
    TRY(status);
    return lk_image_refusal(lk_fingerprint_whole(fingerprint), &error);
}

int wasm_step(void)
{
    unsigned percent = 0;
    if (fingerprint == NULL)
        return -(int)FAIL(&error, LK_INVALID, "no picture is on its way");
    enum lk_status status = lk_fingerprint_step(fingerprint, &percent, &error);
    if (status == LK_OK && percent < 100)
        return (int)percent;
    if (status == LK_OK)
        status = keep_result();
    drop_fingerprint();
    return status == LK_OK ? 100 : -(int)status;
}

const uint8_t *wasm_result(void)
{
    return result;
}

size_t wasm_result_bytes(void)
{
    return result_bytes;
}

const char *wasm_error(void)
{
    return error.text;
}
