/* sys/json_read.h - JSON from strangers into a tree, through jansson (included only here).
 *
 * Strict: UTF-8, no duplicate keys, limited depth, nothing after the value. The tree is jansson's:
 * borrow from it, and give it back with json_tree_free(). */
#ifndef SYS_JSON_READ_H
#define SYS_JSON_READ_H

#include <likeness/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_tree; /* a value: object, array, text, number ... */

/* Errors: LK_INVALID with line, column and what was expected. */
enum lk_status json_tree_parse(const char *text, size_t n, struct json_tree **out,
                               struct lk_error *err) LK_MUST_CHECK;
void json_tree_free(struct json_tree *tree); /* NULL is fine */

bool json_is_object(const struct json_tree *v);
bool json_is_array(const struct json_tree *v);
bool json_is_null(const struct json_tree *v); /* also true for NULL */

/* The member, or NULL when it is missing, or v is not an object. */
const struct json_tree *json_get(const struct json_tree *v, const char *key);
size_t json_array_length(const struct json_tree *v); /* 0 when it is not an array */
const struct json_tree *json_at(const struct json_tree *v, size_t i);

/* Text, with its length in *n (may be NULL); NULL when v is no text. No NUL inside. */
const char *json_get_text(const struct json_tree *v, const char *key, size_t *n);
const char *json_as_text(const struct json_tree *v, size_t *n);

/* true when v is a whole number within [low, high]; *out is set only then. */
bool json_as_int(const struct json_tree *v, int64_t low, int64_t high, int64_t *out);
bool json_as_bool(const struct json_tree *v, bool *out);

/* Calls each() for every member of an object, in the order of the text, until it returns a status
 * other than LK_OK, which is returned. */
enum lk_status json_each(const struct json_tree *v,
                         enum lk_status (*each)(void *ctx, const char *key,
                                                const struct json_tree *value,
                                                struct lk_error *err),
                         void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* Refuses an object that has a member beside names[0..n); `what` names the object in the text.
 * Errors: LK_INVALID, also when v is not an object. */
enum lk_status json_only(const struct json_tree *v, const char *what, const char *const names[],
                         size_t n, struct lk_error *err) LK_MUST_CHECK;

/* Exactly n bytes as hexadecimal digits; false: there is no such text. */
bool json_get_hex(const struct json_tree *v, const char *key, uint8_t *out, size_t n) LK_MUST_CHECK;

#endif
