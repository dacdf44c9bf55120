#include "exchange/feed_chunk.h"

#include "base/err.h"
#include "base/le.h"

#include <string.h>

enum {
    VERSION = 1,
    FLAG_MORE = 1,
    AT_NODE = 8,
    AT_FROM = 24,
    AT_TO = 72,
    AT_TIME = 120,
    AT_LENGTH = 128,
    AT_ENTRIES = 128, /* of a receipt */
    AT_COUNT = 136,
    CHANGE_BYTES = 19, /* before what is about it */
    ABOUT_BYTES = 7,   /* before the laws */
};

static const uint8_t no_cursor[FEED_CURSOR_BYTES];

static void put8(struct buf *out, unsigned v)
{
    buf_char(out, (char)v);
}

/* What chunks and receipts begin with, up to the time. */
static void put_head(struct buf *out, const char *magic, unsigned flags,
                     const uint8_t node[FEED_ID_BYTES], const uint8_t from[FEED_CURSOR_BYTES],
                     const uint8_t to[FEED_CURSOR_BYTES], int64_t at_ms)
{
    buf_put(out, magic, 4);
    buf_u16le(out, VERSION);
    buf_u16le(out, (uint16_t)flags);
    buf_put(out, node, FEED_ID_BYTES);
    buf_put(out, from, FEED_CURSOR_BYTES);
    buf_put(out, to, FEED_CURSOR_BYTES);
    buf_u64le(out, (uint64_t)at_ms);
}

/* ---- writing a chunk ---- */

static void put_about(struct buf *out, const struct feed_change *c)
{
    size_t n = ABOUT_BYTES;
    for (size_t i = 0; i < c->n_regimes; i++)
        n += 1 + strlen(c->regimes[i]);
    buf_u16le(out, (uint16_t)n);
    put8(out, c->tier);
    put8(out, c->brake);
    buf_u32le(out, c->expires_day);
    put8(out, (unsigned)c->n_regimes);
    for (size_t i = 0; i < c->n_regimes; i++) {
        put8(out, (unsigned)strlen(c->regimes[i]));
        buf_str(out, c->regimes[i]);
    }
}

static enum lk_status put_sequence(struct buf *out, const struct lk_sequence *sequence,
                                   struct lk_error *err)
{
    size_t n = lk_sequence_encoded_bytes(sequence);
    buf_u32le(out, (uint32_t)n);
    uint8_t *at = buf_room(out, n);
    if (at == NULL)
        return buf_status(out, "a chunk of the feed", err);
    lk_sequence_encode(sequence, at);
    return LK_OK;
}

static enum lk_status put_changes(struct buf *out, const struct feed_chunk *chunk,
                                  struct lk_error *err)
{
    buf_u32le(out, (uint32_t)chunk->n);
    for (size_t i = 0; i < chunk->n; i++) {
        const struct feed_change *c = &chunk->changes[i];
        put8(out, c->op);
        buf_put(out, c->id, sizeof c->id);
        if (c->op == FEED_WITHDRAW)
            buf_u16le(out, 0);
        else
            put_about(out, c);
        if (c->op == FEED_ADD)
            TRY(put_sequence(out, &c->sequence, err));
    }
    return buf_status(out, "a chunk of the feed", err);
}

enum lk_status feed_chunk_write(struct buf *out, const struct feed_chunk *chunk,
                                const uint8_t box_key[SEAL_BOX_KEY_BYTES],
                                const uint8_t seed[SEAL_KEY_BYTES], struct lk_error *err)
{
    struct buf content;
    size_t start = out->n;
    uint8_t signature[SEAL_SIGNATURE_BYTES];
    buf_init(&content, out->alloc, FEED_CHUNK_MAX_BYTES);
    enum lk_status status = put_changes(&content, chunk, err);
    size_t n_sealed = content.n + SEAL_BOX_OVERHEAD_BYTES;
    if (status == LK_OK) {
        put_head(out, "LKFC", chunk->more ? FLAG_MORE : 0, chunk->node, chunk->from, chunk->to,
                 chunk->made_ms);
        buf_u32le(out, (uint32_t)n_sealed);
        uint8_t *at = buf_room(out, n_sealed);
        if (at != NULL) {
            seal_box_put(box_key, content.p, content.n, at);
            seal_sign(seed, out->p + start, out->n - start, signature);
            buf_put(out, signature, sizeof signature);
        }
        status = buf_status(out, "a chunk of the feed", err);
    }
    if (content.n > 0)
        seal_wipe(content.p, content.n);
    buf_fini(&content);
    return status;
}

/* ---- reading a chunk ---- */

struct cursor {
    const uint8_t *p;
    size_t n; /* left */
    struct lk_record *records;
    size_t room; /* for records */
};

static const uint8_t *take(struct cursor *c, size_t n)
{
    if (c->n < n)
        return NULL;
    const uint8_t *p = c->p;
    c->p += n;
    c->n -= n;
    return p;
}

static enum lk_status cut_short(struct lk_error *err)
{
    return FAIL(err, LK_CORRUPT, "a chunk of the feed is cut short");
}

static enum lk_status take_about(struct cursor *c, size_t n, struct arena *arena,
                                 struct feed_change *out, struct lk_error *err)
{
    struct cursor about = {.p = take(c, n), .n = n};
    const uint8_t *p = about.p == NULL ? NULL : take(&about, ABOUT_BYTES);
    if (p == NULL)
        return cut_short(err);
    out->tier = p[0];
    out->brake = p[1];
    out->expires_day = le_get32(p + 2);
    if (out->tier < LK_TIER_SELF || out->tier > LK_TIER_CONFIRMED || p[6] > FEED_MAX_REGIMES)
        return FAIL(err, LK_CORRUPT, "an entry of the feed has tier %u and %u laws", p[0], p[6]);
    for (unsigned i = 0; i < p[6]; i++) {
        const uint8_t *length = take(&about, 1);
        const uint8_t *text = length == NULL ? NULL : take(&about, *length);
        if (text == NULL || *length > FEED_REGIME_BYTES || memchr(text, 0, *length) != NULL)
            return cut_short(err);
        out->regimes[i] = arena_copy(arena, (const char *)text, *length);
        if (out->regimes[i] == NULL)
            return FAIL(err, LK_NOMEM, "no memory for a chunk of the feed");
        out->n_regimes++;
    }
    return LK_OK;
}

static enum lk_status take_sequence(struct cursor *c, struct lk_sequence *out, struct lk_error *err)
{
    size_t used = 0;
    const uint8_t *length = take(c, 4);
    size_t n = length == NULL ? 0 : le_get32(length);
    const uint8_t *bytes = take(c, n);
    if (length == NULL || bytes == NULL)
        return cut_short(err);
    TRY(lk_sequence_decode(bytes, n, c->records, c->room, out, &used, err));
    c->records += out->n_records;
    c->room -= out->n_records;
    return used == n ? LK_OK : FAIL(err, LK_CORRUPT, "bytes stand behind an entry's prints");
}

static enum lk_status take_change(struct cursor *c, struct arena *arena, struct feed_change *out,
                                  struct lk_error *err)
{
    const uint8_t *p = take(c, CHANGE_BYTES);
    if (p == NULL)
        return cut_short(err);
    *out = (struct feed_change){.op = p[0]};
    memcpy(out->id, p + 1, sizeof out->id);
    size_t n_about = le_get16(p + 17);
    if (out->op < FEED_ADD || out->op > FEED_WITHDRAW)
        return FAIL(err, LK_CORRUPT, "a chunk of the feed has a change of kind %u", out->op);
    if (out->op == FEED_WITHDRAW)
        return take(c, n_about) != NULL ? LK_OK : cut_short(err);
    TRY(take_about(c, n_about, arena, out, err));
    return out->op == FEED_ADD ? take_sequence(c, &out->sequence, err) : LK_OK;
}

enum lk_status feed_content_read(const uint8_t *bytes, size_t n, struct arena *arena,
                                 struct feed_chunk *out, struct lk_error *err)
{
    struct cursor c = {.p = bytes, .n = n};
    const uint8_t *count = take(&c, 4);
    if (count == NULL)
        return cut_short(err);
    size_t n_changes = le_get32(count);
    if (n_changes > FEED_CHUNK_MAX_CHANGES || n_changes > c.n / CHANGE_BYTES)
        return FAIL(err, LK_CORRUPT, "a chunk of the feed promises %zu changes in %zu bytes",
                    n_changes, c.n);
    out->changes = arena_alloc(arena, n_changes * sizeof *out->changes);
    c.room = c.n / LK_PRINT_BYTES + 1;
    c.records = arena_alloc(arena, c.room * sizeof *c.records);
    if (c.records == NULL || (out->changes == NULL && n_changes > 0))
        return FAIL(err, LK_NOMEM, "no memory for a chunk of the feed");
    for (out->n = 0; out->n < n_changes; out->n++)
        TRY(take_change(&c, arena, &out->changes[out->n], err));
    return c.n == 0 ? LK_OK : FAIL(err, LK_CORRUPT, "bytes stand behind the last change");
}

static enum lk_status check_head(const uint8_t *p, size_t n, const struct feed_reader *reader,
                                 const uint8_t from[FEED_CURSOR_BYTES], struct lk_error *err)
{
    if (n < FEED_CHUNK_HEAD_BYTES + SEAL_SIGNATURE_BYTES || memcmp(p, "LKFC", 4) != 0)
        return FAIL(err, LK_CORRUPT, "this is no chunk of a feed");
    if (le_get16(p + 4) != VERSION)
        return FAIL(err, LK_UNSUPPORTED, "a feed of version %u; this program reads version %u",
                    le_get16(p + 4), (unsigned)VERSION);
    if (n > FEED_CHUNK_MAX_BYTES ||
        le_get32(p + AT_LENGTH) != n - FEED_CHUNK_HEAD_BYTES - SEAL_SIGNATURE_BYTES)
        return cut_short(err);
    if (!seal_sign_check(reader->registry_key, p, n - SEAL_SIGNATURE_BYTES,
                         p + n - SEAL_SIGNATURE_BYTES))
        return FAIL(err, LK_DENIED, "a chunk of the feed is not signed by the registry");
    if (memcmp(p + AT_NODE, reader->node, FEED_ID_BYTES) != 0)
        return FAIL(err, LK_DENIED, "a chunk of the feed is for another node");
    if (memcmp(p + AT_FROM, from, FEED_CURSOR_BYTES) != 0)
        return FAIL(err, LK_CONFLICT, "a chunk of the feed begins at another place");
    return LK_OK;
}

enum lk_status feed_chunk_read(const uint8_t *bytes, size_t n, const struct feed_reader *reader,
                               const uint8_t from[FEED_CURSOR_BYTES], struct arena *arena,
                               struct feed_chunk *out, struct lk_error *err)
{
    *out = (struct feed_chunk){.n = 0};
    TRY(check_head(bytes, n, reader, from, err));
    size_t n_sealed = le_get32(bytes + AT_LENGTH);
    if (n_sealed < SEAL_BOX_OVERHEAD_BYTES)
        return cut_short(err);
    size_t n_content = n_sealed - SEAL_BOX_OVERHEAD_BYTES;
    uint8_t *content = arena_alloc(arena, n_content);
    if (content == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a chunk of the feed");
    if (!seal_box_take(reader->box_secret, bytes + FEED_CHUNK_HEAD_BYTES, n_sealed, content))
        return FAIL(err, LK_DENIED, "a chunk of the feed is not sealed to this node");
    memcpy(out->node, bytes + AT_NODE, FEED_ID_BYTES);
    memcpy(out->from, bytes + AT_FROM, FEED_CURSOR_BYTES);
    memcpy(out->to, bytes + AT_TO, FEED_CURSOR_BYTES);
    out->made_ms = (int64_t)le_get64(bytes + AT_TIME);
    out->more = (le_get16(bytes + 6) & FLAG_MORE) != 0;
    return feed_content_read(content, n_content, arena, out, err);
}

/* ---- receipts ---- */

void feed_receipt_write(struct buf *out, const struct feed_deleted *deleted,
                        const uint8_t seed[SEAL_KEY_BYTES], uint8_t signature[SEAL_SIGNATURE_BYTES])
{
    size_t start = out->n;
    put_head(out, "LKFR", 0, deleted->node, deleted->from, deleted->to, deleted->at_ms);
    buf_u64le(out, deleted->n_entries);
    buf_u32le(out, (uint32_t)deleted->n);
    buf_put(out, deleted->ids, deleted->n * FEED_ID_BYTES);
    if (out->status == LK_OK)
        seal_sign(seed, out->p + start, out->n - start, signature);
}

enum lk_status feed_receipt_read(const uint8_t *body, size_t n, struct feed_deleted *out,
                                 struct lk_error *err)
{
    if (n < FEED_RECEIPT_HEAD_BYTES || memcmp(body, "LKFR", 4) != 0)
        return FAIL(err, LK_INVALID, "this is no receipt of a feed");
    if (le_get16(body + 4) != VERSION)
        return FAIL(err, LK_UNSUPPORTED, "a receipt of version %u; this program reads version %u",
                    le_get16(body + 4), (unsigned)VERSION);
    *out = (struct feed_deleted){
        .at_ms = (int64_t)le_get64(body + AT_TIME),
        .n_entries = le_get64(body + AT_ENTRIES),
        .ids = (const void *)(body + FEED_RECEIPT_HEAD_BYTES),
        .n = le_get32(body + AT_COUNT),
    };
    memcpy(out->node, body + AT_NODE, FEED_ID_BYTES);
    memcpy(out->from, body + AT_FROM, FEED_CURSOR_BYTES);
    memcpy(out->to, body + AT_TO, FEED_CURSOR_BYTES);
    if (out->n > FEED_RECEIPT_MAX_DELETED || n != FEED_RECEIPT_HEAD_BYTES + out->n * FEED_ID_BYTES)
        return FAIL(err, LK_INVALID, "a receipt of %zu deleted entries has another length", out->n);
    return out->n_entries <= INT64_MAX
               ? LK_OK
               : FAIL(err, LK_INVALID, "a receipt of more entries than there can be");
}

/* ---- cursors ---- */

void feed_cursor_put(const uint8_t cursor[FEED_CURSOR_BYTES], char text[FEED_CURSOR_CHARS + 1])
{
    text[0] = '\0';
    if (memcmp(cursor, no_cursor, FEED_CURSOR_BYTES) != 0)
        seal_text_put(cursor, FEED_CURSOR_BYTES, text, FEED_CURSOR_CHARS + 1);
}

bool feed_cursor_take(const char *text, uint8_t cursor[FEED_CURSOR_BYTES])
{
    memset(cursor, 0, FEED_CURSOR_BYTES);
    return text == NULL || text[0] == '\0' ||
           seal_text_take(text, strlen(text), cursor, FEED_CURSOR_BYTES);
}
