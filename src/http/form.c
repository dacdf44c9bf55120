/* name=value&name=value, with + for a space and %XX for a byte (WHATWG URL, section 5.1). */
#include "form.h"

#include "base/err.h"
#include "base/hex.h"
#include "base/utf8.h"

#include <string.h>

static enum lk_status decode(struct arena *arena, const char *text, size_t n, const char **out,
                             struct lk_error *err)
{
    char *p = arena_alloc(arena, n + 1);
    if (p == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a form of this size");
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            if (n - i < 3 || !hex_decode(text + i + 1, &c, 1))
                return FAIL(err, LK_INVALID, "a %% in a form is not followed by two digits");
            i += 2;
        }
        if (c == '\0')
            return FAIL(err, LK_INVALID, "a form field holds a zero byte");
        p[len++] = c;
    }
    p[len] = '\0';
    if (!utf8_valid(p, len))
        return FAIL(err, LK_INVALID, "a form field is not UTF-8");
    *out = p;
    return LK_OK;
}

static size_t count_fields(const char *text, size_t n)
{
    size_t count = n > 0;
    for (size_t i = 0; i < n; i++)
        count += text[i] == '&';
    return count;
}

enum lk_status form_parse(struct arena *arena, const char *text, size_t n, struct form *out,
                          struct lk_error *err)
{
    size_t max = count_fields(text, n);
    if (max > FORM_MAX_FIELDS)
        return FAIL(err, LK_LIMIT, "%zu form fields; the limit is %d", max, FORM_MAX_FIELDS);
    struct form_field *fields = arena_zalloc(arena, max, sizeof *fields);
    if (fields == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a form of this size");
    size_t count = 0;
    const char *end = text + n;
    for (const char *p = text; p < end;) {
        const char *stop = memchr(p, '&', (size_t)(end - p));
        if (stop == NULL)
            stop = end;
        const char *equal = memchr(p, '=', (size_t)(stop - p));
        const char *value = equal == NULL ? stop : equal + 1;
        if (stop > p) {
            size_t n_name = (size_t)((equal == NULL ? stop : equal) - p);
            TRY(decode(arena, p, n_name, &fields[count].name, err));
            TRY(decode(arena, value, (size_t)(stop - value), &fields[count].value, err));
            count++;
        }
        p = stop + 1;
    }
    *out = (struct form){fields, count};
    return LK_OK;
}

const char *form_get(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->n; i++)
        if (strcmp(form->fields[i].name, name) == 0)
            return form->fields[i].value;
    return NULL;
}
