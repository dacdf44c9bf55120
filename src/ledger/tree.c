/* The root over [lo, hi), where lo is a multiple of a power of two that is not below hi - lo, is
 * folded from its complete subtrees, the rightmost first:
 *
 *            /\
 *           /  \ \        7 leaves: subtrees of 4, 2 and 1
 *          /\  /\ /\ |
 *
 * Making proofs walks from the root down and turns the list over; checking is RFC 9162, 2.1.3.2 and
 * 2.1.4.2. */
#include "ledger/tree.h"

#include "base/err.h"
#include "base/sha256.h"

#include <string.h>

void tree_leaf(const void *leaf, size_t n, struct tree_hash *out)
{
    struct sha256 h;
    sha256_init(&h);
    sha256_add(&h, "\x00", 1);
    sha256_add(&h, leaf, n);
    sha256_end(&h, out->bytes);
}

void tree_node(const struct tree_hash *left, const struct tree_hash *right, struct tree_hash *out)
{
    struct sha256 h;
    sha256_init(&h);
    sha256_add(&h, "\x01", 1);
    sha256_add(&h, left->bytes, sizeof left->bytes);
    sha256_add(&h, right->bytes, sizeof right->bytes);
    sha256_end(&h, out->bytes);
}

static void empty_root(struct tree_hash *out)
{
    struct sha256 h;
    sha256_init(&h);
    sha256_end(&h, out->bytes);
}

bool tree_equal(const struct tree_hash *a, const struct tree_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static size_t n_subtrees(uint64_t n)
{
    return (size_t)__builtin_popcountll(n);
}

void tree_front_add(struct tree_front *front, const struct tree_hash *leaf)
{
    size_t at = n_subtrees(front->n);
    front->hashes[at] = *leaf;
    for (uint64_t bit = 1; (front->n & bit) != 0; bit <<= 1, at--)
        tree_node(&front->hashes[at - 1], &front->hashes[at], &front->hashes[at - 1]);
    front->n++;
}

static void fold(const struct tree_hash *hashes, size_t n, struct tree_hash *out)
{
    *out = hashes[n - 1];
    for (size_t i = n - 1; i > 0; i--)
        tree_node(&hashes[i - 1], out, out);
}

void tree_front_root(const struct tree_front *front, struct tree_hash *out)
{
    if (front->n == 0)
        empty_root(out);
    else
        fold(front->hashes, n_subtrees(front->n), out);
}

static unsigned log2_floor(uint64_t n)
{
    return 63u - (unsigned)__builtin_clzll(n);
}

/* The largest power of two below n, which is at least 2. */
static uint64_t split(uint64_t n)
{
    return UINT64_C(1) << log2_floor(n - 1);
}

static enum lk_status range_root(tree_get *get, void *ctx, uint64_t lo, uint64_t hi,
                                 struct tree_hash *out, struct lk_error *err)
{
    struct tree_hash hashes[64];
    size_t n = 0;
    for (uint64_t at = lo; at < hi;) {
        unsigned level = log2_floor(hi - at);
        TRY(get(ctx, level, at >> level, &hashes[n++], err));
        at += UINT64_C(1) << level;
    }
    fold(hashes, n, out);
    return LK_OK;
}

static enum lk_status check_size(uint64_t n, struct lk_error *err)
{
    if (n > TREE_MAX_LEAVES)
        return FAIL(err, LK_INVALID, "a tree of %llu leaves is larger than any",
                    (unsigned long long)n);
    return LK_OK;
}

enum lk_status tree_root(tree_get *get, void *ctx, uint64_t n, struct tree_hash *out,
                         struct lk_error *err)
{
    TRY(check_size(n, err));
    if (n > 0)
        return range_root(get, ctx, 0, n, out, err);
    empty_root(out);
    return LK_OK;
}

static void turn_over(struct tree_proof *proof)
{
    for (size_t i = 0; i < proof->n / 2; i++) {
        struct tree_hash other = proof->hashes[i];
        proof->hashes[i] = proof->hashes[proof->n - 1 - i];
        proof->hashes[proof->n - 1 - i] = other;
    }
}

enum lk_status tree_prove_leaf(tree_get *get, void *ctx, uint64_t index, uint64_t n,
                               struct tree_proof *out, struct lk_error *err)
{
    TRY(check_size(n, err));
    if (index >= n)
        return FAIL(err, LK_INVALID, "there is no leaf %llu in a tree of %llu",
                    (unsigned long long)index, (unsigned long long)n);
    out->n = 0;
    for (uint64_t lo = 0, hi = n; hi - lo > 1;) {
        uint64_t middle = lo + split(hi - lo);
        bool left = index < middle;
        TRY(range_root(get, ctx, left ? middle : lo, left ? hi : middle, &out->hashes[out->n++],
                       err));
        *(left ? &hi : &lo) = middle;
    }
    turn_over(out);
    return LK_OK;
}

enum lk_status tree_prove_growth(tree_get *get, void *ctx, uint64_t n_old, uint64_t n,
                                 struct tree_proof *out, struct lk_error *err)
{
    TRY(check_size(n, err));
    if (n_old > n)
        return FAIL(err, LK_INVALID, "a tree of %llu leaves does not begin with one of %llu",
                    (unsigned long long)n, (unsigned long long)n_old);
    out->n = 0;
    uint64_t lo = 0, hi = n;
    while (n_old > 0 && n_old < hi) {
        uint64_t middle = lo + split(hi - lo);
        bool left = n_old <= middle;
        TRY(range_root(get, ctx, left ? middle : lo, left ? hi : middle, &out->hashes[out->n++],
                       err));
        *(left ? &hi : &lo) = middle;
    }
    if (n_old > 0 && lo > 0)
        TRY(range_root(get, ctx, lo, hi, &out->hashes[out->n++], err));
    turn_over(out);
    return LK_OK;
}

bool tree_check_leaf(const struct tree_proof *proof, uint64_t index, uint64_t n,
                     const struct tree_hash *leaf, const struct tree_hash *root)
{
    if (index >= n || n > TREE_MAX_LEAVES)
        return false;
    uint64_t fn = index, sn = n - 1;
    struct tree_hash r = *leaf;
    for (size_t i = 0; i < proof->n; i++) {
        if (sn == 0)
            return false;
        if ((fn & 1) == 0 && fn != sn) {
            tree_node(&r, &proof->hashes[i], &r);
        } else {
            tree_node(&proof->hashes[i], &r, &r);
            for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
                sn >>= 1;
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && tree_equal(&r, root);
}

static bool check_growth(const struct tree_proof *proof, uint64_t n_old, uint64_t n,
                         const struct tree_hash *old_root, const struct tree_hash *root)
{
    bool whole = (n_old & (n_old - 1)) == 0; /* then the old root begins the path itself */
    if (!whole && proof->n == 0)
        return false;
    struct tree_hash fr = whole ? *old_root : proof->hashes[0], sr = fr;
    uint64_t fn = n_old - 1, sn = n - 1;
    for (; (fn & 1) != 0; fn >>= 1)
        sn >>= 1;
    for (size_t i = whole ? 0 : 1; i < proof->n; i++) {
        if (sn == 0)
            return false;
        if ((fn & 1) == 0 && fn != sn) {
            tree_node(&sr, &proof->hashes[i], &sr);
        } else {
            tree_node(&proof->hashes[i], &fr, &fr);
            tree_node(&proof->hashes[i], &sr, &sr);
            for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
                sn >>= 1;
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && tree_equal(&fr, old_root) && tree_equal(&sr, root);
}

bool tree_check_growth(const struct tree_proof *proof, uint64_t n_old, uint64_t n,
                       const struct tree_hash *old_root, const struct tree_hash *root)
{
    struct tree_hash empty;
    empty_root(&empty);
    if (n_old > n || n > TREE_MAX_LEAVES)
        return false;
    if (n_old == 0)
        return proof->n == 0 && tree_equal(old_root, &empty) && (n > 0 || tree_equal(root, &empty));
    if (n_old == n)
        return proof->n == 0 && tree_equal(old_root, root);
    return check_growth(proof, n_old, n, old_root, root);
}
