/* cases/case_text.h - what is typed in a case, and by whom.
 *
 * Every text is sealed twice: to the person's own key, which only the code of the case opens, and
 * to the desk's, with which a helpline works. The browser does it before anything is sent; what
 * comes unsealed (forms without JavaScript, programs) is sealed on arrival. */
#ifndef CASES_CASE_TEXT_H
#define CASES_CASE_TEXT_H

#include <likeness/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CASE_TEXT_MAX_BYTES 4000
#define CASE_MAX_TEXTS      300 /* in one case, those of the desk too */

enum case_text_kind {
    CASE_LOCATION = 1,  /* where it is: a web address or the name of an account */
    CASE_NOTE = 2,      /* for the desk: anything the person wants to say */
    CASE_CONTACT = 3,   /* how the desk may reach the person */
    CASE_SITUATION = 4, /* the answers to the questions, "word=word" a line */
    CASE_MESSAGE = 5,   /* between person and desk */
    CASE_FACTS = 6,     /* what the desk noted for its letters (cases/facts.h); by the desk alone */
    CASE_N_TEXT_KINDS
};

/* "location" "note" "contact" "situation" "message" "facts" */
const char *case_text_kind_name(unsigned kind);
unsigned case_text_kind_of(const char *name); /* 0: none of them, or NULL */

struct case_notice; /* cases/notice.h */

/* A text as it comes: plain, or sealed by whoever typed it. Borrowed. */
struct case_typed {
    unsigned kind;    /* enum case_text_kind */
    const char *text; /* plain: UTF-8, no control characters but line feed and tab */
    size_t n;
    const uint8_t *own, *desk; /* sealed boxes, instead of text: to the person, to the desk */
    size_t n_own, n_desk;
};

/* A text as the person reads it. */
struct case_written {
    unsigned number; /* in its case */
    unsigned kind;
    bool is_by_desk;
    int64_t day_ms;
    const char
        *text; /* NUL-terminated; NULL: it does not open (sealed to another key, or garbage) */
    size_t n;
    const struct case_notice *notice; /* the newest about this address, or NULL */
};

#endif
