/* law/deadline.h - from a regime and an event to a clock, or to the reason why none runs.
 *
 * A clock runs only for a regime that was in force on the day of the event, where it names a
 * number, and from the event that it names. Four kinds stay apart, whose clock it is. Where the
 * regime or its number was not checked, or its force not established, the clock is a reminder for
 * the desk: it counts in no public figure, and nothing goes out by itself because of it.
 *
 * What comes out is a value to be kept with the notice. Nothing works it out again: a change of the
 * law, or of what is known of it, holds for notices after it. Hours run from moment to moment; a
 * day ends at midnight of the zone that data/law/clock-rules.json names. Threads: any. */
#ifndef LAW_DEADLINE_H
#define LAW_DEADLINE_H

#include "law/terms.h"
#include "sys/zone.h"

/* Stored with notices and events: never renumber. */
enum law_clock_kind {
    LAW_CLOCK_NONE,
    LAW_CLOCK_PLATFORM,     /* the platform's, after a person's notice */
    LAW_CLOCK_BY_REGULATOR, /* the platform's, after a regulator's notice */
    LAW_CLOCK_REGULATOR,    /* the regulator's own */
    LAW_CLOCK_COURT,        /* the platform's, after the order of a court, or like one */
    LAW_CLOCK_OWN           /* no law's: the operator's reminder */
};

/* Why no clock runs. */
enum law_no_clock {
    LAW_CLOCK_RUNS,
    LAW_NO_REGIME,   /* data/law has none of that id */
    LAW_NO_DUTY_YET, /* only proposed, or not in force as far as is known */
    LAW_TOO_EARLY,   /* the event was before it came into force, or may have been */
    LAW_TOO_LATE,    /* after its last day in force */
    LAW_NO_NUMBER,   /* it says "promptly" or the like */
    LAW_OTHER_EVENT, /* its time runs from another event */
    LAW_N_NO_CLOCK
};

/* For the desk, in plain English: "this law names no number of hours or days". "" when it runs. */
const char *law_no_clock_text(enum law_no_clock reason);

struct law_deadline {
    bool runs;
    enum law_no_clock reason; /* when it does not run */
    enum law_event starts_at; /* the event that the regime names; none: LAW_EVENT_NONE */
    enum law_clock_kind kind; /* when it runs: never LAW_CLOCK_OWN */
    int64_t due_ms;           /* from here on it is overdue; later than the event */
    bool counts_publicly;     /* false: a reminder */
    enum law_unit unit;
    unsigned count;
    char law_date[11]; /* the day of the facts that it was made from */
};

/* at_ms: the event's time. holidays: or NULL. Errors: LK_NOMEM; LK_NOT_FOUND (the zone is not on
 * this machine). Cost: about a millisecond. */
enum lk_status law_deadline(const char *regime, enum law_event event, int64_t at_ms,
                            const struct law_holidays *holidays, struct law_deadline *out,
                            struct lk_error *err) LK_MUST_CHECK;

/* The same from terms, and with their zone. Pure. */
void law_deadline_of(const struct law_terms *terms, const struct zone *zone, enum law_event event,
                     int64_t at_ms, const struct law_holidays *holidays, struct law_deadline *out);

/* A time for a page, as the clocks of a zone show it: "2026-11-24 15:00 GMT+5:30", with seconds
 * left out. A deadline at midnight is the end of a day: "2026-11-24 24:00 UTC". */
#define LAW_TIME_BYTES 48
void law_deadline_format(const struct zone *zone, int64_t due_ms, char text[LAW_TIME_BYTES]);

#endif
