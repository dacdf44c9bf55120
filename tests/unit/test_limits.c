#include "../cmocka_all.h"

#include "http/form.h"
#include "http/peer.h"
#include "http/reaper.h"
#include "service/limits.h"

#include <sys/socket.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)

static struct limits *limits_of(unsigned burst, unsigned per_minute)
{
    struct limits_config config = {0};
    struct limits *l = NULL;
    for (int i = 0; i < N_LIMITS; i++) {
        config.by[i].burst = burst;
        config.by[i].per_minute = per_minute;
    }
    assert_int_equal(limits_new(&config, &l, NULL), LK_OK);
    return l;
}

static enum lk_status take(struct limits *l, enum limit limit, uint64_t key, int64_t now_ns)
{
    unsigned wait_s;
    return limits_take(l, limit, key, now_ns, &wait_s, NULL);
}

static void a_burst_is_allowed_and_then_so_many_a_minute(void **state)
{
    (void)state;
    struct limits *l = limits_of(3, 6);
    struct lk_error err = {0};
    unsigned wait_s = 0;
    for (int i = 0; i < 3; i++)
        assert_int_equal(take(l, LIMIT_CODE_TRY, 1, SECOND), LK_OK);
    assert_int_equal(limits_take(l, LIMIT_CODE_TRY, 1, SECOND, &wait_s, &err), LK_BUSY);
    assert_in_range(wait_s, 10, 11);
    assert_int_equal(take(l, LIMIT_CODE_TRY, 1, 10 * SECOND), LK_BUSY);
    assert_int_equal(take(l, LIMIT_CODE_TRY, 1, 11 * SECOND), LK_OK);
    assert_int_equal(take(l, LIMIT_CODE_TRY, 1, 11 * SECOND), LK_BUSY);
    limits_free(l);
}

static void keys_and_limits_do_not_share_a_bucket(void **state)
{
    (void)state;
    struct limits *l = limits_of(1, 1);
    assert_int_equal(take(l, LIMIT_CODE_TRY, 1, SECOND), LK_OK);
    assert_int_equal(take(l, LIMIT_CODE_TRY, 2, SECOND), LK_OK);
    assert_int_equal(take(l, LIMIT_CASE_OPEN, 1, SECOND), LK_OK);
    assert_int_equal(take(l, LIMIT_CODE_TRY, 1, SECOND), LK_BUSY);
    limits_free(l);
}

static void a_long_rest_gives_no_more_than_the_burst(void **state)
{
    (void)state;
    struct limits *l = limits_of(2, 60);
    assert_int_equal(take(l, LIMIT_CODE_TRY, 1, SECOND), LK_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(take(l, LIMIT_CODE_TRY, 1, 9999 * SECOND), LK_OK);
    assert_int_equal(take(l, LIMIT_CODE_TRY, 1, 9999 * SECOND), LK_BUSY);
    limits_free(l);
}

static void a_crowd_of_addresses_does_not_free_one_that_is_over(void **state)
{
    (void)state;
    struct limits *l = limits_of(10, 1);
    for (int i = 0; i < 10; i++)
        assert_int_equal(take(l, LIMIT_CODE_TRY, 7, SECOND), LK_OK);
    for (uint64_t key = 1000; key < 101000; key++) /* six times the table */
        assert_int_equal(take(l, LIMIT_CODE_TRY, key, SECOND), LK_OK);
    assert_int_equal(take(l, LIMIT_CODE_TRY, 7, SECOND), LK_BUSY);
    limits_free(l);
}

static void the_key_of_an_address_differs_from_process_to_process(void **state)
{
    (void)state;
    struct limits *a = limits_of(1, 1), *b = limits_of(1, 1);
    const uint8_t address[4] = {127, 0, 0, 1};
    assert_true(limits_peer_key(a, address, 4) == limits_peer_key(a, address, 4));
    assert_true(limits_peer_key(a, address, 4) != limits_peer_key(b, address, 4));
    assert_true(limits_peer_key(a, address, 4) != limits_peer_key(a, address, 3));
    limits_free(a);
    limits_free(b);
}

static void a_forwarded_visitor_is_the_last_hop_by_its_subscriber(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        size_t n;
        const char *bytes;
    } cases[] = {
        {"192.0.2.1", 4, "\xc0\0\2\1"},
        {"10.0.0.1, 192.0.2.1", 4, "\xc0\0\2\1"},
        {"::ffff:192.0.2.1", 4, "\xc0\0\2\1"},
        {"10.0.0.1,\t2001:db8:1:2:3:4:5:6", 8, "\x20\1\x0d\xb8\0\1\0\2"},
        {"192.0.2.1, unknown", 0, NULL},
        {"192.0.2.1,", 0, NULL},
        {"", 0, NULL},
        {NULL, 0, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t bytes[PEER_MAX_BYTES];
        assert_int_equal(peer_of_forwarded(cases[i].list, bytes), cases[i].n);
        if (cases[i].n > 0)
            assert_memory_equal(bytes, cases[i].bytes, cases[i].n);
    }
}

static void a_connection_past_its_deadline_is_shut_down(void **state)
{
    (void)state;
    struct reaper *r = NULL;
    int pair[2];
    char text[256] = "";
    assert_int_equal(reaper_start(1, &r, NULL), LK_OK);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    struct reaper_conn *conn = reaper_add(r, pair[0], REAPER_NEVER);
    reaper_set(conn, 0, true);
    assert_true(read(pair[1], text, sizeof text - 1) > 0);
    assert_true(strncmp(text, "HTTP/1.1 408 ", 13) == 0);
    assert_int_equal(read(pair[1], text, sizeof text), 0);
    reaper_set(NULL, 0, true); /* one for which there was no memory */
    reaper_remove(r, conn);
    reaper_remove(r, NULL);
    reaper_stop(r);
    close(pair[0]);
    close(pair[1]);
}

static void a_form_gives_its_fields_decoded(void **state)
{
    (void)state;
    struct arena arena;
    struct form form;
    arena_init(&arena, lk_alloc_heap(), 1 << 16);
    const char *text = "code=1234+5678&empty=&&name=%C3%A9%26&flag&code=second";
    assert_int_equal(form_parse(&arena, text, strlen(text), &form, NULL), LK_OK);
    assert_int_equal(form.n, 5);
    assert_string_equal(form_get(&form, "code"), "1234 5678");
    assert_string_equal(form_get(&form, "empty"), "");
    assert_string_equal(form_get(&form, "name"), "\xc3\xa9&");
    assert_string_equal(form_get(&form, "flag"), "");
    assert_null(form_get(&form, "other"));
    arena_fini(&arena);
}

static void a_form_with_a_bad_escape_zero_byte_or_wrong_text_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"a=%", "a=%4", "a=%zz", "a=%00", "a=%ff", "%=a"};
    struct arena arena;
    struct form form;
    arena_init(&arena, lk_alloc_heap(), 1 << 16);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(form_parse(&arena, wrong[i], strlen(wrong[i]), &form, NULL), LK_INVALID);
    char many[2 * FORM_MAX_FIELDS + 2];
    for (size_t i = 0; i < sizeof many; i++)
        many[i] = "a&"[i % 2];
    assert_int_equal(form_parse(&arena, many, sizeof many, &form, NULL), LK_LIMIT);
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_is_allowed_and_then_so_many_a_minute),
        cmocka_unit_test(keys_and_limits_do_not_share_a_bucket),
        cmocka_unit_test(a_long_rest_gives_no_more_than_the_burst),
        cmocka_unit_test(a_crowd_of_addresses_does_not_free_one_that_is_over),
        cmocka_unit_test(the_key_of_an_address_differs_from_process_to_process),
        cmocka_unit_test(a_forwarded_visitor_is_the_last_hop_by_its_subscriber),
        cmocka_unit_test(a_connection_past_its_deadline_is_shut_down),
        cmocka_unit_test(a_form_gives_its_fields_decoded),
        cmocka_unit_test(a_form_with_a_bad_escape_zero_byte_or_wrong_text_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
