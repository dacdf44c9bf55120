#include "cbor.h"

#include <string.h>

enum { MAX_DEPTH = 32, BREAK = 0xff };

/* The head of an item: type, argument, endless or not. */
static bool take_head(struct span *rest, struct cbor *item)
{
    if (rest->n == 0)
        return false;
    unsigned info = rest->p[0] & 31;
    *item = (struct cbor){.type = (enum cbor_type)(rest->p[0] >> 5), .value = info};
    *rest = span_after(*rest, 1);
    if (info < 24)
        return true;
    if (info == 31) {
        item->is_endless = true;
        return item->type >= CBOR_BYTES && item->type <= CBOR_MAP;
    }
    size_t n = (size_t)1 << (info - 24);
    if (info > 27 || rest->n < n)
        return false;
    item->value = 0;
    for (size_t i = 0; i < n; i++)
        item->value = item->value << 8 | rest->p[i];
    *rest = span_after(*rest, n);
    return true;
}

static bool at_break(const struct span *rest)
{
    return rest->n > 0 && rest->p[0] == BREAK;
}

static bool take(struct span *rest, struct cbor *item, unsigned depth);

static bool pass_items(struct span *rest, const struct cbor *item, unsigned depth)
{
    struct cbor inner;
    uint64_t per = item->type == CBOR_MAP ? 2 : 1;
    if (item->is_endless) {
        while (!at_break(rest))
            if (!take(rest, &inner, depth))
                return false;
        *rest = span_after(*rest, 1);
        return true;
    }
    if (item->value > rest->n) /* an item has a byte at least */
        return false;
    for (uint64_t i = 0; i < item->value * per; i++)
        if (!take(rest, &inner, depth))
            return false;
    return true;
}

static bool take(struct span *rest, struct cbor *item, unsigned depth)
{
    if (depth > MAX_DEPTH || !take_head(rest, item))
        return false;
    struct span begin = *rest;
    switch (item->type) {
    case CBOR_BYTES:
    case CBOR_TEXT:
        if (item->is_endless)
            return pass_items(rest, item, depth + 1);
        if (item->value > rest->n)
            return false;
        item->bytes = (struct span){rest->p, (size_t)item->value};
        *rest = span_after(*rest, (size_t)item->value);
        return true;
    case CBOR_ARRAY:
    case CBOR_MAP:
        if (!pass_items(rest, item, depth + 1))
            return false;
        item->bytes = (struct span){begin.p, begin.n - rest->n};
        return true;
    case CBOR_TAG:
        return take(rest, item, depth + 1);
    default:
        return true;
    }
}

bool cbor_take(struct span *rest, struct cbor *item)
{
    return take(rest, item, 0);
}

static bool next_of(const struct cbor *all, uint64_t per, struct span *rest, uint64_t *n,
                    struct cbor *item)
{
    if (all->is_endless ? at_break(rest) : *n >= all->value * per)
        return false;
    ++*n;
    return cbor_take(rest, item);
}

bool cbor_next(const struct cbor *array, struct span *rest, uint64_t *n, struct cbor *item)
{
    return array->type == CBOR_ARRAY && next_of(array, 1, rest, n, item);
}

bool cbor_is_text(const struct cbor *item, const char *text)
{
    return item->type == CBOR_TEXT && item->bytes.n == strlen(text) &&
           memcmp(item->bytes.p, text, item->bytes.n) == 0;
}

bool cbor_number(const struct cbor *item, int64_t *number)
{
    if (item->type > CBOR_NEGATIVE || item->value > INT64_MAX)
        return false;
    *number = item->type == CBOR_NUMBER ? (int64_t)item->value : -1 - (int64_t)item->value;
    return true;
}

/* By text, or by number if that is NULL. */
static bool find(const struct cbor *map, const char *text, int64_t number, struct cbor *value)
{
    struct span rest = map->bytes;
    struct cbor key;
    uint64_t n = 0;
    int64_t found;
    if (map->type != CBOR_MAP)
        return false;
    while (next_of(map, 2, &rest, &n, &key) && next_of(map, 2, &rest, &n, value))
        if (text != NULL ? cbor_is_text(&key, text) : cbor_number(&key, &found) && found == number)
            return true;
    return false;
}

bool cbor_find(const struct cbor *map, const char *key, struct cbor *value)
{
    return find(map, key, 0, value);
}

bool cbor_find_number(const struct cbor *map, int64_t key, struct cbor *value)
{
    return find(map, NULL, key, value);
}
