/* A bank whose prints are keyed. */
#include "../cmocka_all.h"
#include "../scene.h"
#include "bank/bank.h"
#include "bank/bank_pairs.h"
#include "base/buf.h"
#include "core/image/background.h"
#include "core/index/index.h"
#include "sys/file.h"

#include <dirent.h>
#include <likeness/fingerprint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { N_PRINTS = 3, N_ENTRIES = 6 };

static const uint8_t seed[LK_PRINT_KEY_SEED_BYTES] = {1, 2, 3};
static const uint8_t other_seed[LK_PRINT_KEY_SEED_BYTES] = {1, 2, 4};
static char dir[64];

static int make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/test_bank_key.XXXXXX");
    return mkdtemp(dir) == NULL ? -1 : 0;
}

static int drop_dir(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command);
}

static void prints_of(unsigned number, struct lk_record records[N_PRINTS])
{
    memset(records, 0, N_PRINTS * sizeof *records);
    for (unsigned i = 0; i < N_PRINTS; i++) {
        records[i] = (struct lk_record){.kind = i < 2 ? LK_WHOLE : LK_ANCHOR,
                                        .front_end = i < 2 ? LK_FULLRES : 0,
                                        .quality = 80,
                                        .frame = {128, 128, 255, (uint8_t)i}};
        for (unsigned w = 0; w < 4; w++)
            records[i].print.w[w] = (number * 12u + i * 4 + w + 1) * 0x9e3779b97f4a7c15u;
    }
}

static enum lk_status open_bank(enum bank_mode mode, const uint8_t *print_seed, struct bank **out,
                                struct lk_error *err)
{
    const struct bank_config config = {.mode = mode, .print_seed = print_seed, .by_caller = true};
    return bank_open(dir, &config, out, err);
}

static void add(struct bank *bank, unsigned from, unsigned to)
{
    struct lk_record records[N_ENTRIES][N_PRINTS];
    struct bank_entry entries[N_ENTRIES] = {{.tier = 0}};
    for (unsigned i = from; i < to; i++) {
        prints_of(i, records[i]);
        entries[i - from] = (struct bank_entry){
            .id = {(uint8_t)(i + 1)},
            .tier = LK_TIER_SELF,
            .sequence = {.medium = LK_IMAGE, .records = records[i], .n_records = N_PRINTS}};
    }
    assert_int_equal(bank_add(bank, entries, to - from, 0, NULL), LK_OK);
}

/* The one match of a query 20 bits away from this entry: what was keyed on both sides. */
static void assert_found(struct bank *bank, unsigned number)
{
    struct lk_record records[N_PRINTS];
    struct bank_matches m;
    prints_of(number, records);
    records[0].print.w[1] ^= 0xfffff;
    const struct lk_sequence query = {.medium = LK_IMAGE, .records = records, .n_records = 1};
    assert_int_equal(bank_match(bank, &query, 1, lk_alloc_heap(), &m, NULL), LK_OK);
    assert_int_equal(m.n, 1);
    assert_int_equal(m.p[0].id[0], number + 1);
    assert_int_equal(m.p[0].verdict.dist_bits, 20);
    bank_matches_free(lk_alloc_heap(), &m);
}

/* Whether the print stands in any file of the bank, in bytes or as in an index. */
static bool in_files(unsigned kind, const struct lk_print *looked_for)
{
    uint8_t print[LK_PRINT_BYTES];
    struct lk_print row = index_row_of(kind, looked_for);
    bool found = false;
    DIR *d = opendir(dir);
    const struct dirent *entry;
    assert_non_null(d);
    lk_print_to_bytes(looked_for, print);
    while ((entry = readdir(d)) != NULL) {
        char path[400];
        struct buf bytes;
        snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
        buf_init(&bytes, lk_alloc_heap(), 1 << 28);
        if (entry->d_name[0] != '.')
            assert_int_equal(file_read_all(path, &bytes, NULL), LK_OK);
        if (bytes.p != NULL)
            found |= memmem(bytes.p, bytes.n, print, sizeof print) != NULL ||
                     memmem(bytes.p, bytes.n, &row, sizeof row) != NULL;
        buf_fini(&bytes);
    }
    closedir(d);
    return found;
}

/* How many prints of the number stand in files: as they are, or `keyed` as the bank's key has them.
 */
static unsigned n_in_files(unsigned number, bool keyed)
{
    struct lk_print_key key;
    struct lk_record records[N_PRINTS];
    unsigned n = 0;
    lk_print_key_init(&key, seed);
    prints_of(number, records);
    for (size_t i = 0; i < N_PRINTS; i++) {
        struct lk_print print = records[i].print;
        if (keyed)
            print = lk_print_keyed(&key, &print);
        n += in_files(records[i].kind, &print);
    }
    return n;
}

static enum lk_status is_keyed(void *ctx, const struct bank_entry *entry, struct lk_error *err)
{
    (void)err;
    struct lk_print_key key;
    struct lk_record records[N_PRINTS];
    lk_print_key_init(&key, seed);
    prints_of(entry->id[0] - 1u, records);
    for (size_t i = 0; i < N_PRINTS; i++) {
        struct lk_print want = lk_print_keyed(&key, &records[i].print);
        assert_memory_equal(&entry->sequence.records[i].print, &want, sizeof want);
        assert_memory_equal(&entry->sequence.records[i].frame, &records[i].frame, 4);
    }
    ++*(unsigned *)ctx;
    return LK_OK;
}

static void a_keyed_bank_finds_the_same_and_holds_no_print_as_it_is(void **state)
{
    (void)state;
    struct bank *bank = NULL;
    assert_int_equal(bank_create_keyed(dir, NULL, seed, NULL), LK_OK);
    assert_int_equal(open_bank(BANK_WRITE, seed, &bank, NULL), LK_OK);
    add(bank, 0, 3);
    assert_int_equal(bank_flush(bank, NULL), LK_OK);
    add(bank, 3, N_ENTRIES);
    for (int opened = 0; opened < 2; opened++) {
        unsigned n = 0;
        for (unsigned i = 0; i < N_ENTRIES; i++) {
            assert_found(bank, i);
            assert_int_equal(n_in_files(i, false), 0);
        }
        assert_int_equal(bank_each(bank, is_keyed, &n, NULL), LK_OK);
        assert_int_equal(n, N_ENTRIES);
        assert_true(bank_stats(bank).keyed);
        assert_int_equal(bank_compact(bank, NULL), LK_OK);
        assert_int_equal(bank_verify(bank, NULL), LK_OK);
        assert_int_equal(bank_stats(bank).n_damaged, 0);
        bank_close(bank);
        assert_int_equal(open_bank(BANK_WRITE, seed, &bank, NULL), LK_OK);
    }
    bank_close(bank);
}

/* From a log, and (compacted) from a segment. */
static void a_withdrawn_entry_leaves_no_print_keyed_or_not(void **state)
{
    (void)state;
    struct bank *bank = NULL;
    assert_int_equal(bank_create_keyed(dir, NULL, seed, NULL), LK_OK);
    assert_int_equal(open_bank(BANK_WRITE, seed, &bank, NULL), LK_OK);
    add(bank, 0, N_ENTRIES);
    for (unsigned i = 0; i < 4; i++) {
        const uint8_t id[BANK_ID_BYTES] = {(uint8_t)(i + 1)};
        assert_int_equal(n_in_files(i, true), N_PRINTS);
        assert_int_equal(bank_remove(bank, (const void *)id, 1, NULL), LK_OK);
        assert_int_equal(bank_maintain(bank, NULL), LK_OK);
        assert_int_equal(n_in_files(i, true) + n_in_files(i, false), 0);
        assert_found(bank, 5);
        if (i == 1)
            assert_int_equal(bank_compact(bank, NULL), LK_OK);
    }
    bank_close(bank);
}

static enum lk_status on_pairs(void *ctx, const struct bank_pair *pairs, size_t n,
                               struct lk_error *err)
{
    (void)err;
    for (size_t i = 0; i < n; i++)
        assert_int_equal(pairs[i].dist_bits, 7);
    *(size_t *)ctx += n;
    return LK_OK;
}

static void pairs_of_a_keyed_bank_are_as_far_apart_as_they_were(void **state)
{
    (void)state;
    struct bank *bank = NULL;
    struct lk_record records[N_PRINTS];
    size_t n = 0;
    assert_int_equal(bank_create_keyed(dir, NULL, seed, NULL), LK_OK);
    assert_int_equal(open_bank(BANK_WRITE, seed, &bank, NULL), LK_OK);
    add(bank, 0, N_ENTRIES);
    prints_of(2, records);
    records[1].print.w[3] ^= 0x7f;
    struct bank_entry near = {.id = {99}, .tier = LK_TIER_SELF};
    near.sequence =
        (struct lk_sequence){.medium = LK_IMAGE, .records = &records[1], .n_records = 1};
    assert_int_equal(bank_add(bank, &near, 1, 0, NULL), LK_OK);
    assert_int_equal(bank_pairs(bank, LK_WHOLE, 10, on_pairs, &n, NULL), LK_OK);
    assert_int_equal(n, 1);
    bank_close(bank);
}

/* ---- matching as in a bank that is not keyed ---- */

enum { N_SCENES = 4, W = 480, H = 360, INSET = 60 };

struct picture {
    struct lk_record records[LK_MAX_IMAGE_RECORDS];
    struct lk_sequence sequence;
};

/* The scene, or what is left of it within INSET pixels. */
static struct picture *picture_of(unsigned number, unsigned purpose)
{
    static uint8_t luma[W * H];
    static int grey[W * H];
    struct picture *p = calloc(1, sizeof *p);
    struct lk_image_prints whole;
    size_t n;
    assert_non_null(p);
    scene_draw(number + 1, W, H, grey, luma);
    const uint32_t cut = purpose == LK_QUERY ? INSET : 0;
    const struct lk_pixels px = {luma + cut * W + cut, W - 2 * cut, H - 2 * cut, W, 1, 0};
    const struct lk_fingerprint_options options = {.purpose = (uint8_t)purpose,
                                                   .front_end = LK_FULLRES};
    assert_int_equal(
        lk_image_fingerprint(lk_alloc_heap(), &px, &options, &whole, p->records, &n, NULL), LK_OK);
    p->sequence = (struct lk_sequence){.medium = LK_IMAGE, .records = p->records, .n_records = n};
    return p;
}

static struct bank *bank_of_scenes(const uint8_t *print_seed)
{
    const struct bank_config config = {
        .mode = BANK_WRITE, .print_seed = print_seed, .by_caller = true};
    struct bank *bank = NULL;
    assert_int_equal(bank_open(NULL, &config, &bank, NULL), LK_OK);
    for (unsigned i = 0; i < N_SCENES; i++) {
        struct picture *p = picture_of(i, LK_REGISTRATION);
        const struct bank_entry e = {
            .id = {(uint8_t)(i + 1)}, .tier = LK_TIER_CONFIRMED, .sequence = p->sequence};
        assert_int_equal(bank_add(bank, &e, 1, 0, NULL), LK_OK);
        free(p);
    }
    return bank;
}

static void cropped_copies_get_the_answers_of_a_bank_that_is_not_keyed(void **state)
{
    (void)state;
    struct bank *banks[2] = {bank_of_scenes(NULL), bank_of_scenes(seed)};
    for (unsigned i = 0; i < N_SCENES + 2; i++) { /* two are in neither */
        struct picture *query = picture_of(i, LK_QUERY);
        struct bank_matches m[2];
        for (int k = 0; k < 2; k++)
            assert_int_equal(
                bank_match(banks[k], &query->sequence, 1, lk_alloc_heap(), &m[k], NULL), LK_OK);
        assert_int_equal(m[0].n, i < N_SCENES);
        assert_int_equal(m[1].n, m[0].n);
        assert_int_equal(m[1].n_anchors, m[0].n_anchors);
        if (i < N_SCENES) {
            const struct bank_match *plain = m[0].p, *keyed = m[1].p;
            assert_int_equal(plain->id[0], i + 1);
            assert_int_equal(keyed->id[0], i + 1);
            assert_int_equal(plain->verdict.grade, LK_PARTIAL);
            assert_int_equal(keyed->verdict.grade, plain->verdict.grade);
            assert_int_equal(keyed->verdict.n_votes, plain->verdict.n_votes);
            assert_int_equal(keyed->verdict.dist_bits, plain->verdict.dist_bits);
            assert_int_equal(keyed->verdict.coverage_percent, plain->verdict.coverage_percent);
            assert_int_equal(keyed->action, plain->action);
        }
        for (int k = 0; k < 2; k++)
            bank_matches_free(lk_alloc_heap(), &m[k]);
        free(query);
    }
    bank_close(banks[0]);
    bank_close(banks[1]);
}

/* An anchor of the background set is known by its plain print, so a query of them asks nothing. */
static void what_says_nothing_says_nothing_in_a_keyed_bank(void **state)
{
    (void)state;
    struct bank *bank = bank_of_scenes(seed);
    struct lk_record records[9];
    struct bank_matches m;
    for (unsigned i = 0; i < 9; i++)
        records[i] = (struct lk_record){.kind = LK_ANCHOR,
                                        .quality = 80,
                                        .frame = {(uint8_t)(40 + 8 * i), 60, 160, 0},
                                        .print = background_get(100 * i)};
    const struct lk_sequence query = {.medium = LK_IMAGE, .records = records, .n_records = 9};
    assert_int_equal(bank_match(bank, &query, 1, lk_alloc_heap(), &m, NULL), LK_OK);
    assert_int_equal(m.n + m.n_anchors, 0);
    bank_matches_free(lk_alloc_heap(), &m);
    bank_close(bank);
}

static void it_opens_with_its_print_key_alone(void **state)
{
    (void)state;
    struct lk_error err;
    struct bank *bank = NULL;
    assert_int_equal(bank_create_keyed(dir, NULL, seed, NULL), LK_OK);
    assert_int_equal(open_bank(BANK_READ, NULL, &bank, &err), LK_DENIED);
    assert_string_equal(err.text, "the prints of the bank are keyed: its print key is needed");
    assert_int_equal(open_bank(BANK_WRITE, other_seed, &bank, &err), LK_DENIED);
    assert_string_equal(err.text, "the print key is not the one of this bank");
    assert_int_equal(open_bank(BANK_READ, seed, &bank, &err), LK_OK);
    bank_close(bank);
}

static void a_bank_of_plain_prints_takes_no_print_key(void **state)
{
    (void)state;
    struct lk_error err;
    struct bank *bank = NULL;
    assert_int_equal(bank_create(dir, NULL, NULL), LK_OK);
    assert_int_equal(open_bank(BANK_READ, seed, &bank, &err), LK_INVALID);
    assert_string_equal(err.text,
                        "the prints of the bank are not keyed: open it without a print key");
}

static void a_sealed_bank_may_be_keyed_besides(void **state)
{
    (void)state;
    static const uint8_t key[BANK_KEY_BYTES] = {9};
    struct bank_config config = {.mode = BANK_WRITE, .key = key, .by_caller = true};
    struct bank *bank = NULL;
    assert_int_equal(bank_create_keyed(dir, key, seed, NULL), LK_OK);
    assert_int_equal(bank_open(dir, &config, &bank, NULL), LK_DENIED);
    config.print_seed = seed;
    config.key = NULL;
    assert_int_equal(bank_open(dir, &config, &bank, NULL), LK_DENIED);
    config.key = key;
    assert_int_equal(bank_open(dir, &config, &bank, NULL), LK_OK);
    add(bank, 0, 2);
    assert_found(bank, 1);
    bank_close(bank);
}

#define WITH_DIR(test) cmocka_unit_test_setup_teardown(test, make_dir, drop_dir)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DIR(a_keyed_bank_finds_the_same_and_holds_no_print_as_it_is),
        WITH_DIR(a_withdrawn_entry_leaves_no_print_keyed_or_not),
        WITH_DIR(pairs_of_a_keyed_bank_are_as_far_apart_as_they_were),
        cmocka_unit_test(cropped_copies_get_the_answers_of_a_bank_that_is_not_keyed),
        cmocka_unit_test(what_says_nothing_says_nothing_in_a_keyed_bank),
        WITH_DIR(it_opens_with_its_print_key_alone),
        WITH_DIR(a_bank_of_plain_prints_takes_no_print_key),
        WITH_DIR(a_sealed_bank_may_be_keyed_besides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
