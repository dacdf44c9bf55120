#include "buf.h"

#include "err.h"
#include "fmt.h"
#include "hex.h"

#include <string.h>

void buf_init(struct buf *b, const struct lk_alloc *alloc, size_t max)
{
    *b = (struct buf){.alloc = alloc, .max = max};
}

void buf_fini(struct buf *b)
{
    if (b->p != NULL)
        b->alloc->free(b->alloc->ctx, b->p, b->cap);
    *b = (struct buf){.alloc = b->alloc, .max = b->max};
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->status = LK_OK;
}

/* Makes room for n more bytes and a NUL. */
static bool grow(struct buf *b, size_t n)
{
    if (b->status != LK_OK)
        return false;
    if (n > b->max - b->n) {
        b->status = LK_LIMIT;
        return false;
    }
    size_t need = b->n + n + 1;
    if (need <= b->cap)
        return true;
    size_t cap = b->cap < 128 ? 256 : b->cap * 2;
    while (cap < need)
        cap *= 2;
    if (cap > b->max + 1)
        cap = b->max + 1;
    char *p = b->alloc->resize(b->alloc->ctx, b->p, b->cap, cap);
    if (p == NULL) {
        b->status = LK_NOMEM;
        return false;
    }
    b->p = p;
    b->cap = cap;
    return true;
}

void *buf_room(struct buf *b, size_t n)
{
    if (!grow(b, n))
        return NULL;
    void *room = b->p + b->n;
    b->n += n;
    return room;
}

void buf_put(struct buf *b, const void *bytes, size_t n)
{
    if (n == 0 || !grow(b, n))
        return;
    memcpy(b->p + b->n, bytes, n);
    b->n += n;
}

void buf_str(struct buf *b, const char *text)
{
    buf_put(b, text, strlen(text));
}
void buf_char(struct buf *b, char c)
{
    buf_put(b, &c, 1);
}

static void put_piece(void *ctx, const char *text, size_t n)
{
    buf_put(ctx, text, n);
}

void buf_fmt(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fmt_v(put_piece, b, format, args);
    va_end(args);
}

static void put_le(struct buf *b, uint64_t v, size_t n)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < n; i++)
        bytes[i] = (unsigned char)(v >> (8 * i));
    buf_put(b, bytes, n);
}

void buf_u16le(struct buf *b, uint16_t v)
{
    put_le(b, v, 2);
}
void buf_u32le(struct buf *b, uint32_t v)
{
    put_le(b, v, 4);
}
void buf_u64le(struct buf *b, uint64_t v)
{
    put_le(b, v, 8);
}

void buf_hex(struct buf *b, const void *bytes, size_t n)
{
    char *room = n <= SIZE_MAX / 2 ? buf_room(b, 2 * n) : NULL;
    if (room != NULL)
        hex_encode(bytes, n, room);
}

const char *buf_text(struct buf *b)
{
    if (b->status != LK_OK || !grow(b, 0))
        return "";
    b->p[b->n] = '\0';
    return b->p;
}

enum lk_status buf_status(const struct buf *b, const char *what, struct lk_error *err)
{
    if (b->status == LK_LIMIT)
        return FAIL(err, LK_LIMIT, "%s is larger than its limit of %zu bytes", what, b->max);
    if (b->status != LK_OK)
        return FAIL(err, b->status, "no memory for %s", what);
    return LK_OK;
}
