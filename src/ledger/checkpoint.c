#include "ledger/checkpoint.h"

#include "base/err.h"
#include "sys/seal.h"

#include <string.h>

enum {
    HASH_CHARS = 44 /* base64 of 32 bytes */,
    MAX_EXTRA_CHARS = 4 * ((RECEIPT_MAX_EXTRA_BYTES + 2) / 3)
};

#define RECEIPT_HEAD "c2sp.org/tlog-proof@v1"

struct lines {
    const char *p;
    size_t n;
};

/* Takes one line off the front, without its end. false: there is none that ends. */
static bool take_line(struct lines *l, const char **line, size_t *n)
{
    const char *end = l->n == 0 ? NULL : memchr(l->p, '\n', l->n);
    if (end == NULL)
        return false;
    *line = l->p;
    *n = (size_t)(end - l->p);
    l->p += *n + 1;
    l->n -= *n + 1;
    return true;
}

static bool is_line(const char *line, size_t n, const char *text)
{
    return n == strlen(text) && memcmp(line, text, n) == 0;
}

static bool starts(const char *line, size_t n, const char *word)
{
    return n > strlen(word) && memcmp(line, word, strlen(word)) == 0;
}

bool checkpoint_number(const char *text, size_t n, uint64_t *out)
{
    *out = 0;
    if (n == 0 || n > 18 || (text[0] == '0' && n > 1))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (uint64_t)(text[i] - '0');
    }
    return true;
}

static void put_hash(const struct tree_hash *hash, struct buf *out)
{
    char base64[HASH_CHARS + 1];
    seal_base64_put(hash->bytes, sizeof hash->bytes, base64, sizeof base64);
    buf_fmt(out, "%s\n", base64);
}

static bool take_hash(const char *line, size_t n, struct tree_hash *out)
{
    return n == HASH_CHARS && seal_base64_take(line, n, out->bytes, sizeof out->bytes);
}

void checkpoint_put(const struct checkpoint *c, struct buf *out)
{
    buf_fmt(out, "%s\n%llu\n", c->origin, (unsigned long long)c->size);
    put_hash(&c->root, out);
}

enum lk_status checkpoint_read(struct checkpoint *c, const char *text, size_t n,
                               struct lk_error *err)
{
    struct lines l = {text, n};
    const char *origin, *size, *root, *more;
    size_t n_origin, n_size, n_root, n_more;
    *c = (struct checkpoint){.size = 0};
    if (!take_line(&l, &origin, &n_origin) || !take_line(&l, &size, &n_size) ||
        !take_line(&l, &root, &n_root))
        return FAIL(err, LK_INVALID, "a checkpoint has three lines: origin, size and root");
    if (n_origin == 0 || n_origin > NOTE_MAX_NAME_BYTES || memchr(origin, 0, n_origin) != NULL)
        return FAIL(err, LK_INVALID, "the origin of a checkpoint has 1 to %d bytes",
                    NOTE_MAX_NAME_BYTES);
    if (!checkpoint_number(size, n_size, &c->size) || c->size > TREE_MAX_LEAVES)
        return FAIL(err, LK_INVALID, "the size of a checkpoint is not a number");
    if (!take_hash(root, n_root, &c->root))
        return FAIL(err, LK_INVALID, "the root of a checkpoint is not 32 bytes in base64");
    while (take_line(&l, &more, &n_more))
        if (n_more == 0)
            return FAIL(err, LK_INVALID, "a checkpoint has no empty lines");
    if (l.n > 0)
        return FAIL(err, LK_INVALID, "the last line of a checkpoint does not end");
    memcpy(c->origin, origin, n_origin);
    return LK_OK;
}

void receipt_put(const struct receipt *r, struct buf *out)
{
    buf_str(out, RECEIPT_HEAD "\n");
    if (r->n_extra > 0) {
        char base64[MAX_EXTRA_CHARS + 1];
        seal_base64_put(r->extra, r->n_extra, base64, sizeof base64);
        buf_fmt(out, "extra %s\n", base64);
    }
    buf_fmt(out, "index %llu\n", (unsigned long long)r->index);
    for (size_t i = 0; i < r->proof.n; i++)
        put_hash(&r->proof.hashes[i], out);
    buf_char(out, '\n');
    buf_put(out, r->note, r->n_note);
}

static bool take_extra(struct receipt *r, const char *base64, size_t n)
{
    if (n == 0 || n % 4 != 0 || n > MAX_EXTRA_CHARS)
        return false;
    size_t n_pad = base64[n - 1] != '=' ? 0 : base64[n - 2] != '=' ? 1 : 2;
    r->n_extra = n / 4 * 3 - n_pad;
    return r->n_extra <= sizeof r->extra && seal_base64_take(base64, n, r->extra, r->n_extra);
}

static bool take_head(struct receipt *r, struct lines *l)
{
    const char *line;
    size_t n;
    if (!take_line(l, &line, &n) || !is_line(line, n, RECEIPT_HEAD) || !take_line(l, &line, &n))
        return false;
    if (starts(line, n, "extra ") && (!take_extra(r, line + 6, n - 6) || !take_line(l, &line, &n)))
        return false;
    return starts(line, n, "index ") && checkpoint_number(line + 6, n - 6, &r->index);
}

enum lk_status receipt_read(struct receipt *r, const char *text, size_t n, struct lk_error *err)
{
    struct lines l = {text, n};
    const char *line;
    size_t n_line;
    *r = (struct receipt){.index = 0};
    if (n > RECEIPT_MAX_BYTES)
        return FAIL(err, LK_LIMIT, "a receipt has at most %d bytes, not %zu", RECEIPT_MAX_BYTES, n);
    if (!take_head(r, &l))
        return FAIL(err, LK_INVALID,
                    "not a receipt: it begins with '" RECEIPT_HEAD "' and the leaf's index");
    for (;;) {
        if (!take_line(&l, &line, &n_line))
            return FAIL(err, LK_INVALID, "the receipt ends before its checkpoint");
        if (n_line == 0)
            break;
        if (r->proof.n == TREE_MAX_PROOF ||
            !take_hash(line, n_line, &r->proof.hashes[r->proof.n++]))
            return FAIL(err, LK_INVALID, "line %zu of the receipt's proof is no hash in base64",
                        r->proof.n);
    }
    r->note = l.p;
    r->n_note = l.n;
    return LK_OK;
}
