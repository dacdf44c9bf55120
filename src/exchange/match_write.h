/* exchange/match_write.h - matches as JSON (docs/api.yaml) and as bytes
 * (docs/formats/api-binary.md). */
#ifndef EXCHANGE_MATCH_WRITE_H
#define EXCHANGE_MATCH_WRITE_H

#include "base/json.h"
#include "cases/match.h"

#define MATCH_BINARY_TYPE "application/vnd.likeness.matches"
#define MATCH_PAGE        "/m/" /* and the link: the page that shows a match */

/* One match as a JSON object. A matcher that keeps no matches leaves id, state and link empty. */
void match_write(struct json *j, const struct match *match);

/* The whole answer to n queries. Failures show in the status of out. */
void match_write_json(struct buf *out, const struct lk_sequence *sequences,
                      const struct match_result *results, size_t n);
void match_write_binary(struct buf *out, const struct match_result *results, size_t n);

#endif
