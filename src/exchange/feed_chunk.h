/* exchange/feed_chunk.h - chunks of the feed and receipts of nodes, as bytes: docs/formats/feed.md.
 *
 * Pure but for the seals. What comes from the network is checked in the order that the format
 * asks for: nothing is opened before its signature holds. Threads: any. */
#ifndef EXCHANGE_FEED_CHUNK_H
#define EXCHANGE_FEED_CHUNK_H

#include "base/arena.h"
#include "base/buf.h"
#include "cases/feed.h"

#define FEED_CHUNK_TYPE          "application/vnd.likeness.feed"
#define FEED_CHUNK_HEAD_BYTES    132
#define FEED_CHUNK_MAX_BYTES     (32u << 20)
#define FEED_CHUNK_MAX_CHANGES   4096
#define FEED_RECEIPT_HEAD_BYTES  140
#define FEED_RECEIPT_MAX_DELETED 4096

struct feed_chunk {
    uint8_t node[FEED_ID_BYTES];
    uint8_t from[FEED_CURSOR_BYTES], to[FEED_CURSOR_BYTES];
    int64_t made_ms;
    bool more;
    struct feed_change *changes; /* texts and records in the arena */
    size_t n;
};

/* Appends a chunk, sealed to box_key and signed with the registry's seed. Errors: LK_LIMIT (larger
 * than a chunk may be), LK_NOMEM. */
enum lk_status feed_chunk_write(struct buf *out, const struct feed_chunk *chunk,
                                const uint8_t box_key[SEAL_BOX_KEY_BYTES],
                                const uint8_t seed[SEAL_KEY_BYTES],
                                struct lk_error *err) LK_MUST_CHECK;

/* What is needed to read what one registry sends to one node. */
struct feed_reader {
    uint8_t node[FEED_ID_BYTES];
    uint8_t registry_key[SEAL_SIGN_KEY_BYTES];
    uint8_t box_secret[SEAL_BOX_KEY_BYTES];
};

/* Reads one that begins at `from`. Its sequences have passed lk_sequence_check(). Errors:
 * LK_CORRUPT (cut short, not of this form), LK_DENIED (not signed by this registry, or for another
 * node), LK_CONFLICT (it begins elsewhere), LK_UNSUPPORTED (a newer version), LK_NOMEM. */
enum lk_status feed_chunk_read(const uint8_t *bytes, size_t n, const struct feed_reader *reader,
                               const uint8_t from[FEED_CURSOR_BYTES], struct arena *arena,
                               struct feed_chunk *out, struct lk_error *err) LK_MUST_CHECK;

/* The content of a chunk alone, for tests and fuzzing. */
enum lk_status feed_content_read(const uint8_t *bytes, size_t n, struct arena *arena,
                                 struct feed_chunk *out, struct lk_error *err) LK_MUST_CHECK;

struct feed_deleted {
    uint8_t node[FEED_ID_BYTES];
    uint8_t from[FEED_CURSOR_BYTES], to[FEED_CURSOR_BYTES];
    int64_t at_ms;
    uint64_t n_entries;
    const uint8_t (*ids)[FEED_ID_BYTES];
    size_t n; /* at most FEED_RECEIPT_MAX_DELETED */
};

/* Appends the body of a receipt and writes its signature. */
void feed_receipt_write(struct buf *out, const struct feed_deleted *deleted,
                        const uint8_t seed[SEAL_KEY_BYTES],
                        uint8_t signature[SEAL_SIGNATURE_BYTES]);

/* Reads a body; out->ids points into it. The signature is not looked at. Errors: LK_INVALID,
 * LK_UNSUPPORTED. */
enum lk_status feed_receipt_read(const uint8_t *body, size_t n, struct feed_deleted *out,
                                 struct lk_error *err) LK_MUST_CHECK;

/* A cursor as text, and back; "" is the beginning. */
#define FEED_CURSOR_CHARS 64
void feed_cursor_put(const uint8_t cursor[FEED_CURSOR_BYTES], char text[FEED_CURSOR_CHARS + 1]);
bool feed_cursor_take(const char *text, uint8_t cursor[FEED_CURSOR_BYTES]) LK_MUST_CHECK;

#endif
