/* Any bytes as what a ledger, its witnesses and its readers send; the first says as which. What is
 * read is written as it was. */
#include "ledger/checkpoint.h"
#include "ledger/leaf.h"
#include "ledger/tile.h"
#include "sys/seal.h"

#include <likeness/alloc.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool good)
{
    if (!good)
        __builtin_trap();
}

static void demand_same(struct buf *b, const char *text, size_t n)
{
    demand(b->status == LK_OK && b->n == n && memcmp(b->p, text, n) == 0);
}

static void try_note(const char *text, size_t n)
{
    struct note note;
    struct note_key key;
    uint8_t public_key[32] = {1};
    int64_t time_s;
    if (note_read(&note, text, n, NULL) != LK_OK)
        return;
    for (int kind = 0; kind < 2; kind++) {
        demand(note_key_init(&key, "a", kind == 0 ? NOTE_ED25519 : NOTE_COSIGNATURE, public_key,
                             NULL) == LK_OK);
        demand(!note_check(&note, &key, &time_s));
    }
}

static void try_text(uint8_t kind, const char *text, size_t n, struct buf *b)
{
    struct checkpoint c;
    struct receipt r;
    struct note_key key;
    if (kind == 'c' && checkpoint_read(&c, text, n, NULL) == LK_OK) {
        checkpoint_put(&c, b);
        demand(b->n <= n && memcmp(b->p, text, b->n) == 0);
    }
    if (kind == 'r' && receipt_read(&r, text, n, NULL) == LK_OK) {
        receipt_put(&r, b);
        demand_same(b, text, n);
    }
    if (kind == 'k' && note_key_read(&key, text, n, NULL) == LK_OK) {
        note_key_put(&key, b);
        demand(b->n == n);
    }
}

static void try_leaf(const uint8_t *bytes, size_t n)
{
    struct leaf leaf;
    uint8_t again[LEAF_MAX_BYTES];
    if (leaf_read(&leaf, bytes, n, NULL) == LK_OK)
        demand(leaf_put(&leaf, again) == n && memcmp(again, bytes, n) == 0);
}

static void try_path(const char *text, size_t n)
{
    struct tile tile;
    char *path = strndup(text, n), again[TILE_PATH_BYTES];
    if (path != NULL && tile_read(&tile, path)) {
        tile_path(&tile, again);
        demand(strcmp(again, path) == 0);
    }
    free(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf b;
    if (size == 0 || seal_init(NULL) != LK_OK)
        return 0;
    const char *text = (const char *)data + 1;
    buf_init(&b, lk_alloc_heap(), 2 * RECEIPT_MAX_BYTES);
    if (data[0] == 'n')
        try_note(text, size - 1);
    else if (data[0] == 'l')
        try_leaf(data + 1, size - 1);
    else if (data[0] == 't')
        try_path(text, size - 1);
    else
        try_text(data[0], text, size - 1, &b);
    buf_fini(&b);
    return 0;
}
