/* law/letter_text.h - looking up and filling the wording of letters, for this folder alone. */
#ifndef LAW_LETTER_TEXT_H
#define LAW_LETTER_TEXT_H

#include "base/buf.h"

/* What stands for {name} in a text. */
struct letter_slot {
    const char *name, *value; /* NULL: nothing */
};

/* The text of that key in that language; NULL when it has none. The key may be made of parts:
 * "el.", "signature", ".self". */
const char *letter_text_find(const char *lang, const char *first, const char *second,
                             const char *third);

/* Appends the text with its slots filled; values are not looked at for slots again, and spaces are
 * not left double where a value is empty. A name that is not among the slots counts as empty. */
void letter_text_fill(struct buf *out, const char *text, const struct letter_slot *slots,
                      size_t n_slots);

#endif
