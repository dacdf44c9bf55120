#include "law/event.h"

#include <stddef.h>
#include <string.h>

static const char *const words[LAW_N_EVENTS] = {
    [LAW_EVENT_NONE] = "",
    [LAW_NOTICE_RECEIVED] = "notice_received",
    [LAW_AUTHORITY_NOTICE] = "authority_notice",
    [LAW_REPORT_TO_REGULATOR] = "report_to_regulator",
    [LAW_ORDER] = "order",
    [LAW_UPLOADER_ASKED] = "uploader_asked",
};

const char *law_event_word(enum law_event event)
{
    return (size_t)event < LAW_N_EVENTS ? words[event] : "";
}

enum law_event law_event_of(const char *word)
{
    for (size_t i = 1; word != NULL && i < LAW_N_EVENTS; i++)
        if (strcmp(words[i], word) == 0)
            return (enum law_event)i;
    return LAW_EVENT_NONE;
}
