#include "../cmocka_all.h"

#include "bank/bank_file.h"
#include "sys/fault.h"
#include "sys/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { N_IDS = 40 };

static char dir[64], log_path[80];

static int make_dir(void **state)
{
    (void)state;
    /* The faults are injected, so nothing needs a real device, whose fsync may take long. */
    bool in_memory = access("/dev/shm", W_OK) == 0;
    snprintf(dir, sizeof dir, "%s/test_bank.XXXXXX", in_memory ? "/dev/shm" : "/tmp");
    if (mkdtemp(dir) == NULL)
        return -1;
    snprintf(log_path, sizeof log_path, "%s/bank.log", dir);
    return 0;
}

static int drop_dir(void **state)
{
    (void)state;
    fault_disarm();
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command);
}

/* Every entry of a number is the same, so that one that is found can be told to be whole. */
struct sample {
    struct lk_record records[3];
    struct bank_entry entry;
};

static void sample_of(unsigned number, struct sample *s)
{
    memset(s, 0, sizeof *s);
    for (unsigned i = 0; i < 3; i++) {
        struct lk_record *r = &s->records[i];
        *r = (struct lk_record){.frame = {128, 128, 255, (uint8_t)i},
                                .kind = LK_WHOLE,
                                .front_end = LK_FULLRES,
                                .quality = 80};
        for (unsigned w = 0; w < 4; w++)
            r->print.w[w] = (number * 12u + i * 4 + w + 1) * 0x9e3779b97f4a7c15u;
    }
    s->entry = (struct bank_entry){
        .tier = LK_TIER_SELF,
        .scope = number,
        .sequence = {.medium = LK_IMAGE, .records = s->records, .n_records = 1 + number % 3}};
    s->entry.sequence.n_digests = number % 2;
    if (number % 2) {
        s->entry.sequence.digests[0].type = LK_DIGEST_MD5;
        memset(s->entry.sequence.digests[0].bytes, (int)number, 16);
    }
    snprintf((char *)s->entry.id, sizeof s->entry.id, "number %u", number);
}

static struct bank_file *open_bank(enum bank_mode mode)
{
    struct bank_file *file = NULL;
    struct lk_error err = {.text = ""};
    enum lk_status status = bank_file_open(lk_alloc_heap(), dir, mode, &file, &err);
    if (status != LK_OK)
        fail_msg("cannot open: %s", err.text);
    return file;
}

static struct bank_file *new_bank(void)
{
    assert_int_equal(bank_file_create(dir, NULL), LK_OK);
    return open_bank(BANK_WRITE);
}

static enum lk_status add(struct bank_file *file, unsigned from, unsigned to)
{
    static struct sample samples[N_IDS];
    static struct bank_entry entries[N_IDS];
    for (unsigned i = from; i < to; i++) {
        sample_of(i, &samples[i]);
        entries[i - from] = samples[i].entry;
    }
    return bank_file_add(file, entries, to - from, NULL);
}

static enum lk_status withdraw(struct bank_file *file, unsigned number)
{
    struct sample s;
    sample_of(number, &s);
    return bank_file_remove(file, (const void *)s.entry.id, 1, NULL);
}

static enum lk_status set_tier(struct bank_file *file, unsigned number, unsigned tier)
{
    struct sample s;
    sample_of(number, &s);
    return bank_file_set_tier(file, s.entry.id, tier, NULL);
}

/* tier[number] of what is in force, 0 for what is not; each entry must be as it was added. */
struct content {
    unsigned tier[N_IDS];
    size_t n;
};

static enum lk_status take_in(void *ctx, const struct bank_entry *entry, struct lk_error *err)
{
    (void)err;
    struct content *c = ctx;
    struct sample want;
    assert_true(entry->scope < N_IDS);
    sample_of(entry->scope, &want);
    assert_memory_equal(entry->id, want.entry.id, BANK_ID_BYTES);
    assert_int_equal(entry->sequence.n_records, want.entry.sequence.n_records);
    assert_memory_equal(entry->sequence.records, want.records,
                        entry->sequence.n_records * sizeof want.records[0]);
    assert_int_equal(entry->sequence.n_digests, want.entry.sequence.n_digests);
    assert_memory_equal(entry->sequence.digests, want.entry.sequence.digests,
                        entry->sequence.n_digests * sizeof(struct lk_digest));
    c->tier[entry->scope] = entry->tier;
    c->n++;
    return LK_OK;
}

static struct content content_of(struct bank_file *file)
{
    struct content c = {.n = 0};
    assert_int_equal(bank_each(bank_file_bank(file), take_in, &c, NULL), LK_OK);
    return c;
}

static struct content reopened(enum bank_mode mode)
{
    struct bank_file *file = open_bank(mode);
    struct content c = content_of(file);
    bank_file_close(file);
    return c;
}

static bool in_log(unsigned number)
{
    struct sample s;
    sample_of(number, &s);
    uint8_t print[LK_PRINT_BYTES];
    lk_print_to_bytes(&s.records[0].print, print);
    struct buf log;
    buf_init(&log, lk_alloc_heap(), 1 << 28);
    assert_int_equal(file_read_all(log_path, &log, NULL), LK_OK);
    bool found = memmem(log.p, log.n, print, sizeof print) != NULL;
    buf_fini(&log);
    return found;
}

static void a_bank_holds_what_was_added_when_it_is_opened_again(void **state)
{
    (void)state;
    struct bank_file *file = new_bank();
    assert_int_equal(add(file, 0, 1), LK_OK);
    assert_int_equal(add(file, 1, 10), LK_OK);
    assert_int_equal(add(file, 10, 10), LK_OK);
    assert_int_equal(add(file, 5, 6), LK_CONFLICT);
    assert_int_equal(set_tier(file, 3, LK_TIER_CONFIRMED), LK_OK);
    assert_int_equal(set_tier(file, 3, 0), LK_INVALID);
    assert_int_equal(set_tier(file, 11, LK_TIER_CHECKED), LK_NOT_FOUND);
    bank_file_close(file);
    for (int mode = BANK_READ; mode <= BANK_WRITE; mode++) {
        struct content c = reopened((enum bank_mode)mode);
        assert_int_equal(c.n, 10);
        for (unsigned i = 0; i < 10; i++)
            assert_int_equal(c.tier[i], i == 3 ? LK_TIER_CONFIRMED : LK_TIER_SELF);
    }
}

static void a_withdrawn_entry_leaves_the_bank_and_its_print_the_file(void **state)
{
    (void)state;
    struct bank_file *file = new_bank();
    assert_int_equal(add(file, 0, 10), LK_OK);
    assert_true(in_log(4));
    assert_int_equal(withdraw(file, 4), LK_OK);
    assert_false(in_log(4));
    assert_true(in_log(5));
    assert_int_equal(withdraw(file, 4), LK_NOT_FOUND);
    assert_true(bank_file_info(file).withdrawn_bytes > 0);
    assert_int_equal(content_of(file).n, 9);
    assert_int_equal(add(file, 4, 5), LK_OK); /* the same id may come again */
    assert_int_equal(withdraw(file, 4), LK_OK);
    uint8_t ids[3][BANK_ID_BYTES];
    struct sample s;
    for (unsigned i = 0; i < 3; i++) {
        sample_of(i, &s);
        memcpy(ids[i], s.entry.id, BANK_ID_BYTES);
    }
    memcpy(ids[1], ids[0], BANK_ID_BYTES); /* named twice */
    assert_int_equal(bank_file_remove(file, ids, 3, NULL), LK_OK);
    sample_of(4, &s);
    memcpy(ids[1], s.entry.id, BANK_ID_BYTES);
    sample_of(5, &s);
    memcpy(ids[0], s.entry.id, BANK_ID_BYTES);
    assert_int_equal(bank_file_remove(file, ids, 2, NULL), LK_NOT_FOUND); /* then nothing goes */
    bank_file_close(file);
    struct content c = reopened(BANK_READ);
    assert_int_equal(c.n, 7);
    assert_true(c.tier[0] == 0 && c.tier[1] != 0 && c.tier[2] == 0 && c.tier[4] == 0);
}

static void compacting_gives_back_what_withdrawn_entries_took(void **state)
{
    (void)state;
    struct bank_file *file = new_bank();
    assert_int_equal(add(file, 0, 20), LK_OK);
    for (unsigned i = 0; i < 20; i += 2)
        assert_int_equal(withdraw(file, i), LK_OK);
    struct bank_file_info before = bank_file_info(file);
    assert_int_equal(bank_file_compact(file, NULL), LK_OK);
    struct bank_file_info after = bank_file_info(file);
    assert_memory_equal(before.bank_id, after.bank_id, sizeof after.bank_id);
    assert_int_equal(after.withdrawn_bytes, 0);
    assert_true(after.n_bytes <= before.n_bytes - before.withdrawn_bytes);
    assert_int_equal(add(file, 20, 21), LK_OK);
    bank_file_close(file);
    struct content c = reopened(BANK_WRITE);
    assert_int_equal(c.n, 11);
    assert_true(c.tier[20] != 0 && c.tier[1] != 0 && c.tier[2] == 0);
}

static void much_withdrawn_space_is_given_back_by_itself(void **state)
{
    (void)state;
    struct bank_file *file = new_bank();
    static struct lk_record many[20000];
    for (size_t i = 0; i < 20000; i++)
        many[i] = (struct lk_record){.kind = LK_ANCHOR, .print = {{i, 1, 2, 3}}};
    struct bank_entry e = {.tier = LK_TIER_SELF,
                           .id = "big",
                           .sequence = {.medium = LK_IMAGE, .records = many, .n_records = 20000}};
    assert_int_equal(bank_file_add(file, &e, 1, NULL), LK_OK);
    memcpy(e.id, "BIG", 3);
    assert_int_equal(bank_file_add(file, &e, 1, NULL), LK_OK);
    assert_int_equal(add(file, 0, 3), LK_OK);
    uint64_t full = bank_file_info(file).n_bytes;
    assert_int_equal(bank_file_remove(file, (const void *)e.id, 1, NULL), LK_OK);
    assert_int_equal(bank_file_info(file).n_bytes, full); /* not yet half of it */
    memcpy(e.id, "big", 3);
    assert_int_equal(bank_file_remove(file, (const void *)e.id, 1, NULL), LK_OK);
    assert_true(bank_file_info(file).n_bytes < 2000);
    bank_file_close(file);
    assert_int_equal(reopened(BANK_READ).n, 3);
}

static void one_process_writes_and_others_read(void **state)
{
    (void)state;
    struct bank_file *file = new_bank(), *other = NULL;
    struct lk_error err;
    assert_int_equal(add(file, 0, 2), LK_OK);
    assert_int_equal(bank_file_open(lk_alloc_heap(), dir, BANK_WRITE, &other, &err), LK_BUSY);
    other = open_bank(BANK_READ);
    assert_int_equal(content_of(other).n, 2);
    assert_int_equal(add(other, 2, 3), LK_DENIED);
    assert_int_equal(withdraw(other, 1), LK_DENIED);
    assert_int_equal(bank_file_compact(other, NULL), LK_DENIED);
    bank_file_close(other);
    bank_file_close(file);
}

static void what_is_not_a_bank_is_said_so(void **state)
{
    (void)state;
    struct lk_error err;
    struct bank_file *file = NULL;
    assert_int_equal(bank_file_open(lk_alloc_heap(), dir, BANK_READ, &file, &err), LK_NOT_FOUND);
    assert_int_equal(bank_file_create(dir, NULL), LK_OK);
    assert_int_equal(bank_file_create(dir, &err), LK_CONFLICT);
    assert_int_equal(file_replace(log_path, "hello", 5, 0600, NULL), LK_OK);
    assert_int_equal(bank_file_open(lk_alloc_heap(), dir, BANK_READ, &file, &err), LK_CORRUPT);
    assert_string_equal(err.text, "not the log of a bank: it does not begin with LKBANK");
}

static size_t read_log(uint8_t *bytes, size_t room)
{
    struct buf log;
    buf_init(&log, lk_alloc_heap(), room);
    assert_int_equal(file_read_all(log_path, &log, NULL), LK_OK);
    size_t n = log.n;
    memcpy(bytes, log.p, n);
    buf_fini(&log);
    return n;
}

static void put_log(const uint8_t *bytes, size_t n)
{
    assert_int_equal(file_replace(log_path, bytes, n, 0600, NULL), LK_OK);
}

static void cut_anywhere_in_the_last_batch_the_earlier_ones_are_there(void **state)
{
    (void)state;
    static uint8_t whole[8192];
    struct bank_file *file = new_bank();
    assert_int_equal(add(file, 0, 2), LK_OK);
    uint64_t first_end = bank_file_info(file).n_bytes;
    assert_int_equal(add(file, 2, 4), LK_OK);
    bank_file_close(file);
    size_t n = read_log(whole, sizeof whole);
    for (size_t cut = first_end; cut < n; cut++) {
        put_log(whole, cut);
        assert_int_equal(reopened(BANK_READ).n, 2);
        file = open_bank(BANK_WRITE);
        assert_int_equal(bank_file_info(file).cut_bytes, cut - first_end);
        assert_int_equal(add(file, 5, 6), LK_OK);
        bank_file_close(file);
        assert_int_equal(reopened(BANK_READ).n, 3);
    }
    for (size_t zeros = first_end; zeros < n - 16; zeros++) { /* given out, never written */
        static uint8_t part[sizeof whole];
        memcpy(part, whole, zeros);
        memset(part + zeros, 0, n - zeros);
        put_log(part, n);
        assert_int_equal(reopened(BANK_WRITE).n, 2);
    }
}

static void any_flipped_bit_is_damage_and_never_a_loss(void **state)
{
    (void)state;
    static uint8_t bytes[8192];
    struct bank_file *file = new_bank();
    assert_int_equal(add(file, 0, 2), LK_OK);
    assert_int_equal(add(file, 2, 4), LK_OK);
    assert_int_equal(withdraw(file, 1), LK_OK);
    bank_file_close(file);
    size_t n = read_log(bytes, sizeof bytes), n_seen = 0;
    for (size_t at = 0; at < n; at++) {
        bytes[at] ^= (uint8_t)(1 << at % 8);
        put_log(bytes, n);
        bytes[at] ^= (uint8_t)(1 << at % 8);
        struct lk_error err = {.text = ""};
        file = NULL;
        enum lk_status status = bank_file_open(lk_alloc_heap(), dir, BANK_READ, &file, &err);
        if (status == LK_OK) { /* padding, or the wiped body of the withdrawn entry */
            assert_int_equal(content_of(file).n, 3);
            bank_file_close(file);
        } else {
            assert_int_equal(status, LK_CORRUPT);
            n_seen++;
        }
    }
    assert_true(n_seen > n / 2);
}

static void a_wiping_that_a_crash_interrupted_is_finished(void **state)
{
    (void)state;
    struct bank_file *file = new_bank();
    assert_int_equal(add(file, 0, 3), LK_OK);
    fault_arm(FAULT_WRITE, 2, EIO, true, false); /* the mark is written, the zeros are not */
    assert_int_equal(withdraw(file, 1), LK_IO);
    fault_disarm();
    assert_false(bank_has(bank_file_bank(file), (const uint8_t *)"number 1\0\0\0\0\0\0\0"));
    assert_int_equal(add(file, 5, 6), LK_IO); /* until it was opened again */
    bank_file_close(file);
    assert_true(in_log(1));
    assert_int_equal(reopened(BANK_READ).n, 2);
    assert_true(in_log(1));
    assert_int_equal(reopened(BANK_WRITE).n, 2);
    assert_false(in_log(1));
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

static void change_all(struct bank_file *file, struct run *run)
{
    enum lk_status status = add(file, 0, 4);
    for (unsigned i = 0; i < 4; i++)
        note(run, i, LK_TIER_SELF, status);
    for (unsigned i = 4; i < 9; i++)
        note(run, i, LK_TIER_SELF, add(file, i, i + 1));
    if (bank_has(bank_file_bank(file), (const uint8_t *)"number 2\0\0\0\0\0\0\0"))
        note(run, 2, 0, withdraw(file, 2));
    if (bank_has(bank_file_bank(file), (const uint8_t *)"number 5\0\0\0\0\0\0\0"))
        note(run, 5, LK_TIER_CHECKED, set_tier(file, 5, LK_TIER_CHECKED));
    if (bank_file_compact(file, NULL) != LK_OK)
        run->failed = true;
    if (bank_has(bank_file_bank(file), (const uint8_t *)"number 6\0\0\0\0\0\0\0"))
        note(run, 6, 0, withdraw(file, 6));
    note(run, 9, LK_TIER_SELF, add(file, 9, 10));
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
        struct bank_file *file = new_bank();
        struct run run = {.failed = false};
        fault_arm(op, nth, error, forever, half);
        change_all(file, &run);
        fault_disarm();
        struct content live = content_of(file);
        check_run(&run, &live); /* the live bank agrees too */
        bank_file_close(file);
        struct content found = reopened(BANK_READ);
        check_run(&run, &found);
        found = reopened(BANK_WRITE);
        check_run(&run, &found);
        for (unsigned i = 0; i < 10; i++)
            if (found.tier[i] == 0)
                assert_false(in_log(i));
        /* What failed can be done now. */
        file = open_bank(BANK_WRITE);
        assert_int_equal(add(file, 20, 21), LK_OK);
        bank_file_close(file);
        assert_int_equal(reopened(BANK_READ).n, found.n + 1);
        if (!run.failed)
            break;
        assert_true(nth < 200);
    }
}

static void whichever_write_fails_what_was_acknowledged_holds(void **state)
{
    (void)state;
    every_nth(FAULT_WRITE, EIO, false, false);
    every_nth(FAULT_WRITE, EIO, true, true);
    every_nth(FAULT_WRITE, ENOSPC, true, true);
    every_nth(FAULT_WRITE, ENOSPC, false, true);
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

static uint64_t syncs_since(void)
{
    uint64_t n = fault_calls(FAULT_SYNC);
    fault_arm(FAULT_SYNC, UINT64_MAX, EIO, false, false); /* only counts */
    return n;
}

static void nothing_is_acknowledged_before_it_is_on_the_device(void **state)
{
    (void)state;
    struct bank_file *file = new_bank();
    (void)syncs_since();
    assert_int_equal(add(file, 0, 5), LK_OK);
    assert_int_equal(syncs_since(), 1); /* a batch costs one */
    assert_int_equal(set_tier(file, 1, LK_TIER_CHECKED), LK_OK);
    assert_int_equal(syncs_since(), 1);
    assert_int_equal(withdraw(file, 2), LK_OK);
    assert_int_equal(syncs_since(), 2); /* the mark, then the zeros */
    assert_int_equal(bank_file_compact(file, NULL), LK_OK);
    assert_int_equal(syncs_since(), 2); /* the new file, then its name */
    bank_file_close(file);
}

static void making_a_bank_is_whole_or_not_at_all(void **state)
{
    (void)state;
    static const enum fault_op ops[] = {FAULT_OPEN, FAULT_WRITE, FAULT_SYNC, FAULT_RENAME};
    for (size_t i = 0; i < 4; i++)
        for (uint64_t nth = 1;; nth++) {
            drop_dir(NULL);
            fault_arm(ops[i], nth, ENOSPC, true, true);
            enum lk_status status = bank_file_create(dir, NULL);
            fault_disarm();
            struct bank_file *file = NULL;
            enum lk_status opened = bank_file_open(lk_alloc_heap(), dir, BANK_WRITE, &file, NULL);
            assert_true(opened == LK_OK || opened == LK_NOT_FOUND);
            bank_file_close(file);
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
    struct bank_file *file = new_bank();
    assert_int_equal(add(file, 0, 4), LK_OK);
    struct stat before, after;
    assert_int_equal(stat(log_path, &before), 0);
    assert_int_equal(withdraw(file, 2), LK_OK);
    assert_int_equal(stat(log_path, &after), 0);
    assert_int_equal(before.st_size, after.st_size);
    assert_int_equal(before.st_ino, after.st_ino);
    bank_file_close(file);
}

#define WITH_DIR(test) cmocka_unit_test_setup_teardown(test, make_dir, drop_dir)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DIR(a_bank_holds_what_was_added_when_it_is_opened_again),
        WITH_DIR(a_withdrawn_entry_leaves_the_bank_and_its_print_the_file),
        WITH_DIR(compacting_gives_back_what_withdrawn_entries_took),
        WITH_DIR(much_withdrawn_space_is_given_back_by_itself),
        WITH_DIR(one_process_writes_and_others_read),
        WITH_DIR(what_is_not_a_bank_is_said_so),
        WITH_DIR(cut_anywhere_in_the_last_batch_the_earlier_ones_are_there),
        WITH_DIR(any_flipped_bit_is_damage_and_never_a_loss),
        WITH_DIR(a_wiping_that_a_crash_interrupted_is_finished),
        WITH_DIR(whichever_write_fails_what_was_acknowledged_holds),
        WITH_DIR(whichever_sync_fails_what_was_acknowledged_holds),
        WITH_DIR(whichever_open_read_or_rename_fails_what_was_acknowledged_holds),
        WITH_DIR(nothing_is_acknowledged_before_it_is_on_the_device),
        WITH_DIR(making_a_bank_is_whole_or_not_at_all),
        WITH_DIR(withdrawing_needs_no_space_on_a_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
