/* ISO 7064 MOD 97-10: the number N with its check digits C fulfils (100 N + C) mod 97 = 1. */
#include "cases/code.h"

#include "base/err.h"
#include "sys/rand.h"

#include <stdbool.h>
#include <string.h>

enum { CHECK_DIGITS = 2, ALL_DIGITS = CODE_DIGITS + CHECK_DIGITS, GROUP = 4 };

void code_draw(struct code *code)
{
    for (int i = 0; i < CODE_DIGITS; i++)
        code->digits[i] = (char)('0' + rand_below(10));
}

static unsigned mod_97(const char *digits, size_t n)
{
    unsigned rest = 0;
    for (size_t i = 0; i < n; i++)
        rest = (rest * 10 + (unsigned)(digits[i] - '0')) % 97;
    return rest;
}

void code_format(const struct code *code, char text[CODE_TEXT_BYTES])
{
    unsigned check = 98 - mod_97(code->digits, CODE_DIGITS) * 100 % 97;
    for (size_t i = 0; i < CODE_DIGITS; i++) {
        *text++ = code->digits[i];
        if (i % GROUP == GROUP - 1)
            *text++ = ' ';
    }
    *text++ = (char)('0' + check / 10);
    *text++ = (char)('0' + check % 10);
    *text = 0;
}

static bool passed_over(char c)
{
    return c == ' ' || c == '-' || c == '.' || c == '\t' || c == '\r' || c == '\n';
}

enum lk_status code_parse(const char *text, size_t n, struct code *code, struct lk_error *err)
{
    char digits[ALL_DIGITS];
    size_t n_digits = 0;
    for (size_t i = 0; i < n; i++) {
        if (passed_over(text[i]))
            continue;
        if (text[i] < '0' || text[i] > '9')
            return FAIL(err, LK_INVALID, "a case code has only digits: place %zu is none", i + 1);
        if (n_digits < ALL_DIGITS)
            digits[n_digits] = text[i];
        n_digits++;
    }
    if (n_digits != ALL_DIGITS)
        return FAIL(err, LK_INVALID, "a case code has %d digits, these are %zu", ALL_DIGITS,
                    n_digits);
    if (mod_97(digits, ALL_DIGITS) != 1)
        return FAIL(err, LK_INVALID, "a digit is mistyped: compare the code with your copy");
    memcpy(code->digits, digits, CODE_DIGITS);
    return LK_OK;
}
