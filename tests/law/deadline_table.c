/* Says what law/deadline.h says: for each line "REGIME EVENT UTC_SECONDS" of standard input one
 * line "START | DUE | WHOSE | what it is", or "START | REASON", with times as the clocks of the
 * law's zone show them. For deadlines.py. */
#include "law/deadline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const whose[] = {
    [LAW_CLOCK_PLATFORM] = "the platform's, after a person's notice",
    [LAW_CLOCK_BY_REGULATOR] = "the platform's, after a regulator's notice",
    [LAW_CLOCK_REGULATOR] = "the regulator's own",
    [LAW_CLOCK_COURT] = "the platform's, after an order",
};

static enum law_event event_of(const char *word)
{
    for (enum law_event e = LAW_EVENT_NONE; e < LAW_N_EVENTS; e++)
        if (strcmp(law_event_word(e), word) == 0)
            return e;
    fprintf(stderr, "no event %s\n", word);
    exit(2);
}

static void stop_at(enum lk_status status, const struct lk_error *err)
{
    if (status == LK_OK)
        return;
    fprintf(stderr, "%s\n", err->text);
    exit(2);
}

static void say(const char *regime, const char *event, int64_t at_ms)
{
    struct law_deadline d;
    struct law_terms terms;
    struct lk_error err;
    struct zone *zone;
    bool found;
    char text[LAW_TIME_BYTES];
    stop_at(law_deadline(regime, event_of(event), at_ms, NULL, &d, &err), &err);
    stop_at(law_terms(regime, &terms, &found, &err), &err);
    stop_at(zone_open(terms.zone[0] == '\0' ? "UTC" : terms.zone, &zone, &err), &err);
    law_deadline_format(zone, at_ms, text);
    printf("%s | ", text);
    law_deadline_format(zone, d.due_ms, text);
    if (d.runs)
        printf("%s | %s | %s\n", text, whose[d.kind], d.counts_publicly ? "counts" : "reminder");
    else
        printf("%s\n", law_no_clock_text(d.reason));
    zone_free(zone);
}

int main(void)
{
    char line[256], regime[64], event[64];
    long long at_s;
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "%63s %63s %lld", regime, event, &at_s) != 3)
            return 2;
        say(regime, event, at_s * 1000);
    }
    return 0;
}
