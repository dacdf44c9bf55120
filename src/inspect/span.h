/* inspect/span.h - a piece of memory that is read, and whose owner is somebody else. */
#ifndef INSPECT_SPAN_H
#define INSPECT_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const uint8_t *p;
    size_t n;
};

static inline bool span_begins(struct span s, const char *text, size_t n)
{
    return s.n >= n && memcmp(s.p, text, n) == 0;
}

/* What is behind the first n bytes. */
static inline struct span span_after(struct span s, size_t n)
{
    if (s.p == NULL || n >= s.n)
        return (struct span){s.p == NULL ? NULL : s.p + s.n, 0};
    return (struct span){s.p + n, s.n - n};
}

#endif
