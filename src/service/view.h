/* service/view.h - the inside of struct view, for template.c and view.c alone. */
#ifndef SERVICE_VIEW_H
#define SERVICE_VIEW_H

#include "service/template.h"

struct value {
    const char *name;
    const char *text;   /* a text; NULL for flags and lists */
    bool set;           /* a flag */
    bool is_markup;     /* text is written as it is */
    struct view *first; /* a list */
    struct view *last;
    struct value *next;
};

struct view {
    struct arena *arena;
    struct view *parent; /* the view whose list holds this one */
    struct view *next;   /* in that list */
    struct value *values;
    bool failed; /* on the outermost: there was no memory */
};

/* The nearest value of that name, here or around; NULL when nobody set it. */
const struct value *view_find(const struct view *v, const char *name, size_t n);

/* Does {{#name}} show anything? */
bool value_is_set(const struct value *value);

#endif
