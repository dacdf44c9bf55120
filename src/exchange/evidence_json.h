/* exchange/evidence_json.h - what agreed in a match, as JSON: the "evidence" of the API's answer
 * and of likeness match --json (docs/api.yaml, Evidence). */
#ifndef EXCHANGE_EVIDENCE_JSON_H
#define EXCHANGE_EVIDENCE_JSON_H

#include "base/json.h"

#include <likeness/match.h>

/* The place in the words of people: by how many degrees the registered picture is turned clockwise
 * (-180..180), and its long side in long sides of the upload. */
double evidence_degrees(const struct lk_place *place);
double evidence_scale(const struct lk_place *place);
bool evidence_has_place(const struct lk_place *place);

/* Whether a video or a recording is on one side, so that there are times. */
bool evidence_lasts(const struct lk_verdict *verdict);

/* Writes one value. Failures show in the buffer's status. */
void evidence_json_write(struct json *j, const struct lk_verdict *verdict);

#endif
