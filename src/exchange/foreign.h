/* exchange/foreign.h - what lists of hashes of others say, in one form whatever the protocol.
 *
 * A record is one item of such a list: its fingerprints, or that it is gone. A page is what one
 * answer holds, with the way to the next. The protocols are in stopncii.h, ncmec.h and
 * threat_updates.h; docs/formats/foreign.md has their bytes. Texts are C strings in an arena. */
#ifndef EXCHANGE_FOREIGN_H
#define EXCHANGE_FOREIGN_H

#include "base/arena.h"
#include "base/buf.h"

#include <likeness/print.h>

enum foreign_type { FOREIGN_PDQ = 1, FOREIGN_MD5 = 2, FOREIGN_SHA1 = 3 };
#define FOREIGN_MAX_PRINTS 3 /* of one record, one of each type */
#define FOREIGN_MAX_TAGS   32
#define FOREIGN_MAX_TEXT                                                                           \
    128 /* bytes of an id, a member or a tag; records with longer are dropped */

/* A PDQ fills 32 bytes, in the exchange form; an MD5 16, a SHA-1 20, the rest are zero. */
struct foreign_print {
    uint8_t type; /* enum foreign_type */
    uint8_t bytes[LK_DIGEST_BYTES];
};

enum foreign_opinion {
    FOREIGN_NO_OPINION,
    FOREIGN_PENDING,  /* somebody will look */
    FOREIGN_AGREES,   /* blocked, affirmed */
    FOREIGN_DISAGREES /* not blocked, negated */
};

struct foreign_record {
    const char *id; /* of the item among its kind and its owner; "" where the protocol has none */
    const char *owner; /* the member who gave it; "" unknown */
    bool is_video;
    bool is_withdrawn;  /* then there may be no prints */
    int64_t modified_s; /* since 1970 */
    uint8_t opinion;    /* enum foreign_opinion: what who hands it in says of it */
    uint8_t n_tags;
    uint8_t n_prints;
    const char *const *tags;
    struct foreign_print prints[FOREIGN_MAX_PRINTS];
};

struct foreign_page {
    struct foreign_record *records; /* in the order of the text */
    size_t n_records;
    size_t n_dropped; /* records of a type, status or form that is not known here */
    bool has_more;
    const char *next; /* the token or address of the next page; NULL: none */
    int64_t until_s;  /* how far in time the page reaches; 0: it does not say */
};

/* An answer about one fingerprint. */
struct foreign_feedback {
    struct foreign_print print;
    uint8_t opinion;
    uint8_t n_tags;
    const char *const *tags; /* tags, or the ids of reasons */
};

/* Bytes of a fingerprint of this type. */
size_t foreign_print_bytes(unsigned type);

/* Reads the hexadecimal text of a fingerprint of this type, of either case. */
bool foreign_print_read(unsigned type, const char *hex, struct foreign_print *out);

/* The same; the type is what the length says. */
bool foreign_print_guess(const char *hex, struct foreign_print *out);

/* The print of this type, or NULL. */
const struct foreign_print *foreign_print_of(const struct foreign_record *r, unsigned type);

/* "2026-11-24T10:20:30Z", with a fraction perhaps, or an offset in place of Z, as seconds. */
bool foreign_time_read(const char *text, int64_t *seconds);

/* A text that may be kept: not NULL, at most FOREIGN_MAX_TEXT bytes. */
bool foreign_text_fits(const char *text);

#endif
