/* law/letter_elements.h - one element of a notice: is it there, and in what words. For letter.c
 * alone. */
#ifndef LAW_LETTER_ELEMENTS_H
#define LAW_LETTER_ELEMENTS_H

#include "base/buf.h"
#include "law/letter.h"

/* Whether what the element needs is at hand; otherwise *lack says what is the matter. */
bool letter_element_is_there(const struct law_letter_order *order, const char *element,
                             enum law_lack *lack);

/* Appends the element's words in the letter's language; nothing for an optional one that is not
 * there. */
void letter_element_put(struct arena *arena, const struct law_letter_order *order,
                        const char *element, struct buf *out);

/* ".self" where the person writes, ".copyright" where the maker does, "" for the desk. */
const char *letter_voice(const struct law_letter_order *order, const char *first,
                         const char *second);

#endif
