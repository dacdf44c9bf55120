#include "../cmocka_all.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/utf8.h"
#include "sys/fault.h"
#include "sys/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void the_formatter_agrees_with_printf(void **state)
{
    (void)state;
    struct lk_error err;
    char expected[LK_ERROR_TEXT_BYTES];
    snprintf(expected, sizeof expected,
             "%d|%5d|%-5d|%05d|%u|%x|%08x|%zu|%lld|%s|%.3s|%.*s|%c|%%|%.3f|%5.1f", -42, 7, 7, -7,
             42u, 0xbeefu, 0xbeefu, (size_t)1 << 40, -(1LL << 62), "text", "abcdef", 2, "xyz", 'q',
             3.14159, -2.75);
    lk_error_set(&err, LK_IO, "%d|%5d|%-5d|%05d|%u|%x|%08x|%zu|%lld|%s|%.3s|%.*s|%c|%%|%.3f|%5.1f",
                 -42, 7, 7, -7, 42u, 0xbeefu, 0xbeefu, (size_t)1 << 40, -(1LL << 62), "text",
                 "abcdef", 2, "xyz", 'q', 3.14159, -2.75);
    assert_string_equal(err.text, expected);
    assert_int_equal(err.status, LK_IO);
}

static void an_error_text_is_cut_at_its_size_and_may_quote_itself(void **state)
{
    (void)state;
    struct lk_error err;
    char longer[600];
    memset(longer, 'a', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    lk_error_set(&err, LK_LIMIT, "%s", longer);
    assert_int_equal(strlen(err.text), LK_ERROR_TEXT_BYTES - 1);
    lk_error_set(&err, LK_LIMIT, "inner");
    lk_error_set(&err, LK_LIMIT, "outer: %s", err.text);
    assert_string_equal(err.text, "outer: inner");
}

static void every_status_has_a_name_an_http_status_and_an_exit_code_of_its_own(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LK_N_STATUS; i++) {
        enum lk_status a = (enum lk_status)i;
        assert_true(lk_status_http(a) >= 200 && lk_status_http(a) <= 599);
        assert_true(i == 0 ? lk_status_exit(a) == 0 : lk_status_exit(a) >= 3);
        for (unsigned k = 0; k < i; k++) {
            assert_string_not_equal(lk_status_name(a), lk_status_name((enum lk_status)k));
            assert_int_not_equal(lk_status_exit(a), lk_status_exit((enum lk_status)k));
        }
    }
}

static void a_buffer_keeps_to_its_maximum_and_says_so_once_at_the_end(void **state)
{
    (void)state;
    struct lk_error err;
    struct buf b;
    buf_init(&b, lk_alloc_heap(), 10);
    buf_str(&b, "0123456789");
    assert_int_equal(buf_status(&b, "line", &err), LK_OK);
    assert_string_equal(buf_text(&b), "0123456789");
    buf_char(&b, 'x');
    assert_int_equal(buf_status(&b, "line", &err), LK_LIMIT);
    assert_string_equal(err.text, "line is larger than its limit of 10 bytes");
    buf_clear(&b);
    buf_hex(&b, "\x00\xff\x10", 3);
    assert_string_equal(buf_text(&b), "00ff10");
    buf_fini(&b);
}

static void an_arena_gives_aligned_memory_up_to_its_limit(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, lk_alloc_heap(), 1 << 20);
    for (size_t n = 0; n < 200; n++) {
        char *p = arena_alloc(&a, n);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 16, 0);
        memset(p, 1, n);
    }
    assert_null(arena_alloc(&a, 1 << 20));
    assert_null(arena_zalloc(&a, SIZE_MAX / 2, 3));
    char *grown = a.alloc.resize(a.alloc.ctx, NULL, 0, 10);
    memcpy(grown, "123456789", 10);
    for (size_t n = 10; n < 100000; n = n * 2) {
        grown = a.alloc.resize(a.alloc.ctx, grown, n, n * 2);
        assert_non_null(grown);
        assert_string_equal(grown, "123456789");
    }
    arena_fini(&a);
}

static void json_places_commas_and_escapes_what_could_hurt(void **state)
{
    (void)state;
    struct buf b;
    struct json j;
    buf_init(&b, lk_alloc_heap(), 1000);
    json_init(&j, &b);
    json_object(&j);
    json_put_text(&j, "a", "q\"\\\n\x01<\xff\xc3\xa9");
    json_key(&j, "b");
    json_array(&j);
    json_u64(&j, UINT64_MAX);
    json_i64(&j, INT64_MIN);
    json_object(&j);
    json_end_object(&j);
    json_fixed(&j, 0.5, 2);
    json_null(&j);
    json_end_array(&j);
    json_put_bool(&j, "c", true);
    json_end_object(&j);
    assert_string_equal(buf_text(&b),
                        "{\"a\":\"q\\\"\\\\\\n\\u0001\\u003c\xef\xbf\xbd\xc3\xa9\",\"b\":["
                        "18446744073709551615,-9223372036854775808,{},0.50,null],\"c\":true}");
    buf_fini(&b);
}

static void utf8_refuses_overlong_surrogate_and_cut_forms(void **state)
{
    (void)state;
    assert_true(utf8_valid("h\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 10));
    assert_false(utf8_valid("\xc0\x80", 2));
    assert_false(utf8_valid("\xe0\x80\x80", 3));
    assert_false(utf8_valid("\xed\xa0\x80", 3));
    assert_false(utf8_valid("\xf4\x90\x80\x80", 4));
    assert_false(utf8_valid("\xe2\x82", 2));
}

static void hex_reads_both_cases_and_refuses_the_rest(void **state)
{
    (void)state;
    uint8_t bytes[2];
    assert_true(hex_decode("aBCd", bytes, 2));
    assert_memory_equal(bytes, "\xab\xcd", 2);
    assert_false(hex_decode("abcg", bytes, 2));
}

static void a_file_operation_that_a_signal_interrupts_is_done_again(void **state)
{
    (void)state;
    char path[] = "/tmp/likeness-test-XXXXXX", text[4];
    int made = mkstemp(path), fd;
    size_t got;
    int64_t n_bytes;
    fault_arm(FAULT_OPEN, 1, EINTR, false, false);
    assert_int_equal(file_open(path, O_RDWR, 0, &fd, NULL), LK_OK);
    fault_arm(FAULT_WRITE, 1, EINTR, false, false);
    assert_int_equal(file_pwrite(fd, "abcd", 4, 0, NULL), LK_OK);
    fault_arm(FAULT_WRITE, 1, EINTR, false, false);
    assert_int_equal(file_truncate(fd, 3, NULL), LK_OK);
    assert_int_equal(file_size(fd, &n_bytes, NULL), LK_OK);
    assert_int_equal(n_bytes, 3);
    fault_arm(FAULT_SYNC, 1, EINTR, false, false);
    assert_int_equal(file_sync(fd, NULL), LK_OK);
    fault_arm(FAULT_SYNC, 1, EINTR, false, false);
    assert_int_equal(file_sync_parent(path, NULL), LK_OK);
    fault_arm(FAULT_READ, 1, EINTR, false, false);
    assert_int_equal(file_pread(fd, text, sizeof text, 0, &got, NULL), LK_OK);
    assert_int_equal(got, 3);
    fault_disarm();
    close(fd);
    close(made);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_formatter_agrees_with_printf),
        cmocka_unit_test(an_error_text_is_cut_at_its_size_and_may_quote_itself),
        cmocka_unit_test(every_status_has_a_name_an_http_status_and_an_exit_code_of_its_own),
        cmocka_unit_test(a_buffer_keeps_to_its_maximum_and_says_so_once_at_the_end),
        cmocka_unit_test(an_arena_gives_aligned_memory_up_to_its_limit),
        cmocka_unit_test(json_places_commas_and_escapes_what_could_hurt),
        cmocka_unit_test(utf8_refuses_overlong_surrogate_and_cut_forms),
        cmocka_unit_test(hex_reads_both_cases_and_refuses_the_rest),
        cmocka_unit_test(a_file_operation_that_a_signal_interrupts_is_done_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
