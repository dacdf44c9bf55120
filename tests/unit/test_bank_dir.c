#include "bank_kit.h"

#include <errno.h>

static const uint8_t some_key[BANK_KEY_BYTES] = "a key of thirty-two bytes or so";
static const uint8_t other_key[BANK_KEY_BYTES] = "another of thirty-two bytes then";

static void a_bank_holds_what_was_added_when_it_is_opened_again(void **state)
{
    (void)state;
    for (int sealed = 0; sealed < 2; sealed++) {
        key = sealed ? some_key : NULL;
        struct bank *bank = new_bank();
        assert_int_equal(add(bank, 0, 5), LK_OK);
        assert_int_equal(set_tier(bank, 2, LK_TIER_CONFIRMED), LK_OK);
        assert_int_equal(add(bank, 5, 6), LK_OK);
        bank_close(bank);
        for (int in_segment = 0; in_segment < 2; in_segment++) {
            struct content c = reopened(BANK_READ);
            assert_int_equal(c.n, 6);
            assert_int_equal(c.tier[2], LK_TIER_CONFIRMED);
            assert_int_equal(c.tier[5], LK_TIER_SELF);
            bank = open_bank(BANK_WRITE);
            assert_int_equal(n_matches(bank, 3), 1);
            assert_int_equal(bank_flush(bank, NULL), LK_OK);
            assert_int_equal(bank_stats(bank).n_segments, 1);
            assert_int_equal(n_matches(bank, 3), 1);
            bank_close(bank);
        }
        bank = open_bank(BANK_READ);
        struct bank_stats stats = bank_stats(bank);
        assert_int_equal(stats.sealed, sealed);
        assert_int_equal(stats.n_entries, 6);
        assert_int_equal(stats.n_digests, 3);
        assert_int_equal(stats.n_prints[LK_WHOLE] + stats.n_prints[LK_ANCHOR], 12);
        assert_int_equal(n_matches(bank, 3), 1);
        bank_close(bank);
        drop_dir(NULL);
    }
}

static void a_withdrawn_entry_leaves_the_bank_and_its_print_the_files(void **state)
{
    (void)state;
    for (int in_segment = 0; in_segment < 2; in_segment++) {
        struct bank *bank = new_bank();
        assert_int_equal(add(bank, 0, 4), LK_OK);
        if (in_segment)
            assert_int_equal(bank_flush(bank, NULL), LK_OK);
        assert_true(in_files(1));
        assert_int_equal(withdraw(bank, 1), LK_OK);
        assert_int_equal(bank_maintain(bank, NULL), LK_OK);
        assert_false(in_files(1));
        assert_true(in_files(2));
        assert_int_equal(n_matches(bank, 1), 0);
        assert_int_equal(withdraw(bank, 1), LK_NOT_FOUND);
        assert_int_equal(content_of(bank).n, 3);
        bank_close(bank);
        assert_int_equal(reopened(BANK_READ).n, 3);
        bank = open_bank(BANK_WRITE);
        assert_int_equal(add(bank, 1, 2), LK_OK); /* it may come back */
        bank_close(bank);
        assert_int_equal(reopened(BANK_READ).n, 4);
        drop_dir(NULL);
    }
}

static void a_print_in_a_large_segment_is_overwritten_at_once(void **state)
{
    (void)state;
    enum { N = 40000 };
    struct bank *bank = new_bank();
    struct lk_record r = {
        .kind = LK_WHOLE, .front_end = LK_FULLRES, .quality = 80, .frame = {128, 128, 255, 0}};
    struct bank_entry *many = calloc(N, sizeof *many);
    struct lk_record *records = calloc(N, sizeof *records);
    for (uint64_t i = 0; i < N; i++) {
        records[i] = r;
        for (uint64_t w = 0; w < 4; w++)
            records[i].print.w[w] = (i * 4 + w + 1) * 0xbf58476d1ce4e5b9u;
        many[i] = (struct bank_entry){
            .tier = LK_TIER_SELF,
            .sequence = {.medium = LK_IMAGE, .records = &records[i], .n_records = 1}};
        memcpy(many[i].id, &i, sizeof i);
        many[i].id[15] = 1;
    }
    assert_int_equal(add(bank, 0, 2), LK_OK);
    assert_int_equal(bank_add(bank, many, N, 0, NULL), LK_OK);
    assert_int_equal(bank_flush(bank, NULL), LK_OK);
    uint64_t n_bytes = bank_stats(bank).n_file_bytes;
    assert_true(in_files(0));
    assert_int_equal(withdraw(bank, 0), LK_OK);
    assert_false(in_files(0)); /* nothing else was asked to be done */
    assert_true(in_files(1));
    assert_int_equal(bank_stats(bank).n_file_bytes, n_bytes);
    assert_int_equal(bank_verify(bank, NULL), LK_OK);
    assert_int_equal(bank_stats(bank).n_damaged, 0);
    bank_close(bank);
    assert_int_equal(bank_stats(bank = open_bank(BANK_READ)).n_entries, N + 1);
    bank_close(bank);
    free(many);
    free(records);
}

static void segments_are_merged_and_hold_the_same(void **state)
{
    (void)state;
    table_prints = 6;
    struct bank *bank = new_bank();
    for (unsigned i = 0; i < N_IDS; i++)
        assert_int_equal(add(bank, i, i + 1), LK_OK);
    assert_true(bank_stats(bank).n_tables > 5);
    assert_int_equal(withdraw(bank, 7), LK_OK);
    assert_int_equal(bank_maintain(bank, NULL), LK_OK);
    struct bank_stats stats = bank_stats(bank);
    assert_int_equal(stats.n_tables, 1);
    assert_in_range(stats.n_segments, 1, 3);
    assert_int_equal(content_of(bank).n, N_IDS - 1);
    assert_int_equal(withdraw(bank, 8), LK_OK);
    assert_int_equal(bank_compact(bank, NULL), LK_OK);
    stats = bank_stats(bank);
    assert_int_equal(stats.n_segments, 1);
    assert_int_equal(stats.n_withdrawn, 0);
    assert_false(in_files(8));
    for (unsigned i = 0; i < N_IDS; i++)
        assert_int_equal(n_matches(bank, i), i != 7 && i != 8);
    bank_close(bank);
    assert_int_equal(reopened(BANK_READ).n, N_IDS - 2);
}

static unsigned next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*seed >> 33);
}

static void one_step(struct bank **bank, unsigned *tier, uint64_t *seed)
{
    unsigned i = next_random(seed) % N_IDS, what = next_random(seed) % 100;
    if (what < 2) {
        bank_close(*bank);
        *bank = open_bank(BANK_WRITE);
    } else if (what < 4) {
        assert_int_equal(bank_flush(*bank, NULL), LK_OK);
    } else if (what < 8) {
        assert_int_equal(bank_maintain(*bank, NULL), LK_OK);
    } else if (what < 9) {
        assert_int_equal(bank_compact(*bank, NULL), LK_OK);
    } else if (what < 30 && tier[i] != 0) {
        tier[i] = 1 + next_random(seed) % 3;
        assert_int_equal(set_tier(*bank, i, tier[i]), LK_OK);
    } else if (tier[i] != 0) {
        assert_int_equal(withdraw(*bank, i), LK_OK);
        tier[i] = 0;
    } else {
        assert_int_equal(add(*bank, i, i + 1), LK_OK);
        tier[i] = LK_TIER_SELF;
    }
    assert_int_equal(has(*bank, i), tier[i] != 0);
}

static void a_long_history_leaves_what_is_in_force(void **state)
{
    (void)state;
    for (int sealed = 0; sealed < 2; sealed++) {
        key = sealed ? some_key : NULL;
        table_prints = 12;
        uint64_t seed = 5;
        unsigned tier[N_IDS] = {0};
        struct bank *bank = new_bank();
        for (int step = 0; step < 1500; step++) {
            one_step(&bank, tier, &seed);
            if (step % 50 != 0)
                continue;
            struct content c = content_of(bank);
            assert_memory_equal(c.tier, tier, sizeof tier);
            for (unsigned i = 0; i < N_IDS; i++)
                assert_int_equal(n_matches(bank, i), tier[i] != 0);
        }
        assert_int_equal(bank_verify(bank, NULL), LK_OK);
        assert_int_equal(bank_stats(bank).n_damaged, 0);
        bank_close(bank);
        drop_dir(NULL);
    }
}

static void withdrawing_everything_leaves_the_files_of_an_empty_bank(void **state)
{
    (void)state;
    struct bank *bank = new_bank();
    uint64_t empty = bank_stats(bank).n_file_bytes;
    static struct lk_record many[40000];
    for (size_t i = 0; i < 40000; i++)
        many[i] = (struct lk_record){.kind = LK_ANCHOR, .print = {{i, 1, 2, 3}}};
    struct bank_entry e = {.tier = LK_TIER_SELF,
                           .id = "big",
                           .sequence = {.medium = LK_IMAGE, .records = many, .n_records = 40000}};
    for (int in_segment = 0; in_segment < 2; in_segment++) {
        assert_int_equal(bank_add(bank, &e, 1, 0, NULL), LK_OK);
        assert_int_equal(add(bank, 0, 3), LK_OK);
        if (in_segment)
            assert_int_equal(bank_flush(bank, NULL), LK_OK);
        assert_int_equal(bank_remove(bank, &e.id, 1, NULL), LK_OK);
        for (unsigned i = 0; i < 3; i++)
            assert_int_equal(withdraw(bank, i), LK_OK);
        assert_int_equal(bank_maintain(bank, NULL), LK_OK);
        assert_in_range(bank_stats(bank).n_file_bytes, empty / 2, empty * 2);
    }
    bank_close(bank);
}

static void one_process_writes_and_others_read(void **state)
{
    (void)state;
    struct bank *bank = new_bank(), *other = NULL;
    struct lk_error err;
    assert_int_equal(add(bank, 0, 2), LK_OK);
    assert_int_equal(try_open(BANK_WRITE, &other, &err), LK_BUSY);
    other = open_bank(BANK_READ);
    assert_int_equal(content_of(other).n, 2);
    assert_int_equal(add(other, 2, 3), LK_DENIED);
    assert_int_equal(withdraw(other, 1), LK_DENIED);
    assert_int_equal(set_tier(other, 1, LK_TIER_CHECKED), LK_DENIED);
    assert_int_equal(bank_compact(other, NULL), LK_DENIED);
    /* What it has stays, whatever becomes of the files. */
    assert_int_equal(bank_flush(bank, NULL), LK_OK);
    assert_int_equal(withdraw(bank, 0), LK_OK);
    assert_int_equal(content_of(other).n, 2);
    bank_close(other);
    bank_close(bank);
}

static void what_is_not_a_bank_is_said_so(void **state)
{
    (void)state;
    struct lk_error err;
    struct bank *bank = NULL;
    char path[128];
    assert_int_equal(try_open(BANK_READ, &bank, &err), LK_NOT_FOUND);
    assert_int_equal(try_open(BANK_WRITE, &bank, &err), LK_NOT_FOUND);
    assert_int_equal(bank_create(dir, NULL, NULL), LK_OK);
    assert_int_equal(bank_create(dir, NULL, &err), LK_CONFLICT);
    path_of("manifest", path);
    assert_int_equal(file_replace(path, "hello", 5, 0600, NULL), LK_OK);
    assert_int_equal(try_open(BANK_READ, &bank, &err), LK_CORRUPT);
    assert_string_equal(err.text, "not the manifest of a bank: it does not begin with LKBANKM");
}

static void a_sealed_bank_opens_with_its_key_alone_and_shows_no_print(void **state)
{
    (void)state;
    struct lk_error err;
    key = some_key;
    struct bank *bank = new_bank(), *other = NULL;
    assert_int_equal(add(bank, 0, 4), LK_OK);
    assert_int_equal(bank_flush(bank, NULL), LK_OK);
    assert_int_equal(add(bank, 4, 8), LK_OK);
    for (unsigned i = 0; i < 8; i++)
        assert_false(in_files(i));
    bank_close(bank);
    key = NULL;
    assert_int_equal(try_open(BANK_READ, &other, &err), LK_DENIED);
    assert_string_equal(err.text, "the bank is sealed: its key is needed");
    key = other_key;
    assert_int_equal(try_open(BANK_READ, &other, &err), LK_DENIED);
    assert_string_equal(err.text, "the key is not the one this bank was sealed with");
    key = some_key;
    assert_int_equal(reopened(BANK_READ).n, 8);
    drop_dir(NULL);
    key = NULL;
    bank_close(new_bank());
    key = some_key;
    assert_int_equal(try_open(BANK_READ, &other, &err), LK_INVALID);
}

static void a_sealed_segment_is_rewritten_when_it_is_due(void **state)
{
    (void)state;
    key = some_key;
    struct bank *bank = new_bank();
    char before[64], after[64];
    assert_int_equal(add(bank, 0, 12), LK_OK);
    assert_int_equal(bank_flush(bank, NULL), LK_OK);
    name_of("segment-", before);
    assert_int_equal(bank_maintain(bank, NULL), LK_OK);
    name_of("segment-", after);
    assert_string_equal(before, after);
    assert_int_equal(withdraw(bank, 3), LK_OK);
    bank_close(bank);
    const struct bank_config soon = {
        .mode = BANK_WRITE, .key = key, .by_caller = true, .reseal_s = 1};
    assert_int_equal(bank_open(dir, &soon, &bank, NULL), LK_OK);
    assert_int_equal(bank_maintain(bank, NULL), LK_OK);
    name_of("segment-", after); /* small enough to be written anew at once */
    assert_string_not_equal(before, after);
    assert_int_equal(content_of(bank).n, 11);
    bank_close(bank);
}

static void the_cursor_is_kept(void **state)
{
    (void)state;
    struct bank *bank = new_bank();
    struct sample s;
    assert_int_equal(bank_cursor(bank), 0);
    sample_of(1, &s);
    assert_int_equal(bank_add(bank, &s.entry, 1, 77, NULL), LK_OK);
    assert_int_equal(add(bank, 2, 3), LK_OK);
    assert_int_equal(bank_cursor(bank), 77);
    bank_close(bank);
    bank = open_bank(BANK_WRITE);
    assert_int_equal(bank_cursor(bank), 77);
    bank_set_cursor(bank, 99);
    bank_close(bank);
    bank = open_bank(BANK_WRITE);
    assert_int_equal(bank_cursor(bank), 99);
    assert_int_equal(bank_flush(bank, NULL), LK_OK);
    bank_close(bank);
    bank = open_bank(BANK_READ);
    assert_int_equal(bank_cursor(bank), 99);
    bank_close(bank);
}

static void cut_anywhere_in_the_last_batch_the_earlier_ones_are_there(void **state)
{
    (void)state;
    struct buf whole, first;
    char path[128];
    struct bank *bank = new_bank();
    path_of("log-1", path);
    assert_int_equal(add(bank, 0, 2), LK_OK);
    read_file("log-1", &first);
    assert_int_equal(add(bank, 2, 4), LK_OK);
    bank_close(bank);
    read_file("log-1", &whole);
    for (size_t cut = first.n; cut < whole.n; cut++) {
        assert_int_equal(file_replace(path, whole.p, cut, 0600, NULL), LK_OK);
        assert_int_equal(reopened(BANK_READ).n, 2);
        bank = open_bank(BANK_WRITE);
        assert_int_equal(add(bank, 5, 6), LK_OK);
        bank_close(bank);
        assert_int_equal(reopened(BANK_READ).n, 3);
    }
    for (size_t zeros = first.n; zeros < whole.n - 16; zeros++) { /* given out, never written */
        char *part = calloc(1, whole.n);
        memcpy(part, whole.p, zeros);
        assert_int_equal(file_replace(path, part, whole.n, 0600, NULL), LK_OK);
        assert_int_equal(reopened(BANK_WRITE).n, 2);
        free(part);
    }
    buf_fini(&whole);
    buf_fini(&first);
}

/* Flips a bit of each byte of a file; returns how often opening, or checking, said so. What is
 * found is whole or said to be missing. */
static size_t flip_each(const char *name, size_t step, size_t n_entries)
{
    struct buf bytes;
    char path[128];
    size_t n_seen = 0;
    path_of(name, path);
    read_file(name, &bytes);
    for (size_t at = 0; at < bytes.n; at += step) {
        struct bank *bank = NULL;
        struct lk_error err = {.text = ""};
        bytes.p[at] = (char)(bytes.p[at] ^ 1 << at % 8);
        assert_int_equal(file_replace(path, bytes.p, bytes.n, 0600, NULL), LK_OK);
        bytes.p[at] = (char)(bytes.p[at] ^ 1 << at % 8);
        enum lk_status status = try_open(BANK_READ, &bank, &err);
        if (status == LK_OK) {
            assert_int_equal(bank_verify(bank, NULL), LK_OK);
            bool is_damaged = bank_stats(bank).n_damaged > 0;
            n_seen += is_damaged;
            if (!is_damaged) /* padding, or the wiped body of a withdrawn entry */
                assert_int_equal(content_of(bank).n, n_entries);
            bank_close(bank);
        } else {
            assert_true(status == LK_CORRUPT || status == LK_UNSUPPORTED || status == LK_DENIED);
            n_seen++;
        }
    }
    assert_int_equal(file_replace(path, bytes.p, bytes.n, 0600, NULL), LK_OK);
    buf_fini(&bytes);
    return n_seen;
}

static void any_flipped_bit_is_damage_and_never_a_loss(void **state)
{
    (void)state;
    struct bank *bank = new_bank();
    char name[64];
    struct stat st;
    char path[128];
    assert_int_equal(add(bank, 0, 3), LK_OK);
    assert_int_equal(bank_flush(bank, NULL), LK_OK);
    assert_int_equal(add(bank, 3, 6), LK_OK);
    assert_int_equal(withdraw(bank, 4), LK_OK);
    bank_close(bank);
    name_of("log-", name);
    path_of(name, path);
    assert_int_equal(stat(path, &st), 0);
    assert_in_range(flip_each(name, 1, 5), st.st_size / 2, st.st_size);
    path_of("manifest", path);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(flip_each("manifest", 1, 5), st.st_size);
    name_of("state-", name);
    path_of(name, path);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(flip_each(name, 1, 5), st.st_size);
    name_of("segment-", name);
    path_of(name, path);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(flip_each(name, 997, 5), (st.st_size + 996) / 997);
}

static enum lk_status remember_damage(void *ctx, const char *what, struct lk_error *err)
{
    (void)err;
    snprintf(ctx, 256, "%s", what);
    return LK_OK;
}

static void a_damaged_segment_is_said_and_the_rest_serves(void **state)
{
    (void)state;
    struct bank *bank = new_bank();
    char name[64], path[128], text[256] = "";
    assert_int_equal(add(bank, 0, 3), LK_OK);
    assert_int_equal(bank_flush(bank, NULL), LK_OK);
    name_of("segment-", name);
    path_of(name, path);
    assert_int_equal(add(bank, 3, 6), LK_OK);
    assert_int_equal(bank_flush(bank, NULL), LK_OK);
    bank_close(bank);
    struct buf bytes;
    read_file(name, &bytes);
    bytes.p[20] ^= 4;
    assert_int_equal(file_replace(path, bytes.p, bytes.n, 0600, NULL), LK_OK);
    bank = open_bank(BANK_WRITE);
    assert_int_equal(bank_stats(bank).n_damaged, 1);
    assert_int_equal(bank_damage(bank, remember_damage, text, NULL), LK_OK);
    assert_non_null(strstr(text, name));
    assert_int_equal(content_of(bank).n, 3);
    assert_int_equal(n_matches(bank, 4), 1);
    assert_int_equal(add(bank, 6, 9), LK_OK);
    assert_int_equal(bank_compact(bank, NULL), LK_OK);
    bank_close(bank);
    bytes.p[20] ^= 4; /* it was kept, so it can be restored */
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(file_replace(path, bytes.p, bytes.n, 0600, NULL), LK_OK);
    assert_int_equal(reopened(BANK_READ).n, 9);
    /* One that opens, and is found damaged when it is read, is never copied into another. */
    bytes.p[bytes.n - 70000] ^= 1;
    assert_int_equal(file_replace(path, bytes.p, bytes.n, 0600, NULL), LK_OK);
    bank = open_bank(BANK_WRITE);
    assert_int_equal(bank_stats(bank).n_damaged, 0);
    assert_int_equal(bank_compact(bank, NULL), LK_OK);
    assert_int_equal(bank_stats(bank).n_damaged, 1);
    assert_int_equal(bank_damage(bank, remember_damage, text, NULL), LK_OK);
    assert_non_null(strstr(text, "section "));
    assert_int_equal(access(path, F_OK), 0);
    /* What is withdrawn from it is overwritten where it stands. */
    assert_int_equal(withdraw(bank, 2), LK_OK);
    assert_int_equal(bank_maintain(bank, NULL), LK_OK);
    assert_false(in_files(2));
    assert_int_equal(content_of(bank).n, 8);
    bank_close(bank);
    buf_fini(&bytes);
}

static void a_wiping_that_a_crash_interrupted_is_finished(void **state)
{
    (void)state;
    struct bank *bank = new_bank();
    assert_int_equal(add(bank, 0, 3), LK_OK);
    fault_arm(FAULT_WRITE, 2, EIO, true, false); /* the mark is written, the zeros are not */
    assert_int_equal(withdraw(bank, 1), LK_IO);
    fault_disarm();
    assert_false(has(bank, 1));
    bank_close(bank);
    assert_true(in_files(1));
    assert_int_equal(reopened(BANK_READ).n, 2);
    assert_true(in_files(1));
    assert_int_equal(reopened(BANK_WRITE).n, 2);
    assert_false(in_files(1));
    /* And without closing, by what is done later. */
    bank = open_bank(BANK_WRITE);
    fault_arm(FAULT_WRITE, 2, EIO, false, false);
    assert_int_equal(withdraw(bank, 2), LK_IO);
    fault_disarm();
    assert_true(in_files(2));
    assert_int_equal(bank_maintain(bank, NULL), LK_OK);
    assert_false(in_files(2));
    bank_close(bank);
}

/* One run of changes with one fault; `sure` is what was acknowledged. */
struct run {
    struct content sure;
    bool maybe[N_IDS]; /* a change of it failed: either state may be found */
    bool failed;
};

static void note(struct run *run, unsigned number, unsigned tier, enum lk_status status)
{
    if (status == LK_OK) {
        run->sure.tier[number] = tier;
        run->maybe[number] = false;
    } else {
        run->maybe[number] = run->failed = true;
    }
}

static void change_all(struct bank *bank, struct run *run)
{
    enum lk_status status = add(bank, 0, 4);
    for (unsigned i = 0; i < 4; i++)
        note(run, i, LK_TIER_SELF, status);
    run->failed |= bank_flush(bank, NULL) != LK_OK;
    for (unsigned i = 4; i < 9; i++)
        note(run, i, LK_TIER_SELF, add(bank, i, i + 1));
    if (has(bank, 2))
        note(run, 2, 0, withdraw(bank, 2));
    if (has(bank, 3))
        note(run, 3, LK_TIER_CHECKED, set_tier(bank, 3, LK_TIER_CHECKED));
    if (has(bank, 5))
        note(run, 5, LK_TIER_CHECKED, set_tier(bank, 5, LK_TIER_CHECKED));
    run->failed |= bank_flush(bank, NULL) != LK_OK;
    run->failed |= bank_compact(bank, NULL) != LK_OK;
    if (has(bank, 6))
        note(run, 6, 0, withdraw(bank, 6));
    if (has(bank, 7))
        note(run, 7, 0, withdraw(bank, 7));
    note(run, 9, LK_TIER_SELF, add(bank, 9, 10));
    run->failed |= bank_maintain(bank, NULL) != LK_OK;
}

static void check_run(const struct run *run, const struct content *found)
{
    for (unsigned i = 0; i < N_IDS; i++)
        if (!run->maybe[i])
            assert_int_equal(found->tier[i], run->sure.tier[i]);
}

static void every_nth(enum fault_op op, int error, bool forever, bool half)
{
    for (uint64_t nth = 1;; nth++) {
        drop_dir(NULL);
        struct bank *bank = new_bank();
        struct run run = {.failed = false};
        fault_arm(op, nth, error, forever, half);
        change_all(bank, &run);
        fault_disarm();
        struct content live = content_of(bank);
        check_run(&run, &live); /* the live bank agrees too */
        bank_close(bank);
        struct content found = reopened(BANK_READ);
        check_run(&run, &found);
        found = reopened(BANK_WRITE);
        check_run(&run, &found);
        /* What failed can be done now, and what is gone is wiped. */
        bank = open_bank(BANK_WRITE);
        assert_int_equal(add(bank, 20, 21), LK_OK);
        assert_int_equal(bank_maintain(bank, NULL), LK_OK);
        assert_int_equal(bank_stats(bank).n_damaged, 0);
        bank_close(bank);
        for (unsigned i = 0; i < 10; i++)
            if (found.tier[i] == 0)
                assert_false(in_files(i));
        assert_int_equal(reopened(BANK_READ).n, found.n + 1);
        if (!run.failed)
            break;
        assert_true(nth < 1000);
    }
}

static void whichever_write_fails_what_was_acknowledged_holds(void **state)
{
    (void)state;
    every_nth(FAULT_WRITE, EIO, false, false);
    every_nth(FAULT_WRITE, ENOSPC, true, true);
}

static void whichever_sync_fails_what_was_acknowledged_holds(void **state)
{
    (void)state;
    every_nth(FAULT_SYNC, EIO, false, false);
    every_nth(FAULT_SYNC, EIO, true, false);
}

static void whichever_open_read_or_rename_fails_what_was_acknowledged_holds(void **state)
{
    (void)state;
    every_nth(FAULT_RENAME, EIO, true, false);
    every_nth(FAULT_OPEN, EMFILE, false, false);
    every_nth(FAULT_READ, EIO, false, false);
    every_nth(FAULT_READ, EIO, true, false);
}

static void a_sealed_bank_stands_the_same_faults(void **state)
{
    (void)state;
    key = some_key;
    every_nth(FAULT_WRITE, ENOSPC, true, true);
    every_nth(FAULT_SYNC, EIO, false, false);
}

static uint64_t syncs_since(void)
{
    uint64_t n = fault_calls(FAULT_SYNC);
    fault_arm(FAULT_SYNC, UINT64_MAX, EIO, false, false); /* only counts */
    return n;
}

static void nothing_is_acknowledged_before_it_is_on_the_device(void **state)
{
    (void)state;
    struct bank *bank = new_bank();
    (void)syncs_since();
    assert_int_equal(add(bank, 0, 5), LK_OK);
    assert_int_equal(syncs_since(), 1); /* a batch costs one */
    assert_int_equal(set_tier(bank, 1, LK_TIER_CHECKED), LK_OK);
    assert_int_equal(syncs_since(), 1);
    assert_int_equal(withdraw(bank, 2), LK_OK);
    assert_int_equal(syncs_since(), 2); /* the mark, then the zeros */
    assert_int_equal(bank_flush(bank, NULL), LK_OK);
    assert_in_range(syncs_since(), 8, 20); /* log, manifest, segment, states, manifest, names */
    assert_int_equal(set_tier(bank, 1, LK_TIER_SELF), LK_OK);
    assert_int_equal(syncs_since(), 1);
    bank_close(bank);
}

static void making_a_bank_is_whole_or_not_at_all(void **state)
{
    (void)state;
    static const enum fault_op ops[] = {FAULT_OPEN, FAULT_WRITE, FAULT_SYNC, FAULT_RENAME};
    for (size_t i = 0; i < 4; i++)
        for (uint64_t nth = 1;; nth++) {
            drop_dir(NULL);
            fault_arm(ops[i], nth, ENOSPC, true, true);
            enum lk_status status = bank_create(dir, NULL, NULL);
            fault_disarm();
            struct bank *bank = NULL;
            enum lk_status opened = try_open(BANK_WRITE, &bank, NULL);
            assert_true(opened == LK_OK || opened == LK_NOT_FOUND);
            bank_close(bank);
            if (status == LK_OK) {
                assert_int_equal(opened, LK_OK);
                break;
            }
            assert_true(nth < 20);
        }
}

static void withdrawing_needs_no_space_on_a_full_disk(void **state)
{
    (void)state;
    struct bank *bank = new_bank();
    struct stat before, after;
    char path[128];
    path_of("log-1", path);
    assert_int_equal(add(bank, 0, 4), LK_OK);
    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(withdraw(bank, 2), LK_OK);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(before.st_size, after.st_size);
    assert_int_equal(before.st_ino, after.st_ino);
    bank_close(bank);
}

/* Made by the last build that wrote version 1: samples 0 to 5, 1 withdrawn, 2 confirmed. */
static void put_version_1(void)
{
    struct buf log;
    char path[128];
    buf_init(&log, lk_alloc_heap(), 1 << 20);
    assert_int_equal(file_read_all(BANK_V1_LOG, &log, NULL), LK_OK);
    path_of("bank.log", path);
    assert_int_equal(file_replace(path, log.p, log.n, 0600, NULL), LK_OK);
    buf_fini(&log);
}

static void check_version_1(const struct content *c)
{
    assert_int_equal(c->n, 5);
    assert_int_equal(c->tier[1], 0);
    assert_int_equal(c->tier[2], LK_TIER_CONFIRMED);
}

static void a_bank_of_version_1_is_read_and_converted_by_the_first_writer(void **state)
{
    (void)state;
    char path[128];
    path_of("bank.log", path);
    put_version_1();
    struct content c = reopened(BANK_READ);
    check_version_1(&c);
    assert_int_equal(access(path, F_OK), 0); /* a reader changes nothing */
    struct bank *bank = open_bank(BANK_WRITE);
    assert_true(bank_stats(bank).converted);
    c = content_of(bank);
    check_version_1(&c);
    assert_int_equal(n_matches(bank, 3), 1);
    assert_int_equal(withdraw(bank, 3), LK_OK);
    assert_int_equal(add(bank, 10, 12), LK_OK);
    bank_close(bank);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_false(in_files(3));
    assert_int_equal(reopened(BANK_WRITE).n, 6);
}

static void converting_is_whole_or_not_at_all(void **state)
{
    (void)state;
    static const enum fault_op ops[] = {FAULT_OPEN, FAULT_WRITE, FAULT_SYNC, FAULT_RENAME,
                                        FAULT_READ};
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        for (uint64_t nth = 1;; nth++) {
            drop_dir(NULL);
            assert_int_equal(mkdir(dir, 0700), 0);
            put_version_1();
            struct bank *bank = NULL;
            fault_arm(ops[i], nth, EIO, true, true);
            enum lk_status status = try_open(BANK_WRITE, &bank, NULL);
            fault_disarm();
            bank_close(bank);
            struct content c = reopened(BANK_READ);
            check_version_1(&c);
            c = reopened(BANK_WRITE);
            check_version_1(&c);
            if (status == LK_OK)
                break;
            assert_true(nth < 50);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DIR(a_bank_holds_what_was_added_when_it_is_opened_again),
        WITH_DIR(a_withdrawn_entry_leaves_the_bank_and_its_print_the_files),
        WITH_DIR(a_print_in_a_large_segment_is_overwritten_at_once),
        WITH_DIR(segments_are_merged_and_hold_the_same),
        WITH_DIR(a_long_history_leaves_what_is_in_force),
        WITH_DIR(withdrawing_everything_leaves_the_files_of_an_empty_bank),
        WITH_DIR(one_process_writes_and_others_read),
        WITH_DIR(what_is_not_a_bank_is_said_so),
        WITH_DIR(a_sealed_bank_opens_with_its_key_alone_and_shows_no_print),
        WITH_DIR(a_sealed_segment_is_rewritten_when_it_is_due),
        WITH_DIR(the_cursor_is_kept),
        WITH_DIR(cut_anywhere_in_the_last_batch_the_earlier_ones_are_there),
        WITH_DIR(any_flipped_bit_is_damage_and_never_a_loss),
        WITH_DIR(a_damaged_segment_is_said_and_the_rest_serves),
        WITH_DIR(a_wiping_that_a_crash_interrupted_is_finished),
        WITH_DIR(whichever_write_fails_what_was_acknowledged_holds),
        WITH_DIR(whichever_sync_fails_what_was_acknowledged_holds),
        WITH_DIR(whichever_open_read_or_rename_fails_what_was_acknowledged_holds),
        WITH_DIR(a_sealed_bank_stands_the_same_faults),
        WITH_DIR(nothing_is_acknowledged_before_it_is_on_the_device),
        WITH_DIR(making_a_bank_is_whole_or_not_at_all),
        WITH_DIR(withdrawing_needs_no_space_on_a_full_disk),
        WITH_DIR(a_bank_of_version_1_is_read_and_converted_by_the_first_writer),
        WITH_DIR(converting_is_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
