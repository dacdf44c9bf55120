/* cases/desk_request.h - what takes two: one member of staff asks, another allows or declines.
 *
 * Letters of many cases at once, and exports, leave the desk only so. What was asked for is sealed.
 * Threads: any. */
#ifndef CASES_DESK_REQUEST_H
#define CASES_DESK_REQUEST_H

#include "cases/desk.h"
#include "cases/desk_pack.h"
#include "cases/staff.h"

#define DESK_BULK_MAX_CASES 50

enum desk_request_kind {
    REQUEST_LETTERS = 1, /* the letters that each of some cases needs, as proposed */
    REQUEST_PACK = 2,    /* an evidence pack of one case (cases/desk_pack.h) */
};

enum desk_request_state { REQUEST_ASKED = 1, REQUEST_DONE, REQUEST_DECLINED };

struct desk_request {
    int64_t row;
    unsigned kind, state;
    int64_t asked_ms, decided_ms;
    const char *staff, *decided_by; /* names, or NULL */
    bool is_mine;                   /* asked by whoever looks */
    const char (*cases)[DESK_CASE_CHARS + 1];
    size_t n_cases;
    const struct desk_pack_wish *pack; /* of REQUEST_PACK, else NULL */
};

/* Asks for the letters of these cases (32 hexadecimal digits each). Errors: LK_INVALID (none, or no
 * case's name), LK_LIMIT (DESK_BULK_MAX_CASES), LK_IO. */
enum lk_status desk_request_letters(struct registry *r, const struct staff_hand *by,
                                    const char *const *cases, size_t n,
                                    struct lk_error *err) LK_MUST_CHECK;

/* The newest first: those that wait, then those decided in the last days. */
enum lk_status desk_requests(struct registry *r, const struct staff_hand *by, struct arena *arena,
                             struct desk_request **out, size_t *n,
                             struct lk_error *err) LK_MUST_CHECK;

/* A case of which letters were left: a person does them by hand. */
struct desk_left {
    char case_id[DESK_CASE_CHARS + 1];
    unsigned n_guessed; /* the mail address is a guess, and a person's to confirm */
    unsigned n_missing; /* something is missing in the letter */
};

struct desk_bulk {
    bool is_pack;     /* it was one, and waits to be taken; the rest is of letters */
    size_t n_sent;    /* letters on their way */
    size_t n_lacking; /* not sent: the sum of what is left */
    size_t n_cases;   /* looked at */
    struct desk_left left[DESK_BULK_MAX_CASES];
    size_t n_left; /* in the order in which they were asked for */
};

/* Decides. Allowing does it at once, in the name of who allows. Letters go case by case: each is
 * its own transaction, and what was sent stays sent if a later one cannot be. A pack is made first;
 * if that fails, nothing is decided. Errors: LK_NOT_FOUND, LK_CONFLICT (decided already), LK_DENIED
 * (one's own, or no right to decide, or the desk's key is not at hand), those of `make`, LK_IO. */
enum lk_status desk_request_decide(struct registry *r, const struct staff_hand *by, int64_t row,
                                   bool allow, desk_pack_make *make, void *ctx,
                                   struct desk_bulk *out, struct lk_error *err) LK_MUST_CHECK;

#endif
