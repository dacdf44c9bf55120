/* What wasm_cost.mjs calls: the fingerprinting of likeness.wasm, compiled by the same command,
 * without its decoders and its steps, and with queries, which the page does not make. */
#include <likeness/fingerprint.h>
#include <stdlib.h>

#define EXPORT(name) __attribute__((export_name(name)))

EXPORT("cost_alloc") void *cost_alloc(size_t n_bytes);
EXPORT("cost_run") int cost_run(const uint8_t *rgb, uint32_t width, uint32_t height, int purpose);

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

void *cost_alloc(size_t n_bytes)
{
    return malloc(n_bytes);
}

/* The number of records, or minus the status. */
int cost_run(const uint8_t *rgb, uint32_t width, uint32_t height, int purpose)
{
    static struct lk_record records[LK_MAX_IMAGE_RECORDS];
    const struct lk_alloc heap = {NULL, heap_alloc, heap_resize, heap_free};
    const struct lk_pixels pixels = {.data = rgb,
                                     .width = width,
                                     .height = height,
                                     .stride_bytes = (size_t)width * 3,
                                     .channels = 3};
    const struct lk_fingerprint_options options = {
        .purpose = purpose == 0 ? LK_QUERY : LK_REGISTRATION, .front_end = LK_FULLRES};
    struct lk_image_prints whole;
    struct lk_error err;
    size_t n = 0;
    enum lk_status status =
        lk_image_fingerprint(&heap, &pixels, &options, &whole, records, &n, &err);
    return status == LK_OK ? (int)n : -(int)status;
}
