#include "../cmocka_all.h"

#include <likeness/print.h>
#include <stdlib.h>

static struct lk_record record(unsigned kind, uint32_t time_ms)
{
    struct lk_record r = {.kind = (uint8_t)kind,
                          .front_end = LK_FULLRES,
                          .quality = 90,
                          .time_ms = time_ms,
                          .frame = {128, 128, 255, 3}};
    for (int i = 0; i < 4; i++)
        r.print.w[i] = 0x0123456789abcdefull * (unsigned)(i + 1) + time_ms;
    return r;
}

static void a_print_keeps_its_bits_through_hex_and_bytes(void **state)
{
    (void)state;
    struct lk_print p = {{1, 0, 0, (uint64_t)1 << 63}}, q;
    char hex[LK_PRINT_HEX_CHARS + 1];
    lk_print_to_hex(&p, hex);
    assert_string_equal(hex, "8000000000000000000000000000000000000000000000000000000000000001");
    assert_int_equal(lk_print_from_hex(&q, hex, 64, NULL), LK_OK);
    assert_memory_equal(&p, &q, sizeof p);
    assert_int_equal(lk_print_popcount(&q), 2);
    q.w[2] = 7;
    assert_int_equal(lk_print_distance(&p, &q), 3);
}

static void hex_of_the_wrong_length_or_letter_is_refused_with_the_place(void **state)
{
    (void)state;
    struct lk_error err;
    struct lk_print p;
    assert_int_equal(lk_print_from_hex(&p, "abc", 3, &err), LK_INVALID);
    assert_string_equal(err.text, "a print has 64 hexadecimal digits, not 3");
    char hex[65];
    memset(hex, 'a', 64);
    hex[9] = 'z';
    assert_int_equal(lk_print_from_hex(&p, hex, 64, &err), LK_INVALID);
    assert_string_equal(err.text, "character 10 of the print is not a hexadecimal digit");
}

static void a_sequence_survives_its_binary_form(void **state)
{
    (void)state;
    struct lk_error err = {0};
    struct lk_record records[3] = {record(LK_FRAME, 0), record(LK_FRAME, 500),
                                   record(LK_SOUND, 900)};
    struct lk_sequence seq = {.medium = LK_VIDEO,
                              .n_digests = 1,
                              .duration_ms = 1000,
                              .records = records,
                              .n_records = 3};
    seq.digests[0].type = LK_DIGEST_MD5;
    memset(seq.digests[0].bytes, 0x5a, 16);
    uint8_t bytes[400];
    size_t n = lk_sequence_encode(&seq, bytes);
    assert_int_equal(n, lk_sequence_encoded_bytes(&seq));
    assert_int_equal(n, 16 + 36 + 3 * 44);
    struct lk_record back[3];
    struct lk_sequence got;
    size_t used = 0;
    assert_int_equal(lk_sequence_decode(bytes, sizeof bytes, back, 3, &got, &used, &err), LK_OK);
    assert_int_equal(used, n);
    assert_memory_equal(back, records, sizeof back);
    assert_int_equal(got.duration_ms, 1000);
    assert_int_equal(got.digests[0].type, LK_DIGEST_MD5);
    assert_int_equal(lk_sequence_decode(bytes, n, back, 2, &got, &used, &err), LK_LIMIT);
}

static void every_cut_and_every_flipped_byte_is_refused_or_read_never_overrun(void **state)
{
    (void)state;
    struct lk_record records[2] = {record(LK_WHOLE, 0), record(LK_ANCHOR, 0)};
    struct lk_sequence seq = {.medium = LK_IMAGE, .records = records, .n_records = 2}, got;
    uint8_t whole[200];
    size_t n = lk_sequence_encode(&seq, whole), used;
    struct lk_record back[4];
    for (size_t cut = 0; cut < n; cut++) {
        uint8_t *copy = malloc(cut + 1); /* exact size: an overrun is seen by the sanitizer */
        memcpy(copy, whole, cut);
        assert_int_not_equal(lk_sequence_decode(copy, cut, back, 4, &got, &used, NULL), LK_OK);
        free(copy);
    }
    for (size_t at = 0; at < n; at++)
        for (int bit = 0; bit < 8; bit++) {
            whole[at] ^= (uint8_t)(1 << bit);
            if (lk_sequence_decode(whole, n, back, 4, &got, &used, NULL) == LK_OK)
                assert_true(used <= n && got.n_records <= 4);
            whole[at] ^= (uint8_t)(1 << bit);
        }
}

static void records_that_make_no_sense_are_refused_by_number(void **state)
{
    (void)state;
    struct lk_error err;
    struct lk_record records[2] = {record(LK_WHOLE, 0), record(LK_SOUND, 0)};
    struct lk_sequence seq = {.medium = LK_IMAGE, .records = records, .n_records = 2};
    assert_int_equal(lk_sequence_check(&seq, &err), LK_INVALID);
    assert_string_equal(err.text, "record 1: kind 'sound' does not belong to image");
    records[1] = record(LK_WHOLE, 0);
    records[1].quality = 101;
    assert_int_equal(lk_sequence_check(&seq, &err), LK_INVALID);
    records[1] = record(LK_WHOLE, 5);
    assert_int_equal(lk_sequence_check(&seq, &err), LK_INVALID);
    seq.n_records = 0;
    assert_int_equal(lk_sequence_check(&seq, &err), LK_INVALID);
}

static void names_and_numbers_agree_both_ways(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= LK_KIND_MAX; i++)
        assert_int_equal(lk_kind_from_name(lk_kind_name(i), strlen(lk_kind_name(i))), i);
    for (unsigned i = 1; i <= LK_FRONT_END_MAX; i++)
        assert_int_equal(lk_front_end_from_name(lk_front_end_name(i), strlen(lk_front_end_name(i))),
                         i);
    for (unsigned i = LK_IMAGE; i <= LK_AUDIO; i++)
        assert_int_equal(lk_medium_from_name(lk_medium_name(i), strlen(lk_medium_name(i))), i);
    assert_string_equal(lk_kind_name(99), "unknown");
    assert_int_equal(lk_kind_from_name("wholesome", 9), 0);
}

static size_t message_of_two(uint8_t *out)
{
    struct lk_record r = record(LK_WHOLE, 0);
    struct lk_sequence seq = {.medium = LK_IMAGE, .records = &r, .n_records = 1};
    lk_message_header(2, out);
    size_t n = LK_MESSAGE_HEADER_BYTES;
    n += lk_sequence_encode(&seq, out + n);
    return n + lk_sequence_encode(&seq, out + n);
}

static void a_message_gives_its_sequences_one_by_one(void **state)
{
    (void)state;
    uint8_t bytes[256];
    size_t n = message_of_two(bytes);
    struct lk_message m;
    struct lk_record r[1];
    struct lk_sequence seq;
    struct lk_error err = {0};
    assert_int_equal(lk_message_begin(bytes, n, &m, &err), LK_OK);
    assert_int_equal(m.n_sequences, 2);
    assert_int_equal(lk_message_next(&m, r, 1, &seq, &err), LK_OK);
    assert_int_equal(lk_message_next(&m, r, 1, &seq, &err), LK_OK);
    assert_int_equal(seq.records[0].quality, 90);
    assert_int_equal(lk_message_next(&m, r, 1, &seq, &err), LK_NOT_FOUND);
}

static void a_message_that_is_cut_or_too_long_is_corrupt(void **state)
{
    (void)state;
    uint8_t bytes[256] = {0};
    size_t n = message_of_two(bytes);
    struct lk_message m;
    struct lk_record r[1];
    struct lk_sequence seq;
    struct lk_error err = {0};
    for (size_t cut = 0; cut < n; cut++) {
        enum lk_status status = lk_message_begin(bytes, cut, &m, &err);
        for (int i = 0; i < 2 && status == LK_OK; i++)
            status = lk_message_next(&m, r, 1, &seq, &err);
        assert_int_equal(status, LK_CORRUPT);
    }
    assert_int_equal(lk_message_begin(bytes, n + 1, &m, &err), LK_OK);
    assert_int_equal(lk_message_next(&m, r, 1, &seq, &err), LK_OK);
    assert_int_equal(lk_message_next(&m, r, 1, &seq, &err), LK_CORRUPT);
    assert_string_equal(err.text, "message: 1 bytes stand behind the last sequence");
    bytes[4] = 2;
    assert_int_equal(lk_message_begin(bytes, n, &m, &err), LK_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_print_keeps_its_bits_through_hex_and_bytes),
        cmocka_unit_test(hex_of_the_wrong_length_or_letter_is_refused_with_the_place),
        cmocka_unit_test(a_sequence_survives_its_binary_form),
        cmocka_unit_test(every_cut_and_every_flipped_byte_is_refused_or_read_never_overrun),
        cmocka_unit_test(records_that_make_no_sense_are_refused_by_number),
        cmocka_unit_test(names_and_numbers_agree_both_ways),
        cmocka_unit_test(a_message_gives_its_sequences_one_by_one),
        cmocka_unit_test(a_message_that_is_cut_or_too_long_is_corrupt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
