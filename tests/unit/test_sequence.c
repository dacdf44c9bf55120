#include "../cmocka_all.h"

#include <likeness/print.h>
#include <stdlib.h>

static struct lk_record record(unsigned kind, uint32_t time_ms)
{
    struct lk_record r = {.kind = (uint8_t)kind,
                          .front_end = LK_FULLRES,
                          .quality = 90,
                          .time_ms = time_ms,
                          .frame = {128, 128, 255, 3}}; /* all that differs from zeros: 7 bytes */
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

static void squares_that_are_odd_stay_so_when_a_print_is_mirrored_or_inverted(void **state)
{
    (void)state;
    const uint64_t chequers = 0x5555aaaa5555aaaaull, one = (uint64_t)1 << 21; /* row 1, bit 5 */
    struct lk_print p = {{chequers, chequers, chequers, chequers}};
    assert_int_equal(lk_print_odd_squares(&p), 0);
    p.w[0] ^= one;
    assert_int_equal(lk_print_odd_squares(&p), 4);
    p.w[3] ^= (uint64_t)1 << 63; /* a corner */
    assert_int_equal(lk_print_odd_squares(&p), 5);
    for (int i = 0; i < 4; i++)
        p.w[i] ^= 0xaaaaaaaaaaaaaaaaull; /* every other column */
    assert_int_equal(lk_print_odd_squares(&p), 5);
    for (int i = 0; i < 4; i++)
        p.w[i] = ~p.w[i] ^ 0xffff0000ffff0000ull; /* all, and every other row */
    assert_int_equal(lk_print_odd_squares(&p), 5);
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
                              .n_digests = 2,
                              .duration_ms = 1000,
                              .records = records,
                              .n_records = 3};
    seq.digests[0].type = LK_DIGEST_MD5;
    memset(seq.digests[0].bytes, 0x5a, 16);
    seq.digests[1].type = LK_DIGEST_SHA1;
    memset(seq.digests[1].bytes, 0xa5, 20);
    uint8_t bytes[400];
    size_t n = lk_sequence_encode(&seq, bytes);
    assert_int_equal(n, lk_sequence_encoded_bytes(&seq));
    assert_int_equal(n, 16 + 2 * 36 + (33 + 7) + (33 + 2) + (33 + 2 + 2));
    struct lk_record back[3];
    struct lk_sequence got;
    size_t used = 0;
    assert_int_equal(lk_sequence_decode(bytes, sizeof bytes, back, 3, &got, &used, &err), LK_OK);
    assert_int_equal(used, n);
    assert_memory_equal(back, records, sizeof back);
    assert_int_equal(got.duration_ms, 1000);
    assert_int_equal(got.digests[0].type, LK_DIGEST_MD5);
    assert_int_equal(got.digests[1].type, LK_DIGEST_SHA1);
    assert_memory_equal(got.digests[1].bytes, seq.digests[1].bytes, LK_DIGEST_BYTES);
    assert_int_equal(lk_sequence_decode(bytes, n, back, 2, &got, &used, &err), LK_LIMIT);
}

/* The bytes as written by hand, from docs/formats/print.md alone. */
static void the_binary_form_says_only_what_differs(void **state)
{
    (void)state;
    struct lk_record records[4] = {record(LK_SOUND, 0), record(LK_SOUND, 0), record(LK_SOUND, 127),
                                   record(LK_SOUND, 127 + 300)};
    records[3].frame.turn = 0;
    struct lk_sequence seq = {.medium = LK_AUDIO, .records = records, .n_records = 4};
    uint8_t bytes[256], *p = bytes + 16;
    static const uint8_t head[] = {'L', 'K', 'S', 'Q', 2, 3, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0};
    static const uint8_t first[] = {0x3b, 4, 1, 90, 128, 128, 255, 3}, same[] = {0},
                         later[] = {0x04, 127}, turned[] = {0x24, 0xac, 0x02, 0};
    static const struct {
        const uint8_t *bytes;
        size_t n;
    } parts[4] = {{first, 8}, {same, 1}, {later, 2}, {turned, 4}};
    size_t n = lk_sequence_encode(&seq, bytes);
    assert_memory_equal(bytes, head, sizeof head);
    for (int i = 0; i < 4; i++) {
        uint8_t print[LK_PRINT_BYTES];
        lk_print_to_bytes(&records[i].print, print);
        assert_memory_equal(p, parts[i].bytes, parts[i].n);
        assert_memory_equal(p + parts[i].n, print, sizeof print);
        p += parts[i].n + sizeof print;
    }
    assert_int_equal(p - bytes, n);
}

/* A record of version 1, as other programs still write it. */
static size_t put_record_1(uint8_t *p, const struct lk_record *r)
{
    memset(p, 0, 12);
    p[0] = r->kind;
    p[1] = r->front_end;
    p[2] = r->quality;
    memcpy(p + 4, &r->time_ms, 4); /* tests run on little-endian machines */
    memcpy(p + 8, &r->frame, 4);
    lk_print_to_bytes(&r->print, p + 12);
    return 44;
}

static void a_sequence_of_version_1_is_still_read(void **state)
{
    (void)state;
    struct lk_record records[2] = {record(LK_FRAME, 3), record(LK_FRAME, 70000)}, back[2];
    uint8_t bytes[16 + 2 * 44] = "LKSQ\1\2\0\0\2\0\0\0\0\0\1";
    size_t n = 16, used = 0;
    for (int i = 0; i < 2; i++)
        n += put_record_1(bytes + n, &records[i]);
    struct lk_sequence got;
    assert_int_equal(lk_sequence_decode(bytes, n, back, 2, &got, &used, NULL), LK_OK);
    assert_int_equal(used, sizeof bytes);
    assert_int_equal(got.duration_ms, 65536);
    assert_memory_equal(back, records, sizeof back);
    for (size_t cut = 0; cut < n; cut++)
        assert_int_equal(lk_sequence_decode(bytes, cut, back, 2, &got, &used, NULL), LK_CORRUPT);
}

static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % below;
}

/* A record in which now and then something differs from the one before. */
static void vary(uint64_t *seed, unsigned medium, struct lk_record *r)
{
    static const uint32_t steps[] = {1, 127, 128, 16383, 16384, 2097152, 268435456};
    static const uint8_t kinds[4][3] = {
        {0}, {LK_WHOLE, LK_ANCHOR, LK_ANCHOR}, {LK_FRAME, LK_SOUND, LK_ANCHOR}, {4, 4, 4}};
    if (r->kind == 0 || draw(seed, 4) == 0) {
        r->kind = kinds[medium][draw(seed, 3)];
        r->front_end = (uint8_t)(draw(seed, 3) + 1);
    }
    if (draw(seed, 3) == 0)
        r->quality = (uint8_t)draw(seed, 101);
    if (medium != LK_IMAGE && draw(seed, 2) == 0 && r->time_ms < 1u << 31)
        r->time_ms += steps[draw(seed, 7)];
    if (draw(seed, 3) == 0)
        r->frame.x = (uint8_t)draw(seed, 256);
    if (draw(seed, 3) == 0)
        r->frame.y = (uint8_t)draw(seed, 256);
    if (draw(seed, 3) == 0)
        r->frame.size = (uint8_t)draw(seed, 256);
    if (draw(seed, 2) == 0)
        r->frame.turn = (uint8_t)draw(seed, 24);
    for (int i = 0; i < 4; i++)
        r->print.w[i] = (uint64_t)draw(seed, UINT32_MAX) << 32 | draw(seed, UINT32_MAX);
}

enum { RANDOM_RECORDS = 12 };

static struct lk_sequence random_sequence(uint64_t *seed, struct lk_record *records)
{
    struct lk_sequence seq = {.medium = (uint8_t)(draw(seed, 3) + 1),
                              .n_records = draw(seed, RANDOM_RECORDS) + 1,
                              .records = records,
                              .n_digests = (uint8_t)draw(seed, LK_MAX_DIGESTS + 1)};
    seq.duration_ms = draw(seed, UINT32_MAX);
    for (size_t i = 0; i < seq.n_digests; i++) {
        seq.digests[i].type = (uint8_t)(draw(seed, 2) + 1);
        seq.digests[i].bytes[draw(seed, 16)] = (uint8_t)draw(seed, 256);
    }
    for (size_t i = 0; i < seq.n_records; i++) {
        records[i] = i == 0 ? (struct lk_record){0} : records[i - 1];
        vary(seed, seq.medium, &records[i]);
    }
    return seq;
}

/* What was read must have been written in its one form. */
static void assert_canonical(const struct lk_sequence *seq, const uint8_t *bytes, size_t used)
{
    uint8_t again[2048];
    assert_int_equal(lk_sequence_encoded_bytes(seq), used);
    assert_int_equal(lk_sequence_encode(seq, again), used);
    assert_memory_equal(again, bytes, used);
}

static void every_cut_and_every_flipped_bit_is_refused_or_another_sequence(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < 60; round++) {
        struct lk_record records[RANDOM_RECORDS], back[RANDOM_RECORDS];
        struct lk_sequence seq = random_sequence(&seed, records), got;
        size_t n = lk_sequence_encoded_bytes(&seq), used = 0;
        assert_int_equal(lk_sequence_check(&seq, NULL), LK_OK);
        for (size_t cut = 0; cut <= n; cut++) {
            uint8_t *whole = malloc(n), *copy = malloc(cut + 1); /* sanitizers see an overrun */
            assert_int_equal(lk_sequence_encode(&seq, whole), n);
            memcpy(copy, whole, cut);
            enum lk_status status =
                lk_sequence_decode(copy, cut, back, RANDOM_RECORDS, &got, &used, NULL);
            assert_int_equal(status, cut == n ? LK_OK : LK_CORRUPT);
            free(copy);
            free(whole);
        }
        assert_int_equal(used, n);
        assert_memory_equal(back, records, seq.n_records * sizeof *records);
        uint8_t *bytes = malloc(n);
        lk_sequence_encode(&seq, bytes);
        for (size_t at = 0; at < 8 * n; at++) {
            bytes[at / 8] ^= (uint8_t)(1 << at % 8);
            if (lk_sequence_decode(bytes, n, back, RANDOM_RECORDS, &got, &used, NULL) == LK_OK &&
                bytes[4] == 2)
                assert_canonical(&got, bytes, used);
            bytes[at / 8] ^= (uint8_t)(1 << at % 8);
        }
        free(bytes);
    }
}

static void what_could_be_said_shorter_is_refused(void **state)
{
    (void)state;
    struct lk_record r[2] = {record(LK_SOUND, 0), record(LK_SOUND, 5)}, back[2];
    struct lk_sequence seq = {.medium = LK_AUDIO, .records = r, .n_records = 2}, got;
    uint8_t good[128], bad[128];
    size_t n = lk_sequence_encode(&seq, good), second = 16 + 40, used;
    struct lk_error err;
    assert_int_equal(good[second], 0x04);
    memcpy(bad, good, second);
    /* 5 in two bytes; 0; 2^35; the same kind, quality, place, size and turn again */
    static const uint8_t parts[][8] = {{0x04, 0x85, 0},
                                       {0x04, 0},
                                       {0x04, 0xff, 0xff, 0xff, 0xff, 0x7f},
                                       {0x04, 0xff, 0xff, 0xff, 0xff, 0xff},
                                       {0x01, 4, 1},
                                       {0x02, 90},
                                       {0x08, 128, 128},
                                       {0x10, 255},
                                       {0x20, 3},
                                       {0x40},
                                       {0x80}};
    static const size_t sizes[] = {3, 2, 6, 6, 3, 2, 3, 2, 2, 1, 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        memcpy(bad + second, parts[i], sizes[i]);
        memcpy(bad + second + sizes[i], good + n - LK_PRINT_BYTES, LK_PRINT_BYTES);
        n = second + sizes[i] + LK_PRINT_BYTES;
        assert_int_equal(lk_sequence_decode(bad, n, back, 2, &got, &used, &err), LK_CORRUPT);
        assert_null(strstr(err.text, "cut short"));
        n = lk_sequence_encoded_bytes(&seq);
    }
}

/* 27 whole prints and 64 anchors in six forms, with all that can differ differing. */
static void a_registered_image_stays_under_16_KiB(void **state)
{
    (void)state;
    static struct lk_record records[27 + 384];
    static uint8_t bytes[20000];
    for (size_t i = 0; i < 27 + 384; i++) {
        size_t anchor = (i - 27) / 6;
        records[i] = record(i < 27 ? LK_WHOLE : LK_ANCHOR, 0);
        records[i].quality = (uint8_t)(i % 100);
        records[i].frame.turn = (uint8_t)(i % 8);
        if (i < 27)
            records[i].frame.x = (uint8_t)(i + 1);
        else
            records[i].frame = (struct lk_frame){(uint8_t)anchor, 9, (uint8_t)(anchor + 1),
                                                 (uint8_t)((i - 27) % 6)};
    }
    const struct lk_sequence seq = {.medium = LK_IMAGE, .records = records, .n_records = 27 + 384};
    assert_int_equal(lk_sequence_check(&seq, NULL), LK_OK);
    size_t n = lk_sequence_encode(&seq, bytes);
    print_message("# a registered image of 411 records: %zu bytes\n", n);
    assert_true(n < 16384 - 40); /* the seal of a store's row besides */
}

static void anchors_have_only_the_turns_of_their_forms(void **state)
{
    (void)state;
    struct lk_error err;
    struct lk_record r = record(LK_ANCHOR, 0);
    struct lk_sequence seq = {.medium = LK_IMAGE, .records = &r, .n_records = 1};
    for (unsigned turn = 0; turn < 256; turn++) {
        r.frame.turn = (uint8_t)turn;
        assert_int_equal(lk_sequence_check(&seq, &err),
                         turn < 64 && turn % 32 < 24 ? LK_OK : LK_INVALID);
    }
    assert_string_equal(err.text, "record 0: turn 255 is not one of an anchor");
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
        cmocka_unit_test(squares_that_are_odd_stay_so_when_a_print_is_mirrored_or_inverted),
        cmocka_unit_test(hex_of_the_wrong_length_or_letter_is_refused_with_the_place),
        cmocka_unit_test(a_sequence_survives_its_binary_form),
        cmocka_unit_test(the_binary_form_says_only_what_differs),
        cmocka_unit_test(a_sequence_of_version_1_is_still_read),
        cmocka_unit_test(every_cut_and_every_flipped_bit_is_refused_or_another_sequence),
        cmocka_unit_test(what_could_be_said_shorter_is_refused),
        cmocka_unit_test(a_registered_image_stays_under_16_KiB),
        cmocka_unit_test(anchors_have_only_the_turns_of_their_forms),
        cmocka_unit_test(records_that_make_no_sense_are_refused_by_number),
        cmocka_unit_test(names_and_numbers_agree_both_ways),
        cmocka_unit_test(a_message_gives_its_sequences_one_by_one),
        cmocka_unit_test(a_message_that_is_cut_or_too_long_is_corrupt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
