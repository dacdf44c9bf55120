/* cases/letter.h - a letter of the desk on its way: to a partner's inbox, by mail, or by hand.
 *
 * A letter goes to one recipient about addresses of one case. It is sealed under the case's key, so
 * it ends with the case. What became of an address stands in its notices (cases/notice.h); here
 * stands only whether the letter arrived. Threads: any. */
#ifndef CASES_LETTER_H
#define CASES_LETTER_H

#include <stdint.h>

#define LETTER_ID_BYTES        16
#define LETTER_REFERENCE_BYTES 20

/* What a letter is called in its text, made from its id: "LK-3f2a-91c0-77de". */
void letter_reference(const uint8_t id[LETTER_ID_BYTES], char out[LETTER_REFERENCE_BYTES]);

enum letter_channel {
    LETTER_INBOX = 1, /* of a partner with a key */
    LETTER_MAIL,
    LETTER_FORM,   /* a person copies it into the recipient's own form */
    LETTER_BY_HAND /* told or sent in another way, and written down here */
};

enum letter_state {
    LETTER_READY = 1,    /* waits for its first try */
    LETTER_HANDING_OVER, /* the mail server may have it already: never sent again by itself */
    LETTER_HANDED_OVER,  /* the mail server has taken it */
    LETTER_RETRY,        /* was not taken, will be tried again */
    LETTER_DEAD,         /* was not taken and is not tried again */
    LETTER_UNCLEAR,      /* we stopped in the middle: a person decides whether it went out */
    LETTER_BOUNCED,      /* came back */
    LETTER_GIVEN,        /* in the inbox, or handed in by a person */
    LETTER_WAITING,      /* for the clock of a notice (cases/escalate.h) */
    LETTER_STOPPED,      /* waited for a clock, and does not go */
    LETTER_N_STATES
};

/* "inbox" "mail" "form" "by-hand" */
const char *letter_channel_name(unsigned channel);

/* "ready" "handing_over" "handed_over" "retry" "dead" "unclear" "bounced" "given" "waiting"
 * "stopped" */
const char *letter_state_name(unsigned state);

#endif
