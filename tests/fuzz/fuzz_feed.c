/* Chunks and receipts of the feed out of any bytes: what is read is within its bounds, and what is
 * read of a content says the same when it is written and read again. The first byte chooses. */
#include "exchange/feed_chunk.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 64 << 20 };

static void must(bool good)
{
    if (!good)
        __builtin_trap();
}

static void check_changes(const struct feed_chunk *a, const struct feed_chunk *b)
{
    must(a->n == b->n);
    for (size_t i = 0; i < a->n; i++) {
        const struct feed_change *x = &a->changes[i], *y = &b->changes[i];
        must(x->op == y->op && memcmp(x->id, y->id, sizeof x->id) == 0);
        must(x->tier == y->tier && x->brake == y->brake && x->n_regimes == y->n_regimes);
        must(x->expires_day == y->expires_day);
        must(x->sequence.n_records == y->sequence.n_records);
        for (size_t k = 0; k < x->n_regimes; k++)
            must(strcmp(x->regimes[k], y->regimes[k]) == 0);
        for (size_t k = 0; k < x->sequence.n_records; k++)
            must(memcmp(&x->sequence.records[k].print, &y->sequence.records[k].print,
                        sizeof(struct lk_print)) == 0);
    }
}

static void again(struct feed_chunk *chunk, struct arena *arena)
{
    static const uint8_t seed[SEAL_KEY_BYTES] = {7};
    struct feed_reader reader = {.node = {0}};
    uint8_t box_key[SEAL_BOX_KEY_BYTES];
    struct feed_chunk read;
    struct buf bytes;
    seal_box_of_seed(seed, box_key, reader.box_secret);
    seal_sign_public(seed, reader.registry_key);
    buf_init(&bytes, &arena->alloc, FEED_CHUNK_MAX_BYTES);
    must(feed_chunk_write(&bytes, chunk, box_key, seed, NULL) == LK_OK);
    must(feed_chunk_read((const uint8_t *)bytes.p, bytes.n, &reader, chunk->from, arena, &read,
                         NULL) == LK_OK);
    check_changes(chunk, &read);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || seal_init(NULL) != LK_OK)
        return 0;
    struct arena arena;
    struct feed_chunk chunk = {.n = 0};
    struct feed_deleted deleted;
    arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
    if (data[0] % 2 == 0) {
        if (feed_content_read(data + 1, size - 1, &arena, &chunk, NULL) == LK_OK)
            again(&chunk, &arena);
    } else if (feed_receipt_read(data + 1, size - 1, &deleted, NULL) == LK_OK) {
        must(deleted.n * FEED_ID_BYTES <= size);
        for (size_t i = 0; i < deleted.n; i++)
            must(memcmp(deleted.ids[i], data + 1 + FEED_RECEIPT_HEAD_BYTES + i * FEED_ID_BYTES,
                        FEED_ID_BYTES) == 0);
    }
    arena_fini(&arena);
    return 0;
}
