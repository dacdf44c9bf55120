#include "../cmocka_all.h"

#include "base/hex.h"
#include "ledger/tile.h"
#include "ledger/tree.h"

#include <stdio.h>

enum { MAX_LEAVES = 300, MAX_LEVELS = 10 };

/* Every complete node, made the plain way. */
static struct tree_hash nodes[MAX_LEVELS][MAX_LEAVES];
static struct tree_hash roots[MAX_LEAVES + 1];

static enum lk_status get(void *ctx, unsigned level, uint64_t index, struct tree_hash *out,
                          struct lk_error *err)
{
    (void)ctx;
    (void)err;
    assert_true((index + 1) << level <= MAX_LEAVES);
    *out = nodes[level][index];
    return LK_OK;
}

static int setup(void **state)
{
    (void)state;
    struct tree_front front = {.n = 0};
    for (unsigned i = 0; i < MAX_LEAVES; i++)
        tree_leaf(&i, sizeof i, &nodes[0][i]);
    for (unsigned level = 1; level < MAX_LEVELS; level++)
        for (unsigned i = 0; (i + 1) << level <= MAX_LEAVES; i++)
            tree_node(&nodes[level - 1][2 * i], &nodes[level - 1][2 * i + 1], &nodes[level][i]);
    for (unsigned n = 0; n <= MAX_LEAVES; n++) {
        tree_front_root(&front, &roots[n]);
        if (n < MAX_LEAVES)
            tree_front_add(&front, &nodes[0][n]);
    }
    return 0;
}

/* Leaves and roots of the test data of Certificate Transparency. */
static void roots_are_those_of_certificate_transparency(void **state)
{
    (void)state;
    static const struct {
        const char *leaf, *root;
    } steps[] = {
        {"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
        {"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
        {"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
        {"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
        {"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
        {"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
        {"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
        {"606162636465666768696a6b6c6d6e6f",
         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
    };
    struct tree_front front = {.n = 0};
    struct tree_hash hash;
    char text[65] = "";
    tree_front_root(&front, &hash);
    hex_encode(hash.bytes, sizeof hash.bytes, text);
    assert_string_equal(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        uint8_t leaf[16];
        size_t n = strlen(steps[i].leaf) / 2;
        assert_true(hex_decode(steps[i].leaf, leaf, n));
        tree_leaf(leaf, n, &hash);
        tree_front_add(&front, &hash);
        tree_front_root(&front, &hash);
        hex_encode(hash.bytes, sizeof hash.bytes, text);
        assert_string_equal(text, steps[i].root);
    }
}

static void a_root_of_nodes_is_the_root_of_the_front(void **state)
{
    (void)state;
    struct tree_hash root;
    for (unsigned n = 0; n <= MAX_LEAVES; n++) {
        assert_int_equal(tree_root(get, NULL, n, &root, NULL), LK_OK);
        assert_true(tree_equal(&root, &roots[n]));
    }
}

static void every_leaf_of_every_tree_is_proved(void **state)
{
    (void)state;
    struct tree_proof proof;
    for (unsigned n = 1; n <= MAX_LEAVES; n++)
        for (unsigned i = 0; i < n; i++) {
            assert_int_equal(tree_prove_leaf(get, NULL, i, n, &proof, NULL), LK_OK);
            assert_true(tree_check_leaf(&proof, i, n, &nodes[0][i], &roots[n]));
        }
}

static void every_growth_is_proved(void **state)
{
    (void)state;
    struct tree_proof proof;
    for (unsigned n = 0; n <= MAX_LEAVES; n++)
        for (unsigned m = 0; m <= n; m++) {
            assert_int_equal(tree_prove_growth(get, NULL, m, n, &proof, NULL), LK_OK);
            assert_true(tree_check_growth(&proof, m, n, &roots[m], &roots[n]));
        }
}

/* Sizes around powers of two and the largest. */
static const unsigned some_sizes[] = {1, 2, 3, 7, 8, 9, 63, 64, 65, 255, 256, 257, 300};
#define N_SIZES (sizeof some_sizes / sizeof some_sizes[0])

static void a_proof_of_a_leaf_with_any_bit_turned_proves_nothing(void **state)
{
    (void)state;
    struct tree_proof proof;
    for (size_t s = 0; s < N_SIZES; s++) {
        unsigned n = some_sizes[s], i = n * 2 / 3;
        assert_int_equal(tree_prove_leaf(get, NULL, i, n, &proof, NULL), LK_OK);
        for (size_t bit = 0; bit < proof.n * 256; bit++) {
            proof.hashes[bit / 256].bytes[bit / 8 % 32] ^= (uint8_t)(1 << bit % 8);
            assert_false(tree_check_leaf(&proof, i, n, &nodes[0][i], &roots[n]));
            proof.hashes[bit / 256].bytes[bit / 8 % 32] ^= (uint8_t)(1 << bit % 8);
        }
        for (unsigned other = 0; other < n; other++)
            if (other != i)
                assert_false(tree_check_leaf(&proof, other, n, &nodes[0][i], &roots[n]));
        proof.n++;
        assert_false(tree_check_leaf(&proof, i, n, &nodes[0][i], &roots[n]));
        proof.n -= 2;
        if (n > 1)
            assert_false(tree_check_leaf(&proof, i, n, &nodes[0][i], &roots[n]));
    }
}

static void a_proof_of_growth_with_any_bit_turned_proves_nothing(void **state)
{
    (void)state;
    struct tree_proof proof;
    for (size_t s = 2; s < N_SIZES; s++) {
        unsigned n = some_sizes[s], m = n * 2 / 3;
        assert_int_equal(tree_prove_growth(get, NULL, m, n, &proof, NULL), LK_OK);
        for (size_t bit = 0; bit < proof.n * 256; bit++) {
            proof.hashes[bit / 256].bytes[bit / 8 % 32] ^= (uint8_t)(1 << bit % 8);
            assert_false(tree_check_growth(&proof, m, n, &roots[m], &roots[n]));
            proof.hashes[bit / 256].bytes[bit / 8 % 32] ^= (uint8_t)(1 << bit % 8);
        }
        assert_false(tree_check_growth(&proof, m, n, &roots[m - 1], &roots[n]));
        assert_false(tree_check_growth(&proof, m, n, &roots[m], &roots[n - 1]));
        proof.n--;
        assert_false(tree_check_growth(&proof, m, n, &roots[m], &roots[n]));
    }
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    struct lk_error err;
    struct tree_proof proof = {.n = 0};
    assert_int_equal(tree_prove_leaf(get, NULL, 3, 3, &proof, &err), LK_INVALID);
    assert_int_equal(tree_prove_growth(get, NULL, 4, 3, &proof, &err), LK_INVALID);
    assert_false(tree_check_leaf(&proof, 1, 1, &nodes[0][0], &roots[1]));
    assert_false(tree_check_leaf(&proof, 0, UINT64_MAX, &nodes[0][0], &roots[1]));
    assert_false(tree_check_growth(&proof, 2, 1, &roots[2], &roots[1]));
    assert_false(tree_check_growth(&proof, 0, 5, &roots[1], &roots[5]));
}

static void a_tile_has_one_path(void **state)
{
    (void)state;
    static const struct {
        struct tile tile;
        const char *path;
    } rows[] = {
        {{0, 1234067, 256}, "tile/0/x001/x234/067"},
        {{0, 0, 256}, "tile/0/000"},
        {{1, 0, 5}, "tile/1/000.p/5"},
        {{TILE_ENTRIES, 999, 256}, "tile/entries/999"},
        {{7, 1000, 255}, "tile/7/x001/000.p/255"},
        {{TILE_ENTRIES, 3, 1}, "tile/entries/003.p/1"},
    };
    static const char *const wrong[] = {
        "",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/8/000",
        "tile/00/000",
        "tile/0/x000/001",
        "tile/0/000/",
        "tile/0/000.p/0",
        "tile/0/1000",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/-1/000",
        "tile/0/x001",
        "tile/entries",
        "/tile/0/000",
        "tile/0/000.p/5/",
        "tile/0/../000",
    };
    struct tile tile;
    char path[TILE_PATH_BYTES];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tile_path(&rows[i].tile, path);
        assert_string_equal(path, rows[i].path);
        assert_true(tile_read(&tile, path));
        assert_int_equal(tile.level, rows[i].tile.level);
        assert_int_equal(tile.number, rows[i].tile.number);
        assert_int_equal(tile.width, rows[i].tile.width);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(tile_read(&tile, wrong[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_are_those_of_certificate_transparency),
        cmocka_unit_test(a_root_of_nodes_is_the_root_of_the_front),
        cmocka_unit_test(every_leaf_of_every_tree_is_proved),
        cmocka_unit_test(every_growth_is_proved),
        cmocka_unit_test(a_proof_of_a_leaf_with_any_bit_turned_proves_nothing),
        cmocka_unit_test(a_proof_of_growth_with_any_bit_turned_proves_nothing),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(a_tile_has_one_path),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
