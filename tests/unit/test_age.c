/* base/bech32.h, sys/age.h and what of sys/seal.h they stand on. Vectors are of BIP-173, RFC 4231,
 * RFC 5869, RFC 7748 and RFC 8032; tests/exchange/test_age.py opens files of the age tool and has
 * it open ours. */
#include "../cmocka_all.h"
#include "base/bech32.h"
#include "base/hex.h"
#include "sys/age.h"
#include "sys/seal.h"

#include <stdlib.h>

enum { BUF_MAX = 1 << 20 };

static struct buf new_buf(void)
{
    struct buf b;
    buf_init(&b, lk_alloc_heap(), BUF_MAX);
    return b;
}

static size_t from_hex(const char *text, uint8_t *out)
{
    assert_true(hex_decode(text, out, strlen(text) / 2));
    return strlen(text) / 2;
}

static void assert_hex(const uint8_t *bytes, const char *text)
{
    uint8_t expected[256];
    size_t n = from_hex(text, expected);
    assert_memory_equal(bytes, expected, n);
}

/* ---- bech32 ---- */

static void bech32_takes_what_bip_173_calls_valid(void **state)
{
    (void)state;
    static const char *const valid[] = {
        "A12UEL5L",
        "a12uel5l",
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tg"
        "s",
        "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        "11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247"
        "j",
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
        "?1ezyfcl",
    };
    struct bech32 b;
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++)
        if (!bech32_take(valid[i], strlen(valid[i]), &b))
            fail_msg("refused %s", valid[i]);
    assert_true(bech32_take(valid[3], strlen(valid[3]), &b));
    assert_string_equal(b.prefix, "abcdef");
    assert_int_equal(b.n_groups, 32);
    for (uint8_t i = 0; i < 32; i++)
        assert_int_equal(b.groups[i], i);
}

static void bech32_refuses_what_bip_173_calls_invalid(void **state)
{
    (void)state;
    static const char *const invalid[] = {
        "\x20"
        "1nwldj5",
        "\x7f"
        "1axkwrx",
        "\x80"
        "1eym55h",
        "an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1569pv"
        "x",
        "pzry9x0s0muk",
        "1pzry9x0s0muk",
        "x1b4n0q5v",
        "li1dgmt3",
        "de1lg7wt\xff",
        "A1G7SGD8",
        "10a06t8",
        "1qzzfhee",
        "A12uEL5L",
        "",
        "1",
    };
    struct bech32 b;
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++)
        if (bech32_take(invalid[i], strlen(invalid[i]), &b))
            fail_msg("took number %zu", i);
}

static void bech32_gives_back_any_bytes(void **state)
{
    (void)state;
    uint8_t bytes[64], back[64];
    char text[BECH32_MAX_CHARS + 1];
    struct bech32 b;
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 37 + 11);
    for (size_t n = 0; n <= sizeof bytes; n++) {
        assert_true(bech32_put("key-", bytes, n, n % 2 == 1, text, sizeof text));
        assert_true(bech32_take(text, strlen(text), &b));
        assert_int_equal(b.is_upper, n % 2 == 1);
        assert_true(bech32_bytes(&b, back, n));
        assert_memory_equal(back, bytes, n);
        assert_false(bech32_bytes(&b, back, n + 1));
    }
    assert_false(bech32_put("key-", bytes, 64, false, text, 100));
    assert_false(bech32_put("", bytes, 1, false, text, sizeof text));
}

static void bech32_notices_every_wrong_letter(void **state)
{
    (void)state;
    static const char right[] = "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w";
    char text[sizeof right];
    struct bech32 b;
    for (size_t i = 6; i + 1 < sizeof right; i++)
        for (const char *c = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"; *c != '\0'; c++) {
            memcpy(text, right, sizeof right);
            text[i] = *c;
            assert_int_equal(bech32_take(text, strlen(text), &b), right[i] == *c);
        }
}

/* Eight bits are five and three: the two that are left must be 0. */
static void bech32_refuses_left_over_bits(void **state)
{
    (void)state;
    uint8_t out[2];
    struct bech32 b = {.groups = {31, 28}, .n_groups = 2};
    assert_true(bech32_bytes(&b, out, 1));
    b.groups[1] = 29;
    assert_false(bech32_bytes(&b, out, 1));
    b = (struct bech32){.n_groups = 3};
    assert_false(bech32_bytes(&b, out, 1));
}

/* ---- primitives ---- */

static void hmac_is_that_of_rfc_4231(void **state)
{
    (void)state;
    uint8_t out[32];
    const struct seal_part parts[] = {SEAL_TEXT("what do ya want "), SEAL_TEXT("for nothing?")};
    seal_hmac_sha256("Jefe", 4, parts, 2, out);
    assert_hex(out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

/* Test case 3 of RFC 5869 has no info and no salt; its first 32 bytes are one block. */
static void hkdf_is_that_of_rfc_5869(void **state)
{
    (void)state;
    uint8_t secret[22], out[32];
    memset(secret, 0x0b, sizeof secret);
    seal_hkdf_sha256((struct seal_part){secret, sizeof secret}, (struct seal_part){0}, "", out);
    assert_hex(out, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    static const uint8_t salt[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    seal_hkdf_sha256((struct seal_part){secret, sizeof secret},
                     (struct seal_part){salt, sizeof salt},
                     "\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9", out);
    assert_hex(out, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
}

static void x25519_is_that_of_rfc_7748(void **state)
{
    (void)state;
    uint8_t scalar[32], point[32], out[32];
    static const uint8_t zero[32];
    from_hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4", scalar);
    from_hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c", point);
    assert_true(seal_x25519(scalar, point, out));
    assert_hex(out, "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
    from_hex("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d", scalar);
    from_hex("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493", point);
    assert_true(seal_x25519(scalar, point, out));
    assert_hex(out, "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
    assert_false(seal_x25519(scalar, zero, out));
}

static void signatures_are_those_of_rfc_8032(void **state)
{
    (void)state;
    uint8_t seed[32], public_key[32], signature[64];
    from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", seed);
    seal_sign_public(seed, public_key);
    assert_hex(public_key, "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    seal_sign(seed, "\x72", 1, signature);
    assert_hex(signature, "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                          "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    assert_true(seal_sign_check(public_key, "\x72", 1, signature));
    assert_false(seal_sign_check(public_key, "\x73", 1, signature));
    signature[3] ^= 1;
    assert_false(seal_sign_check(public_key, "\x72", 1, signature));
}

/* ---- age ---- */

struct pair {
    struct age_identity identity;
    struct age_recipient recipient;
};

static struct pair new_pair(void)
{
    struct pair p;
    age_identity_new(&p.identity);
    age_identity_recipient(&p.identity, &p.recipient);
    return p;
}

static void keys_are_written_as_age_keygen_writes_them(void **state)
{
    (void)state;
    static const char file[] =
        "# created: 2026-11-24T00:28:17Z\n"
        "# public key: age1w64uyqls738pmtp9jv2z73pfhm6fqlxfzd78wyje3vudngmjc9nsfw45t7\n"
        "\n"
        "AGE-SECRET-KEY-1ETP3RHRAN6ER8T2TMWL8THGE4C0ASSDFZDP02Z2EHN3HUF42F5FSP47MMX\r\n";
    struct age_identity identities[AGE_MAX_IDENTITIES];
    struct age_recipient recipient, read;
    char text[AGE_RECIPIENT_BYTES], secret[AGE_IDENTITY_BYTES];
    size_t n = 0;
    assert_int_equal(age_identities_parse(file, sizeof file - 1, identities, &n, NULL), LK_OK);
    assert_int_equal(n, 1);
    age_identity_recipient(&identities[0], &recipient);
    age_recipient_text(&recipient, text);
    assert_string_equal(text, "age1w64uyqls738pmtp9jv2z73pfhm6fqlxfzd78wyje3vudngmjc9nsfw45t7");
    age_identity_text(&identities[0], secret);
    assert_non_null(strstr(file, secret));
    assert_int_equal(age_recipient_parse(text, strlen(text), &read, NULL), LK_OK);
    assert_memory_equal(&read, &recipient, sizeof read);
}

static void other_texts_are_no_keys(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "age1",
        "age1w64uyqls738pmtp9jv2z73pfhm6fqlxfzd78wyje3vudngmjc9nsfw45t8",
        "AGE1W64UYQLS738PMTP9JV2Z73PFHM6FQLXFZD78WYJE3VUDNGMJC9NSFW45T7",
        "AGE-SECRET-KEY-1ETP3RHRAN6ER8T2TMWL8THGE4C0ASSDFZDP02Z2EHN3HUF42F5FSP47MMX",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC",
    };
    struct age_identity identities[AGE_MAX_IDENTITIES];
    struct age_recipient out;
    struct lk_error err;
    size_t n;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(age_recipient_parse(wrong[i], strlen(wrong[i]), &out, NULL), LK_INVALID);
    static const char secret[] = "# one\nAGE-SECRET-KEY-1QQQQ\n";
    assert_int_equal(age_identities_parse(secret, sizeof secret - 1, identities, &n, &err),
                     LK_INVALID);
    assert_non_null(strstr(err.text, "line 2"));
    assert_null(strstr(err.text, "QQQQ"));
    assert_int_equal(age_identities_parse("# none\n", 7, identities, &n, NULL), LK_INVALID);
}

static void every_size_comes_back(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 131072, 200000};
    struct pair p = new_pair();
    uint8_t *bytes = malloc(200000);
    for (size_t i = 0; i < 200000; i++)
        bytes[i] = (uint8_t)(i * 7 ^ i >> 8);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct buf sealed = new_buf(), opened = new_buf();
        assert_int_equal(age_seal(&p.recipient, 1, bytes, sizes[i], &sealed, NULL), LK_OK);
        assert_true(age_is_sealed(sealed.p, sealed.n));
        assert_int_equal(age_open(&p.identity, 1, sealed.p, sealed.n, &opened, NULL), LK_OK);
        assert_int_equal(opened.n, sizes[i]);
        if (sizes[i] > 0)
            assert_memory_equal(opened.p, bytes, sizes[i]);
        buf_fini(&sealed);
        buf_fini(&opened);
    }
    free(bytes);
}

static void each_of_several_recipients_opens_it_and_nobody_else(void **state)
{
    (void)state;
    struct pair pairs[3] = {new_pair(), new_pair(), new_pair()}, stranger = new_pair();
    struct age_recipient to[] = {pairs[0].recipient, pairs[1].recipient, pairs[2].recipient};
    struct buf sealed = new_buf(), opened = new_buf();
    struct lk_error err;
    assert_int_equal(age_seal(to, 3, "hello", 5, &sealed, NULL), LK_OK);
    for (int i = 0; i < 3; i++) {
        const struct age_identity ring[] = {stranger.identity, pairs[i].identity};
        buf_clear(&opened);
        assert_int_equal(age_open(ring, 2, sealed.p, sealed.n, &opened, NULL), LK_OK);
        assert_memory_equal(opened.p, "hello", 5);
    }
    buf_clear(&opened);
    assert_int_equal(age_open(&stranger.identity, 1, sealed.p, sealed.n, &opened, &err), LK_DENIED);
    assert_int_equal(opened.n, 0);
    assert_int_equal(age_seal(to, 0, "hello", 5, &opened, NULL), LK_INVALID);
    memset(&to[0], 0, sizeof to[0]);
    assert_int_equal(age_seal(to, 1, "hello", 5, &opened, NULL), LK_INVALID);
    buf_fini(&sealed);
    buf_fini(&opened);
}


static void every_changed_byte_is_noticed(void **state)
{
    (void)state;
    struct pair p = new_pair();
    struct buf sealed = new_buf(), opened = new_buf();
    static uint8_t bytes[70000];
    assert_int_equal(age_seal(&p.recipient, 1, bytes, sizeof bytes, &sealed, NULL), LK_OK);
    for (size_t i = 0; i < sealed.n; i += i < 400 || i + 20 > sealed.n ? 1 : 997) {
        sealed.p[i] ^= 1;
        if (age_open(&p.identity, 1, sealed.p, sealed.n, &opened, NULL) == LK_OK)
            fail_msg("byte %zu", i);
        assert_int_equal(opened.n, 0);
        sealed.p[i] ^= 1;
    }
    assert_int_equal(age_open(&p.identity, 1, sealed.p, sealed.n, &opened, NULL), LK_OK);
    buf_fini(&sealed);
    buf_fini(&opened);
}

static void every_missing_or_added_byte_is_noticed(void **state)
{
    (void)state;
    struct pair p = new_pair();
    struct buf sealed = new_buf(), opened = new_buf();
    static uint8_t bytes[65536 + 30];
    assert_int_equal(age_seal(&p.recipient, 1, bytes, sizeof bytes, &sealed, NULL), LK_OK);
    size_t n_last = 30 + 16; /* without it, what is left ends where a piece ends */
    for (size_t n = 0; n < sealed.n; n += n < 400 || n + n_last + 2 > sealed.n ? 1 : 499) {
        assert_int_not_equal(age_open(&p.identity, 1, sealed.p, n, &opened, NULL), LK_OK);
        assert_int_equal(opened.n, 0);
    }
    assert_int_not_equal(age_open(&p.identity, 1, sealed.p, sealed.n - n_last, &opened, NULL),
                         LK_OK);
    buf_char(&sealed, 0);
    assert_int_equal(age_open(&p.identity, 1, sealed.p, sealed.n, &opened, NULL), LK_CORRUPT);
    buf_fini(&sealed);
    buf_fini(&opened);
}

/* ---- headers of others ---- */

/* Rewrites a sealed file with `extra` behind the first line, signed anew with the file key, which
 * this test may know. */
static void add_stanza(const struct pair *p, struct buf *sealed, const char *extra)
{
    static const uint8_t nonce[12];
    uint8_t share[32], shared[32], salt[64], key[32], body[32], mac[32];
    char mac_text[44];
    size_t n_intro = strlen("age-encryption.org/v1\n");
    char *stanza = sealed->p + n_intro;
    char *end = strstr(stanza, "---");
    assert_true(seal_bare64_take(stanza + 10, 43, share, 32));
    assert_true(seal_bare64_take(stanza + 54, 43, body, 32));
    assert_true(seal_x25519(p->identity.secret_key, share, shared));
    memcpy(salt, share, 32);
    memcpy(salt + 32, p->recipient.public_key, 32);
    seal_hkdf_sha256((struct seal_part){shared, 32}, (struct seal_part){salt, 64},
                     "age-encryption.org/v1/X25519", key);
    assert_true(seal_block_take(key, nonce, body, 16, body + 16));
    struct buf out = new_buf();
    buf_put(&out, sealed->p, n_intro);
    buf_str(&out, extra);
    buf_put(&out, stanza, (size_t)(end - stanza) + 3);
    seal_hkdf_sha256((struct seal_part){body, 16}, (struct seal_part){0}, "header", key);
    seal_hmac_sha256(key, 32, &(struct seal_part){out.p, out.n}, 1, mac);
    seal_bare64_put(mac, 32, mac_text, sizeof mac_text);
    buf_fmt(&out, " %s\n", mac_text);
    end += 4 + 43 + 1;
    buf_put(&out, end, (size_t)(sealed->p + sealed->n - end));
    buf_fini(sealed);
    *sealed = out;
}

static enum lk_status open_with_stanza(const char *extra)
{
    struct pair p = new_pair();
    struct buf sealed = new_buf(), opened = new_buf();
    assert_int_equal(age_seal(&p.recipient, 1, "hello", 5, &sealed, NULL), LK_OK);
    buf_text(&sealed);
    add_stanza(&p, &sealed, extra);
    enum lk_status status = age_open(&p.identity, 1, sealed.p, sealed.n, &opened, NULL);
    if (status == LK_OK)
        assert_memory_equal(opened.p, "hello", 5);
    buf_fini(&sealed);
    buf_fini(&opened);
    return status;
}

#define LINE_48 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"

static void parts_for_others_are_passed_over(void **state)
{
    (void)state;
    static const char *const fine[] = {
        "",
        "-> new-kind\n\n",
        "-> new-kind with some !words~\nAAAA\n",
        "-> X25519s\nAAAA\n",
        "-> new-kind\n" LINE_48 LINE_48 "\n",
        "-> new-kind\n" LINE_48 "AA\n",
    };
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        if (open_with_stanza(fine[i]) != LK_OK)
            fail_msg("number %zu", i);
}

static void parts_that_are_not_well_made_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "->\n\n",
        "-> \n\n",
        "-> two  spaces\n\n",
        "-> trailing \n\n",
        "-> tab\there\n\n",
        "-> \xc3\xa9\n\n",
        "-> cr\r\n\n",
        "-> new-kind\n",
        "-> new-kind\n" LINE_48,
        "-> new-kind\nAAAAA\n",
        "-> new-kind\nAAAB=\n",
        "-> new-kind\nAB\n",
        "-> new-kind\n" LINE_48
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "-> X25519\n\n",
        "-> X25519 AAAA\nAAAA\n",
        "-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA more\n"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nAAAA\n",
        "x\n",
        "\n",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (open_with_stanza(wrong[i]) != LK_CORRUPT)
            fail_msg("number %zu", i);
    assert_int_equal(open_with_stanza("-> scrypt AAAA 10\nAAAA\n"), LK_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bech32_takes_what_bip_173_calls_valid),
        cmocka_unit_test(bech32_refuses_what_bip_173_calls_invalid),
        cmocka_unit_test(bech32_gives_back_any_bytes),
        cmocka_unit_test(bech32_notices_every_wrong_letter),
        cmocka_unit_test(bech32_refuses_left_over_bits),
        cmocka_unit_test(hmac_is_that_of_rfc_4231),
        cmocka_unit_test(hkdf_is_that_of_rfc_5869),
        cmocka_unit_test(x25519_is_that_of_rfc_7748),
        cmocka_unit_test(signatures_are_those_of_rfc_8032),
        cmocka_unit_test(keys_are_written_as_age_keygen_writes_them),
        cmocka_unit_test(other_texts_are_no_keys),
        cmocka_unit_test(every_size_comes_back),
        cmocka_unit_test(each_of_several_recipients_opens_it_and_nobody_else),
        cmocka_unit_test(every_changed_byte_is_noticed),
        cmocka_unit_test(every_missing_or_added_byte_is_noticed),
        cmocka_unit_test(parts_for_others_are_passed_over),
        cmocka_unit_test(parts_that_are_not_well_made_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
