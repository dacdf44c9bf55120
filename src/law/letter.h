/* law/letter.h - a notice as a letter: what was answered once, in the words that each law asks for.
 *
 * The elements of every regime come from one vocabulary (law/facts.h), so the same answers fill
 * every letter. A letter whose regime requires an element that is missing is not made: what is
 * missing, and why, is told instead. Wording stands in data/letters, a file a language; what a
 * regime asks for in data/law. Nothing here is sent, and nothing is decided by time.
 *
 * A case of a person under 18, or whose age is not known, has one letter only: the hand-over to the
 * child hotline. Threads: any. */
#ifndef LAW_LETTER_H
#define LAW_LETTER_H

#include "law/facts.h"
#include "law/target.h"

#define LETTER_MAX_URLS 300

/* What was answered once about a case. Texts may be NULL: not answered. */
struct law_answers {
    struct law_situation situation;
    bool age_known;        /* ages counts; otherwise it is as under 18 */
    const char *country;   /* code: whose law, where the person lives */
    const char *shows;     /* what the content is, in words; no name */
    const char *facts;     /* why it is without consent */
    const char *seen;      /* the day on which it was last seen there: "2026-11-24" */
    const char *authority; /* how and when the person authorised the desk */
    const char *evidence;  /* what is held, where */
    const char *prior;     /* earlier reports */
    bool no_consent;       /* the person said so */
    bool good_faith;       /* the desk believes it, having looked at what was said */
    bool accurate;         /* the same of everything said */
    bool identity_checked; /* the desk knows who the person is */
    bool is_maker;         /* the person made the picture: holds the rights in it */
    const char *person;    /* name, only when the person wants to be named */
    const char *person_contact;
};

/* Who writes. */
struct law_sender {
    const char *organisation, *signer, *email, *contact; /* NULL: not set */
    bool is_trusted_flagger;
    bool is_designated; /* a body that the law of its country names */
};

/* What became of an earlier notice, for a complaint's annex. */
struct law_past {
    const char *url, *recipient, *sent, *due; /* days; due may be NULL */
    const char *state;                        /* "in_review", "refused" ... (cases/notice.h) */
};

enum law_author {
    LAW_BY_REPRESENTATIVE, /* the desk signs */
    LAW_BY_PERSON,         /* the person signs and sends it: where a law lets nobody else */
    LAW_BY_MAKER           /* copyright: the person signs, and is named */
};

struct law_letter_order {
    const char *lang;            /* of the letter */
    const struct law_rule *rule; /* NULL: none, or copyright */
    enum law_author author;
    enum law_target target;
    const char *recipient; /* its name */
    const char *reference; /* by which the answer is recognised */
    const char *day;       /* of the letter */
    const char *const *urls;
    size_t n_urls;
    const struct law_answers *answers;
    const struct law_sender *sender;
    const char *country_name;    /* of answers->country, as shown; or NULL */
    const char *const *offences; /* citations that may be named; n_offences */
    size_t n_offences;
    const struct law_past *past; /* for a complaint; n_past */
    size_t n_past;
    bool by_form; /* it is copied into the recipient's own form */
    bool wants_preserved;
    unsigned law_hours; /* the recipient's legal time limit, which runs; 0: none */
    unsigned own_hours; /* within which an answer is asked for otherwise */
};

/* Why an element is missing. */
enum law_lack {
    LAW_LACK_ANSWER,    /* it was not answered in the case */
    LAW_LACK_SENDER,    /* the operator has not set it: organisation, signer, address */
    LAW_LACK_FORM,      /* the law asks for its form, and this is another channel */
    LAW_LACK_CONFIRMED, /* a statement that nobody has confirmed yet */
    LAW_LACK_SAME       /* it was answered, and not as this law needs it */
};

struct law_missing {
    const char *element; /* id of the vocabulary */
    const char *label;   /* in English; in the catalogues */
    enum law_lack lack;
};

struct law_letter {
    const char *subject, *body; /* NULL when something is missing */
    const struct law_missing *missing;
    size_t n_missing;
};

/* What is missing, in English words for the desk; they are in the catalogues. */
const char *law_lack_words(enum law_lack lack);

/* Makes the letter, in the arena. What is missing is no error: see out->missing. Errors: LK_DENIED
 * (the case is under 18 or of unknown age, and the target is not the hotline), LK_UNSUPPORTED (this
 * sender may not send under this regime: the person must), LK_INVALID (no such language, no
 * recipient), LK_NOMEM, LK_LIMIT. */
enum lk_status law_letter_make(struct arena *arena, const struct law_letter_order *order,
                               struct law_letter *out, struct lk_error *err) LK_MUST_CHECK;

/* Whether the desk itself may send under the rule. */
bool law_may_represent(const struct law_rule *rule, const struct law_sender *sender);

/* Language number i that letters can be written in ("ar", "de" ...); NULL past the last. */
const char *law_letter_lang_at(size_t i);
bool law_letter_has_lang(const char *lang);

#endif
