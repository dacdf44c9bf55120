/* inspect/c2pa/cbor.h - reads CBOR (RFC 8949) where it lies. Nothing is built: an item is a view of
 * the bytes, and what is in it is found by walking. Nesting and sizes are bounded by the bytes and
 * a depth of 32. Strings in pieces (indefinite length) are passed over but not read. */
#ifndef INSPECT_C2PA_CBOR_H
#define INSPECT_C2PA_CBOR_H

#include "inspect/span.h"

enum cbor_type {
    CBOR_NUMBER,   /* not negative */
    CBOR_NEGATIVE, /* -1 - value */
    CBOR_BYTES,
    CBOR_TEXT,
    CBOR_ARRAY,
    CBOR_MAP,
    CBOR_TAG,
    CBOR_SIMPLE, /* false 20, true 21, null 22, floats */
};

struct cbor {
    enum cbor_type type;
    uint64_t value;    /* the number; of arrays and maps how many items or pairs, if not endless */
    bool is_endless;   /* ends with a break */
    struct span bytes; /* of a string: its bytes; of an array, map or tag: the items in it */
};

/* Takes one item off the front; false: the bytes end or break the rules. Tags are passed through:
 * *item is what is tagged. */
bool cbor_take(struct span *rest, struct cbor *item);

/* The items of an array, one by one: begin with *rest = array->bytes, *n = 0. */
bool cbor_next(const struct cbor *array, struct span *rest, uint64_t *n, struct cbor *item);

/* The value of a key in a map; false: not a map, or not there. */
bool cbor_find(const struct cbor *map, const char *key, struct cbor *value);
bool cbor_find_number(const struct cbor *map, int64_t key, struct cbor *value);

/* Whether it is a text or number, and which. */
bool cbor_is_text(const struct cbor *item, const char *text);
bool cbor_number(const struct cbor *item, int64_t *number);

#endif
