/* base/buf.h - a growing byte buffer with a maximum.
 *
 * Appending never fails in the middle of a caller's work: once memory or the maximum is reached
 * the buffer drops everything further and remembers; look at buf_status() once, at the end. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <likeness/alloc.h>
#include <likeness/status.h>
#include <stdbool.h>
#include <stdint.h>

struct buf {
    char *p; /* n bytes, and after buf_text() a NUL; NULL while empty */
    size_t n;
    size_t cap;
    size_t max; /* never more than this many bytes */
    const struct lk_alloc *alloc;
    enum lk_status status;
};

void buf_init(struct buf *b, const struct lk_alloc *alloc, size_t max);
void buf_fini(struct buf *b);

/* Empties it, keeps the memory, forgets a failure. */
void buf_clear(struct buf *b);

void buf_put(struct buf *b, const void *bytes, size_t n);
void buf_str(struct buf *b, const char *text);
void buf_char(struct buf *b, char c);
void buf_fmt(struct buf *b, const char *format, ...) LK_PRINTF(2, 3);
void buf_u16le(struct buf *b, uint16_t v);
void buf_u32le(struct buf *b, uint32_t v);
void buf_u64le(struct buf *b, uint64_t v);

/* Lower-case hexadecimal of n bytes. */
void buf_hex(struct buf *b, const void *bytes, size_t n);

/* Room for n more bytes at the end, to be filled by the caller; NULL when there is none. */
void *buf_room(struct buf *b, size_t n);

/* The content as a C string; "" after a failure. Borrowed until the next call on b. */
const char *buf_text(struct buf *b);

/* LK_OK, or LK_LIMIT / LK_NOMEM when something was dropped; `what` names the buffer in the text. */
enum lk_status buf_status(const struct buf *b, const char *what,
                          struct lk_error *err) LK_MUST_CHECK;

#endif
