#include "../cmocka_all.h"

#include "cases/code.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static struct code code_of(const char digits[CODE_DIGITS + 1])
{
    struct code code;
    memcpy(code.digits, digits, CODE_DIGITS);
    return code;
}

static void a_code_is_five_groups_of_four_and_two_check_digits(void **state)
{
    (void)state;
    char text[CODE_TEXT_BYTES];
    struct code code = code_of("12345678901234567890");
    code_format(&code, text);
    /* 98 - 1234567890123456789000 mod 97, computed apart */
    assert_string_equal(text, "1234 5678 9012 3456 7890 89");
}

static void what_was_formatted_parses_to_the_same_digits(void **state)
{
    (void)state;
    for (int i = 0; i < 2000; i++) {
        char text[CODE_TEXT_BYTES];
        struct code code, back;
        struct lk_error err;
        code_draw(&code);
        code_format(&code, text);
        assert_int_equal(strlen(text), CODE_TEXT_BYTES - 1);
        assert_int_equal(code_parse(text, strlen(text), &back, &err), LK_OK);
        assert_memory_equal(code.digits, back.digits, CODE_DIGITS);
    }
}

static void any_grouping_is_read(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "1234567890123456789089", " 1234-5678-9012-3456-7890-89\r\n",
        "12 34 56 78 90 12 34 56 78 90 89", "12345678.901234567890.89"};
    struct code want = code_of("12345678901234567890"), got;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct lk_error err;
        assert_int_equal(code_parse(texts[i], strlen(texts[i]), &got, &err), LK_OK);
        assert_memory_equal(got.digits, want.digits, CODE_DIGITS);
    }
}

static bool refused(const char *digits)
{
    struct code code;
    struct lk_error err;
    if (code_parse(digits, strlen(digits), &code, &err) != LK_INVALID)
        return false;
    return strstr(err.text, "mistyped") != NULL;
}

static void every_single_wrong_digit_is_noticed(void **state)
{
    (void)state;
    static const char right[] = "1234567890123456789089";
    for (size_t i = 0; i + 1 < sizeof right; i++)
        for (char c = '0'; c <= '9'; c++) {
            char wrong[sizeof right];
            memcpy(wrong, right, sizeof right);
            wrong[i] = c;
            if (c != right[i])
                assert_true(refused(wrong));
        }
}

static void every_swap_of_neighbours_is_noticed(void **state)
{
    (void)state;
    static const char right[] = "1234567890123456789089";
    for (size_t i = 0; i + 2 < sizeof right; i++) {
        char wrong[sizeof right];
        memcpy(wrong, right, sizeof right);
        wrong[i] = right[i + 1];
        wrong[i + 1] = right[i];
        if (wrong[i] != right[i])
            assert_true(refused(wrong));
    }
}

static void other_lengths_and_characters_are_refused_without_repeating_them(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "1234",
                                        "12345678901234567890",
                                        "12345678901234567890893",
                                        "1234 5678 9012 3456 789O 89",
                                        "1234/56789012345678907"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct code code;
        struct lk_error err;
        assert_int_equal(code_parse(texts[i], strlen(texts[i]), &code, &err), LK_INVALID);
        assert_null(strstr(err.text, "1234"));
    }
}

static void digits_are_drawn_evenly(void **state)
{
    (void)state;
    unsigned counts[10] = {0};
    for (int i = 0; i < 5000; i++) {
        struct code code;
        code_draw(&code);
        for (int d = 0; d < CODE_DIGITS; d++)
            counts[code.digits[d] - '0']++;
    }
    for (int d = 0; d < 10; d++) /* 10000 expected, deviation 95: eight of them never happen */
        assert_in_range(counts[d], 9240, 10760);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_five_groups_of_four_and_two_check_digits),
        cmocka_unit_test(what_was_formatted_parses_to_the_same_digits),
        cmocka_unit_test(any_grouping_is_read),
        cmocka_unit_test(every_single_wrong_digit_is_noticed),
        cmocka_unit_test(every_swap_of_neighbours_is_noticed),
        cmocka_unit_test(other_lengths_and_characters_are_refused_without_repeating_them),
        cmocka_unit_test(digits_are_drawn_evenly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
