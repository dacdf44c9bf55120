/* Lengths are counted in units of which a pixel of the plane is 64 and a cell of the matrix is as
 * many as the part has pixels on that side, so that every share is a whole number. */
#include "core/video/frame_print.h"

#include "core/image/pdq.h"
#include "core/kernels/cpu.h"

#include <string.h>

/* Adds the shares of a row to the 64 sums of its cells. */
static void cells_of_row(const uint8_t *row, uint32_t width, uint32_t cells[PDQ_SIDE])
{
    uint32_t x = 0, left = PDQ_SIDE; /* of pixel x */
    for (uint32_t i = 0; i < PDQ_SIDE; i++) {
        uint32_t sum = 0;
        for (uint32_t need = width; need > 0;) {
            const uint32_t share = left < need ? left : need;
            sum += share * row[x];
            need -= share;
            left -= share;
            if (left == 0) {
                x++;
                left = PDQ_SIDE;
            }
        }
        cells[i] = sum;
    }
}

static void matrix_of(const struct reduced *plane, const struct lk_rect *part,
                      float a[PDQ_SIDE * PDQ_SIDE])
{
    const uint8_t *row = plane->luma + (size_t)part->y * plane->width + part->x;
    const float area = (float)((uint64_t)part->width * part->height);
    uint32_t cells[PDQ_SIDE], left = 0;
    for (uint32_t i = 0; i < PDQ_SIDE; i++) {
        uint64_t sums[PDQ_SIDE] = {0};
        for (uint32_t need = part->height; need > 0;) {
            if (left == 0) {
                cells_of_row(row, part->width, cells);
                row += plane->width;
                left = PDQ_SIDE;
            }
            const uint32_t share = left < need ? left : need;
            for (uint32_t j = 0; j < PDQ_SIDE; j++)
                sums[j] += (uint64_t)share * cells[j];
            need -= share;
            left -= share;
        }
        for (uint32_t j = 0; j < PDQ_SIDE; j++)
            a[i * PDQ_SIDE + j] = (float)sums[j] / area;
    }
}

void frame_print(const struct reduced *plane, const struct lk_rect *part,
                 struct lk_image_prints *out)
{
    _Alignas(PDQ_ALIGN) float a[PDQ_SIDE * PDQ_SIDE];
    _Alignas(PDQ_ALIGN) float b[PDQ_FREQS * PDQ_FREQS];
    matrix_of(plane, part, a);
    pdq_kernels_get(cpu_mask())->transform(a, b);
    pdq_turns(b, out->turn);
    out->n_clear = (uint16_t)pdq_clear(b);
    out->quality = (uint8_t)pdq_quality(a);
    out->front_end = LK_TRIMMED;
}
