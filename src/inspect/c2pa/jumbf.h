/* inspect/c2pa/jumbf.h - reads JUMBF (ISO 19566-5), the boxes of a C2PA manifest store.
 *
 *     superbox     length32 "jumb" description, then content boxes and superboxes
 *     description  length32 "jumd" type16bytes toggles8 [label \0] ...
 *     content      length32 TYPE ("cbor", "json", ...) bytes */
#ifndef INSPECT_C2PA_JUMBF_H
#define INSPECT_C2PA_JUMBF_H

#include "inspect/span.h"

struct jumbf {
    uint8_t type[4];    /* the first letters of the description's type: "c2ma" */
    const char *label;  /* ends with a NUL within the bytes; "" if there is none */
    struct span hashed; /* description and content: what hashes of the box cover */
    struct span inside; /* content alone */
};

/* Takes boxes off the front up to and with the next superbox; false: there is none. */
bool jumbf_next(struct span *rest, struct jumbf *box);

/* The superbox of this label among those in `inside`. */
bool jumbf_find(struct span inside, const char *label, struct jumbf *box);

/* The bytes of the first content box of this type; n is 0: none. */
struct span jumbf_content(const struct jumbf *box, const char type[4]);

#endif
