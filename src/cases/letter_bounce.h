/* cases/letter_bounce.h - letters that came back: the address they come back to, and what follows.
 *
 * That address is name+LETTER-TOKEN@domain. The token is a short keyed hash, so that nobody who
 * knows or guesses the id of a letter can make it look as if it came back. Threads: any. */
#ifndef CASES_LETTER_BOUNCE_H
#define CASES_LETTER_BOUNCE_H

#include "cases/letter_out.h"

#define LETTER_BOUNCE_TOKEN_CHARS   10
#define LETTER_BOUNCE_ADDRESS_BYTES 320
#define LETTER_BOUNCE_MAX_NAME      20 /* bytes before the @ of the operator's address */

/* address: the operator's, name@domain. Errors: LK_INVALID: it is none, or its name is too long. */
enum lk_status letter_bounce_address(const struct registry *r, const char *address,
                                     const uint8_t id[LETTER_OUT_ID_BYTES],
                                     char out[LETTER_BOUNCE_ADDRESS_BYTES],
                                     struct lk_error *err) LK_MUST_CHECK;

/* A letter came back for good: its notices failed. One that did not go out, or came back before, is
 * left alone. letter: 32 hexadecimal digits; token: as in the address; "": the letter was found by
 * its Message-ID. Errors: LK_NOT_FOUND (no such letter), LK_DENIED (the token is not ours), LK_IO.
 */
enum lk_status letter_bounced(struct registry *r, const char *letter, const char *token,
                              struct lk_error *err) LK_MUST_CHECK;

#endif
