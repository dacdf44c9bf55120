/* What wasm_cost.mjs calls: the fingerprinting of likeness.wasm, compiled by the same command,
 * without its decoders and its steps, and with queries, which the page does not make. */
#include "media/wasm/heap.h"

#include <likeness/fingerprint.h>

#define EXPORT(name) __attribute__((export_name(name)))

EXPORT("cost_run") int cost_run(const uint8_t *rgb, uint32_t width, uint32_t height, int purpose);

/* The number of records, or minus the status. */
int cost_run(const uint8_t *rgb, uint32_t width, uint32_t height, int purpose)
{
    static struct lk_record records[LK_MAX_IMAGE_RECORDS];
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
        lk_image_fingerprint(&wasm_heap, &pixels, &options, &whole, records, &n, &err);
    return status == LK_OK ? (int)n : -(int)status;
}
