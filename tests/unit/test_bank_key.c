/* A bank whose prints are keyed. */
#include "../cmocka_all.h"
#include "bank/bank.h"
#include "base/buf.h"
#include "sys/file.h"

#include <dirent.h>
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

/* Whether a print of the number, as it is, stands in any file of the bank. */
static bool in_files(unsigned number)
{
    struct lk_record records[N_PRINTS];
    uint8_t print[LK_PRINT_BYTES];
    bool found = false;
    DIR *d = opendir(dir);
    const struct dirent *entry;
    assert_non_null(d);
    prints_of(number, records);
    lk_print_to_bytes(&records[2].print, print);
    while ((entry = readdir(d)) != NULL) {
        char path[400];
        struct buf bytes;
        snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
        buf_init(&bytes, lk_alloc_heap(), 1 << 28);
        if (entry->d_name[0] != '.')
            assert_int_equal(file_read_all(path, &bytes, NULL), LK_OK);
        found |= bytes.n > 0 && memmem(bytes.p, bytes.n, print, sizeof print) != NULL;
        buf_fini(&bytes);
    }
    closedir(d);
    return found;
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
            assert_false(in_files(i));
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
        WITH_DIR(it_opens_with_its_print_key_alone),
        WITH_DIR(a_bank_of_plain_prints_takes_no_print_key),
        WITH_DIR(a_sealed_bank_may_be_keyed_besides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
