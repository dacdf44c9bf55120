/* Collects the prints that unrelated drawings share (tools/background/README.md).
 *
 * usage: collect MAX PICTURE.pgm... > src/core/image/background_table.h
 *
 * Makes the anchored prints of every drawing. A print is shared when another drawing has one within
 * BACKGROUND_RADIUS bits. Of the shared ones those are kept that stand for most: again and again
 * the print with the most neighbours that no kept one is near to, up to MAX. */
#include "../../tests/pnm.h"
#include "core/image/anchors.h"
#include "core/image/background.h"
#include "core/image/patch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { PER_PICTURE = 64 };

struct row {
    struct lk_print print;
    uint32_t picture;
    uint32_t n_near; /* not yet covered */
    uint32_t n_listed, n_room;
    uint32_t *near; /* n_listed of them */
    bool shared, covered;
};

static struct row *rows;
static size_t n_rows, room;

static void stop(const char *what, const char *name)
{
    fprintf(stderr, "collect: %s %s\n", what, name);
    exit(1);
}

static void *more(void *p, size_t n, size_t size)
{
    p = realloc(p, n * size);
    if (p == NULL)
        stop("no memory", "");
    return p;
}

static void add_row(const struct lk_print *print, uint32_t picture)
{
    if (n_rows == room) {
        room = room * 2 + 1024;
        rows = more(rows, room, sizeof *rows);
    }
    rows[n_rows++] = (struct row){.print = *print, .picture = picture};
}

static void add_picture(const char *path, uint32_t picture)
{
    struct lk_pixels pixels;
    struct lk_error err;
    struct work work;
    struct scale_space space;
    struct anchor_list list;
    struct anchor chosen[PER_PICTURE];
    const struct lk_alloc *heap = lk_alloc_heap();
    if (!pnm_read(path, &pixels) || work_init(&work, heap, &pixels, &err) != LK_OK ||
        scale_space_init(&space, heap, &work, &err) != LK_OK ||
        anchor_list_init(&list, heap, &work, &err) != LK_OK)
        stop("cannot read", path);
    for (unsigned o = 0; o < space.n_octaves; o++) {
        scale_space_octave(&space, o);
        anchors_detect(&space, o, &list);
    }
    const struct lk_rect all = {0, 0, work.width, work.height};
    size_t n = anchors_choose(&list, &work, &all, PER_PICTURE, chosen);
    uint32_t side = work.width > work.height ? work.width : work.height;
    for (size_t i = 0; i < n; i++) {
        struct patch patch;
        struct lk_print print;
        patch_sample(&space, &chosen[i], anchor_sigma(chosen[i].size, side), LK_SMALL_TURN_NONE,
                     &patch);
        patch_print(&patch, &print);
        add_row(&print, picture);
    }
    anchor_list_fini(&list, heap);
    scale_space_fini(&space, heap);
    work_fini(&work, heap);
    free((void *)pixels.data);
}

static void put_near(struct row *row, size_t near)
{
    if (row->n_near == row->n_room) {
        row->n_room = row->n_room * 2 + 16;
        row->near = more(row->near, row->n_room, sizeof *row->near);
    }
    row->near[row->n_near++] = (uint32_t)near;
}

static void meet_neighbours(void)
{
    for (size_t i = 0; i < n_rows; i++) {
        put_near(&rows[i], i);
        for (size_t k = i + 1; k < n_rows; k++) {
            if (lk_print_distance(&rows[i].print, &rows[k].print) > BACKGROUND_RADIUS)
                continue;
            if (rows[i].picture != rows[k].picture)
                rows[i].shared = rows[k].shared = true;
            put_near(&rows[i], k);
            put_near(&rows[k], i);
        }
    }
    for (size_t i = 0; i < n_rows; i++)
        rows[i].n_listed = rows[i].n_near;
}

/* Counts are kept up to date as prints are covered; nearness is mutual. */
static void cover(struct row *kept)
{
    for (uint32_t k = 0; k < kept->n_listed; k++) {
        struct row *near = &rows[kept->near[k]];
        if (near->covered)
            continue;
        near->covered = true;
        for (uint32_t m = 0; m < near->n_listed; m++)
            rows[near->near[m]].n_near--;
    }
}

static int in_order(const void *a, const void *b)
{
    const struct lk_print *p = a, *q = b;
    for (int w = 0; w < 4; w++)
        if (p->w[w] != q->w[w])
            return p->w[w] < q->w[w] ? -1 : 1;
    return 0;
}

static size_t keep(struct lk_print *kept, size_t max)
{
    size_t n = 0;
    while (n < max) {
        struct row *best = NULL;
        for (size_t i = 0; i < n_rows; i++)
            if (rows[i].shared && (best == NULL || rows[i].n_near > best->n_near))
                best = &rows[i];
        if (best == NULL || best->n_near < 2)
            break;
        cover(best);
        kept[n++] = best->print;
    }
    qsort(kept, n, sizeof *kept, in_order);
    return n;
}

static void write_table(const struct lk_print *kept, size_t n)
{
    puts("/* Made by tools/background/make.sh: prints that unrelated drawings have in common. */");
    puts("#ifndef CORE_IMAGE_BACKGROUND_TABLE_H\n#define CORE_IMAGE_BACKGROUND_TABLE_H\n");
    puts("#include \"core/kernels/hamming.h\"\n");
    printf("#define BACKGROUND_N %zu\n\n/* clang-format off */\n", n);
    puts("static const _Alignas(64) struct hamming_block background_table = {{");
    for (int w = 0; w < 4; w++) {
        for (size_t i = 0; i < n; i++)
            printf("%s0x%016" PRIx64 ",%s",
                   i % 5   ? " "
                   : i > 0 ? "     "
                           : "    {",
                   kept[i].w[w], i % 5 == 4 && i + 1 < n ? "\n" : "");
        puts("},");
    }
    puts("}};\n/* clang-format on */\n\n#endif");
}

int main(int argc, char **argv)
{
    if (argc < 3)
        stop("usage:", "collect MAX PICTURE.pgm...");
    size_t max = (size_t)atoi(argv[1]), n_shared = 0, n_covered = 0;
    struct lk_print *kept = more(NULL, max, sizeof *kept);
    for (int i = 2; i < argc; i++)
        add_picture(argv[i], (uint32_t)i);
    meet_neighbours();
    size_t n = keep(kept, max);
    write_table(kept, n);
    for (size_t i = 0; i < n_rows; i++) {
        n_shared += rows[i].shared;
        n_covered += rows[i].covered;
    }
    fprintf(stderr, "%d drawings, %zu prints, %zu shared; %zu kept, which cover %zu\n", argc - 2,
            n_rows, n_shared, n, n_covered);
    return 0;
}
