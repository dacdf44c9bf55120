/* service/pages/words.h - states of a copy in plain words: for the person whose picture it
 * is, and for those who look at one. */
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

/* Of enum notice_state. */
const struct copy_words *notice_words(unsigned state);

/* Of enum match_reason; "" for none. */
const char *reason_words(unsigned reason);

/* How sure the finding is, of enum lk_grade. */
const char *grade_words(unsigned grade);

/* For a moderator at a platform: what a grade says of the upload (the medium is the entry's), and
 * what it may be used for; what may follow (enum lk_action); how far the entry is trusted (enum
 * lk_tier). */
const char *grade_says(unsigned grade, unsigned medium);
const char *grade_use(unsigned grade);
const char *action_words(unsigned action);
const char *tier_words(unsigned tier);

#endif
