/* law/facts.h - what applies to a situation in a country: rules, offences, limits, with sources.
 *
 * Read from data/law, a country's file merged with that of its union (parent). What was found and
 * how sure it is stay together: every statement says whether a public page was read for it
 * (is_checked) and which one. Texts are in English, as researched; titles of rules and labels of
 * notice elements are in the catalogues of web/locale too. Threads: any. */
#ifndef LAW_FACTS_H
#define LAW_FACTS_H

#include "law/event.h"
#include "law/situation.h"

struct law_source {
    const char *title, *url; /* url: https, or NULL */
    const char *as_of;       /* date of the page or fact, or NULL */
    const char *seen;        /* the day it was read, or NULL */
};

/* What a statement rests on. */
struct law_basis {
    bool is_checked;         /* a public page that says so was read */
    const unsigned *sources; /* places in law_facts.sources */
    size_t n_sources;
};

enum law_status { LAW_IN_FORCE, LAW_NOT_YET_IN_FORCE, LAW_PROPOSED };

/* Does it reach edited or computer-made content? */
enum law_fakes {
    LAW_FAKES_UNCLEAR,
    LAW_FAKES_EXPRESS,        /* the text says so */
    LAW_FAKES_INTERPRETATION, /* as it is commonly read */
    LAW_FAKES_NOT_COVERED,
    LAW_FAKES_NO_MATTER /* the rule does not turn on it */
};

/* Why a rule of this field does not reach the situation. */
enum law_miss {
    LAW_FITS,
    LAW_MISS_REAL,      /* only for what a computer made */
    LAW_MISS_SYNTHETIC, /* not for what a computer made */
    LAW_MISS_MEDIUM,
    LAW_MISS_AGE,
    LAW_MISS_STAGE
};

enum law_recipient { LAW_TO_UNSAID, LAW_TO_PLATFORM, LAW_TO_REGULATOR, LAW_TO_COURT };

struct law_element {
    const char *id;    /* of the fixed vocabulary: "signature", "locate_content" ... */
    const char *label; /* the vocabulary's English label, the same in every rule */
    bool is_required;
};

/* Whom to turn to next, as the regime's file lists them. */
struct law_escalation {
    bool has_hours;
    unsigned after_hours; /* from the notice; 0: in parallel, from the start */
    const char *to;       /* a name */
    const char *how;      /* or NULL */
};

/* A regime: a duty or a right with which content can be taken down. */
struct law_rule {
    const char *id, *title, *citation;
    const char *kind; /* "platform_takedown", "regulator_takedown", "court_order" ... */
    enum law_status status;
    const char *in_force_from; /* a date or month, or NULL */
    enum law_fakes fakes;
    enum law_miss miss;
    bool has_notice;
    enum law_recipient recipient;
    const char *const *senders; /* "depicted_person", "authorised_representative" ... */
    size_t n_senders;
    const struct law_element *elements;
    size_t n_elements;
    bool elements_checked;
    unsigned deadline_hours; /* 0: no number */
    bool deadline_checked;
    enum law_event starts_at;                          /* its clock; none where it has none */
    const char *deadline_text, *clock_starts, *appeal; /* or NULL */
    const char *official_form;                         /* https, or NULL */
    const char *regulator, *regulator_url;             /* or NULL */
    const char *notes;                                 /* or NULL */
    const struct law_escalation *escalations;
    size_t n_escalations;
    const char *const *exclusions;
    size_t n_exclusions;
    struct law_basis basis;
};

struct law_offence {
    const char *title, *citation;
    enum law_status status;
    enum law_fakes fakes;
    const char *elements, *notes; /* or NULL */
    const char *const *defences;
    size_t n_defences;
    struct law_basis basis;
};

/* What is not an offence, or has no rule, as far as found. */
struct law_gap {
    const char *note;
    struct law_basis basis;
};

struct law_police {
    const char *text, *url; /* or NULL */
    const char *phone;      /* NULL unless verified */
    const char *risk;       /* why a report can harm whoever makes it, or NULL: none is known */
    struct law_basis basis;
};

struct law_facts {
    const char *country;      /* its name in English; NULL: none chosen */
    const char *last_checked; /* a date */
    const struct law_rule *rules;
    size_t n_rules; /* those that fit first, and of them those in force first */
    const struct law_offence *offences;
    size_t n_offences;
    const struct law_gap *gaps;
    size_t n_gaps;
    struct law_police police;
    const struct law_source *sources;
    size_t n_sources;
};

/* What applies to s in that country; nothing but an empty answer when the country is NULL or
 * unknown. Texts live in the arena.
 * Errors: LK_NOMEM, LK_LIMIT.   Cost: reads up to five small JSON files, a few milliseconds. */
enum lk_status law_facts(struct arena *arena, const char *country, const struct law_situation *s,
                         struct law_facts *out, struct lk_error *err) LK_MUST_CHECK;

/* One regime by its id, whatever it is about; its miss says how it fits s. *last_checked (may be
 * NULL) receives the date of its file. Errors: LK_INVALID (no regime of that id), LK_NOMEM. */
enum lk_status law_rule_of(struct arena *arena, const char *regime, const struct law_situation *s,
                           struct law_rule *out, const char **last_checked,
                           struct lk_error *err) LK_MUST_CHECK;

/* The vocabulary of notice elements: label and id of element i, NULL past the last. */
const char *law_element_label_at(size_t i);
const char *law_element_id_at(size_t i);

#endif
