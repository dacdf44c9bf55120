/* bank/state.h - the one byte that says whether an entry is in force, and at which tier.
 *
 * It is the only part of a stored entry that ever changes, and it is changed in place: no crash can
 * halve a byte, and withdrawing needs no space. Any two of its values differ in four bits or more,
 * and each from 0x00 and 0xff, so that an accident is seen. */
#ifndef BANK_STATE_H
#define BANK_STATE_H

#include <stdbool.h>
#include <stdint.h>

enum bank_state {
    STATE_PENDING = 0, /* in memory only: not durable yet, so not to be found */
    STATE_SELF = 0x1e,
    STATE_CHECKED = 0x2d,
    STATE_CONFIRMED = 0x4b,
    STATE_WITHDRAWN = 0x87, /* gone, but its prints may still be in the file */
    STATE_WIPED = 0xd2,     /* gone, and overwritten */
};

/* Of a tier, and back: 0 for what is not in force. An unknown tier gives STATE_PENDING. */
uint8_t state_of_tier(unsigned tier);
unsigned state_tier(uint8_t state);

/* Whether a file may hold it. */
bool state_is_known(uint8_t state);

#endif
