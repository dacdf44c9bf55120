/* exchange/sequence_list.h - sequences in their binary form, one behind the other: how the page
 * sends what a person registers. */
#ifndef EXCHANGE_SEQUENCE_LIST_H
#define EXCHANGE_SEQUENCE_LIST_H

#include "base/arena.h"

#include <likeness/print.h>

/* Reads at most max sequences from all of bytes[0..n). *out and the records live in the arena; each
 * sequence has passed lk_sequence_check(). n 0 gives none.
 * Errors: those of lk_sequence_decode(), naming the place in the list; LK_LIMIT for more than max;
 * LK_NOMEM at the arena's limit.   Threads: any. */
enum lk_status sequence_list_read(const uint8_t *bytes, size_t n, size_t max, struct arena *arena,
                                  struct lk_sequence **out, size_t *n_sequences,
                                  struct lk_error *err) LK_MUST_CHECK;

#endif
