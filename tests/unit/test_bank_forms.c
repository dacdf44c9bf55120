/* Sequences in the files of a bank: those of the form that nobody writes any more, and how many
 * bytes a registered picture takes. */
#include "../scene.h"
#include "bank/log_format.h"
#include "bank/state.h"
#include "bank_kit.h"
#include "core/kernels/cpu.h"
#include "core/kernels/crc32c.h"
#include "sys/seal.h"

#include <likeness/fingerprint.h>

enum { FORM_1_HEAD = 16, FORM_1_DIGEST = 36, FORM_1_RECORD = 44, MOST_BYTES = 16384 };

static void put_le(uint8_t *p, uint64_t v, int n)
{
    for (int i = 0; i < n; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

/* The sequence as version 1 had it (docs/formats/print.md). */
static size_t put_form_1(const struct lk_sequence *s, uint8_t *out)
{
    uint8_t *p = out + FORM_1_HEAD;
    memset(out, 0, FORM_1_HEAD);
    memcpy(out, "LKSQ\1", 5);
    out[5] = s->medium;
    out[6] = (uint8_t)s->n_digests;
    put_le(out + 8, s->n_records, 4);
    for (size_t i = 0; i < s->n_digests; i++, p += FORM_1_DIGEST) {
        memset(p, 0, FORM_1_DIGEST);
        p[0] = s->digests[i].type;
        memcpy(p + 4, s->digests[i].bytes, sizeof s->digests[i].bytes);
    }
    for (size_t i = 0; i < s->n_records; i++, p += FORM_1_RECORD) {
        const struct lk_record *r = &s->records[i];
        const uint8_t head[12] = {
            r->kind,    r->front_end,  r->quality,   0, 0, 0, 0, 0, r->frame.x,
            r->frame.y, r->frame.size, r->frame.turn};
        memcpy(p, head, sizeof head);
        lk_print_to_bytes(&r->print, p + sizeof head);
    }
    return (size_t)(p - out);
}

/* The check of n bytes whose header stands at `offset`; docs/formats/bank.md. */
static uint32_t check_of(const struct log_head *head, uint64_t offset, const uint8_t *bytes,
                         size_t n)
{
    uint8_t at[LOG_BANK_ID_BYTES + 16];
    crc32c_sum *crc32c = crc32c_select(cpu_mask());
    memcpy(at, head->bank_id, LOG_BANK_ID_BYTES);
    put_le(at + LOG_BANK_ID_BYTES, head->number, 8);
    put_le(at + LOG_BANK_ID_BYTES + 8, offset, 8);
    return crc32c(crc32c(0, at, sizeof at), bytes, n);
}

static size_t put_record(const struct log_head *head, uint64_t offset,
                         const struct bank_entry *entry, uint8_t *out)
{
    uint8_t *body = out + LOG_RECORD_BYTES;
    size_t n = put_form_1(&entry->sequence, body), n_padded = log_padded_bytes(n);
    memset(out, 0, LOG_RECORD_BYTES);
    memset(body + n, 0, n_padded - n);
    out[0] = state_of_tier(entry->tier);
    put_le(out + 4, n, 4);
    memcpy(out + 8, entry->id, BANK_ID_BYTES);
    put_le(out + 24, entry->scope, 4);
    put_le(out + 28, check_of(head, offset, out + 1, 27), 4);
    put_le(body + n, check_of(head, offset, body, n), 4);
    return LOG_RECORD_BYTES + n_padded;
}

/* A bank whose log has samples [0, n) in one batch, each in the form of version 1. */
static void make_old_bank(unsigned n)
{
    static uint8_t batch[LOG_BATCH_BYTES + N_IDS * 512];
    struct log_head head;
    struct buf log;
    char path[128];
    bank_close(new_bank());
    read_file("log-1", &log);
    assert_int_equal(log_read_header((const uint8_t *)log.p, log.n, &head, NULL), LK_OK);
    size_t used = LOG_BATCH_BYTES;
    for (unsigned i = 0; i < n; i++) {
        struct sample s;
        sample_of(i, &s);
        used += put_record(&head, log.n + used, &s.entry, batch + used);
    }
    const struct log_batch b = {.n_records = n, .n_bytes = used - LOG_BATCH_BYTES};
    log_write_batch(batch, &head, log.n, &b);
    buf_put(&log, batch, used);
    assert_int_equal(log.status, LK_OK);
    path_of("log-1", path);
    assert_int_equal(file_replace(path, log.p, log.n, 0600, NULL), LK_OK);
    buf_fini(&log);
}

static void a_log_with_sequences_of_version_1_is_read(void **state)
{
    (void)state;
    make_old_bank(6);
    assert_true(in_files(2));
    assert_int_equal(reopened(BANK_READ).n, 6);
    struct bank *bank = open_bank(BANK_WRITE);
    assert_int_equal(content_of(bank).n, 6);
    for (unsigned i = 0; i < 6; i++)
        assert_int_equal(n_matches(bank, i), 1);
    assert_int_equal(add(bank, 6, 8), LK_OK);
    assert_int_equal(bank_compact(bank, NULL), LK_OK);
    bank_close(bank);
    assert_int_equal(reopened(BANK_READ).n, 8);
}

/* All of its bytes: a record's place and length come from the log, not from what is written now. */
static void a_withdrawn_entry_of_version_1_leaves_no_print(void **state)
{
    (void)state;
    make_old_bank(6);
    struct bank *bank = open_bank(BANK_WRITE);
    for (unsigned i = 1; i < 5; i++)
        assert_int_equal(withdraw(bank, i), LK_OK);
    bank_close(bank);
    struct buf log;
    read_file("log-1", &log);
    for (unsigned i = 0; i < 6; i++) {
        struct sample s;
        sample_of(i, &s);
        for (size_t k = 0; k < s.entry.sequence.n_records; k++) {
            uint8_t print[LK_PRINT_BYTES];
            lk_print_to_bytes(&s.records[k].print, print);
            bool there = memmem(log.p, log.n, print, sizeof print) != NULL;
            assert_int_equal(there, i == 0 || i == 5);
        }
    }
    buf_fini(&log);
    assert_int_equal(reopened(BANK_READ).n, 2);
}

/* A picture with as many prints as registration makes of a photograph. */
static size_t register_scene(struct lk_record records[LK_MAX_IMAGE_RECORDS])
{
    enum { W = 500, H = 375 };
    static uint8_t luma[W * H];
    static int grey[W * H];
    struct lk_image_prints whole;
    size_t n = 0;
    scene_draw(3, W, H, grey, luma);
    const struct lk_pixels px = {luma, W, H, W, 1, 0};
    const struct lk_fingerprint_options options = {.purpose = LK_REGISTRATION,
                                                   .front_end = LK_FULLRES};
    assert_int_equal(
        lk_image_fingerprint(lk_alloc_heap(), &px, &options, &whole, records, &n, NULL), LK_OK);
    return n;
}

static void a_registered_picture_takes_at_most_16_KiB(void **state)
{
    (void)state;
    static const uint8_t a_key[BANK_KEY_BYTES] = {7};
    static struct lk_record records[LK_MAX_IMAGE_RECORDS];
    struct bank_entry e = {.id = {1}, .tier = LK_TIER_SELF, .sequence = {.medium = LK_IMAGE}};
    e.sequence.records = records;
    e.sequence.n_records = register_scene(records);
    assert_true(e.sequence.n_records > 300);
    size_t n = lk_sequence_encoded_bytes(&e.sequence);
    assert_true(n + SEAL_OVERHEAD_BYTES <= MOST_BYTES); /* a row of the store */
    for (int sealed = 0; sealed < 2; sealed++) {
        drop_dir(NULL);
        key = sealed ? a_key : NULL;
        struct bank *bank = new_bank();
        uint64_t before = bank_stats(bank).n_file_bytes;
        assert_int_equal(bank_add(bank, &e, 1, 0, NULL), LK_OK);
        uint64_t took = bank_stats(bank).n_file_bytes - before;
        print_message("# %zu records: %zu bytes, %llu in a %s log\n", e.sequence.n_records, n,
                      (unsigned long long)took, sealed ? "sealed" : "plain");
        assert_true(took > n);
        assert_true(took <= MOST_BYTES);
        bank_close(bank);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DIR(a_log_with_sequences_of_version_1_is_read),
        WITH_DIR(a_withdrawn_entry_of_version_1_leaves_no_print),
        WITH_DIR(a_registered_picture_takes_at_most_16_KiB),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
