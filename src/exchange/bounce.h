/* exchange/bounce.h - what a mail that came back says (RFC 3464, and those that keep to nothing).
 *
 * Read are only the letter that it speaks of and whether that is for good; all else is skipped.
 * Hostile bytes are welcome. Pure. Threads: any. */
#ifndef EXCHANGE_BOUNCE_H
#define EXCHANGE_BOUNCE_H

#include <stdbool.h>
#include <stddef.h>

#define BOUNCE_MAX_BYTES    (1 << 20)
#define BOUNCE_LETTER_CHARS 32
#define BOUNCE_TOKEN_CHARS  10

struct bounce {
    /* From an address "name+LETTER-TOKEN@", or the letter alone from a Message-ID
     * "letter.LETTER@"; lower-case hexadecimal digits, "": not found. */
    char letter[BOUNCE_LETTER_CHARS + 1], token[BOUNCE_TOKEN_CHARS + 1];
    bool is_failure; /* a status 5.x.x; or no status at all, from a mail system itself */
    bool is_delay;   /* a status 4.x.x and none of 5.x.x */
};

void bounce_read(const char *text, size_t n, struct bounce *out);

#endif
