/* base/json.h - an append-only JSON writer on a buffer.
 *
 * It places commas and escapes strings; the caller keeps the nesting right. Text that is not valid
 * UTF-8 is written with U+FFFD in place of each wrong byte, so the output always parses. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "buf.h"

struct json {
    struct buf *out;
    uint64_t filled; /* bit d: depth d already holds a value; depth 63 at the most */
    unsigned depth;
    bool after_key;
};

void json_init(struct json *j, struct buf *out);

void json_object(struct json *j);
void json_array(struct json *j);
void json_end_object(struct json *j);
void json_end_array(struct json *j);

/* A key with a literal name; a value must follow. */
void json_key(struct json *j, const char *name);

void json_text(struct json *j, const char *text); /* NULL writes null */
void json_text_n(struct json *j, const char *text, size_t n);
void json_hex(struct json *j, const void *bytes, size_t n);
void json_u64(struct json *j, uint64_t v);
void json_i64(struct json *j, int64_t v);
void json_fixed(struct json *j, double v, unsigned decimals); /* not a number: null */
void json_bool(struct json *j, bool v);
void json_null(struct json *j);

/* Key and value in one. */
void json_put_text(struct json *j, const char *key, const char *text);
void json_put_u64(struct json *j, const char *key, uint64_t v);
void json_put_i64(struct json *j, const char *key, int64_t v);
void json_put_bool(struct json *j, const char *key, bool v);

#endif
