/* ledger/tree.h - the Merkle tree of RFC 6962 (2.1) and RFC 9162 (2.1): hashes, and proofs that a
 * leaf is in a tree, or that a tree only grew out of an earlier one.
 *
 * Leaves are numbered from 0. A node (level, index) is the hash over the 2^level leaves from
 * index * 2^level on, all of which must exist. Pure: no state, no input or output. Proofs of trees
 * of up to 2^63 leaves; cost log2 of the size. Threads: any. */
#ifndef LEDGER_TREE_H
#define LEDGER_TREE_H

#include <likeness/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TREE_HASH_BYTES 32
#define TREE_MAX_PROOF  65 /* hashes */
#define TREE_MAX_LEAVES (UINT64_C(1) << 62)

struct tree_hash {
    uint8_t bytes[TREE_HASH_BYTES];
};

/* SHA-256(0x00 || leaf) and SHA-256(0x01 || left || right). */
void tree_leaf(const void *leaf, size_t n, struct tree_hash *out);
void tree_node(const struct tree_hash *left, const struct tree_hash *right, struct tree_hash *out);

bool tree_equal(const struct tree_hash *a, const struct tree_hash *b);

/* What must be kept of a tree to let it grow: the roots of its complete subtrees, the largest
 * first, one for every bit that is set in n. All zero is the empty tree. */
struct tree_front {
    uint64_t n;
    struct tree_hash hashes[64];
};
void tree_front_add(struct tree_front *front, const struct tree_hash *leaf);
void tree_front_root(const struct tree_front *front, struct tree_hash *out);

/* Where the hashes of a tree come from. What it returns but LK_OK is passed on. */
typedef enum lk_status tree_get(void *ctx, unsigned level, uint64_t index, struct tree_hash *out,
                                struct lk_error *err);

/* The root over the first n leaves. */
enum lk_status tree_root(tree_get *get, void *ctx, uint64_t n, struct tree_hash *out,
                         struct lk_error *err) LK_MUST_CHECK;

struct tree_proof {
    size_t n;
    struct tree_hash hashes[TREE_MAX_PROOF];
};

/* That leaf `index` is in the tree of n leaves. Errors: LK_INVALID (there is no such leaf). */
enum lk_status tree_prove_leaf(tree_get *get, void *ctx, uint64_t index, uint64_t n,
                               struct tree_proof *out, struct lk_error *err) LK_MUST_CHECK;

/* That the tree of n leaves begins with the tree of n_old. Errors: LK_INVALID (n_old > n). */
enum lk_status tree_prove_growth(tree_get *get, void *ctx, uint64_t n_old, uint64_t n,
                                 struct tree_proof *out, struct lk_error *err) LK_MUST_CHECK;

bool tree_check_leaf(const struct tree_proof *proof, uint64_t index, uint64_t n,
                     const struct tree_hash *leaf, const struct tree_hash *root) LK_MUST_CHECK;
bool tree_check_growth(const struct tree_proof *proof, uint64_t n_old, uint64_t n,
                       const struct tree_hash *old_root,
                       const struct tree_hash *root) LK_MUST_CHECK;

#endif
