#include "../cmocka_all.h"

#include "base/hex.h"
#include "ledger/checkpoint.h"
#include "ledger/leaf.h"
#include "sys/seal.h"

#include <likeness/alloc.h>

/* The example of the signed-note specification. */
#define PETER "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define SAID                                                                                       \
    "If you think cryptography is the answer to your problem,\n"                                   \
    "then you don't know what your problem is.\n"
#define SIGNED                                                                                     \
    SAID "\n— PeterNeumann "                                                                     \
         "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBw" \
         "JnAM=\n"

static struct lk_error err;

static int setup(void **state)
{
    (void)state;
    return seal_init(&err) == LK_OK ? 0 : -1;
}

static void the_example_of_the_specification_is_good(void **state)
{
    (void)state;
    struct note note;
    struct note_key key;
    struct buf text;
    assert_int_equal(note_key_read(&key, PETER, strlen(PETER), &err), LK_OK);
    assert_int_equal(note_read(&note, SIGNED, strlen(SIGNED), &err), LK_OK);
    assert_int_equal(note.n, 1);
    assert_memory_equal(note.text, SAID, note.n_text);
    assert_int_equal(note.n_text, strlen(SAID));
    assert_true(note_check(&note, &key, NULL));
    buf_init(&text, lk_alloc_heap(), 1000);
    note_key_put(&key, &text);
    assert_string_equal(buf_text(&text), PETER);
    buf_fini(&text);
}

static void a_note_with_any_bit_turned_is_not_signed(void **state)
{
    (void)state;
    struct note note;
    struct note_key key;
    char bytes[sizeof SIGNED];
    size_t n = strlen(SIGNED);
    assert_int_equal(note_key_read(&key, PETER, strlen(PETER), &err), LK_OK);
    memcpy(bytes, SIGNED, sizeof SIGNED);
    for (size_t bit = 0; bit < 8 * n; bit++) {
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        if (note_read(&note, bytes, n, &err) == LK_OK)
            assert_false(note_check(&note, &key, NULL));
        bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
}

static void a_note_carries_many_signatures(void **state)
{
    (void)state;
    static const uint8_t seeds[2][32] = {{1}, {2}};
    struct note_key keys[2];
    struct buf b, lines;
    struct note note;
    int64_t time_s = 0;
    buf_init(&b, lk_alloc_heap(), NOTE_MAX_BYTES);
    buf_init(&lines, lk_alloc_heap(), NOTE_MAX_BYTES);
    for (int i = 0; i < 2; i++) {
        uint8_t public_key[32];
        seal_sign_public(seeds[i], public_key);
        assert_int_equal(note_key_init(&keys[i], i == 0 ? "example.org/log" : "witness.example",
                                       i == 0 ? NOTE_ED25519 : NOTE_COSIGNATURE, public_key, &err),
                         LK_OK);
        note_sign(&keys[i], seeds[i], SAID, strlen(SAID), 1790000000, &lines);
    }
    buf_fmt(&b, "%s\n%s— stranger AAAAAAAA\n", SAID, buf_text(&lines));
    assert_int_equal(note_read(&note, b.p, b.n, &err), LK_OK);
    assert_int_equal(note.n, 3);
    assert_true(note_check(&note, &keys[0], &time_s));
    assert_int_equal(time_s, 0);
    assert_true(note_check(&note, &keys[1], &time_s));
    assert_int_equal(time_s, 1790000000);
    /* Neither stands for the other. */
    keys[0].algorithm = NOTE_COSIGNATURE;
    keys[1].algorithm = NOTE_ED25519;
    assert_false(note_check(&note, &keys[0], NULL));
    assert_false(note_check(&note, &keys[1], NULL));
    buf_fini(&lines);
    buf_fini(&b);
}

static void a_key_that_is_not_one_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a3+",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    };
    struct note_key key;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_not_equal(note_key_read(&key, wrong[i], strlen(wrong[i]), &err), LK_OK);
    assert_int_equal(note_key_init(&key, "a\xc2\xa0z", NOTE_ED25519, (uint8_t[32]){0}, &err),
                     LK_INVALID);
}

static void a_checkpoint_comes_back_as_it_was_written(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "example.org/log\n5\n",
        "example.org/log\n05\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "example.org/log\n-5\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "example.org/log\n5\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
        "example.org/log\n5\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "\n5\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "example.org/log\n9999999999999999999\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
    };
    static const char good[] = "example.org/log\n5\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    struct checkpoint c;
    struct buf b;
    assert_int_equal(checkpoint_read(&c, good, strlen(good), &err), LK_OK);
    assert_string_equal(c.origin, "example.org/log");
    assert_int_equal(c.size, 5);
    buf_init(&b, lk_alloc_heap(), 1000);
    checkpoint_put(&c, &b);
    assert_string_equal(buf_text(&b), good);
    buf_str(&b, "more that is to come\n");
    assert_int_equal(checkpoint_read(&c, b.p, b.n, &err), LK_OK);
    buf_fini(&b);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(checkpoint_read(&c, wrong[i], strlen(wrong[i]), &err), LK_INVALID);
}

static void a_receipt_comes_back_as_it_was_written(void **state)
{
    (void)state;
    static const char note[] = "log\n1\nx\n\n— log AAAAAAAA\n";
    struct receipt r = {.index = 7, .n_extra = 4, .extra = "leaf"}, back;
    struct buf b;
    r.proof.n = 2;
    r.proof.hashes[1].bytes[31] = 9;
    r.note = note;
    r.n_note = strlen(note);
    buf_init(&b, lk_alloc_heap(), RECEIPT_MAX_BYTES);
    receipt_put(&r, &b);
    assert_non_null(strstr(buf_text(&b), "c2sp.org/tlog-proof@v1\nextra bGVhZg==\nindex 7\nAAAA"));
    assert_int_equal(receipt_read(&back, b.p, b.n, &err), LK_OK);
    assert_int_equal(back.index, 7);
    assert_int_equal(back.n_extra, 4);
    assert_int_equal(back.proof.n, 2);
    assert_int_equal(back.proof.hashes[1].bytes[31], 9);
    assert_int_equal(back.n_note, strlen(note));
    assert_int_equal(receipt_read(&back, b.p, b.n - back.n_note - 1, &err), LK_INVALID);
    buf_fini(&b);
}

/* The vector of docs/formats/ledger.md. */
static void a_leaf_has_the_bytes_of_the_specification(void **state)
{
    (void)state;
    struct leaf leaf = {.sequence = 258,
                        .type = 4,
                        .clock_kind = 1,
                        .outcome = 3,
                        .confidence = 90,
                        .event_s = 1790000000,
                        .due_s = 1790172800,
                        .partner = "Example",
                        .regime = "us-tida"},
                back;
    uint8_t bytes[LEAF_MAX_BYTES];
    char text[2 * LEAF_MAX_BYTES + 1] = "";
    memset(leaf.commitment, 0xab, sizeof leaf.commitment);
    size_t n = leaf_put(&leaf, bytes);
    hex_encode(bytes, n, text);
    text[2 * n] = '\0';
    assert_string_equal(text, "010000000000000102040103000000"
                              "5a00000000006ab13b80000000006ab3de80"
                              "abababababababababababababababababababababababababababababababab"
                              "074578616d706c65"
                              "0775732d74696461");
    assert_int_equal(leaf_read(&back, bytes, n, &err), LK_OK);
    assert_memory_equal(&back, &leaf, sizeof leaf);
    for (size_t cut = 0; cut < n; cut++)
        assert_int_not_equal(leaf_read(&back, bytes, cut, &err), LK_OK);
    bytes[0] = 2;
    assert_int_equal(leaf_read(&back, bytes, n, &err), LK_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_specification_is_good),
        cmocka_unit_test(a_note_with_any_bit_turned_is_not_signed),
        cmocka_unit_test(a_note_carries_many_signatures),
        cmocka_unit_test(a_key_that_is_not_one_is_refused),
        cmocka_unit_test(a_checkpoint_comes_back_as_it_was_written),
        cmocka_unit_test(a_receipt_comes_back_as_it_was_written),
        cmocka_unit_test(a_leaf_has_the_bytes_of_the_specification),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
