/* service/api/match_write.h - matches as JSON (docs/api.yaml) and as bytes
 * (docs/formats/api-binary.md). */
#ifndef SERVICE_API_MATCH_WRITE_H
#define SERVICE_API_MATCH_WRITE_H

#include "base/json.h"
#include "cases/match.h"
#include "service/route.h"

#define MATCH_BINARY_TYPE "application/vnd.likeness.matches"
#define MATCH_PAGE        "/m/" /* and the link: the page that shows a match */

/* One match as a JSON object. */
void match_write(struct json *j, const struct match *match);

/* The whole answer to n queries. Failures show in the status of res->body. */
void match_write_json(struct response *res, const struct lk_sequence *sequences,
                      const struct match_result *results, size_t n);
void match_write_binary(struct response *res, const struct match_result *results, size_t n);

#endif
