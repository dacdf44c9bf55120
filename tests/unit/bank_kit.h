/* tests/unit/bank_kit.h - sample entries of a bank in a directory, and what is found of them. */
#ifndef TESTS_BANK_KIT_H
#define TESTS_BANK_KIT_H

#include "../cmocka_all.h"

#include "bank/bank.h"
#include "core/index/config.h"
#include "sys/fault.h"
#include "sys/file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { N_IDS = 40 };

static char dir[64];
static const uint8_t *key;        /* NULL: plain */
static uint32_t table_prints = 0; /* of banks that are opened from now on */

static int make_dir(void **state)
{
    (void)state;
    /* The faults are injected, so nothing needs a real device, whose fsync may take long. */
    bool in_memory = access("/dev/shm", W_OK) == 0;
    snprintf(dir, sizeof dir, "%s/test_bank.XXXXXX", in_memory ? "/dev/shm" : "/tmp");
    key = NULL;
    table_prints = 0;
    return mkdtemp(dir) == NULL ? -1 : 0;
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
                                .kind = number % 5 == 4 && i == 2 ? LK_ANCHOR : LK_WHOLE,
                                .front_end = LK_FULLRES,
                                .quality = 80};
        if (r->kind == LK_ANCHOR)
            r->front_end = 0;
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

static enum lk_status try_open(enum bank_mode mode, struct bank **out, struct lk_error *err)
{
    const struct bank_config config = {
        .mode = mode, .key = key, .by_caller = true, .table_prints = table_prints};
    return bank_open(dir, &config, out, err);
}

static struct bank *open_bank(enum bank_mode mode)
{
    struct bank *bank = NULL;
    struct lk_error err = {.text = ""};
    if (try_open(mode, &bank, &err) != LK_OK)
        fail_msg("cannot open: %s", err.text);
    return bank;
}

static struct bank *new_bank(void)
{
    assert_int_equal(bank_create(dir, key, NULL), LK_OK);
    return open_bank(BANK_WRITE);
}

static enum lk_status add(struct bank *bank, unsigned from, unsigned to)
{
    static struct sample samples[N_IDS];
    static struct bank_entry entries[N_IDS];
    for (unsigned i = from; i < to; i++) {
        sample_of(i, &samples[i]);
        entries[i - from] = samples[i].entry;
    }
    return bank_add(bank, entries, to - from, 0, NULL);
}

static enum lk_status withdraw(struct bank *bank, unsigned number)
{
    struct sample s;
    sample_of(number, &s);
    return bank_remove(bank, (const void *)s.entry.id, 1, NULL);
}

static inline bool has(struct bank *bank, unsigned number)
{
    struct sample s;
    sample_of(number, &s);
    return bank_has(bank, s.entry.id);
}

static inline enum lk_status set_tier(struct bank *bank, unsigned number, unsigned tier)
{
    struct sample s;
    sample_of(number, &s);
    return bank_set_tier(bank, s.entry.id, tier, NULL);
}

/* How many entries a search for the picture of this number finds. */
static size_t n_matches(struct bank *bank, unsigned number)
{
    struct sample s;
    struct bank_matches m;
    sample_of(number, &s);
    s.entry.sequence.n_digests = 0;
    assert_int_equal(bank_match(bank, &s.entry.sequence, 1, lk_alloc_heap(), &m, NULL), LK_OK);
    size_t n = m.n;
    bank_matches_free(lk_alloc_heap(), &m);
    return n;
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
    assert_int_equal(c->tier[entry->scope], 0);
    c->tier[entry->scope] = entry->tier;
    c->n++;
    return LK_OK;
}

static struct content content_of(struct bank *bank)
{
    struct content c = {.n = 0};
    assert_int_equal(bank_each(bank, take_in, &c, NULL), LK_OK);
    return c;
}

static struct content reopened(enum bank_mode mode)
{
    struct bank *bank = open_bank(mode);
    struct content c = content_of(bank);
    bank_close(bank);
    return c;
}

static void path_of(const char *name, char path[128])
{
    snprintf(path, 128, "%s/%.60s", dir, name);
}

static void read_file(const char *name, struct buf *out)
{
    char path[128];
    path_of(name, path);
    buf_init(out, lk_alloc_heap(), 1 << 28);
    assert_int_equal(file_read_all(path, out, NULL), LK_OK);
}

/* Whether the first print of this number stands in the file, in either order of its bits. */
static bool in_bytes(const struct buf *bytes, unsigned number)
{
    struct sample s;
    sample_of(number, &s);
    uint8_t print[LK_PRINT_BYTES];
    lk_print_to_bytes(&s.records[0].print, print);
    struct lk_print row = index_in_order(index_config_of(LK_WHOLE)->order, &s.records[0].print);
    return memmem(bytes->p, bytes->n, print, sizeof print) != NULL ||
           memmem(bytes->p, bytes->n, &s.records[0].print, sizeof row) != NULL ||
           memmem(bytes->p, bytes->n, &row, sizeof row) != NULL;
}

/* Whether it stands in any file of the bank. */
static bool in_files(unsigned number)
{
    DIR *d = opendir(dir);
    const struct dirent *entry;
    bool found = false;
    assert_non_null(d);
    while ((entry = readdir(d)) != NULL) {
        struct buf bytes;
        if (entry->d_name[0] == '.')
            continue;
        read_file(entry->d_name, &bytes);
        found |= bytes.n > 0 && in_bytes(&bytes, number);
        buf_fini(&bytes);
    }
    closedir(d);
    return found;
}

/* The name of the only file that begins so. */
static inline void name_of(const char *prefix, char name[64])
{
    DIR *d = opendir(dir);
    const struct dirent *entry;
    int n = 0;
    assert_non_null(d);
    while ((entry = readdir(d)) != NULL)
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0) {
            snprintf(name, 64, "%.63s", entry->d_name);
            n++;
        }
    closedir(d);
    assert_int_equal(n, 1);
}

#define WITH_DIR(test) cmocka_unit_test_setup_teardown(test, make_dir, drop_dir)

#endif
