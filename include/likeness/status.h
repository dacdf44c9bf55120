/* likeness/status.h - the one error convention.
 *
 * A function that can fail returns enum lk_status. Each code says what the CALLER should do about
 * it; the text in struct lk_error says what happened, naming the thing, the value, the limit and
 * the way out, without secrets, so that it can be shown to a stranger as it is. */
#ifndef LIKENESS_STATUS_H
#define LIKENESS_STATUS_H

#if defined(__GNUC__)
#define LK_MUST_CHECK     __attribute__((warn_unused_result))
#define LK_PRINTF(fm, ar) __attribute__((format(printf, fm, ar)))
#else
#define LK_MUST_CHECK
#define LK_PRINTF(fm, ar)
#endif

enum lk_status {
    LK_OK = 0,
    LK_INVALID,     /* the input is wrong: mend it before asking again */
    LK_UNSUPPORTED, /* understood, but not something this build or version does */
    LK_CORRUPT,     /* stored or received bytes are damaged: restore or resend */
    LK_LIMIT,       /* a stated limit was met: the text names it */
    LK_NOT_FOUND,   /* nothing by that name */
    LK_CONFLICT,    /* the state does not allow it (exists already, done already) */
    LK_DENIED,      /* not allowed for this caller */
    LK_TIMEOUT,     /* took longer than allowed: may be tried again */
    LK_BUSY,        /* try again a little later */
    LK_IO,          /* the operating system refused: disk full, device error, pipe closed */
    LK_NOMEM,       /* no memory within the limit given */
    LK_INTERNAL,    /* our own mistake: report it */
    LK_N_STATUS
};

#define LK_ERROR_TEXT_BYTES 256

/* Lives on the caller's stack. Untouched on success. */
struct lk_error {
    enum lk_status status;
    char text[LK_ERROR_TEXT_BYTES]; /* lower case, no full stop, NUL-terminated */
};

/* The stable name of a status ("not_found"), for JSON and scripts. Never NULL. */
const char *lk_status_name(enum lk_status status);

/* The HTTP status that stands for it (200..599). */
int lk_status_http(enum lk_status status);

/* The exit code that stands for it: 0 for LK_OK, else 3 and up (1 is "no match", 2 is usage). */
int lk_status_exit(enum lk_status status);

/* Fills *err (which may be NULL) and returns `status`. Formats a subset of printf:
 * %s %.*s %c %d %u %x with the lengths l, ll and z, zero padding and width, %.Nf, %%. */
enum lk_status lk_error_set(struct lk_error *err, enum lk_status status, const char *format, ...)
    LK_PRINTF(3, 4);

#endif
