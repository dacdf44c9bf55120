/* Two passes: count, so that every section gets its memory once; then copy, entry after entry.
 * What is withdrawn between the passes leaves its room unused. Prints of segments are copied in the
 * order of bits they have; those of tables are brought into it. */
#include "image_build.h"

#include "bank_segment.h"
#include "base/err.h"
#include "core/index/config.h"
#include "sys/rand.h"
#include "sys/seal.h"

#include <string.h>

enum { ALIGN_BYTES = 64, LOOK_EVERY = 4096 };

void image_memory_free(struct image_memory *m)
{
    for (size_t i = 0; i < m->n_blocks; i++) {
        seal_wipe(m->blocks[i].p, m->blocks[i].n_bytes);
        m->alloc->free(m->alloc->ctx, m->blocks[i].p, m->blocks[i].n_bytes);
    }
    *m = (struct image_memory){.alloc = m->alloc};
}

uint64_t image_memory_bytes(const struct image_memory *m)
{
    uint64_t n = 0;
    for (size_t i = 0; i < m->n_blocks; i++)
        n += m->blocks[i].n_bytes;
    return n;
}

void image_sources_free(const struct lk_alloc *alloc, struct image_source *sources, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        alloc->free(alloc->ctx, sources[i].map, sources[i].n * sizeof *sources[i].map);
        sources[i].map = NULL;
    }
}

/* n things of `size` bytes, aligned to 64; NULL without memory, and some address when n is 0. */
static void *take(struct image_memory *m, uint64_t n, size_t size)
{
    size_t n_bytes = (size_t)n * size + ALIGN_BYTES;
    if (m->n_blocks == IMAGE_MAX_BLOCKS || n > (SIZE_MAX - ALIGN_BYTES) / size)
        return NULL;
    void *p = m->alloc->alloc(m->alloc->ctx, n_bytes);
    if (p == NULL)
        return NULL;
    m->blocks[m->n_blocks++] = (struct image_block){p, n_bytes};
    return (void *)(((uintptr_t)p + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES);
}

static enum lk_status no_memory(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory to build a segment");
}

/* How much of everything there is at most. */
struct counts {
    uint64_t n_entries, n_records, n_digests, n_rows[LK_KIND_MAX + 1];
};

static void count_source(const struct image_source *src, struct counts *c)
{
    if (src->table != NULL) {
        const struct table *t = src->table;
        c->n_entries += atomic_load(&t->n_entries);
        c->n_digests += atomic_load(&t->n_digests);
        for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
            c->n_rows[kind] += atomic_load(&t->n_prints[kind]);
    } else {
        const struct bank_segment *s = src->segment;
        c->n_entries += atomic_load(&s->n_entries);
        c->n_digests += atomic_load(&s->n_digests);
        for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
            c->n_rows[kind] += atomic_load(&s->n_prints[kind]);
    }
}

/* The counts are of one moment only if nothing is being withdrawn; each is an upper bound though,
 * because tables that are full and segments only lose entries. */
static enum lk_status count_all(const struct image_source *sources, size_t n, struct counts *c,
                                struct lk_error *err)
{
    *c = (struct counts){.n_entries = 0};
    for (size_t i = 0; i < n; i++)
        count_source(&sources[i], c);
    bool fits = c->n_entries < SEGMENT_FILE_MAX_ENTRIES && c->n_digests < UINT32_MAX;
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++) {
        fits &= c->n_rows[kind] < UINT32_MAX - 1;
        c->n_records += c->n_rows[kind];
    }
    return fits ? LK_OK : FAIL(err, LK_LIMIT, "a segment holds fewer than 2^32 - 2 prints");
}

struct builder {
    struct image_memory *m;
    struct counts room;
    struct lk_record *records; /* LK_MAX_RECORDS of them */
    const atomic_bool *stop;
};

static bool prepare(struct builder *b)
{
    struct image_memory *m = b->m;
    struct segment_image *image = &m->image;
    rand_bytes(&image->hash_seed, sizeof image->hash_seed);
    image->entries = take(m, b->room.n_entries, sizeof *image->entries);
    image->records = take(m, b->room.n_records, sizeof *image->records);
    image->digests = take(m, b->room.n_digests, sizeof *image->digests);
    m->states = take(m, b->room.n_entries, 1);
    bool ok = image->entries != NULL && image->records != NULL && image->digests != NULL &&
              m->states != NULL;
    for (unsigned kind = 1; kind <= LK_KIND_MAX && ok; kind++) {
        struct segment *index = &image->index[kind];
        if (b->room.n_rows[kind] == 0)
            continue;
        index->rows = take(m, b->room.n_rows[kind], sizeof *index->rows);
        index->labels = take(m, b->room.n_rows[kind], sizeof *index->labels);
        ok = index->rows != NULL && index->labels != NULL;
    }
    return ok;
}

static void put_record(struct segment_image *image, const struct lk_record *r,
                       const struct lk_print *in_order, size_t number)
{
    struct segment *index = &image->index[r->kind];
    uint32_t row = index->n_rows++;
    index->rows[row] = *in_order;
    index->labels[row] = table_label(image->n_entries, number);
    image->records[image->n_records++] = (struct segment_record){.time_ms = r->time_ms,
                                                                 .frame = r->frame,
                                                                 .kind = r->kind,
                                                                 .front_end = r->front_end,
                                                                 .quality = r->quality,
                                                                 .row = row};
}

static void put_digest(struct segment_image *image, const struct lk_digest *digest)
{
    struct segment_digest *d = &image->digests[image->n_digests++];
    *d = (struct segment_digest){.entry = image->n_entries, .type = digest->type};
    memcpy(d->bytes, digest->bytes, LK_DIGEST_BYTES);
}

/* Whether an entry of so much still has room: only a damaged segment says more than it counted. */
static bool fits(const struct builder *b, const struct lk_sequence *seq)
{
    const struct segment_image *image = &b->m->image;
    uint64_t n_rows[LK_KIND_MAX + 1] = {0};
    bool ok = image->n_entries < b->room.n_entries &&
              seq->n_records <= b->room.n_records - image->n_records &&
              seq->n_digests <= b->room.n_digests - image->n_digests;
    for (size_t i = 0; i < seq->n_records && ok; i++)
        ok = seq->records[i].kind >= 1 && seq->records[i].kind <= LK_KIND_MAX &&
             ++n_rows[seq->records[i].kind] <=
                 b->room.n_rows[seq->records[i].kind] - image->index[seq->records[i].kind].n_rows;
    return ok;
}

/* `stored`: the rows of the records, in the order of their index, or NULL. */
static bool put_entry(struct builder *b, const struct bank_entry *in, uint8_t state,
                      const struct segment_image *from, const struct segment_record *stored)
{
    struct segment_image *image = &b->m->image;
    const struct lk_sequence *seq = &in->sequence;
    if (!fits(b, seq))
        return false;
    struct segment_entry *e = &image->entries[image->n_entries];
    *e = (struct segment_entry){.scope = in->scope,
                                .duration_ms = seq->duration_ms,
                                .first_record = image->n_records,
                                .first_digest = image->n_digests,
                                .n_records = (uint16_t)seq->n_records,
                                .medium = seq->medium,
                                .n_digests = seq->n_digests};
    memcpy(e->id, in->id, BANK_ID_BYTES);
    for (size_t i = 0; i < seq->n_records; i++) {
        const struct lk_record *r = &seq->records[i];
        const struct lk_print *row = stored == NULL ? NULL : segment_image_print(from, &stored[i]);
        struct lk_print in_order =
            row != NULL ? *row : index_in_order(index_config_of(r->kind)->order, &r->print);
        put_record(image, r, &in_order, i);
    }
    for (size_t i = 0; i < seq->n_digests; i++)
        put_digest(image, &seq->digests[i]);
    b->m->states[image->n_entries++] = state;
    return true;
}

/* One entry of a source, if it is in force. */
static enum lk_status copy_entry(struct builder *b, struct image_source *src, uint32_t number,
                                 struct lk_error *err)
{
    struct bank_entry entry;
    src->map[number] = SEGMENT_NO_ENTRY;
    const struct segment_image *from = NULL;
    const struct segment_record *stored = NULL;
    if (src->table != NULL) {
        if (!table_show(src->table, number, b->records, &entry))
            return LK_OK;
    } else {
        size_t n = 0;
        from = src->segment->image;
        if (!bank_segment_show(src->segment, number, false, b->records, &entry))
            return LK_OK;
        stored = segment_image_records(from, number, &n);
    }
    src->map[number] = b->m->image.n_entries;
    if (!put_entry(b, &entry, state_of_tier(entry.tier), from, stored))
        return FAIL(err, LK_CORRUPT, "a segment holds more than it says: it is damaged");
    return LK_OK;
}

static enum lk_status stopped(const struct builder *b, struct lk_error *err)
{
    if (b->stop != NULL && atomic_load_explicit(b->stop, memory_order_relaxed))
        return FAIL(err, LK_BUSY, "the bank is being closed");
    return LK_OK;
}

static enum lk_status copy_source(struct builder *b, struct image_source *src, struct lk_error *err)
{
    const struct lk_alloc *alloc = b->m->alloc;
    if (src->n == 0)
        return LK_OK;
    src->map = alloc->alloc(alloc->ctx, src->n * sizeof *src->map);
    if (src->map == NULL)
        return no_memory(err);
    for (uint32_t i = 0; i < src->n; i++) {
        if (i % LOOK_EVERY == 0)
            TRY(stopped(b, err));
        TRY(copy_entry(b, src, i, err));
    }
    return LK_OK;
}

static enum lk_status index_kind(struct builder *b, unsigned kind, struct lk_error *err)
{
    struct image_memory *m = b->m;
    struct segment *s = &m->image.index[kind];
    if (s->n_rows == 0)
        return LK_OK;
    TRY(stopped(b, err));
    struct segment_sizes sizes = segment_sizes(s->n_rows);
    s->key_bits = sizes.key_bits;
    s->lines = take(m, sizes.lines, 1);
    s->ids = take(m, sizes.ids, 1);
    s->gone = take(m, sizes.gone, 1);
    if (s->lines == NULL || s->ids == NULL || s->gone == NULL)
        return no_memory(err);
    memset(s->gone, 0, (size_t)sizes.gone);
    s->n_overflow = segment_count(s);
    s->overflow = take(m, s->n_overflow, sizeof *s->overflow);
    if (s->overflow == NULL)
        return no_memory(err);
    segment_fill(s);
    return LK_OK;
}

static enum lk_status index_all(struct builder *b, struct lk_error *err)
{
    struct segment_image *image = &b->m->image;
    image->by_id = take(b->m, segment_slots(image->n_entries), sizeof *image->by_id);
    image->by_digest = take(b->m, segment_slots(image->n_digests), sizeof *image->by_digest);
    if (image->by_id == NULL || image->by_digest == NULL)
        return no_memory(err);
    segment_image_fill_tables(image);
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        TRY(index_kind(b, kind, err));
    return LK_OK;
}

static enum lk_status build(struct builder *b, struct image_source *sources, size_t n,
                            struct lk_error *err)
{
    TRY(count_all(sources, n, &b->room, err));
    if (!prepare(b))
        return no_memory(err);
    for (size_t i = 0; i < n; i++)
        TRY(copy_source(b, &sources[i], err));
    return index_all(b, err);
}

enum lk_status image_build(const struct lk_alloc *alloc, struct image_source *sources, size_t n,
                           const atomic_bool *stop, struct image_memory *out, struct lk_error *err)
{
    *out = (struct image_memory){.alloc = alloc};
    size_t n_bytes = LK_MAX_RECORDS * sizeof(struct lk_record);
    struct builder b = {.m = out, .stop = stop, .records = alloc->alloc(alloc->ctx, n_bytes)};
    if (b.records == NULL)
        return no_memory(err);
    enum lk_status status = build(&b, sources, n, err);
    seal_wipe(b.records, n_bytes);
    alloc->free(alloc->ctx, b.records, n_bytes);
    if (status != LK_OK) {
        image_memory_free(out);
        image_sources_free(alloc, sources, n);
    }
    return status;
}
