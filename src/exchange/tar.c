/* One block of 512 bytes before each file, numbers in octal:
 *
 *       0 name[100]  100 mode[8]  108 uid[8]  116 gid[8]  124 size[12]  136 mtime[12]
 *     148 checksum[8]  156 type  157 linkname[100]  257 "ustar" NUL "00"  265 uname[32]
 *     297 gname[32]  329 devmajor[8]  337 devminor[8]  345 prefix[155]  500 zeros
 *
 * Reading makes the header anew from what it says and compares: so there is one form. */
#include "tar.h"

#include "base/err.h"

#include <string.h>

enum { BLOCK = 512, NAME = 0, SIZE = 124, TIME = 136, SUM = 148, SUM_BYTES = 8, LONG_DIGITS = 11 };

static const int64_t max_number = (INT64_C(1) << 33) - 1; /* eleven octal digits */

bool tar_name_is_fit(const char *name, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char c = name[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        bool begins_part = i == 0 || name[i - 1] == '/';
        if (!is_letter && c != '-' && c != '_' && c != '.' && c != '/')
            return false;
        if (begins_part && (c == '.' || c == '/'))
            return false;
    }
    return n > 0 && n <= TAR_MAX_NAME_BYTES && name[n - 1] != '/';
}

static void put_octal(char *at, unsigned digits, uint64_t value)
{
    for (unsigned i = digits; i-- > 0; value >>= 3)
        at[i] = (char)('0' + (value & 7));
}

static void make_header(const char *name, size_t n_name, uint64_t n, uint64_t time_s,
                        char block[BLOCK])
{
    unsigned sum = 0;
    memset(block, 0, BLOCK);
    memcpy(block + NAME, name, n_name);
    put_octal(block + 100, 7, 0644);
    put_octal(block + 108, 7, 0);
    put_octal(block + 116, 7, 0);
    put_octal(block + SIZE, LONG_DIGITS, n);
    put_octal(block + TIME, LONG_DIGITS, time_s);
    memset(block + SUM, ' ', SUM_BYTES);
    block[156] = '0';
    memcpy(block + 257, "ustar\00000", 8);
    put_octal(block + 329, 7, 0);
    put_octal(block + 337, 7, 0);
    for (unsigned i = 0; i < BLOCK; i++)
        sum += (unsigned char)block[i];
    put_octal(block + SUM, 6, sum);
    block[SUM + 6] = '\0';
}

static size_t padding(size_t n)
{
    return (BLOCK - n % BLOCK) % BLOCK;
}

void tar_put(struct buf *out, const char *name, const void *bytes, size_t n, int64_t time_s)
{
    static const char zeros[BLOCK];
    char block[BLOCK];
    size_t n_name = strlen(name);
    if (!tar_name_is_fit(name, n_name) || time_s < 0 || time_s > max_number ||
        n > (uint64_t)max_number) {
        out->status = LK_LIMIT;
        return;
    }
    make_header(name, n_name, n, (uint64_t)time_s, block);
    buf_put(out, block, sizeof block);
    buf_put(out, bytes, n);
    buf_put(out, zeros, padding(n));
}

void tar_end(struct buf *out)
{
    static const char zeros[2 * BLOCK];
    buf_put(out, zeros, sizeof zeros);
}

/* ---- reading ---- */

static bool are_zeros(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != 0)
            return false;
    return true;
}

static bool take_octal(const char *at, uint64_t *value)
{
    *value = 0;
    for (unsigned i = 0; i < LONG_DIGITS; i++) {
        if (at[i] < '0' || at[i] > '7')
            return false;
        *value = *value << 3 | (uint64_t)(at[i] - '0');
    }
    return true;
}

static enum lk_status wrong(size_t at, const char *what, struct lk_error *err)
{
    return FAIL(err, LK_CORRUPT, "the archive is not one of ours, at byte %zu: %s", at, what);
}

enum lk_status tar_take(const char *archive, size_t n, size_t *at, struct tar_file *out, bool *more,
                        struct lk_error *err)
{
    const char *header = archive + *at;
    char same[BLOCK];
    uint64_t size, time_s;
    *more = false;
    if (n - *at < 2 * BLOCK)
        return wrong(*at, "it is cut off", err);
    if (are_zeros(header, BLOCK)) {
        if (n - *at == 2 * BLOCK && are_zeros(header, 2 * BLOCK))
            return LK_OK;
        return wrong(*at, "something stands behind its end", err);
    }
    size_t n_name = strnlen(header, TAR_MAX_NAME_BYTES);
    if (!tar_name_is_fit(header, n_name))
        return wrong(*at, "a name that may not be", err);
    if (!take_octal(header + SIZE, &size) || !take_octal(header + TIME, &time_s))
        return wrong(*at, "a size or time that is no number", err);
    make_header(header, n_name, size, time_s, same);
    if (memcmp(same, header, BLOCK) != 0)
        return wrong(*at, "a header of another form", err);
    size_t rest = n - *at - BLOCK;
    if (size > rest || padding((size_t)size) > rest - (size_t)size)
        return wrong(*at, "it is cut off", err);
    memcpy(out->name, header, n_name);
    out->name[n_name] = '\0';
    out->bytes = header + BLOCK;
    out->n = (size_t)size;
    out->time_s = (int64_t)time_s;
    if (!are_zeros(out->bytes + out->n, padding(out->n)))
        return wrong(*at, "something stands behind a file", err);
    *at += BLOCK + out->n + padding(out->n);
    *more = true;
    return LK_OK;
}
