#include "sys/totp.h"

#include "base/err.h"
#include "sys/seal.h"

#include <liboath/oath.h>
#include <string.h>

enum lk_status totp_at(const uint8_t secret[TOTP_SECRET_BYTES], int64_t step,
                       char digits[TOTP_DIGITS + 1], struct lk_error *err)
{
    int status = oath_hotp_generate((const char *)secret, TOTP_SECRET_BYTES, (uint64_t)step,
                                    TOTP_DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, digits);
    return status == OATH_OK
               ? LK_OK
               : FAIL(err, LK_INTERNAL, "the second factor: %s", oath_strerror(status));
}

static bool only_digits(const char *typed, char out[TOTP_DIGITS + 1])
{
    size_t n = 0;
    for (; *typed != '\0'; typed++) {
        if (*typed == ' ')
            continue;
        if (*typed < '0' || *typed > '9' || n == TOTP_DIGITS)
            return false;
        out[n++] = *typed;
    }
    out[n] = '\0';
    return n == TOTP_DIGITS;
}

int64_t totp_check(const uint8_t secret[TOTP_SECRET_BYTES], const char *typed, int64_t now_ms,
                   int64_t last)
{
    char digits[TOTP_DIGITS + 1], wanted[TOTP_DIGITS + 1];
    int64_t now = now_ms / TOTP_STEP_MS, found = 0;
    if (!only_digits(typed, digits))
        return 0;
    for (int64_t step = now - 1; step <= now + 1; step++) {
        struct lk_error err;
        if (totp_at(secret, step, wanted, &err) != LK_OK)
            return 0;
        if (seal_equal(digits, wanted, TOTP_DIGITS) && step > last && found == 0)
            found = step;
    }
    return found;
}

void totp_base32(const uint8_t secret[TOTP_SECRET_BYTES], char text[TOTP_BASE32_BYTES])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (size_t i = 0; i < TOTP_SECRET_BYTES / 5; i++) {
        uint64_t group = 0;
        for (size_t k = 0; k < 5; k++)
            group = group << 8 | secret[5 * i + k];
        for (size_t k = 0; k < 8; k++)
            text[8 * i + k] = letters[group >> (35 - 5 * k) & 31];
    }
    text[TOTP_BASE32_BYTES - 1] = '\0';
}
