/* bank/segment_file_fix.h - FILE.fix: chunks that are about to be overwritten, written twice.
 *
 * Overwriting in place can be cut short. So the new chunks go to a file beside first, which is made
 * durable; then they are copied to their places; then it is removed. Whoever finds a whole fix
 * copies it (again: that does no harm); one that is not whole was never begun to be copied, and
 * means nothing. */
#ifndef BANK_SEGMENT_FILE_FIX_H
#define BANK_SEGMENT_FILE_FIX_H

#include "segment_file_layout.h"

#define FIX_NONE UINT32_MAX

struct fix {
    int fd;        /* -1: there is none */
    uint32_t n;    /* chunks */
    uint8_t *list; /* the prologue as in the file */
    const uint8_t *segment_id;
};

static inline bool fix_is_there(const struct fix *fix)
{
    return fix->fd >= 0;
}

/* Opens a whole fix, every byte of which is as it was written; none when there is no such file, or
 * not a whole one. Errors: LK_IO, LK_DENIED, LK_NOMEM. */
enum lk_status fix_open(const char *path, struct fix *out, struct lk_error *err) LK_MUST_CHECK;

void fix_close(struct fix *fix);

/* Which of its chunks has this number in the segment's file, or FIX_NONE. */
uint32_t fix_find(const struct fix *fix, uint32_t number);

/* Errors: LK_IO. */
enum lk_status fix_read(const struct fix *fix, uint32_t i, uint8_t bytes[LAYOUT_CHUNK],
                        struct lk_error *err) LK_MUST_CHECK;

/* Copies all chunks to their places in the segment's file, and makes them durable. Errors: LK_IO.
 */
enum lk_status fix_apply(const struct fix *fix, int segment_fd, struct lk_error *err) LK_MUST_CHECK;

/* Begins a fix of the chunks with these numbers, which rise; numbers[0] is 0. What is at `path` is
 * replaced. Then each chunk is put, in any order, and fix_finish() makes the whole durable.
 * Errors: LK_IO, LK_DENIED, LK_NOMEM. */
enum lk_status fix_begin(const char *path, const uint8_t segment_id[SEGMENT_FILE_ID_BYTES],
                         const uint32_t *numbers, uint32_t n, struct fix *out,
                         struct lk_error *err) LK_MUST_CHECK;
enum lk_status fix_put(struct fix *fix, uint32_t i, const uint8_t bytes[LAYOUT_CHUNK],
                       struct lk_error *err) LK_MUST_CHECK;
enum lk_status fix_finish(struct fix *fix, const char *path, struct lk_error *err) LK_MUST_CHECK;

#endif
