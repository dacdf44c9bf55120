/* worker/sequence_join.h - pictures and sound in one sequence. */
#ifndef WORKER_SEQUENCE_JOIN_H
#define WORKER_SEQUENCE_JOIN_H

#include <likeness/print.h>

/* Puts two lists of records, each in time order, into one; at most LK_MAX_RECORDS, the sounds at
 * the end left out beyond. *out comes from malloc. False without memory. */
bool sequence_join(const struct lk_record *frames, size_t n_frames, const struct lk_record *sounds,
                   size_t n_sounds, struct lk_record **out, size_t *n_out);

#endif
