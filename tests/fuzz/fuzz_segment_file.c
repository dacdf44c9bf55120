/* A segment's file, which is used before it was verified: whatever it says, nothing outside its
 * sections is read or written. The first byte chooses: 0, the bytes are the file; 1, they are a
 * file beside it (FILE.fix); else they give counts, from which a right header is made, and then
 * fill the sections. Those are copied to blocks of their exact size, so that a sanitizer sees each
 * step beyond. */
#include "bank/segment_file_fix.h"
#include "core/index/index.h"
#include "core/kernels/cpu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { MAX_ROWS = 5000, HEAD_BYTES = 24, MAX_HITS = 40 };

static uint16_t word(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

/* Moves every section to a block of its own; their addresses come to `blocks`. */
static void move_out(struct segment_image *image, const struct layout *l,
                     void *blocks[LAYOUT_MAX_SECTIONS])
{
    struct segment_image moved = *image;
    for (unsigned i = 0; i < l->n_sections; i++) {
        const struct layout_section *s = &l->sections[i];
        if (posix_memalign(&blocks[i], 64, s->n_bytes) != 0)
            abort();
        memcpy(blocks[i], layout_bytes(image, s->section, s->kind), s->n_bytes);
        layout_point(&moved, s, blocks[i]);
    }
    *image = moved;
}

static uint64_t walk_entries(const struct segment_image *image)
{
    uint64_t sink = 0;
    for (uint32_t i = 0; i < image->n_entries; i++) {
        size_t n;
        sink += segment_image_find(image, image->entries[i].id);
        const struct segment_record *r = segment_image_records(image, i, &n);
        for (size_t j = 0; j < n && j < 100; j++) {
            const struct lk_print *print = segment_image_print(image, &r[j]);
            sink += print == NULL ? 0 : print->w[0] ^ print->w[3];
        }
        const struct segment_digest *d = segment_image_digests(image, i, &n);
        for (size_t j = 0; j < n; j++) {
            struct lk_digest digest = {.type = d[j].type};
            memcpy(digest.bytes, d[j].bytes, sizeof digest.bytes);
            uint64_t at = UINT64_MAX;
            for (int k = 0; k < 4; k++)
                sink += segment_image_next_with(image, &digest, &at);
        }
    }
    return sink;
}

static void search_index(unsigned kind, const struct segment *s)
{
    static const unsigned radii[] = {0, 15, 31, 40, 100};
    struct lk_index *index;
    struct lk_error err;
    struct lk_hit hits[MAX_HITS];
    if (s->n_rows == 0)
        return;
    if (index_attach(lk_alloc_heap(), kind, cpu_mask(), s, true, &index, &err) != LK_OK)
        abort();
    for (size_t i = 0; i < sizeof radii / sizeof radii[0]; i++) {
        struct lk_print print = index_print_of(kind, &s->rows[i * 7 % s->n_rows]);
        print.w[i % 4] ^= i;
        size_t n, n_total;
        if (lk_index_search(index, &print, radii[i], hits, MAX_HITS, &n, &n_total, &err) != LK_OK)
            abort();
        for (size_t j = 0; j < n && j < 3; j++) {
            enum lk_status status = lk_index_remove(index, &print, hits[j].label, &err);
            if (status != LK_OK && status != LK_NOT_FOUND)
                abort();
        }
    }
    lk_index_free(index);
}

static void use(struct segment_file *file)
{
    struct segment_image *image = segment_file_image(file);
    struct lk_error err;
    struct layout l;
    void *blocks[LAYOUT_MAX_SECTIONS] = {NULL};
    for (uint32_t i = 0; i < image->n_entries && i < 20; i++)
        segment_file_touch_entry(file, i);
    if (layout_of_image(&l, image, false, &err) != LK_OK)
        abort();
    move_out(image, &l, blocks);
    uint64_t first = walk_entries(image);
    if (walk_entries(image) != first)
        abort();
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        search_index(kind, &image->index[kind]);
    (void)!segment_file_overwrite(file, &err);
    (void)!segment_file_verify(file, NULL, &err);
    for (unsigned i = 0; i < l.n_sections; i++)
        free(blocks[i]);
}

static void open_and_use(int fd)
{
    char path[64];
    struct lk_error err;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    for (int load = 0; load < 2; load++) {
        struct segment_file *file;
        struct segment_file_how how = {.write = true, .load = load};
        if (segment_file_open(path, NULL, &how, &file, &err) != LK_OK)
            continue;
        use(file);
        segment_file_close(file);
    }
}

static void put(int fd, const void *bytes, size_t n, off_t offset)
{
    if (n > 0 && pwrite(fd, bytes, n, offset) != (ssize_t)n)
        abort();
}

/* A file whose header is right: counts from the first bytes, content from the others. */
static void make_file(int fd, const uint8_t *bytes, size_t n)
{
    struct segment_image image = {.hash_seed = bytes[0], .n_entries = word(bytes) % 300u};
    image.n_records = word(bytes + 2) % (image.n_entries * 4 + 1);
    image.n_digests = word(bytes + 4) % 100;
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++) {
        struct segment *s = &image.index[kind];
        const uint8_t *p = bytes + 6 + (kind - 1) * 4;
        s->n_rows = word(p) % MAX_ROWS;
        s->key_bits = s->n_rows > 0 && p[2] % 2 ? 8 + p[2] / 2 % 2 : 0;
        s->n_overflow = s->key_bits == 0 ? 0 : PROBE_SLACK + p[3] * s->n_rows / 64;
    }
    struct layout l;
    struct lk_error err;
    uint8_t chunk[LAYOUT_CHUNK];
    if (layout_of_image(&l, &image, false, &err) != LK_OK)
        abort();
    layout_put(&l, NULL, chunk);
    put(fd, chunk, sizeof chunk, 0);
    if (ftruncate(fd, (off_t)layout_file_bytes(&l)) != 0)
        abort();
    bytes += HEAD_BYTES;
    n -= HEAD_BYTES;
    for (uint32_t i = 0; n > 0 && i < l.n_data; i++) {
        for (size_t at = 0; at < sizeof chunk; at++)
            chunk[at] = bytes[(at + i * 31) % n];
        put(fd, chunk, sizeof chunk, (off_t)layout_number(&l, i) * LAYOUT_CHUNK);
    }
}

static void read_fix(int fd)
{
    char path[64];
    struct lk_error err;
    struct fix fix;
    uint8_t chunk[LAYOUT_CHUNK];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fix_open(path, &fix, &err) != LK_OK)
        return;
    for (uint32_t i = 0; fix_is_there(&fix) && i < fix.n; i++)
        if (fix_read(&fix, i, chunk, &err) != LK_OK)
            abort();
    fix_close(&fix);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n < 1)
        return 0;
    int fd = memfd_create("segment", MFD_CLOEXEC);
    if (fd < 0)
        abort();
    if (bytes[0] < 2) {
        put(fd, bytes + 1, n - 1, 0);
        if (bytes[0] == 0)
            open_and_use(fd);
        else
            read_fix(fd);
    } else if (n > HEAD_BYTES) {
        make_file(fd, bytes + 1, n - 1);
        open_and_use(fd);
    }
    close(fd);
    return 0;
}
