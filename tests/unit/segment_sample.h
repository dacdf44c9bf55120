/* tests/unit/segment_sample.h - a segment's image in memory, of made-up entries, for tests of its
 * file. */
#ifndef TESTS_SEGMENT_SAMPLE_H
#define TESTS_SEGMENT_SAMPLE_H

#include "bank/segment_file.h"
#include "core/index/config.h"

#include <stdlib.h>
#include <string.h>

struct sample {
    struct segment_image image;
    struct lk_print *prints; /* of the records, in their own order of bits */
    uint64_t state;          /* of the random numbers */
};

static inline uint64_t sample_random(struct sample *s)
{
    s->state ^= s->state << 13;
    s->state ^= s->state >> 7;
    s->state ^= s->state << 17;
    return s->state * 0x2545f4914f6cdd1du;
}

static inline void sample_index(struct segment *s, uint32_t n_rows)
{
    if (n_rows == 0)
        return;
    struct segment_sizes sizes = segment_sizes(n_rows);
    s->n_rows = 0; /* counted up as rows come */
    s->key_bits = sizes.key_bits;
    s->rows = malloc(sizes.rows);
    s->labels = malloc(sizes.labels);
    s->gone = calloc(1, sizes.gone);
    s->lines = sizes.lines > 0 ? aligned_alloc(64, sizes.lines) : NULL;
    s->ids = sizes.ids > 0 ? malloc(sizes.ids) : NULL;
}

static inline void sample_record(struct sample *s, uint32_t ordinal, unsigned number, unsigned kind)
{
    struct segment_image *image = &s->image;
    struct segment *index = &image->index[kind];
    uint32_t row = index->n_rows++;
    struct lk_print *print = &s->prints[image->n_records];
    for (int i = 0; i < 4; i++)
        print->w[i] = sample_random(s);
    index->rows[row] = index_in_order(index_config_of(kind)->order, print);
    index->labels[row] = (uint64_t)ordinal << 16 | number;
    image->records[image->n_records++] =
        (struct segment_record){.time_ms = number * 1000,
                                .frame = {128, 128, 255, (uint8_t)number},
                                .kind = (uint8_t)kind,
                                .front_end = kind == LK_WHOLE ? LK_FULLRES : 0,
                                .quality = 70,
                                .row = row};
}

static inline void sample_entry(struct sample *s, uint32_t ordinal, unsigned n_kinds)
{
    struct segment_image *image = &s->image;
    struct segment_entry *e = &image->entries[ordinal];
    *e = (struct segment_entry){.scope = ordinal % 7,
                                .first_record = image->n_records,
                                .first_digest = image->n_digests,
                                .n_records = (uint16_t)n_kinds,
                                .medium = LK_IMAGE,
                                .n_digests = ordinal % 3 == 0};
    for (int i = 0; i < 16; i++)
        e->id[i] = (uint8_t)(sample_random(s) >> 32);
    for (unsigned i = 0; i < n_kinds; i++)
        sample_record(s, ordinal, i, 1 + i);
    if (e->n_digests > 0) {
        struct segment_digest *d = &image->digests[image->n_digests++];
        *d = (struct segment_digest){.entry = ordinal, .type = LK_DIGEST_MD5};
        for (int i = 0; i < 16; i++)
            d->bytes[i] = (uint8_t)(sample_random(s) >> 32);
    }
}

/* n entries of one print of each of the first n_kinds kinds; every third has a digest. */
static inline void sample_init(struct sample *s, uint32_t n, unsigned n_kinds)
{
    memset(s, 0, sizeof *s);
    s->state = 0x9e3779b97f4a7c15u + n;
    struct segment_image *image = &s->image;
    image->hash_seed = sample_random(s);
    image->n_entries = n;
    image->entries = calloc(n + 1, sizeof *image->entries);
    image->records = calloc((size_t)n * n_kinds + 1, sizeof *image->records);
    image->digests = calloc(n + 1, sizeof *image->digests);
    s->prints = calloc((size_t)n * n_kinds + 1, sizeof *s->prints);
    for (unsigned kind = 1; kind <= n_kinds; kind++)
        sample_index(&image->index[kind], n);
    for (uint32_t i = 0; i < n; i++)
        sample_entry(s, i, n_kinds);
    image->by_id = malloc(segment_slots(n) * 4 + 4);
    image->by_digest = malloc(segment_slots(image->n_digests) * 4 + 4);
    segment_image_fill_tables(image);
    for (unsigned kind = 1; kind <= n_kinds && n > 0; kind++) {
        struct segment *index = &image->index[kind];
        index->n_overflow = segment_count(index);
        index->overflow = malloc(index->n_overflow * 2 + 2);
        segment_fill(index);
    }
}

/* Takes an entry's prints and digests out of the file's image, as a bank does. */
static inline void sample_wipe(struct segment_file *file, uint32_t ordinal)
{
    struct segment_image *image = segment_file_image(file);
    size_t n;
    segment_file_touch_entry(file, ordinal);
    const struct segment_record *r = segment_image_records(image, ordinal, &n);
    for (size_t i = 0; i < n; i++)
        segment_erase(&image->index[r[i].kind], r[i].row, true);
    const struct segment_digest *d = segment_image_digests(image, ordinal, &n);
    if (n > 0)
        memset(image->digests[d - image->digests].bytes, 0, LK_DIGEST_BYTES);
}

static inline void sample_fini(struct sample *s)
{
    struct segment_image *image = &s->image;
    free(s->prints);
    free(image->entries);
    free(image->records);
    free(image->digests);
    free(image->by_id);
    free(image->by_digest);
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++) {
        struct segment *index = &image->index[kind];
        free(index->rows);
        free(index->labels);
        free(index->gone);
        free(index->lines);
        free(index->ids);
        free(index->overflow);
    }
}

#endif
