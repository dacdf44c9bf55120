/* The "Jarosz" filter of the PDQ reference, streamed (research: the published algorithm; sums and
 * divisions in its order, so that every float is the reference's).
 *
 *     band of rows --luma, mean along rows--> ring of window + lanes rows
 *                  --mean along columns, mean along rows--> 64 columns of the band's rows
 *                  --mean along columns, row by row--> 64 x 64
 *
 * In the ring, columns are shifted: the mean around x stands at x + lag. The second mean along rows
 * shifts once more, to x + 2 lag. Rows come out of the first mean along columns lag rows late. */
#include "core/image/pdq_filter.h"

#include "base/err.h"

#include <string.h>

/* One direction: window and lag as the reference has them for n samples. */
struct axis {
    uint32_t n, window, lag;
    uint32_t kept[PDQ_SIDE];
};

static void axis_init(struct axis *axis, uint32_t n)
{
    axis->n = n;
    axis->window = (uint32_t)(((uint64_t)n + 127) / 128);
    axis->lag = (axis->window + 2) / 2 - 1;
    for (uint32_t i = 0; i < PDQ_SIDE; i++)
        axis->kept[i] = (uint32_t)((uint64_t)(2 * i + 1) * n / (2 * PDQ_SIDE));
}

/* How many samples are inside the window after step t; 1 where nothing comes out. */
static float axis_divisor(const struct axis *axis, uint32_t t)
{
    if (t < axis->lag || t >= axis->n + axis->lag)
        return 1.0f;
    uint32_t gained = t + 1 < axis->n ? t + 1 : axis->n;
    uint32_t lost = t + 1 > axis->window ? t + 1 - axis->window : 0;
    return (float)(gained - lost);
}

struct filter {
    const struct pdq_kernels *kernels;
    const struct image_rows *rows;
    struct axis across, down;
    struct pdq_row_job row_job;
    struct pdq_column_job column_job;
    uint32_t stride;       /* floats from row to row of the ring */
    uint32_t n_ring;       /* rows in the ring */
    float *ring;           /* [n_ring][stride] */
    float *last_ring;      /* [down.window][PDQ_SIDE]: rows of 64, for the last mean */
    float *last_sums;      /* [PDQ_SIDE] */
    uint32_t next_kept;    /* of down.kept */
    uint8_t *row_scratch;  /* for image_rows_get() */
    const uint8_t *no_row; /* a row of zeros */
    float *out;
};

static uint32_t round_up(uint32_t n, uint32_t unit)
{
    return (n + unit - 1) / unit * unit;
}

static uint32_t power_of_two(uint32_t at_least)
{
    uint32_t n = 1;
    while (n < at_least)
        n *= 2;
    return n;
}

/* Hands out aligned pieces of one block; with base NULL it only counts. */
struct carver {
    uint8_t *base;
    size_t used;
};

static void *carve(struct carver *carver, size_t n_bytes)
{
    void *piece = carver->base ? carver->base + carver->used : NULL;
    carver->used += (n_bytes + PDQ_ALIGN - 1) / PDQ_ALIGN * PDQ_ALIGN;
    return piece;
}

static float *carve_floats(struct carver *carver, size_t n)
{
    return carve(carver, n * sizeof(float));
}

static void filter_carve(struct filter *f, struct carver *carver)
{
    const uint32_t lanes = f->kernels->lanes;
    struct pdq_row_job *row = &f->row_job;
    struct pdq_column_job *column = &f->column_job;
    f->ring = carve_floats(carver, (size_t)f->n_ring * f->stride);
    column->sums = carve_floats(carver, row->padded);
    f->last_ring = carve_floats(carver, (size_t)f->down.window * PDQ_SIDE);
    f->last_sums = carve_floats(carver, PDQ_SIDE);
    f->no_row = carve(carver, (size_t)row->width * row->channels);
    row->divisor = carve_floats(carver, row->padded);
    row->columns = column->columns = carve_floats(carver, (size_t)(row->column_mask + 1) * lanes);
    column->kept = carve_floats(carver, (size_t)PDQ_SIDE * lanes);
    column->out = carve_floats(carver, (size_t)lanes * PDQ_SIDE);
    f->row_scratch = carve(carver, image_rows_scratch_bytes(f->rows, lanes));
}

static void filter_size(struct filter *f)
{
    const uint32_t lanes = f->kernels->lanes;
    axis_init(&f->across, f->rows->width);
    axis_init(&f->down, f->rows->height);
    f->n_ring = f->down.window + lanes;
    f->row_job.width = f->across.n;
    f->row_job.window = f->column_job.window = f->across.window;
    f->row_job.lag = f->across.lag;
    f->row_job.channels = f->rows->channels;
    f->row_job.padded = f->column_job.padded = round_up(f->across.n + 2 * f->across.lag, lanes);
    f->row_job.column_mask = f->column_job.column_mask = power_of_two(f->across.window + lanes) - 1;
    /* an odd number of cache lines, so that the rows of the ring fall into different sets */
    const uint32_t line = PDQ_ALIGN / sizeof(float);
    f->stride = round_up(f->row_job.padded, line) / line | 1;
    f->stride *= line;
}

static void filter_tables(struct filter *f)
{
    float *divisor = (float *)f->row_job.divisor;
    for (uint32_t t = 0; t < f->row_job.padded; t++)
        divisor[t] = axis_divisor(&f->across, t);
    for (uint32_t k = 0; k < PDQ_SIDE; k++) {
        uint32_t step = f->across.kept[k] + f->across.lag;
        f->column_job.keep_step[k] = step + f->across.lag;
        f->column_job.keep_divisor[k] = axis_divisor(&f->across, step);
    }
}

/* The last mean along columns, for one row of 64 that comes in; step counts from 0. */
static void last_step(struct filter *f, uint32_t step, const float *entering)
{
    float *sums = f->last_sums;
    float *slot = f->last_ring + (size_t)(step % f->down.window) * PDQ_SIDE;
    if (step < f->down.n) {
        for (int k = 0; k < PDQ_SIDE; k++) {
            sums[k] = sums[k] + entering[k];
            sums[k] = sums[k] - slot[k];
            slot[k] = entering[k];
        }
    } else {
        for (int k = 0; k < PDQ_SIDE; k++) {
            sums[k] = sums[k] - slot[k];
            slot[k] = 0;
        }
    }
    float divisor = axis_divisor(&f->down, step);
    while (f->next_kept < PDQ_SIDE && f->down.kept[f->next_kept] + f->down.lag == step) {
        float *to = f->out + (size_t)f->next_kept++ * PDQ_SIDE;
        for (int k = 0; k < PDQ_SIDE; k++)
            to[k] = sums[k] / divisor;
    }
}

/* Rows t .. t + lanes - 1 of the ring become the first means along rows. */
static void fill_ring(struct filter *f, uint32_t t)
{
    const uint32_t lanes = f->kernels->lanes;
    uint32_t inside = t >= f->down.n ? 0 : f->down.n - t < lanes ? f->down.n - t : lanes;
    for (uint32_t i = 0; i < lanes; i++)
        f->row_job.out[i] = f->ring + (size_t)((t + i) % f->n_ring) * f->stride;
    if (inside == 0) {
        for (uint32_t i = 0; i < lanes; i++)
            memset(f->row_job.out[i], 0, f->row_job.padded * sizeof(float));
        return;
    }
    image_rows_get(f->rows, f->kernels, t, inside, f->row_scratch, f->row_job.rows);
    for (uint32_t i = inside; i < lanes; i++)
        f->row_job.rows[i] = f->no_row;
    f->kernels->row_pass(&f->row_job);
}

static void filter_run(struct filter *f)
{
    const uint32_t lanes = f->kernels->lanes;
    const struct axis *down = &f->down;
    for (uint32_t t = 0; t < down->n + down->lag; t += lanes) {
        fill_ring(f, t);
        for (uint32_t i = 0; i < lanes; i++) {
            uint32_t back = (t + i + f->n_ring - down->window) % f->n_ring;
            f->column_job.entering[i] = f->row_job.out[i];
            f->column_job.leaving[i] = f->ring + (size_t)back * f->stride;
            f->column_job.divisor[i] = axis_divisor(down, t + i);
        }
        f->kernels->column_pass(&f->column_job);
        for (uint32_t i = 0; i < lanes; i++)
            if (t + i >= down->lag && t + i < down->n + down->lag)
                last_step(f, t + i - down->lag, f->column_job.out + (size_t)i * PDQ_SIDE);
    }
    for (uint32_t step = down->n; step < down->n + down->lag; step++)
        last_step(f, step, NULL);
}

enum lk_status pdq_filter(const struct pdq_kernels *kernels, const struct lk_alloc *alloc,
                          const struct image_rows *rows, float out[PDQ_SIDE * PDQ_SIDE],
                          struct lk_error *err)
{
    struct filter f = {.kernels = kernels, .rows = rows, .out = out};
    filter_size(&f);
    struct carver carver = {0};
    filter_carve(&f, &carver);
    size_t n_bytes = carver.used + PDQ_ALIGN;
    uint8_t *block = alloc->alloc(alloc->ctx, n_bytes);
    if (!block)
        return FAIL(err, LK_NOMEM, "no memory for the %zu bytes that a picture of %u x %u needs",
                    n_bytes, rows->width, rows->height);
    memset(block, 0, n_bytes);
    carver = (struct carver){.base = block + (PDQ_ALIGN - (uintptr_t)block % PDQ_ALIGN)};
    filter_carve(&f, &carver);
    filter_tables(&f);
    filter_run(&f);
    alloc->free(alloc->ctx, block, n_bytes);
    return LK_OK;
}

void pdq_plain_matrix(const struct image_rows *rows, float out[PDQ_SIDE * PDQ_SIDE])
{
    for (uint32_t y = 0; y < PDQ_SIDE; y++) {
        const uint8_t *p;
        image_rows_get(rows, NULL, y, 1, NULL, &p); /* as it stands: nothing to make */
        for (uint32_t x = 0; x < PDQ_SIDE; x++, p += rows->channels)
            *out++ = rows->channels == 1
                         ? (float)p[0]
                         : 0.299f * (float)p[0] + 0.587f * (float)p[1] + 0.114f * (float)p[2];
    }
}
