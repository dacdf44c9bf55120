#include "json_read.h"

#include "base/err.h"
#include "base/hex.h"

#include <jansson.h>
#include <string.h>

/* struct json_tree is never defined: it is jansson's json_t under our name. */
static const json_t *tree(const struct json_tree *v)
{
    return (const json_t *)v;
}

#undef json_is_object
#undef json_is_array
#undef json_is_null

enum lk_status json_tree_parse(const char *text, size_t n, struct json_tree **out,
                               struct lk_error *err)
{
    json_error_t why;
    json_t *root = json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (root == NULL)
        return FAIL(err, LK_INVALID, "not valid JSON: line %d, column %d: %s", why.line, why.column,
                    json_error_code(&why) == json_error_duplicate_key ? "a key stands twice"
                                                                      : "unexpected text");
    *out = (struct json_tree *)root;
    return LK_OK;
}

void json_tree_free(struct json_tree *v)
{
    json_decref((json_t *)v);
}

bool json_is_object(const struct json_tree *v)
{
    return v != NULL && json_typeof(tree(v)) == JSON_OBJECT;
}

bool json_is_array(const struct json_tree *v)
{
    return v != NULL && json_typeof(tree(v)) == JSON_ARRAY;
}

bool json_is_null(const struct json_tree *v)
{
    return v == NULL || json_typeof(tree(v)) == JSON_NULL;
}

const struct json_tree *json_get(const struct json_tree *v, const char *key)
{
    return (const struct json_tree *)json_object_get(tree(v), key);
}

size_t json_array_length(const struct json_tree *v)
{
    return json_array_size(tree(v));
}

const struct json_tree *json_at(const struct json_tree *v, size_t i)
{
    return (const struct json_tree *)json_array_get(tree(v), i);
}

const char *json_as_text(const struct json_tree *v, size_t *n)
{
    if (v == NULL || json_typeof(tree(v)) != JSON_STRING)
        return NULL;
    if (n != NULL)
        *n = json_string_length(tree(v));
    return json_string_value(tree(v));
}

const char *json_get_text(const struct json_tree *v, const char *key, size_t *n)
{
    return json_as_text(json_get(v, key), n);
}

bool json_as_int(const struct json_tree *v, int64_t low, int64_t high, int64_t *out)
{
    if (v == NULL || json_typeof(tree(v)) != JSON_INTEGER)
        return false;
    int64_t value = json_integer_value(tree(v));
    if (value < low || value > high)
        return false;
    *out = value;
    return true;
}

bool json_as_bool(const struct json_tree *v, bool *out)
{
    if (v == NULL || (json_typeof(tree(v)) != JSON_TRUE && json_typeof(tree(v)) != JSON_FALSE))
        return false;
    *out = json_typeof(tree(v)) == JSON_TRUE;
    return true;
}

enum lk_status json_each(const struct json_tree *v,
                         enum lk_status (*each)(void *ctx, const char *key,
                                                const struct json_tree *value,
                                                struct lk_error *err),
                         void *ctx, struct lk_error *err)
{
    json_t *object = (json_t *)v;
    for (void *it = json_object_iter(object); it != NULL; it = json_object_iter_next(object, it))
        TRY(each(ctx, json_object_iter_key(it),
                 (const struct json_tree *)json_object_iter_value(it), err));
    return LK_OK;
}

struct members {
    const char *what;
    const char *const *names;
    size_t n;
};

static enum lk_status known_member(void *ctx, const char *key, const struct json_tree *value,
                                   struct lk_error *err)
{
    (void)value;
    const struct members *m = ctx;
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(key, m->names[i]) == 0)
            return LK_OK;
    return FAIL(err, LK_INVALID, "%s: the member '%.40s' is not known", m->what, key);
}

enum lk_status json_only(const struct json_tree *v, const char *what, const char *const names[],
                         size_t n, struct lk_error *err)
{
    if (!json_is_object(v))
        return FAIL(err, LK_INVALID, "%s: a JSON object is expected", what);
    struct members m = {what, names, n};
    return json_each(v, known_member, &m, err);
}

bool json_get_hex(const struct json_tree *v, const char *key, uint8_t *out, size_t n)
{
    size_t n_text = 0;
    const char *text = json_get_text(v, key, &n_text);
    return text != NULL && n_text == 2 * n && hex_decode(text, out, n);
}
