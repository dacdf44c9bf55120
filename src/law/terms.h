/* law/terms.h - what a regime says about time, as data/law has it today: the number from the
 * country's file, how it is counted from clock-rules.json. Only values, no pointers: what was made
 * from it does not change with it. Threads: any. */
#ifndef LAW_TERMS_H
#define LAW_TERMS_H

#include "law/event.h"
#include "law/facts.h"
#include "law/workday.h"

enum law_unit { LAW_HOURS, LAW_DAYS, LAW_BUSINESS_DAYS, LAW_MONTHS };

/* Days in force, as far as they are certain: of "2022-08" as a beginning the last day, as an end
 * the first. */
#define LAW_ALWAYS_FROM  INT64_MIN
#define LAW_ALWAYS_UNTIL INT64_MAX

struct law_terms {
    enum law_status status;
    int64_t from_day, until_day; /* both in force */
    bool is_checked;             /* pages were read for the regime and for its number */
    bool is_binding;             /* false: no duty, or its force is not established */
    enum law_event starts_at;
    enum law_unit unit;
    unsigned count; /* of units; 0: no number */
    bool ends_on_workday;
    unsigned weekend;  /* law/workday.h */
    char country[5];   /* code of its file: "us", "eu" */
    char zone[40];     /* of the tz database; "": UTC */
    char law_date[11]; /* the day on which the file was last checked, "2026-11-22" */
};

/* regime: an id, or NULL. *found: whether data/law has it. Errors: LK_NOMEM.
 * Cost: reads two JSON files, about a millisecond. */
enum lk_status law_terms(const char *regime, struct law_terms *out, bool *found,
                         struct lk_error *err) LK_MUST_CHECK;

#endif
