/* cases/letter_out.h - the desk's letters by mail on their way out: which is due, that it is being
 * handed over, what came of it.
 *
 *     ready | retry --begin--> handing_over --end--> handed_over | retry | dead | unclear
 *
 * begin is durable before the mail server can have the letter, so whatever stops us in the middle
 * leaves it in handing_over: nobody sends it again, and at the next start it is unclear, for a
 * person to settle. Tried again with growing pauses, from a minute to eight hours, about three days
 * long. With the letter its notices move, in one transaction: delivered when it was handed over,
 * failed when it is dead or came back. A closed case has no letters. Threads: any. */
#ifndef CASES_LETTER_OUT_H
#define CASES_LETTER_OUT_H

#include "cases/letter.h"
#include "cases/registry.h"

#define LETTER_OUT_ID_BYTES  16
#define LETTER_OUT_MAX_TRIES 18

struct letter_out {
    uint8_t id[LETTER_OUT_ID_BYTES];
    unsigned target; /* enum law_target */
    int64_t made_ms;
    const char *address, *subject, *body, *lang;
    const char *const *urls;
    size_t n_urls;
};

/* The letter that has been due the longest, opened, in the arena. Errors: LK_NOT_FOUND (none is
 * due), LK_CORRUPT (*out holds its id alone: it does not open), LK_IO, LK_NOMEM. */
enum lk_status letter_out_next(struct registry *r, struct arena *arena, struct letter_out *out,
                               struct lk_error *err) LK_MUST_CHECK;

/* The mail server is about to read it. Errors: LK_CONFLICT (it is no longer to be sent),
 * LK_NOT_FOUND (its case was closed), LK_IO: it must not be sent. */
enum lk_status letter_out_begin(struct registry *r, const uint8_t id[LETTER_OUT_ID_BYTES],
                                struct lk_error *err) LK_MUST_CHECK;

/* What came of it: LETTER_HANDED_OVER, LETTER_RETRY (which becomes LETTER_DEAD after
 * LETTER_OUT_MAX_TRIES), LETTER_DEAD, LETTER_UNCLEAR; or LETTER_BOUNCED, of one that went out.
 * problem: without addresses; NULL: none. A letter of which that cannot come, because a person
 * settled it meanwhile, is left alone. *state receives what it became, or what it was; 0: it is
 * gone with its case. Errors: LK_IO. */
enum lk_status letter_out_end(struct registry *r, const uint8_t id[LETTER_OUT_ID_BYTES],
                              unsigned outcome, const char *problem, unsigned *state,
                              struct lk_error *err) LK_MUST_CHECK;

/* At the start: what was being handed over when we stopped is unclear. *n: how many. */
enum lk_status letter_out_recover(struct registry *r, size_t *n,
                                  struct lk_error *err) LK_MUST_CHECK;

/* How long to wait after so many tries, 1 or more. Pure. */
int64_t letter_out_pause_ms(unsigned n_tries);

#endif
