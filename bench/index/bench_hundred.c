/* One segment of very many prints: built in memory, asked, written, opened, asked again.
 *
 *   bench_hundred FILE [N]     default 1e8: takes 17 GB of memory, 16 GB of disk, some minutes
 *
 * Entries have eight prints, as a picture has that is registered with its turns. Prints are uniform
 * and stand in the order of the index from the start, so nothing but the segment is held. */
#include "bank/segment_file.h"
#include "core/kernels/cpu.h"
#include "data.h"
#include "floor.h"
#include "measure.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PER_ENTRY = 8, RADIUS = 31, QUERIES = 2000, TRUTH = 20, MAX_HITS = 1024, PAGE = 2 << 20 };

static void *take(uint64_t bytes)
{
    void *p = aligned_alloc(PAGE, (bytes + PAGE - 1) / PAGE * PAGE);
    if (p == NULL)
        die("no memory for %llu bytes", (unsigned long long)bytes);
    madvise(p, bytes, MADV_HUGEPAGE);
    memset(p, 0, bytes);
    return p;
}

static void fill_entries(struct segment_image *image)
{
    uint64_t state = 3;
    for (uint32_t i = 0; i < image->n_entries; i++) {
        struct segment_entry *entry = &image->entries[i];
        *entry = (struct segment_entry){
            .first_record = (uint64_t)i * PER_ENTRY, .n_records = PER_ENTRY, .medium = LK_IMAGE};
        for (size_t k = 0; k < sizeof entry->id; k += sizeof state) {
            uint64_t random = random_next(&state);
            memcpy(entry->id + k, &random, sizeof random);
        }
    }
    for (uint64_t i = 0; i < image->n_records; i++)
        image->records[i] = (struct segment_record){.frame = {128, 128, 255, i % PER_ENTRY},
                                                    .kind = LK_WHOLE,
                                                    .front_end = LK_FULLRES,
                                                    .quality = 90,
                                                    .row = (uint32_t)i};
}

struct half {
    struct segment *segment;
    unsigned from, to;
};

static void *half_run(void *ctx)
{
    struct half *half = ctx;
    segment_fill_parts(half->segment, half->from, half->to);
    return NULL;
}

/* Parts are independent of each other: two threads take eight each. */
static void fill(struct segment *s)
{
    pthread_t thread;
    struct half half[2] = {{s, 0, PROBE_PARTS / 2}, {s, PROBE_PARTS / 2, PROBE_PARTS}};
    if (pthread_create(&thread, NULL, half_run, &half[1]) != 0)
        die("cannot start a thread");
    half_run(&half[0]);
    pthread_join(thread, NULL);
}

static void build(struct segment_image *image, uint32_t n)
{
    struct segment *s = &image->index[LK_WHOLE];
    struct segment_sizes sizes = segment_sizes(n);
    image->n_entries = n / PER_ENTRY;
    image->n_records = n;
    image->entries = take(image->n_entries * sizeof *image->entries);
    image->records = take(image->n_records * sizeof *image->records);
    image->by_id = take(segment_slots(image->n_entries) * sizeof *image->by_id);
    *s = (struct segment){.n_rows = n,
                          .key_bits = sizes.key_bits,
                          .lines = take(sizes.lines),
                          .ids = take(sizes.ids),
                          .rows = take(sizes.rows),
                          .labels = take(sizes.labels),
                          .gone = take(sizes.gone)};
    uint64_t state = 1;
    for (uint32_t i = 0; i < n; i++) {
        for (int w = 0; w < 4; w++)
            s->rows[i].w[w] = random_next(&state);
        s->labels[i] = (uint64_t)(i / PER_ENTRY) << 16 | i % PER_ENTRY;
    }
    fill_entries(image);
    double start = wall_seconds(), cpu = cpu_seconds();
    segment_image_fill_tables(image);
    double ids = wall_seconds() - start;
    s->n_overflow = segment_count(s);
    s->overflow = take(s->n_overflow * sizeof *s->overflow);
    fill(s);
    printf("| tables of ids; of prints, s | %.1f; %.1f (CPU %.1f), %.2f M/s |\n", ids,
           wall_seconds() - start - ids, cpu_seconds() - cpu - ids,
           n / (wall_seconds() - start - ids) * 1e-6);
}

static void release(struct segment_image *image)
{
    struct segment *s = &image->index[LK_WHOLE];
    void *all[] = {image->entries, image->records, image->by_id, s->lines,   s->ids,
                   s->rows,        s->labels,      s->gone,      s->overflow};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

/* Times queries one by one, and checks what they found. */
static size_t ask(const struct segment *s, const struct queries *queries,
                  const struct found_list *truth, const char *what)
{
    struct segment_kernels kernels = segment_kernels_of(cpu_mask());
    struct probe_tables tables = segment_tables(s);
    struct samples samples = {0};
    struct found_list found = {0};
    static struct lk_hit room[MAX_HITS];
    for (uint32_t q = 0; q < queries->n; q++) {
        struct hits hits = {.p = room, .room = MAX_HITS, .cap = MAX_HITS};
        double start = wall_seconds();
        segment_search(s, &tables, &kernels, &queries->p[q], q, RADIUS, &hits);
        samples_put(&samples, wall_seconds() - start);
        for (size_t i = 0; i < hits.n; i++)
            found_put(&found, q,
                      (uint32_t)(hits.p[i].label >> 16) * PER_ENTRY + (hits.p[i].label & 0xffff),
                      hits.p[i].dist_bits);
    }
    double first = samples.p[0];
    struct prints base = {s->rows, s->n_rows};
    struct verdict v = answers_check(base, queries, queries->n, RADIUS, &found, truth, TRUTH);
    printf("| %s: first, median, 99 %%, us | %.0f, %.1f, %.1f (%zu of %zu found, %zu wrong) |\n",
           what, first * 1e6, samples_at(&samples, 0.5) * 1e6, samples_at(&samples, 0.99) * 1e6,
           v.wanted - v.missing, v.wanted, v.wrong + v.doubled);
    fflush(stdout);
    samples_fini(&samples);
    found_fini(&found);
    return v.missing + v.wrong + v.doubled;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        die("usage: see the head of bench/index/bench_hundred.c");
    struct lk_error err;
    struct segment_image image = {.hash_seed = 5};
    struct segment_file *file;
    uint8_t id[SEGMENT_FILE_ID_BYTES];
    uint32_t n = argc > 2 ? (uint32_t)strtod(argv[2], NULL) : 100000000;
    n -= n % PER_ENTRY;
    printf("\n### one segment, %u prints of %d an entry; load %.1f\n\n| | |\n|---|---|\n", n,
           PER_ENTRY, load_average());
    build(&image, n);
    struct prints base = {image.index[LK_WHOLE].rows, n}, held = prints_uniform(QUERIES / 2, 77);
    struct queries queries = queries_new(base, held, QUERIES, 0, RADIUS, 9);
    struct found_list truth = truth_of(base, &queries, TRUTH, RADIUS);
    printf("| cost model, us a query | %.0f |\n", floor_us(n, RADIUS));
    size_t n_bad = ask(&image.index[LK_WHOLE], &queries, &truth, "in memory");
    double start = wall_seconds();
    must(segment_file_write(argv[1], &image, NULL, id, &err), &err);
    printf("| written and synced, s | %.1f |\n", wall_seconds() - start);
    release(&image);
    start = wall_seconds();
    struct segment_file_how how = {.lock = LOCKED_PREFER};
    must(segment_file_open(argv[1], NULL, &how, &file, &err), &err);
    printf("| opened, ms; bytes a print in the file | %.2f; %.1f |\n",
           (wall_seconds() - start) * 1e3, (double)segment_file_info(file).n_bytes / n);
    const struct segment *s = &segment_file_image(file)->index[LK_WHOLE];
    n_bad += ask(s, &queries, &truth, "mapped");
    n_bad += ask(s, &queries, &truth, "mapped, the same again");
    segment_file_close(file);
    must(segment_file_remove(argv[1], &err), &err);
    queries_fini(&queries);
    found_fini(&truth);
    prints_fini(&held);
    return n_bad > 0;
}
