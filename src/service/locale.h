/* service/locale.h - in which language a page speaks.
 *
 * English is the source: a message is its own English text. Other catalogues are gettext .po files
 * in web/locale, compiled into sorted tables (tools/po.py), so nothing is loaded at run time.
 * Threads: any; everything here is constant. */
#ifndef SERVICE_LOCALE_H
#define SERVICE_LOCALE_H

#include <likeness/status.h>
#include <stdbool.h>
#include <stddef.h>

struct message {
    const char *id;   /* the English text */
    const char *text; /* in the language of the table */
};

struct locale {
    const char *code;               /* "en", "es": BCP 47, lower case */
    const char *name;               /* in the language itself: "Español" */
    const char *dir;                /* "ltr" or "rtl" */
    bool is_reviewed;               /* a native speaker has read it */
    const struct message *messages; /* sorted by id; NULL for English */
    size_t n_messages;
};

/* All languages of this build, English first. */
const struct locale *locale_all(size_t *n);

/* The language with this code, or NULL. code may be NULL. */
const struct locale *locale_find(const char *code);

/* What a browser's Accept-Language asks for, weights respected, "es-MX" meeting "es"; English when
 * nothing fits or header is NULL; only those offered (codes as below). */
const struct locale *locale_accept(const char *header, const char *codes);

/* Is the language among `codes` (apart by spaces or commas; NULL: all of them)? English always is.
 */
bool locale_is_offered(const struct locale *locale, const char *codes);

/* Errors: LK_INVALID, naming a code that is no language of this build. */
enum lk_status locale_check_list(const char *codes, struct lk_error *err) LK_MUST_CHECK;

/* The text of a message; the English itself where there is no translation. Never NULL. */
const char *locale_text(const struct locale *locale, const char *id);

#endif
