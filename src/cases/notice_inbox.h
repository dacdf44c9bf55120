/* cases/notice_inbox.h - the inbox of a platform with a key: letters of the desk, and its answers.
 *
 * A letter to an inbox is there from the moment it is sent, with its text and the addresses it is
 * about; each address is a notice with its own state and clock. Ids are random and belong to one
 * partner: two partners that were told of the same address cannot join theirs, and nothing here
 * names the case. When a case is closed its letters are gone. Threads: any. */
#ifndef CASES_NOTICE_INBOX_H
#define CASES_NOTICE_INBOX_H

#include "cases/letter.h"
#include "cases/match.h"
#include "cases/notice.h"

#define INBOX_ID_CHARS    (2 * LETTER_ID_BYTES)
#define INBOX_MAX_LIST    100
#define INBOX_MAX_ANSWERS 50 /* of one notice: steps, as the desk reads them all */

struct inbox_notice {
    char id[INBOX_ID_CHARS + 1];
    const char *address;
    uint8_t state;  /* enum notice_state */
    uint8_t reason; /* enum match_reason; 0: none */
    int64_t sent_ms, changed_ms;
    int64_t due_ms; /* 0: the next move is not the partner's */
    bool by_law;    /* the time limit is the law's */
    bool is_overdue;
};

struct inbox_letter {
    char id[INBOX_ID_CHARS + 1];
    char reference[LETTER_REFERENCE_BYTES]; /* as it stands in the text */
    const char *regime;                     /* its id in data/law; NULL: none */
    const char *lang, *subject, *body;
    uint8_t kind, origin, medium; /* enum law_kind, law_origin, law_medium: as the text says */
    int64_t made_ms;
    struct inbox_notice *notices;
    size_t n_notices;
    uint64_t seq; /* rises with time: the `after` of the next page */
};

struct inbox_filter {
    uint64_t after;  /* seq of the last one already seen; 0: from the first */
    unsigned limit;  /* 1..INBOX_MAX_LIST; 0: 20 */
    bool is_waiting; /* only letters with an address that waits for an answer */
};

/* A partner's letters, the oldest first, with all their addresses. A page ends before the limit
 * when its texts are long. *more: there are others after these.
 * Errors: LK_DENIED (no platform), LK_LIMIT, LK_INVALID (after), LK_CORRUPT, LK_IO, LK_NOMEM. */
enum lk_status inbox_list(struct registry *r, const struct partner *partner, struct arena *arena,
                          const struct inbox_filter *filter, struct inbox_letter **letters,
                          size_t *n, bool *more, struct lk_error *err) LK_MUST_CHECK;

/* The letter of one notice, with that notice alone. Errors: LK_NOT_FOUND (no such notice, or
 * another partner's: never which), and those of inbox_list(). */
enum lk_status inbox_get(struct registry *r, const struct partner *partner, const char *id,
                         size_t n_id, struct arena *arena, struct inbox_letter *out,
                         struct lk_error *err) LK_MUST_CHECK;

/* Records an answer as a step and an event, in one transaction. Outcomes and reasons are those of
 * matches (cases/match_state.h); `restored` may say why with a reason of a refusal or a dispute.
 * Which may follow is notice_may_follow(). The same answer again writes nothing; the same outcome
 * with another reason or note is a correction, which moves no clock. The note is for the desk,
 * sealed under the case's key. *out is the notice after it.
 * Errors: LK_DENIED (no platform), LK_INVALID (outcome, reason, text), LK_NOT_FOUND, LK_CONFLICT
 * (may not follow, or an idempotency key used for another request), LK_LIMIT (the note; or
 * INBOX_MAX_ANSWERS were given), LK_CORRUPT, LK_IO, LK_NOMEM. */
enum lk_status inbox_answer(struct registry *r, const struct partner *partner, const char *id,
                            size_t n_id, const struct match_reply *reply, struct arena *arena,
                            struct inbox_notice *out, struct lk_error *err) LK_MUST_CHECK;

/* May a platform answer so, in a state (enum notice_state)? The same outcome again is a correction.
 */
bool inbox_may_answer(unsigned state, unsigned outcome);

#endif
