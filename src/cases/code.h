/* cases/code.h - the case code: the one secret with which a person finds her case again.
 *
 * Twenty random digits in five groups of four and a sixth group of two check digits (ISO 7064
 * MOD 97-10, which catches every single wrong digit and every swap of neighbours):
 *
 *     1234 5678 9012 3456 7890 12
 *     |--find--||---secret----||check
 *
 * The first eight digits find the case; the store holds only their keyed hash. The other twelve
 * unlock what is sealed, through Argon2id (store/keys.h). A code is shown once and never stored. */
#ifndef CASES_CODE_H
#define CASES_CODE_H

#include <likeness/status.h>
#include <stddef.h>

#define CODE_DIGITS        20
#define CODE_FIND_DIGITS   8
#define CODE_SECRET_DIGITS 12
#define CODE_TEXT_BYTES    28 /* "1234 5678 9012 3456 7890 12" and a NUL */

/* A secret: wipe it with seal_wipe() when done. */
struct code {
    char digits[CODE_DIGITS]; /* '0'..'9', no NUL */
};

/* Draws a new code, every one equally likely. */
void code_draw(struct code *code);

/* Writes the text with its check digits. */
void code_format(const struct code *code, char text[CODE_TEXT_BYTES]);

/* Reads what a person typed: spaces, dashes, dots and line ends are passed over, any grouping will
 * do. Errors: LK_INVALID: not 22 digits, another character, or check digits that do not fit ("a
 * digit is mistyped"). The text never repeats what was typed. */
enum lk_status code_parse(const char *text, size_t n, struct code *code,
                          struct lk_error *err) LK_MUST_CHECK;

#endif
