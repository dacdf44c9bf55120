/* law/letter_texts.h - the wording of letters, compiled in from data/letters by tools/letters.py.
 */
#ifndef LAW_LETTER_TEXTS_H
#define LAW_LETTER_TEXTS_H

#include <stddef.h>

struct letter_text {
    const char *lang, *key, *text;
};

/* Sorted by language, then key. */
extern const struct letter_text letter_texts[];
extern const size_t n_letter_texts;

#endif
