/* Values of a page: a linked list a view (pages have tens of names, not thousands). */
#include "service/view.h"

#include <string.h>

struct view *view_new(struct arena *arena)
{
    struct view *v = arena_zalloc(arena, 1, sizeof *v);
    if (v != NULL)
        v->arena = arena;
    return v;
}

static void set_failed(struct view *v)
{
    while (v->parent != NULL)
        v = v->parent;
    v->failed = true;
}

/* The value of that name in this view alone, made when it is missing. */
static struct value *value_at(struct view *v, const char *name)
{
    if (v == NULL)
        return NULL;
    for (struct value *value = v->values; value != NULL; value = value->next) {
        if (strcmp(value->name, name) == 0)
            return value;
    }
    struct value *value = arena_zalloc(v->arena, 1, sizeof *value);
    if (value == NULL) {
        set_failed(v);
        return NULL;
    }
    value->name = name;
    value->next = v->values;
    v->values = value;
    return value;
}

void view_text(struct view *v, const char *name, const char *text)
{
    struct value *value = value_at(v, name);
    if (value != NULL) {
        value->text = text == NULL ? "" : text;
        value->is_markup = false;
    }
}

void view_markup(struct view *v, const char *name, const char *markup)
{
    struct value *value = value_at(v, name);
    if (value != NULL) {
        value->text = markup;
        value->is_markup = true;
    }
}

void view_flag(struct view *v, const char *name, bool set)
{
    struct value *value = value_at(v, name);
    if (value != NULL)
        value->set = set;
}

void view_u64(struct view *v, const char *name, uint64_t number)
{
    char digits[21];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    if (v == NULL)
        return;
    const char *text = arena_copy(v->arena, digits + at, sizeof digits - at);
    if (text == NULL)
        set_failed(v);
    view_text(v, name, text);
}

void view_list(struct view *v, const char *name)
{
    (void)value_at(v, name);
}

struct view *view_add(struct view *v, const char *name)
{
    struct value *list = value_at(v, name);
    struct view *element = list == NULL ? NULL : view_new(v->arena);
    if (element == NULL) {
        if (v != NULL)
            set_failed(v);
        return NULL;
    }
    element->parent = v;
    if (list->last == NULL)
        list->first = element;
    else
        list->last->next = element;
    list->last = element;
    return element;
}

const struct value *view_find(const struct view *v, const char *name, size_t n)
{
    for (; v != NULL; v = v->parent) {
        for (const struct value *value = v->values; value != NULL; value = value->next) {
            if (strlen(value->name) == n && memcmp(value->name, name, n) == 0)
                return value;
        }
    }
    return NULL;
}

bool value_is_set(const struct value *value)
{
    return value->set || value->first != NULL || (value->text != NULL && value->text[0] != '\0');
}
