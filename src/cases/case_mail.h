/* cases/case_mail.h - the one mail that a person may ask for: "there is news", and nothing else.
 *
 * Off unless asked for. Unlike texts, an address must be readable by the service, or it could not
 * write: it is sealed under the case's key, goes when the person says stop or withdraws, and is
 * written to at most once a day. Threads: any. */
#ifndef CASES_CASE_MAIL_H
#define CASES_CASE_MAIL_H

#include "cases/case.h"

#define CASE_MAIL_ADDRESS_BYTES 255 /* with its NUL */
#define CASE_MAIL_LANG_BYTES    16

struct case_mail {
    int64_t case_row;
    char address[CASE_MAIL_ADDRESS_BYTES];
    char lang[CASE_MAIL_LANG_BYTES];
};

/* Asks for it, or changes the address. Errors: LK_INVALID (no address), LK_CONFLICT (the case is
 * closed), LK_IO. */
enum lk_status case_mail_set(struct registry *r, const struct case_access *access,
                             const char *address, const char *lang,
                             struct lk_error *err) LK_MUST_CHECK;

/* No more. What was never asked for is LK_OK. */
enum lk_status case_mail_stop(struct registry *r, const struct case_access *access,
                              struct lk_error *err) LK_MUST_CHECK;

/* The address that is set; "" for none. */
enum lk_status case_mail_get(struct registry *r, const struct case_access *access,
                             struct case_mail *out, struct lk_error *err) LK_MUST_CHECK;

#define CASE_MAIL_MAX_DUE 100

/* Whom to write to now: at most CASE_MAIL_MAX_DUE. */
enum lk_status case_mail_due(struct registry *r, struct arena *arena, struct case_mail **out,
                             size_t *n, struct lk_error *err) LK_MUST_CHECK;

/* It was sent: the next one on another day at the earliest. */
enum lk_status case_mail_sent(struct registry *r, const struct case_mail *mail,
                              struct lk_error *err) LK_MUST_CHECK;

#endif
