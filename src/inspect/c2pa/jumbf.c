#include "jumbf.h"

#include "base/be.h"

#include <string.h>

/* One box off the front: its type and its bytes. */
static bool take_box(struct span *rest, const uint8_t **type, struct span *bytes)
{
    size_t n_head = 8;
    if (rest->n < n_head)
        return false;
    uint64_t n = be_get32(rest->p);
    if (n == 1 && rest->n >= 16) {
        n_head = 16;
        n = be_get64(rest->p + 8);
    } else if (n == 0) {
        n = rest->n;
    }
    if (n < n_head || n > rest->n)
        return false;
    *type = rest->p + 4;
    *bytes = (struct span){rest->p + n_head, (size_t)n - n_head};
    *rest = span_after(*rest, (size_t)n);
    return true;
}

static bool describe(struct span bytes, struct jumbf *box)
{
    enum { HAS_LABEL = 2, BEFORE_LABEL = 17 };
    const uint8_t *type;
    struct span description;
    *box = (struct jumbf){.label = "", .hashed = bytes};
    if (!take_box(&bytes, &type, &description) || memcmp(type, "jumd", 4) != 0 ||
        description.n < BEFORE_LABEL)
        return false;
    memcpy(box->type, description.p, 4);
    struct span label = span_after(description, BEFORE_LABEL);
    if ((description.p[16] & HAS_LABEL) != 0) {
        if (label.n == 0 || memchr(label.p, 0, label.n) == NULL)
            return false;
        box->label = (const char *)label.p;
    }
    box->inside = bytes;
    return true;
}

bool jumbf_next(struct span *rest, struct jumbf *box)
{
    const uint8_t *type;
    struct span bytes;
    while (take_box(rest, &type, &bytes))
        if (memcmp(type, "jumb", 4) == 0 && describe(bytes, box))
            return true;
    return false;
}

bool jumbf_find(struct span inside, const char *label, struct jumbf *box)
{
    while (jumbf_next(&inside, box))
        if (strcmp(box->label, label) == 0)
            return true;
    return false;
}

struct span jumbf_content(const struct jumbf *box, const char type[4])
{
    struct span rest = box->inside, bytes;
    const uint8_t *found;
    while (take_box(&rest, &found, &bytes))
        if (memcmp(found, type, 4) == 0)
            return bytes;
    return (struct span){0};
}
