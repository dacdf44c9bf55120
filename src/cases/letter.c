#include "cases/letter.h"

#include "base/hex.h"

#include <stdio.h>

static const char *const channel_names[] = {
    [LETTER_INBOX] = "inbox",
    [LETTER_MAIL] = "mail",
    [LETTER_FORM] = "form",
    [LETTER_BY_HAND] = "by-hand",
};

static const char *const state_names[LETTER_N_STATES] = {
    [LETTER_READY] = "ready",
    [LETTER_HANDING_OVER] = "handing_over",
    [LETTER_HANDED_OVER] = "handed_over",
    [LETTER_RETRY] = "retry",
    [LETTER_DEAD] = "dead",
    [LETTER_UNCLEAR] = "unclear",
    [LETTER_BOUNCED] = "bounced",
    [LETTER_GIVEN] = "given",
    [LETTER_WAITING] = "waiting",
    [LETTER_STOPPED] = "stopped",
};

const char *letter_channel_name(unsigned channel)
{
    return channel >= LETTER_INBOX && channel <= LETTER_BY_HAND ? channel_names[channel]
                                                                : "unknown";
}

const char *letter_state_name(unsigned state)
{
    return state >= LETTER_READY && state < LETTER_N_STATES ? state_names[state] : "unknown";
}

void letter_reference(const uint8_t id[LETTER_ID_BYTES], char out[LETTER_REFERENCE_BYTES])
{
    char hex[2 * LETTER_ID_BYTES + 1];
    hex_encode(id, LETTER_ID_BYTES, hex);
    snprintf(out, LETTER_REFERENCE_BYTES, "LK-%.4s-%.4s-%.4s", hex, hex + 4, hex + 8);
}
