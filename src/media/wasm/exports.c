/* What the page may call: likeness.wasm, which imports nothing, so that it can do nothing but
 * compute.
 *
 *   p = lk_wasm_alloc(n)             room for a file or for pixels; 0 when there is no memory
 *   lk_wasm_fingerprint(p, n)        a JPEG, PNG or GIF file -> enum lk_status
 *   lk_wasm_fingerprint_rgba(p,w,h)  4 * w * h bytes of a canvas -> enum lk_status; overwrites them
 *   lk_wasm_result(), _bytes()       after LK_OK: the sequence in its binary form (print.h)
 *   lk_wasm_error()                  after anything else: why, a text that ends with a NUL
 *   lk_wasm_free(p)
 *
 * One module instance is one worker with one call at a time: its state stands here. */
#include "base/err.h"
#include "media/wasm/decode.h"

#include <likeness/image.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(name)))

/* A sequence of eight records without digests. */
enum { RESULT_BYTES = 16 + LK_N_TURNS * 44 };

static uint8_t result[RESULT_BYTES];
static size_t result_bytes;
static struct lk_error error;

static void *heap_alloc(void *ctx, size_t n_bytes)
{
    (void)ctx;
    return malloc(n_bytes);
}

static void *heap_resize(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
    (void)ctx;
    (void)old_bytes;
    return realloc(p, new_bytes);
}

static void heap_free(void *ctx, void *p, size_t n_bytes)
{
    (void)ctx;
    (void)n_bytes;
    free(p);
}

static const struct lk_alloc heap = {NULL, heap_alloc, heap_resize, heap_free};

static enum lk_status keep_result(const struct lk_image_prints *prints)
{
    struct lk_record records[LK_N_TURNS];
    const struct lk_sequence seq = {
        .medium = LK_IMAGE,
        .records = records,
        .n_records = lk_image_records(prints, true, records),
    };
    TRY(lk_sequence_check(&seq, &error));
    if (lk_sequence_encoded_bytes(&seq) > sizeof result)
        return FAIL(&error, LK_INTERNAL, "the prints do not fit in the result");
    result_bytes = lk_sequence_encode(&seq, result);
    return LK_OK;
}

static enum lk_status fingerprint(const struct lk_pixels *pixels)
{
    struct lk_image_prints prints;
    TRY(lk_image_print(&heap, pixels, LK_FULLRES, &prints, &error));
    TRY(lk_image_refusal(&prints, &error));
    return keep_result(&prints);
}

static void forget(void)
{
    result_bytes = 0;
    error = (struct lk_error){0};
}

EXPORT("lk_wasm_alloc") void *wasm_alloc(size_t n_bytes);
EXPORT("lk_wasm_free") void wasm_free(void *p);
EXPORT("lk_wasm_fingerprint") enum lk_status wasm_fingerprint(const uint8_t *bytes, size_t n);
EXPORT("lk_wasm_fingerprint_rgba")
enum lk_status wasm_fingerprint_rgba(uint8_t *rgba, uint32_t width, uint32_t height);
EXPORT("lk_wasm_result") const uint8_t *wasm_result(void);
EXPORT("lk_wasm_result_bytes") size_t wasm_result_bytes(void);
EXPORT("lk_wasm_error") const char *wasm_error(void);

void *wasm_alloc(size_t n_bytes)
{
    return malloc(n_bytes);
}

void wasm_free(void *p)
{
    free(p);
}

enum lk_status wasm_fingerprint(const uint8_t *bytes, size_t n)
{
    forget();
    struct lk_pixels pixels;
    TRY(decode_file(bytes, n, &pixels, &error));
    enum lk_status status = fingerprint(&pixels);
    free((void *)pixels.data);
    return status;
}

enum lk_status wasm_fingerprint_rgba(uint8_t *rgba, uint32_t width, uint32_t height)
{
    forget();
    if (width < 1 || height < 1 || width > LK_MAX_SIDE || height > LK_MAX_SIDE)
        return FAIL(&error, LK_LIMIT, "a picture of %u x %u; each side must be 1 to %u", width,
                    height, LK_MAX_SIDE);
    decode_over_white(rgba, (size_t)width * height, 4);
    const struct lk_pixels pixels = {
        .data = rgba,
        .width = width,
        .height = height,
        .stride_bytes = (size_t)width * 3,
        .channels = 3,
    };
    return fingerprint(&pixels);
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
