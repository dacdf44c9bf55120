/* service/pages/steps.h - first steps for each kind of situation, in plain words. */
#ifndef SERVICE_PAGES_STEPS_H
#define SERVICE_PAGES_STEPS_H

#include "law/situation.h"

enum { MAX_STEPS = 6 };

/* Up to MAX_STEPS English texts for page_text(), ended by NULL. */
const char *const *steps_of(const struct law_situation *s);

/* What is left out by many laws, said honestly: an English text, or "". */
const char *limits_of(const struct law_situation *s);

/* The kind in a few English words: "A private picture or video". */
const char *kind_words(enum law_kind kind);

#endif
