/* Keyed prints. The vectors come from another implementation (data/print_key.py), with the key
 * stream of libsodium. */
#include "../cmocka_all.h"
#include "base/hex.h"

#include <likeness/print.h>
#include <string.h>

static uint64_t next(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state ^ *state >> 29;
}

static struct lk_print any_print(uint64_t *state)
{
    struct lk_print p;
    for (int i = 0; i < 4; i++)
        p.w[i] = next(state) << 32 | next(state) >> 32;
    return p;
}

static void the_key_of_a_seed_is_the_one_specified(void **state)
{
    (void)state;
    static const struct {
        const char *seed, *print, *keyed;
    } vectors[] = {
#include "data/print_key.inc"
    };
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        uint8_t seed[LK_PRINT_KEY_SEED_BYTES];
        struct lk_print_key key;
        struct lk_print print, keyed;
        char hex[LK_PRINT_HEX_CHARS + 1];
        assert_true(hex_decode(vectors[i].seed, seed, sizeof seed));
        assert_int_equal(lk_print_from_hex(&print, vectors[i].print, 64, NULL), LK_OK);
        lk_print_key_init(&key, seed);
        keyed = lk_print_keyed(&key, &print);
        lk_print_to_hex(&keyed, hex);
        assert_string_equal(hex, vectors[i].keyed);
    }
}

static void keyed_prints_are_as_far_apart_as_before(void **state)
{
    (void)state;
    uint64_t random = 7;
    for (int round = 0; round < 200; round++) {
        uint8_t seed[LK_PRINT_KEY_SEED_BYTES];
        for (size_t i = 0; i < sizeof seed; i++)
            seed[i] = (uint8_t)(next(&random) >> 40);
        struct lk_print_key key;
        lk_print_key_init(&key, seed);
        for (int pair = 0; pair < 20; pair++) {
            struct lk_print a = any_print(&random), b = any_print(&random);
            if (pair % 2 == 0) { /* a near one */
                b = a;
                for (int bit = 0; bit < pair; bit++)
                    b.w[next(&random) >> 62] ^= UINT64_C(1) << (next(&random) >> 58);
            }
            struct lk_print ka = lk_print_keyed(&key, &a), kb = lk_print_keyed(&key, &b);
            assert_int_equal(lk_print_distance(&ka, &kb), lk_print_distance(&a, &b));
        }
    }
}

static void each_bit_goes_to_a_place_of_its_own(void **state)
{
    (void)state;
    for (unsigned s = 0; s < 50; s++) {
        uint8_t seed[LK_PRINT_KEY_SEED_BYTES] = {(uint8_t)s};
        bool taken[LK_PRINT_BITS] = {false};
        struct lk_print_key key;
        lk_print_key_init(&key, seed);
        for (unsigned k = 0; k < LK_PRINT_BITS; k++) {
            assert_false(taken[key.place[k]]);
            taken[key.place[k]] = true;
        }
    }
}

/* What core/index is quick by: parts of 16 bits, and which stand side by side. */
static void parts_stay_parts_and_pairs_stay_pairs(void **state)
{
    (void)state;
    for (unsigned s = 0; s < 50; s++) {
        uint8_t seed[LK_PRINT_KEY_SEED_BYTES] = {0, (uint8_t)s};
        struct lk_print_key key;
        lk_print_key_init(&key, seed);
        for (unsigned k = 0; k < LK_PRINT_BITS; k++) {
            assert_int_equal(key.place[k] / 16, key.place[k / 16 * 16] / 16);
            assert_int_equal(key.place[k] / 32, key.place[k / 32 * 32] / 32);
        }
    }
}

/* Over many seeds every place is taken from about every other. */
static void each_bit_may_go_anywhere(void **state)
{
    (void)state;
    static unsigned n[LK_PRINT_BITS][LK_PRINT_BITS];
    for (unsigned s = 0; s < 20000; s++) {
        uint8_t seed[LK_PRINT_KEY_SEED_BYTES] = {0, 0, (uint8_t)s, (uint8_t)(s >> 8)};
        struct lk_print_key key;
        lk_print_key_init(&key, seed);
        for (unsigned k = 0; k < LK_PRINT_BITS; k++)
            n[k][key.place[k]]++;
    }
    for (unsigned k = 0; k < LK_PRINT_BITS; k++)
        for (unsigned from = 0; from < LK_PRINT_BITS; from++)
            assert_in_range(n[k][from], 30, 150); /* 78 on average */
}

static void prints_of_two_keys_have_nothing_to_do_with_each_other(void **state)
{
    (void)state;
    uint64_t random = 3;
    unsigned sum = 0;
    for (unsigned s = 0; s < 100; s++) {
        uint8_t seed[LK_PRINT_KEY_SEED_BYTES] = {(uint8_t)s}, other[LK_PRINT_KEY_SEED_BYTES];
        memcpy(other, seed, sizeof other);
        other[31] ^= 1;
        struct lk_print_key a, b;
        lk_print_key_init(&a, seed);
        lk_print_key_init(&b, other);
        struct lk_print print = any_print(&random);
        struct lk_print ka = lk_print_keyed(&a, &print), kb = lk_print_keyed(&b, &print);
        unsigned dist = lk_print_distance(&ka, &kb);
        assert_in_range(dist, 128 - 48, 128 + 48); /* six standard deviations */
        sum += dist;
    }
    assert_in_range(sum, 12800 - 500, 12800 + 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_of_a_seed_is_the_one_specified),
        cmocka_unit_test(keyed_prints_are_as_far_apart_as_before),
        cmocka_unit_test(each_bit_goes_to_a_place_of_its_own),
        cmocka_unit_test(parts_stay_parts_and_pairs_stay_pairs),
        cmocka_unit_test(each_bit_may_go_anywhere),
        cmocka_unit_test(prints_of_two_keys_have_nothing_to_do_with_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
