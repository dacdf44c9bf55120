/* service/pages/words.h - states of a copy in plain words, for the person whose picture it is. */
#ifndef SERVICE_PAGES_WORDS_H
#define SERVICE_PAGES_WORDS_H

/* All texts are in English: look them up with page_text(). */
struct copy_words {
    const char *tone;    /* a class of the style sheet: "open", "done" or "calm" */
    const char *state;   /* a few words */
    const char *meaning; /* a sentence or two */
};

/* Of enum match_state. */
const struct copy_words *copy_words(unsigned state);

/* Of enum match_reason; "" for none. */
const char *reason_words(unsigned reason);

/* How sure the finding is, of enum lk_grade. */
const char *grade_words(unsigned grade);

#endif
