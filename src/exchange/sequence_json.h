/* exchange/sequence_json.h - a sequence as JSON, the form that pages, scripts and the API exchange.
 *
 *   {"medium": "image",
 *    "records": [{"kind": "whole", "front_end": "fullres", "quality": 97, "turn": 0,
 *                 "print": "<64 hexadecimal digits>"}],
 *    "digests": [{"type": "md5", "value": "<32 hexadecimal digits>"}]}
 *
 * A record may have "time_ms" (default 0), "x", "y" (default 128) and "size" (default 255); a
 * sequence "duration_ms" (default 0). "front_end" may be missing where a kind has only one. Members
 * that are not listed here are refused, so that nothing travels by accident. The binary form of the
 * same is in likeness/print.h. */
#ifndef EXCHANGE_SEQUENCE_JSON_H
#define EXCHANGE_SEQUENCE_JSON_H

#include "base/arena.h"
#include "base/json.h"
#include "sys/json_read.h"

#include <likeness/print.h>

/* Writes one value; members at their default are left out. Failures show in the buffer's status. */
void sequence_json_write(struct json *j, const struct lk_sequence *sequence);

/* Reads one value. The records live in the arena; the result has passed lk_sequence_check().
 * Errors: LK_INVALID, naming the member; LK_NOMEM at the arena's limit.   Threads: any. */
enum lk_status sequence_json_read(const struct json_tree *tree, struct arena *arena,
                                  struct lk_sequence *out, struct lk_error *err) LK_MUST_CHECK;

/* Reads a JSON array of sequences, at most `max`. *out lives in the arena.
 * Errors: as above, naming the place in the list; LK_LIMIT for more than max. */
enum lk_status sequence_json_read_list(const struct json_tree *list, size_t max,
                                       struct arena *arena, struct lk_sequence **out, size_t *n,
                                       struct lk_error *err) LK_MUST_CHECK;

#endif
