/* law/help.h - who helps a person, by country and age.
 *
 * Read from the `support` entries of data/law, which are compiled in. Two rules of data/law/README
 * are kept here, so that no page can forget them: a phone number is given only when it was
 * verified, and an entry that rests on background knowledge says so (is_checked).
 * Threads: any. */
#ifndef LAW_HELP_H
#define LAW_HELP_H

#include "base/arena.h"
#include <stdbool.h>

struct law_country {
    const char *code;             /* ISO 3166-1 alpha-2, lower case */
    const char *name;             /* in English */
    const char *emergency_number; /* or NULL */
};

/* The country number i of the data, in the order of English names; false past the last. */
bool law_country_at(size_t i, struct law_country *country);

/* The country with this code; false when the data has none. code may be NULL. */
bool law_country_find(const char *code, struct law_country *country);

enum law_ages { LAW_UNDER_18, LAW_ADULT };

enum law_reach { LAW_NATIONAL, LAW_REGIONAL, LAW_WORLDWIDE };

struct law_help {
    const char *name, *what, *who_for; /* in English */
    const char *url;                   /* https */
    const char *phone;                 /* NULL unless verified */
    const char *languages;             /* in themselves: "English, español" */
    const char *language_codes;        /* "en es " */
    enum law_reach reach;
    bool is_anonymous; /* known to need no name */
    bool is_checked;   /* a public page that says so was read */
    bool is_for_age;   /* for exactly this age, not for anyone */
};

struct law_help_list {
    struct law_help *entries; /* national first, then regional, then worldwide; in each reach
                                 those for this age first; no web address twice */
    size_t n;
};

/* Who helps people of that age in that country (NULL or unknown: only worldwide). Entries for the
 * other age are left out, and for under 18 the worldwide ones that are not made for that age. Texts
 * live in the arena. Errors: LK_NOMEM.   Cost: reads up to three small JSON files, about a
 * millisecond. */
enum lk_status law_help(struct arena *arena, const char *country, enum law_ages ages,
                        struct law_help_list *out, struct lk_error *err) LK_MUST_CHECK;

#endif
