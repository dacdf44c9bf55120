/* http/form.h - application/x-www-form-urlencoded: query strings and form bodies.
 *
 * One reader for both, strict: every field must decode to UTF-8 without a NUL. */
#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include "base/arena.h"

struct form_field {
    const char *name;
    const char *value; /* NUL-terminated, decoded */
};

struct form {
    const struct form_field *fields;
    size_t n;
};

#define FORM_MAX_FIELDS 128

/* Fields live in the arena, in the order of the text. Errors: LK_INVALID (a bad escape, not UTF-8),
 * LK_LIMIT (more than FORM_MAX_FIELDS), LK_NOMEM.   Threads: any. */
enum lk_status form_parse(struct arena *arena, const char *text, size_t n, struct form *out,
                          struct lk_error *err) LK_MUST_CHECK;

/* The first field of this name, or NULL. Borrowed. */
const char *form_get(const struct form *form, const char *name);

#endif
