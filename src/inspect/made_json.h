/* inspect/made_json.h - a report as JSON, for scripts and for the page. */
#ifndef INSPECT_MADE_JSON_H
#define INSPECT_MADE_JSON_H

#include "base/json.h"
#include "inspect/report.h"

/* Writes keys and values into the object that is open. Prompts and who wrote them are left out
 * unless they are asked for: "hidden":true stands in place of their text. */
void made_json(struct json *j, const struct inspect_report *report, bool with_prompts);

#endif
