/* service/case_json.h - a case as JSON: for GET-like calls and for the download of everything. */
#ifndef SERVICE_CASE_JSON_H
#define SERVICE_CASE_JSON_H

#include "base/json.h"
#include "cases/case.h"

/* The members of an object that the caller opens and closes. */
void case_json_members(struct json *j, const struct case_view *view);

/* A member "prints": each item that is held, as docs/formats tells sequences. */
void case_json_prints(struct json *j, const struct case_prints *prints);

#endif
