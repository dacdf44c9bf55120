#include "ledger/audit.h"

#include "base/be.h"
#include "base/err.h"
#include "sys/clock.h"

#include <likeness/alloc.h>
#include <string.h>

enum { MAX_BUNDLE_BYTES = TILE_WIDTH * (2 + 65535), LATE_S = 3600 };

typedef unsigned long long number;

enum lk_status audit_checkpoint(const struct audit_source *source, const struct note_key *key,
                                struct buf *note, struct checkpoint *c, struct lk_error *err)
{
    struct note read;
    TRY(source->get(source->ctx, "checkpoint", note, err));
    TRY(note_read(&read, note->p, note->n, err));
    TRY(checkpoint_read(c, read.text, read.n_text, err));
    if (strcmp(c->origin, key->name) != 0)
        return FAIL(err, LK_DENIED, "this is the log '%.80s', not '%.80s'", c->origin, key->name);
    if (!note_check(&read, key, NULL))
        return FAIL(err, LK_DENIED, "the checkpoint of '%.100s' is not signed with its key",
                    c->origin);
    return LK_OK;
}

static enum lk_status get_tile(const struct audit_source *source, const struct tile *tile,
                               struct buf *out, struct lk_error *err)
{
    char path[TILE_PATH_BYTES];
    tile_path(tile, path);
    buf_clear(out);
    TRY(source->get(source->ctx, path, out, err));
    size_t n = tile->width * TREE_HASH_BYTES;
    if (tile->level != TILE_ENTRIES && out->n != n)
        return FAIL(err, LK_CORRUPT, "%s has %zu bytes, not %zu", path, out->n, n);
    return LK_OK;
}

/* The hashes of a log as its tiles have them: believed only when they lead to a signed root. */
struct reader {
    const struct audit_source *source;
    uint64_t size;
    struct tile tile;
    bool held;
    struct buf bytes;
};

static enum lk_status read_hash(void *ctx, unsigned level, uint64_t index, struct tree_hash *out,
                                struct lk_error *err)
{
    struct reader *r = ctx;
    uint64_t first = index << level % 8, n_level = r->size >> 8 * (level / 8);
    struct tile tile = {.level = level / 8, .number = first / TILE_WIDTH, .width = TILE_WIDTH};
    if (n_level - tile.number * TILE_WIDTH < TILE_WIDTH)
        tile.width = (unsigned)(n_level - tile.number * TILE_WIDTH);
    if (!r->held || r->tile.level != tile.level || r->tile.number != tile.number) {
        r->held = false;
        TRY(get_tile(r->source, &tile, &r->bytes, err));
        r->tile = tile;
        r->held = true;
    }
    struct tree_hash hashes[TILE_WIDTH / 2];
    size_t n = (size_t)1 << level % 8;
    memcpy(hashes, r->bytes.p + first % TILE_WIDTH * TREE_HASH_BYTES, n * TREE_HASH_BYTES);
    for (; n > 1; n /= 2)
        for (size_t i = 0; i < n / 2; i++)
            tree_node(&hashes[2 * i], &hashes[2 * i + 1], &hashes[i]);
    *out = hashes[0];
    return LK_OK;
}

static enum lk_status check_order(const struct checkpoint *before, const struct checkpoint *c,
                                  struct lk_error *err)
{
    if (c->size < before->size)
        return FAIL(err, LK_CORRUPT,
                    "the log was cut: it had %llu leaves when it was seen before, and has %llu",
                    (number)before->size, (number)c->size);
    if (c->size == before->size && !tree_equal(&c->root, &before->root))
        return FAIL(err, LK_CORRUPT,
                    "the log shows two views: two trees of %llu leaves with different roots are "
                    "signed",
                    (number)c->size);
    return LK_OK;
}

static enum lk_status forked(const struct checkpoint *before, const struct checkpoint *c,
                             struct lk_error *err)
{
    return FAIL(err, LK_CORRUPT,
                "the log was forked: the tree of %llu leaves does not begin with the tree of %llu "
                "that was signed before",
                (number)c->size, (number)before->size);
}

enum lk_status audit_growth(const struct audit_source *source, const struct checkpoint *before,
                            const struct checkpoint *c, struct lk_error *err)
{
    struct tree_proof proof;
    struct reader reader = {.source = source, .size = c->size};
    TRY(check_order(before, c, err));
    buf_init(&reader.bytes, lk_alloc_heap(), TILE_WIDTH * TREE_HASH_BYTES);
    enum lk_status status =
        tree_prove_growth(read_hash, &reader, before->size, c->size, &proof, err);
    buf_fini(&reader.bytes);
    if (status == LK_OK &&
        !tree_check_growth(&proof, before->size, c->size, &before->root, &c->root))
        return forked(before, c, err);
    return status;
}

struct audit {
    const struct checkpoint *c, *since;
    struct tree_front front;
    int64_t newest_s; /* of the leaves so far whose second is known */
    struct tree_hash then;
};

static enum lk_status check_leaf(struct audit *a, const uint8_t *bytes, size_t n,
                                 const uint8_t *hash, struct lk_error *err)
{
    number at = a->front.n;
    struct leaf leaf;
    struct tree_hash own;
    tree_leaf(bytes, n, &own);
    if (memcmp(own.bytes, hash, sizeof own.bytes) != 0)
        return FAIL(err, LK_CORRUPT, "leaf %llu was rewritten: its bytes do not have its hash", at);
    TRY(leaf_read(&leaf, bytes, n, err));
    if (leaf.sequence != at + 1)
        return FAIL(err, LK_CORRUPT,
                    "a leaf was dropped or put in: leaf %llu is event %llu and should be %llu", at,
                    (number)leaf.sequence, at + 1);
    if (!leaf.day_only && leaf.event_s < a->newest_s - LATE_S)
        return FAIL(err, LK_CORRUPT,
                    "leaf %llu was backdated: its time is %lld s before that of a leaf in front of "
                    "it",
                    at, (long long)(a->newest_s - leaf.event_s));
    if (!leaf.day_only && leaf.event_s > a->newest_s)
        a->newest_s = leaf.event_s;
    tree_front_add(&a->front, &own);
    if (a->since != NULL && a->front.n == a->since->size)
        tree_front_root(&a->front, &a->then);
    return LK_OK;
}

static enum lk_status check_bundle(struct audit *a, const struct buf *entries,
                                   const struct buf *hashes, unsigned width, struct lk_error *err)
{
    const uint8_t *p = (const uint8_t *)entries->p;
    size_t at = 0;
    for (unsigned i = 0; i < width; i++) {
        size_t n = entries->n - at < 2 ? 0 : be_get16(p + at);
        if (entries->n - at < 2 || entries->n - at - 2 < n)
            return FAIL(err, LK_CORRUPT, "a leaf was dropped: leaf %llu is missing",
                        (number)a->front.n);
        TRY(check_leaf(a, p + at + 2, n, (const uint8_t *)hashes->p + i * TREE_HASH_BYTES, err));
        at += 2 + n;
    }
    if (at != entries->n)
        return FAIL(err, LK_CORRUPT, "there are bytes behind leaf %llu", (number)a->front.n - 1);
    return LK_OK;
}

static enum lk_status check_leaves(const struct audit_source *source, struct audit *a,
                                   struct buf *entries, struct buf *hashes, struct lk_error *err)
{
    for (uint64_t k = 0; k * TILE_WIDTH < a->c->size; k++) {
        uint64_t left = a->c->size - k * TILE_WIDTH;
        struct tile tile = {.level = TILE_ENTRIES,
                            .number = k,
                            .width = left < TILE_WIDTH ? (unsigned)left : TILE_WIDTH};
        TRY(get_tile(source, &tile, entries, err));
        tile.level = 0;
        TRY(get_tile(source, &tile, hashes, err));
        TRY(check_bundle(a, entries, hashes, tile.width, err));
    }
    return LK_OK;
}

enum lk_status audit_all(const struct audit_source *source, const struct checkpoint *c,
                         const struct checkpoint *since, struct lk_error *err)
{
    struct audit audit = {.c = c, .since = since, .newest_s = INT64_MIN / 2};
    struct tree_hash root;
    struct buf entries, hashes;
    if (since != NULL)
        TRY(check_order(since, c, err));
    buf_init(&entries, lk_alloc_heap(), MAX_BUNDLE_BYTES);
    buf_init(&hashes, lk_alloc_heap(), TILE_WIDTH * TREE_HASH_BYTES);
    tree_front_root(&audit.front, &audit.then);
    enum lk_status status = check_leaves(source, &audit, &entries, &hashes, err);
    buf_fini(&entries);
    buf_fini(&hashes);
    TRY(status);
    tree_front_root(&audit.front, &root);
    if (!tree_equal(&root, &c->root))
        return FAIL(err, LK_CORRUPT,
                    "the log was rewritten: its %llu leaves do not have the root that is signed",
                    (number)c->size);
    if (since != NULL && !tree_equal(&audit.then, &since->root))
        return forked(since, c, err);
    return LK_OK;
}
