/* cases/partner_session.h - a platform signed in to the pages of its inbox.
 *
 * Who has the key opens a session; the browser keeps the session's token, never the key. The store
 * holds a keyed hash of the token. A session ends when it is left, idle or old, and with the key.
 * Threads: any. */
#ifndef CASES_PARTNER_SESSION_H
#define CASES_PARTNER_SESSION_H

#include "cases/partner.h"

#define PARTNER_TOKEN_CHARS 43 /* base64url of 32 random bytes */
#define PARTNER_IDLE_MS     (2 * 3600 * 1000)
#define PARTNER_SESSION_MS  (12 * 3600 * 1000)

/* `token` receives what the session is known by. Errors: LK_DENIED (no partner has this key, or one
 * that is no platform: its text says which may be shown), LK_IO. */
enum lk_status partner_sign_in(struct registry *r, const char *key, size_t n,
                               char token[PARTNER_TOKEN_CHARS + 1],
                               struct lk_error *err) LK_MUST_CHECK;

/* Who has the session. Errors: LK_DENIED (over, or none), LK_IO. */
enum lk_status partner_session(struct registry *r, const char *token, struct partner *out,
                               struct lk_error *err) LK_MUST_CHECK;

enum lk_status partner_sign_out(struct registry *r, const char *token,
                                struct lk_error *err) LK_MUST_CHECK;

/* Deletes the sessions that are over. */
enum lk_status partner_session_expire(struct registry *r, struct lk_error *err) LK_MUST_CHECK;

/* A text that a form of this session carries, so that no other site can post it. */
#define PARTNER_FORM_CHARS 32
void partner_form_token(const struct registry *r, const char *session,
                        char token[PARTNER_FORM_CHARS + 1]);

#endif
