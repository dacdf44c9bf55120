#include "state.h"

#include <likeness/match.h>

uint8_t state_of_tier(unsigned tier)
{
    switch (tier) {
    case LK_TIER_SELF:
        return STATE_SELF;
    case LK_TIER_CHECKED:
        return STATE_CHECKED;
    case LK_TIER_CONFIRMED:
        return STATE_CONFIRMED;
    default:
        return STATE_PENDING;
    }
}

unsigned state_tier(uint8_t state)
{
    switch (state) {
    case STATE_SELF:
        return LK_TIER_SELF;
    case STATE_CHECKED:
        return LK_TIER_CHECKED;
    case STATE_CONFIRMED:
        return LK_TIER_CONFIRMED;
    default:
        return 0;
    }
}

bool state_is_known(uint8_t state)
{
    return state_tier(state) != 0 || state == STATE_WITHDRAWN || state == STATE_WIPED;
}
