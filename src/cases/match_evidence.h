/* cases/match_evidence.h - what agreed between an upload and an entry, so that a person who looks
 * at a match later sees why it was made: where the entry lies in the upload, how large, how turned,
 * and up to sixteen anchors of either side. No print and no pixel.
 *
 * It tells a little of the registered picture (its shape, and where it has blobs), so a match keeps
 * it sealed under the key of the entry's case: a withdrawal destroys it with everything else. */
#ifndef CASES_MATCH_EVIDENCE_H
#define CASES_MATCH_EVIDENCE_H

#include <likeness/match.h>

struct match_evidence {
    struct lk_frame query_whole, entry_whole; /* of the first whole prints: the pictures' shapes;
                                                 all zero: not known */
    struct lk_verdict verdict;
};

/* What is kept. */
#define MATCH_EVIDENCE_BYTES (32 + 20 + 10 * LK_MAX_SHOWN_VOTES)

/* Writes at most MATCH_EVIDENCE_BYTES; returns how many. */
size_t match_evidence_write(const struct match_evidence *e, uint8_t out[MATCH_EVIDENCE_BYTES]);

/* Reads what match_evidence_write() wrote; what a match row has in columns of its own (grade,
 * distance, votes, coverage, turn, range) is the caller's to fill in. Errors: LK_CORRUPT;
 * LK_UNSUPPORTED (a newer version). */
enum lk_status match_evidence_read(const uint8_t *bytes, size_t n, struct match_evidence *out,
                                   struct lk_error *err) LK_MUST_CHECK;

/* The frame of the first whole print of a sequence; all zero when it has none. */
struct lk_frame match_whole_frame(const struct lk_sequence *sequence);

#endif
