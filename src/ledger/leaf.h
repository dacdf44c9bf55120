/* ledger/leaf.h - one leaf of the ledger: the canonical bytes of one event
 * (docs/formats/ledger.md).
 *
 * What was demanded or answered, by which partner, under which law, when, and until when; the
 * subject only as a commitment. No print, no address, no name of a person. The same event gives
 * the same bytes for ever. */
#ifndef LEDGER_LEAF_H
#define LEDGER_LEAF_H

#include <likeness/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEAF_MAX_PARTNER_BYTES 100
#define LEAF_MAX_REGIME_BYTES  64
#define LEAF_MIN_BYTES         67
#define LEAF_MAX_BYTES         (LEAF_MIN_BYTES + LEAF_MAX_PARTNER_BYTES + LEAF_MAX_REGIME_BYTES)

struct leaf {
    uint64_t sequence; /* of the event, from 1: the leaf's index and one */
    uint8_t type;      /* enum event_type */
    uint8_t clock_kind;
    uint8_t outcome,
        reason; /* enum match_state of an answer, notice_state of a notice; match_reason */
    uint8_t tier, medium;
    uint8_t confidence; /* of the deadline, in percent; 0: none */
    bool day_only;      /* of the event's time only the day is known */
    int64_t event_s;    /* since 1970 UTC */
    int64_t due_s;      /* 0: none */
    uint8_t commitment[32];
    char partner[LEAF_MAX_PARTNER_BYTES + 1]; /* "": none */
    char regime[LEAF_MAX_REGIME_BYTES + 1];   /* id in data/law; "": none */
};

/* Writes the bytes; returns how many. */
size_t leaf_put(const struct leaf *leaf, uint8_t out[LEAF_MAX_BYTES]);

/* Reads exactly n bytes. Errors: LK_INVALID (not a leaf), LK_UNSUPPORTED (a later version). */
enum lk_status leaf_read(struct leaf *leaf, const uint8_t *bytes, size_t n,
                         struct lk_error *err) LK_MUST_CHECK;

#endif
