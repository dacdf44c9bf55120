/* law/event.h - what starts the clock of a law. */
#ifndef LAW_EVENT_H
#define LAW_EVENT_H

enum law_event {
    LAW_EVENT_NONE,
    LAW_NOTICE_RECEIVED,     /* a person's notice reached the platform */
    LAW_AUTHORITY_NOTICE,    /* a regulator or another authority told the platform */
    LAW_REPORT_TO_REGULATOR, /* a report reached the regulator */
    LAW_ORDER,               /* a court, or an authority that can order, ordered the platform */
    LAW_UPLOADER_ASKED,      /* the platform asked whoever put it up */
    LAW_N_EVENTS
};

/* The words of data/law/clock-rules.json: "notice_received" ...; "" for none. */
const char *law_event_word(enum law_event event);
enum law_event law_event_of(const char *word); /* LAW_EVENT_NONE: none of them, or NULL */

#endif
