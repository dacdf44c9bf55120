/* service/pages/answers.h - what a person has answered so far.
 *
 * Answers live in the hidden fields of the forms alone: each page sends them on, nothing keeps
 * them, and no address carries them. What is not one of the known words counts as not said. */
#ifndef SERVICE_PAGES_ANSWERS_H
#define SERVICE_PAGES_ANSWERS_H

#include "law/platforms.h"
#include "law/situation.h"
#include "service/pages/page.h"

enum answer_age { AGE_UNSAID, AGE_ADULT, AGE_MINOR, AGE_UNSURE };

struct answers {
    bool in_danger; /* said not to be safe now */
    struct law_situation situation;
    enum answer_age age;
    const char *country;      /* a known code, or NULL */
    const char *site_country; /* where the site seems to be; a known code, or NULL */
    const char *platform;     /* an id of data/law/platforms.json, "other", or NULL */
    const char *have;         /* "file", "link", "both", "none", or NULL */
};

/* Reads the fields of a form. Texts are borrowed from it. */
void answers_read(const struct form *form, struct answers *out);

/* Whether the way to help for people under 18 is to be shown: also when unsure. */
bool answers_under_18(const struct answers *a);

/* Puts the list "carried" {field, value}: hidden fields that carry the answers on, without the
 * field `but` (NULL: all of them). */
void answers_carry(const struct answers *a, struct view *view, const char *but);

#endif
