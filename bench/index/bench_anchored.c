/* Matching full queries (whole prints and anchors) against a bank of very many registered pictures.
 *
 *   bench_anchored DONORS REGISTERED QUERIES EDITED HELD [N]      N: pictures, default 100000
 *
 * All are files of record lines, as `likeness hash` writes them: DONORS and REGISTERED of
 * --register; QUERIES the registered photographs, EDITED edited copies of them (whatever directory,
 * NAME.* of NAME.*) and HELD others, all of --query. bench/index/anchored.sh makes them.
 *
 * The other pictures are made from the donors: each print has four of the eight pairs of parts from
 * one print and four from another that is like it, with 0.5 % of the bits turned over. So buckets
 * and the filters in them are filled as those of real prints are. Strangers meet by chance less
 * often than among real prints; how much less is printed. 100,000 pictures take 13 GB of memory
 * while segments are merged, 6 GB afterwards. */
#include "bank/bank.h"
#include "cli/line_file.h"
#include "core/index/index.h"
#include "core/index/plan.h"
#include "measure.h"

#include <likeness/fingerprint.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 64, N_LIKE = 8, CHOICES = 512, NOISE_PER_1024 = 5, KEY_BITS = 16 };

static struct line_file load(const char *path)
{
    struct lk_error err;
    struct line_file file = {0};
    must(line_file_read(path, &file, &err), &err);
    if (file.n == 0)
        die("'%s' has no pictures", path);
    return file;
}

/* ---- the bank ---- */

/* Whom prints are made from, and for each anchor some of the others that are like it. */
struct donors {
    const struct line_file *file;
    struct lk_print *anchors; /* of all of them, in no order */
    uint32_t *order;          /* the number of a record -> of its anchor */
    uint32_t (*like)[N_LIKE];
    size_t n;
};

static uint32_t most_like(const struct donors *d, size_t own, uint64_t *state)
{
    size_t best = own, from = random_next(state) % (d->n - CHOICES);
    unsigned best_bits = UINT_MAX;
    for (size_t i = from; i < from + CHOICES; i++) {
        unsigned dist_bits = lk_print_distance(&d->anchors[own], &d->anchors[i]);
        if (dist_bits < best_bits && i != own) {
            best = i;
            best_bits = dist_bits;
        }
    }
    return (uint32_t)best;
}

static struct donors donors_of(const struct line_file *file)
{
    uint64_t state = 5;
    struct donors d = {file, must_alloc(file->n_records, sizeof *d.anchors),
                       must_alloc(file->n_records, sizeof *d.order),
                       must_alloc(file->n_records, sizeof *d.like), 0};
    uint32_t *record_of = must_alloc(file->n_records, sizeof *record_of);
    for (uint32_t i = 0; i < file->n_records; i++)
        if (file->records[i].kind == LK_ANCHOR) {
            size_t to = random_next(&state) % (d.n + 1);
            record_of[d.n++] = record_of[to];
            record_of[to] = i;
        }
    if (d.n <= CHOICES)
        die("the donors have only %zu anchors", d.n);
    for (uint32_t i = 0; i < d.n; i++) {
        d.order[record_of[i]] = i;
        d.anchors[i] = file->records[record_of[i]].print;
    }
    for (size_t i = 0; i < d.n; i++)
        for (unsigned k = 0; k < N_LIKE; k++)
            d.like[i][k] = most_like(&d, i, &state);
    free(record_of);
    return d;
}

static void donors_fini(struct donors *d)
{
    free(d->anchors);
    free(d->order);
    free(d->like);
}

static struct lk_print mixed(const struct lk_print *a, const struct lk_print *b, uint64_t *state)
{
    struct lk_print out;
    unsigned pairs = 0;
    while (__builtin_popcount(pairs) != 4)
        pairs = random_next(state) & 255;
    for (unsigned w = 0; w < 4; w++) {
        uint64_t from_a = (pairs >> (2 * w) & 1 ? UINT64_C(0xffffffff) : 0) |
                          (pairs >> (2 * w + 1) & 1 ? UINT64_C(0xffffffff) << 32 : 0);
        out.w[w] = (a->w[w] & from_a) | (b->w[w] & ~from_a);
    }
    for (unsigned k = 0; k < LK_PRINT_BITS; k += 6) {
        uint64_t random = random_next(state);
        for (unsigned i = k; i < k + 6 && i < LK_PRINT_BITS; i++, random >>= 10)
            out.w[i / 64] ^= (uint64_t)((random & 1023) < NOISE_PER_1024) << (i % 64);
    }
    return out;
}

/* Makes a picture of one that there is; returns its number of records. */
static size_t derive(const struct donors *donors, uint64_t *state, struct lk_record *out)
{
    const struct lk_sequence *a = &donors->file->sequences[random_next(state) % donors->file->n];
    const struct lk_sequence *b = &donors->file->sequences[random_next(state) % donors->file->n];
    for (size_t i = 0; i < a->n_records; i++) {
        const struct lk_print *own = &a->records[i].print, *other = own;
        uint32_t of = donors->order[&a->records[i] - donors->file->records];
        if (a->records[i].kind == LK_ANCHOR)
            other = &donors->anchors[donors->like[of][random_next(state) % N_LIKE]];
        else if (i < b->n_records && b->records[i].kind == LK_WHOLE)
            other = &b->records[i].print;
        out[i] = a->records[i];
        out[i].print = mixed(own, other, state);
    }
    return a->n_records;
}

static void put_id(uint64_t number, bool is_real, uint8_t id[BANK_ID_BYTES])
{
    memset(id, 0, BANK_ID_BYTES);
    memcpy(id, &number, sizeof number);
    id[BANK_ID_BYTES - 1] = is_real;
}

static void add_registered(struct bank *bank, const struct line_file *registered)
{
    struct lk_error err;
    for (size_t i = 0; i < registered->n; i++) {
        struct bank_entry e = {.tier = LK_TIER_CONFIRMED, .sequence = registered->sequences[i]};
        put_id(i, true, e.id);
        must(bank_add(bank, &e, 1, 0, &err), &err);
    }
}

static void add_derived(struct bank *bank, const struct donors *donors, uint64_t n)
{
    struct lk_error err;
    uint64_t state = 1;
    struct lk_record *records = must_alloc((size_t)BATCH * LK_MAX_IMAGE_RECORDS, sizeof *records);
    for (uint64_t done = 0; done < n;) {
        struct bank_entry entries[BATCH];
        size_t k = 0;
        for (; k < BATCH && done < n; k++, done++) {
            struct lk_record *own = records + k * LK_MAX_IMAGE_RECORDS;
            entries[k] = (struct bank_entry){.tier = LK_TIER_CONFIRMED,
                                             .sequence = {.medium = LK_IMAGE, .records = own}};
            entries[k].sequence.n_records = derive(donors, &state, own);
            put_id(done, false, entries[k].id);
        }
        must(bank_add(bank, entries, k, 0, &err), &err);
    }
    free(records);
}

static struct bank *bank_of(uint64_t judged_as)
{
    struct lk_error err;
    struct bank *bank;
    const struct bank_config config = {.mode = BANK_WRITE, .judged_as_items = judged_as};
    must(bank_open(NULL, &config, &bank, &err), &err);
    return bank;
}

static struct bank *large_bank(const struct donors *donors, const struct line_file *registered,
                               uint64_t n)
{
    struct lk_error err;
    struct bank *bank = bank_of(0);
    double start = wall_seconds(), cpu = cpu_seconds();
    add_registered(bank, registered);
    add_derived(bank, donors, n - registered->n);
    must(bank_compact(bank, &err), &err);
    struct bank_stats stats = bank_stats(bank);
    printf("| pictures, whole prints, anchored prints | %llu, %llu, %llu |\n",
           (unsigned long long)stats.n_entries, (unsigned long long)stats.n_prints[LK_WHOLE],
           (unsigned long long)stats.n_prints[LK_ANCHOR]);
    printf("| filled and merged, s (CPU) | %.0f (%.0f) |\n", wall_seconds() - start,
           cpu_seconds() - cpu);
    printf("| KB a picture: all; of it the index | %.1f; %.1f |\n",
           (double)stats.n_bytes / (double)stats.n_entries / 1000,
           (double)(stats.n_prints[LK_WHOLE] + stats.n_prints[LK_ANCHOR]) * (4 + 2) * 16 /
               (double)stats.n_entries / 1000);
    fflush(stdout);
    return bank;
}

/* ---- the questions ---- */

/* The name of a file without its directory and ending. */
static const char *stem(const char *path, size_t *n)
{
    const char *name = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
    const char *end = strrchr(name, '.');
    *n = end == NULL ? strlen(name) : (size_t)(end - name);
    return name;
}

/* Which of the registered an edited copy was made from: the one of the same name. */
static size_t original_of(const struct line_file *registered, const char *path)
{
    size_t n, n_own;
    const char *name = stem(path, &n);
    for (size_t i = 0; i < registered->n; i++) {
        const char *own = stem(registered->paths[i], &n_own);
        if (n == n_own && memcmp(name, own, n) == 0)
            return i;
    }
    die("no original of '%s' is registered", path);
}

/* How a query ended, by the best of what it met. */
enum ending { BY_WHOLE, BY_ANCHORS, BY_REVIEW, NOTHING, N_ENDINGS };

struct outcome {
    struct samples samples[N_ENDINGS];
    size_t n, n_wrong, n_anchors, n_muted;
};

/* `right`: the entry that is to be found, else NULL. */
static enum ending ending_of(const struct bank_matches *matches, const uint8_t *right,
                             struct outcome *o)
{
    unsigned best = LK_REVIEW + 1, best_wrong = LK_REVIEW + 1;
    for (size_t i = 0; i < matches->n; i++) {
        const struct bank_match *m = &matches->p[i];
        bool is_right = right != NULL && memcmp(m->id, right, BANK_ID_BYTES) == 0;
        unsigned *of = is_right ? &best : &best_wrong;
        *of = m->verdict.grade < *of ? m->verdict.grade : *of;
    }
    o->n_wrong += best_wrong <= LK_REVIEW && best_wrong < best;
    return best <= LK_NEAR      ? BY_WHOLE
           : best == LK_PARTIAL ? BY_ANCHORS
           : best == LK_REVIEW  ? BY_REVIEW
                                : NOTHING;
}

static void report(const char *what, struct outcome *o)
{
    static const char *const endings[] = {"by their whole print", "by their anchors",
                                          "for review only", "nothing found"};
    for (unsigned k = 0; k < N_ENDINGS; k++) {
        struct samples *s = &o->samples[k];
        double total = 0;
        for (size_t i = 0; i < s->n; i++)
            total += s->p[i];
        if (s->n > 0)
            printf("| %s: %s | %zu | %.2f | %.2f | %.2f |\n", what, endings[k], s->n,
                   total / (double)s->n * 1e3, samples_at(s, 0.5) * 1e3, samples_at(s, 0.99) * 1e3);
        samples_fini(s);
    }
    printf("| %s: another picture came first in %zu of %zu; anchors muted: %.1f %% of %zu ||||\n",
           what, o->n_wrong, o->n, 100.0 * (double)o->n_muted / (double)(o->n_anchors + 1),
           o->n_anchors);
    fflush(stdout);
}

/* registered: of pictures that are to be found, else NULL. */
static void ask(struct bank *bank, const char *what, const struct line_file *queries,
                const struct line_file *registered)
{
    struct lk_error err;
    struct outcome o = {0};
    for (size_t i = 0; i < queries->n; i++) {
        struct bank_matches matches;
        uint8_t right[BANK_ID_BYTES];
        if (registered != NULL)
            put_id(original_of(registered, queries->paths[i]), true, right);
        double start = thread_cpu_seconds();
        must(bank_match(bank, &queries->sequences[i], 1, lk_alloc_heap(), &matches, &err), &err);
        double took = thread_cpu_seconds() - start;
        o.n++;
        o.n_anchors += matches.n_anchors;
        o.n_muted += matches.n_muted;
        samples_put(&o.samples[ending_of(&matches, registered == NULL ? NULL : right, &o)], took);
        bank_matches_free(lk_alloc_heap(), &matches);
    }
    report(what, &o);
}

static void ask_all(struct bank *bank, const char *what, const struct line_file *registered,
                    const struct line_file *same, const struct line_file *edited,
                    const struct line_file *held)
{
    printf("\n%s: CPU of one thread, ms a query, by what was found of the original\n\n"
           "| queries | n | mean | median | 99 %% |\n|---|---|---|---|---|\n",
           what);
    ask(bank, "registered pictures", same, registered);
    ask(bank, "edited copies", edited, registered);
    ask(bank, "strangers", held, NULL);
}

/* ---- what lean probing finds ---- */

static void lean_recall(const struct line_file *registered, const struct line_file *edited)
{
    bool judged;
    unsigned radius = lk_match_radius(LK_ANCHOR, &judged);
    struct probe_plan plan;
    size_t n_near[5] = {0}, n_found[5] = {0};
    plan_make_lean(&plan, radius);
    for (size_t q = 0; q < edited->n; q++) {
        const struct lk_sequence *query = &edited->sequences[q];
        const struct lk_sequence *own =
            &registered->sequences[original_of(registered, edited->paths[q])];
        for (size_t i = 0; i < query->n_records; i++)
            for (size_t k = 0; k < own->n_records; k++) {
                const struct lk_record *a = &query->records[i], *b = &own->records[k];
                if (a->kind != LK_ANCHOR || b->kind != LK_ANCHOR)
                    continue;
                unsigned dist = lk_print_distance(&a->print, &b->print);
                if (dist > radius)
                    continue;
                struct lk_print from = index_row_of(LK_ANCHOR, &a->print);
                struct lk_print to = index_row_of(LK_ANCHOR, &b->print);
                unsigned band = dist <= 16 ? 0 : dist <= 24 ? 1 : dist <= 32 ? 2 : 3;
                bool found = plan_found_before(&plan, KEY_BITS, PROBE_PARTS, &to, &from);
                n_near[band]++, n_near[4]++;
                n_found[band] += found, n_found[4] += found;
            }
    }
    printf("\nLean probing, of pairs within %u bits between edited copies and their originals\n\n"
           "| bits | 0..16 | 17..24 | 25..32 | 33..%u | all |\n|---|---|---|---|---|---|\n"
           "| pairs | %zu | %zu | %zu | %zu | %zu |\n| found, %% |",
           radius, radius, n_near[0], n_near[1], n_near[2], n_near[3], n_near[4]);
    for (int i = 0; i < 5; i++)
        printf(" %.1f |", n_near[i] == 0 ? 0 : 100.0 * (double)n_found[i] / (double)n_near[i]);
    printf("\n");
}

/* ---- how real the derived prints are ---- */

static void show_near(const char *what, const struct line_file *queries,
                      const struct lk_record *records, size_t n)
{
    enum { MOST_PAIRS = 1000000000 };
    size_t n_pairs = 0, n_near[257] = {0};
    for (size_t q = 0; q < queries->n_records && n_pairs < MOST_PAIRS; q += 5)
        for (size_t i = 0; i < n && queries->records[q].kind == LK_ANCHOR; i++)
            if (records[i].kind == LK_ANCHOR) {
                n_near[lk_print_distance(&queries->records[q].print, &records[i].print)]++;
                n_pairs++;
            }
    for (int bits = 1; bits <= 256; bits++)
        n_near[bits] += n_near[bits - 1];
    printf("| of a million %s prints near a stranger's by chance: 34, 40, 46 bits | "
           "%.3f, %.3f, %.3f |\n",
           what, (double)n_near[34] * 1e6 / (double)n_pairs,
           (double)n_near[40] * 1e6 / (double)n_pairs, (double)n_near[46] * 1e6 / (double)n_pairs);
}

static void show_chance(const struct donors *donors, const struct line_file *held)
{
    size_t n_records = donors->file->n_records, n = 0;
    struct lk_record *derived = must_alloc(n_records, sizeof *derived);
    uint64_t state = 7;
    while (n + LK_MAX_IMAGE_RECORDS <= n_records)
        n += derive(donors, &state, derived + n);
    show_near("real", held, donors->file->records, n_records);
    show_near("derived", held, derived, n);
    free(derived);
}

int main(int argc, char **argv)
{
    if (argc < 6)
        die("usage: see the head of bench/index/bench_anchored.c");
    struct line_file donors = load(argv[1]), registered = load(argv[2]), same = load(argv[3]),
                     edited = load(argv[4]), held = load(argv[5]);
    uint64_t n = argc > 6 ? (uint64_t)strtod(argv[6], NULL) : 100000;
    lean_recall(&registered, &edited);
    printf("\n### %llu registered pictures; load %.1f\n\n| | |\n|---|---|\n", (unsigned long long)n,
           load_average());
    struct donors from = donors_of(&donors);
    show_chance(&from, &held);
    struct bank *bank = large_bank(&from, &registered, n);
    ask_all(bank, "All of them", &registered, &same, &edited, &held);
    bank_close(bank);
    bank = bank_of(n);
    add_registered(bank, &registered);
    ask_all(bank, "The real ones alone, judged as so many", &registered, &same, &edited, &held);
    bank_close(bank);
    donors_fini(&from);
    struct line_file *all[] = {&donors, &registered, &same, &edited, &held};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        line_file_fini(all[i]);
    return 0;
}
