/* store/event_rows.h - every demand and every answer, written in the transaction that makes it so,
 * with the fields of the ledger's leaves. No print, location or name of a person is among them: the
 * subjects stand only as SHA-256(salt || ids), and the salt is in a table of its own, so that
 * destroying it makes the event speak of nobody. Nothing changes an event again. */
#ifndef STORE_EVENT_ROWS_H
#define STORE_EVENT_ROWS_H

#include "store/change_rows.h"

enum event_type {
    EVENT_MATCH_REPORTED = 1, /* a demand: a match was reported to a partner */
    EVENT_WITHDRAWAL = 2,     /* a demand: entries of a case were withdrawn */
    EVENT_ANSWER = 3,         /* a partner's answer */
    EVENT_NOTICE = 4,         /* a demand of the desk about an address, or what became of it */
    EVENT_OVERDUE = 5         /* the clock of such a demand ran out without an answer */
};

struct event {
    unsigned type;                       /* enum event_type */
    int64_t partner;                     /* row; 0: none */
    const char *regime;                  /* id of the law; NULL: none */
    unsigned clock_kind;                 /* 0: no clock */
    int64_t event_ms;                    /* what a person did: only the day */
    int64_t due_ms;                      /* 0: none */
    unsigned outcome, reason;            /* enum match_state, match_reason of an answer; 0 */
    unsigned tier, medium;               /* of the entry; 0 when it concerns several */
    unsigned confidence;                 /* of the deadline, in percent; 0: none */
    int64_t case_row;                    /* with which the salt is destroyed */
    uint8_t subjects[2][STORE_ID_BYTES]; /* public ids; unused ones are zero */
};

/* Appends an event; *seq (may be NULL) receives its number, without gaps. */
enum lk_status event_put(struct store_tx *tx, const struct event *event, uint64_t *seq,
                         struct lk_error *err) LK_MUST_CHECK;

/* Destroys the salts of a case that is being closed: its events then speak of nobody. */
enum lk_status event_salts_destroy(struct store_tx *tx, int64_t case_row,
                                   struct lk_error *err) LK_MUST_CHECK;

#endif
