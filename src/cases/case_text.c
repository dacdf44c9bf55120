#include "cases/case_text.h"

#include <string.h>

static const char *const names[CASE_N_TEXT_KINDS] = {
    [CASE_LOCATION] = "location",   [CASE_NOTE] = "note",       [CASE_CONTACT] = "contact",
    [CASE_SITUATION] = "situation", [CASE_MESSAGE] = "message", [CASE_FACTS] = "facts",
};

const char *case_text_kind_name(unsigned kind)
{
    return kind > 0 && kind < CASE_N_TEXT_KINDS ? names[kind] : "unknown";
}

unsigned case_text_kind_of(const char *name)
{
    for (unsigned i = 1; name != NULL && i < CASE_N_TEXT_KINDS; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return 0;
}
