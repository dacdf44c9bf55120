/* sys/totp.h - the second factor: six digits that change every 30 seconds (RFC 6238, SHA-1),
 * through liboath, which is included only here. Threads: any. */
#ifndef SYS_TOTP_H
#define SYS_TOTP_H

#include <likeness/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOTP_SECRET_BYTES 20
#define TOTP_DIGITS       6
#define TOTP_STEP_MS      30000
#define TOTP_BASE32_BYTES 33 /* room for the text of a secret and its NUL */

/* The digits of one step (time / TOTP_STEP_MS). Errors: LK_INTERNAL. */
enum lk_status totp_at(const uint8_t secret[TOTP_SECRET_BYTES], int64_t step,
                       char digits[TOTP_DIGITS + 1], struct lk_error *err) LK_MUST_CHECK;

/* The step whose digits these are, within one step of now_ms and after `last`, so that none works
 * twice; 0: none. Spaces among the digits do not count. */
int64_t totp_check(const uint8_t secret[TOTP_SECRET_BYTES], const char *typed, int64_t now_ms,
                   int64_t last);

/* The secret in base32, as authenticators take it. */
void totp_base32(const uint8_t secret[TOTP_SECRET_BYTES], char text[TOTP_BASE32_BYTES]);

#endif
