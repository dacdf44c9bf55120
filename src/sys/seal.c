/* Layout of a sealed value: nonce[24] ciphertext[n] tag[16]. Additional data: label, NUL, id. */
#include "sys/seal.h"

#include "base/err.h"
#include "sys/rand.h"

#include <sodium.h>
#include <string.h>

enum {
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    MAX_AD_BYTES = 128
};
_Static_assert(NONCE_BYTES + TAG_BYTES == SEAL_OVERHEAD_BYTES, "the overhead is in the header");
_Static_assert(SEAL_BLOCK_NONCE_BYTES == crypto_aead_chacha20poly1305_ietf_NPUBBYTES &&
                   SEAL_BLOCK_TAG_BYTES == crypto_aead_chacha20poly1305_ietf_ABYTES,
               "nonce and tag are in the header");
_Static_assert(SEAL_BOX_KEY_BYTES == crypto_box_PUBLICKEYBYTES &&
                   SEAL_BOX_KEY_BYTES == crypto_box_SECRETKEYBYTES &&
                   SEAL_KEY_BYTES == crypto_box_SEEDBYTES &&
                   SEAL_BOX_OVERHEAD_BYTES == crypto_box_SEALBYTES,
               "keys and overhead of boxes are in the header");
_Static_assert(SEAL_SIGN_KEY_BYTES == crypto_sign_PUBLICKEYBYTES &&
                   SEAL_SIGNATURE_BYTES == crypto_sign_BYTES &&
                   SEAL_KEY_BYTES == crypto_sign_SEEDBYTES,
               "keys and size of signatures are in the header");
_Static_assert(SEAL_SALT_BYTES == crypto_pwhash_SALTBYTES, "the salt is in the header");

enum lk_status seal_init(struct lk_error *err)
{
    if (sodium_init() < 0)
        return FAIL(err, LK_INTERNAL, "the cryptographic library does not start");
    return LK_OK;
}

/* Labels are literals and ids at most 32 bytes, so it always fits; what would not is cut alike in
 * sealing and opening. */
static size_t make_ad(const char *label, struct seal_part id, uint8_t ad[MAX_AD_BYTES])
{
    size_t n = strnlen(label, MAX_AD_BYTES / 2 - 1);
    size_t n_id = id.n < MAX_AD_BYTES / 2 ? id.n : MAX_AD_BYTES / 2;
    memcpy(ad, label, n);
    ad[n++] = 0;
    if (n_id > 0)
        memcpy(ad + n, id.p, n_id);
    return n + n_id;
}

void seal_put(const uint8_t key[SEAL_KEY_BYTES], const char *label, struct seal_part id,
              const void *bytes, size_t n, uint8_t *out)
{
    uint8_t ad[MAX_AD_BYTES];
    size_t n_ad = make_ad(label, id, ad);
    rand_bytes(out, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE_BYTES, NULL, bytes, n, ad, n_ad, NULL,
                                               out, key);
}

bool seal_take(const uint8_t key[SEAL_KEY_BYTES], const char *label, struct seal_part id,
               const void *sealed, size_t n, uint8_t *out)
{
    if (sealed == NULL || n < SEAL_OVERHEAD_BYTES)
        return false;
    uint8_t ad[MAX_AD_BYTES];
    size_t n_ad = make_ad(label, id, ad);
    const uint8_t *p = sealed;
    return crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, p + NONCE_BYTES,
                                                      n - NONCE_BYTES, ad, n_ad, p, key) == 0;
}

void seal_box_new(uint8_t public_key[SEAL_BOX_KEY_BYTES], uint8_t secret_key[SEAL_BOX_KEY_BYTES])
{
    crypto_box_keypair(public_key, secret_key);
}

void seal_box_public(const uint8_t secret_key[SEAL_BOX_KEY_BYTES],
                     uint8_t public_key[SEAL_BOX_KEY_BYTES])
{
    crypto_scalarmult_base(public_key, secret_key);
}

void seal_box_of_seed(const uint8_t seed[SEAL_KEY_BYTES], uint8_t public_key[SEAL_BOX_KEY_BYTES],
                      uint8_t secret_key[SEAL_BOX_KEY_BYTES])
{
    crypto_box_seed_keypair(public_key, secret_key, seed);
}

void seal_box_put(const uint8_t public_key[SEAL_BOX_KEY_BYTES], const void *bytes, size_t n,
                  uint8_t *out)
{
    if (crypto_box_seal(out, bytes, n, public_key) != 0)
        memset(out, 0, n + SEAL_BOX_OVERHEAD_BYTES);
}

bool seal_box_take(const uint8_t secret_key[SEAL_BOX_KEY_BYTES], const void *sealed, size_t n,
                   uint8_t *out)
{
    uint8_t public_key[SEAL_BOX_KEY_BYTES];
    if (sealed == NULL || n < SEAL_BOX_OVERHEAD_BYTES)
        return false;
    seal_box_public(secret_key, public_key);
    return crypto_box_seal_open(out, sealed, n, public_key, secret_key) == 0;
}

void seal_block_put(const uint8_t key[SEAL_KEY_BYTES], const uint8_t nonce[SEAL_BLOCK_NONCE_BYTES],
                    void *bytes, size_t n, uint8_t tag[SEAL_BLOCK_TAG_BYTES])
{
    crypto_aead_chacha20poly1305_ietf_encrypt_detached(bytes, tag, NULL, bytes, n, NULL, 0, NULL,
                                                       nonce, key);
}

bool seal_block_take(const uint8_t key[SEAL_KEY_BYTES], const uint8_t nonce[SEAL_BLOCK_NONCE_BYTES],
                     void *bytes, size_t n, const uint8_t tag[SEAL_BLOCK_TAG_BYTES])
{
    return crypto_aead_chacha20poly1305_ietf_decrypt_detached(bytes, NULL, bytes, n, tag, NULL, 0,
                                                              nonce, key) == 0;
}

void seal_hash(const uint8_t *key, const struct seal_part *parts, size_t n_parts, uint8_t *out,
               size_t n_out)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, key == NULL ? 0 : SEAL_KEY_BYTES, n_out);
    for (size_t i = 0; i < n_parts; i++) {
        uint8_t length[8];
        for (int b = 0; b < 8; b++)
            length[b] = (uint8_t)((uint64_t)parts[i].n >> (8 * b));
        crypto_generichash_update(&state, length, sizeof length);
        crypto_generichash_update(&state, parts[i].p, parts[i].n);
    }
    crypto_generichash_final(&state, out, n_out);
    sodium_memzero(&state, sizeof state);
}

void seal_sha256(const struct seal_part *parts, size_t n_parts, uint8_t out[32])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < n_parts; i++)
        crypto_hash_sha256_update(&state, parts[i].p, parts[i].n);
    crypto_hash_sha256_final(&state, out);
}

void seal_hmac_sha256(const void *key, size_t n_key, const struct seal_part *parts, size_t n_parts,
                      uint8_t out[32])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, n_key);
    for (size_t i = 0; i < n_parts; i++)
        crypto_auth_hmacsha256_update(&state, parts[i].p, parts[i].n);
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof state);
}

/* One block of the expansion is all that 32 bytes take. */
void seal_hkdf_sha256(struct seal_part secret, struct seal_part salt, const char *info,
                      uint8_t out[32])
{
    static const uint8_t zeros[32], first = 1;
    uint8_t extracted[32];
    if (salt.n == 0)
        salt = (struct seal_part){zeros, sizeof zeros};
    seal_hmac_sha256(salt.p, salt.n, &secret, 1, extracted);
    const struct seal_part parts[] = {SEAL_TEXT(info), {&first, 1}};
    seal_hmac_sha256(extracted, sizeof extracted, parts, 2, out);
    sodium_memzero(extracted, sizeof extracted);
}

bool seal_x25519(const uint8_t secret_key[SEAL_BOX_KEY_BYTES],
                 const uint8_t public_key[SEAL_BOX_KEY_BYTES], uint8_t out[32])
{
    return crypto_scalarmult(out, secret_key, public_key) == 0;
}

void seal_sign_public(const uint8_t seed[SEAL_KEY_BYTES], uint8_t public_key[SEAL_SIGN_KEY_BYTES])
{
    uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
    crypto_sign_seed_keypair(public_key, secret_key, seed);
    sodium_memzero(secret_key, sizeof secret_key);
}

void seal_sign(const uint8_t seed[SEAL_KEY_BYTES], const void *bytes, size_t n,
               uint8_t signature[SEAL_SIGNATURE_BYTES])
{
    uint8_t public_key[SEAL_SIGN_KEY_BYTES], secret_key[crypto_sign_SECRETKEYBYTES];
    crypto_sign_seed_keypair(public_key, secret_key, seed);
    crypto_sign_detached(signature, NULL, bytes, n, secret_key);
    sodium_memzero(secret_key, sizeof secret_key);
}

bool seal_sign_check(const uint8_t public_key[SEAL_SIGN_KEY_BYTES], const void *bytes, size_t n,
                     const uint8_t signature[SEAL_SIGNATURE_BYTES])
{
    return crypto_sign_verify_detached(signature, bytes, n, public_key) == 0;
}

enum lk_status seal_stretch(const uint8_t secret[SEAL_HASH_BYTES],
                            const uint8_t salt[SEAL_SALT_BYTES], uint64_t ops, size_t n_bytes,
                            uint8_t out[64], struct lk_error *err)
{
    if (crypto_pwhash(out, 64, (const char *)secret, SEAL_HASH_BYTES, salt, ops, n_bytes,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return FAIL(err, LK_NOMEM, "no memory to check a code: %zu bytes are needed", n_bytes);
    return LK_OK;
}

bool seal_equal(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}

void seal_wipe(void *p, size_t n)
{
    sodium_memzero(p, n);
}

void *seal_locked_new(size_t n)
{
    return sodium_malloc(n);
}

void seal_locked_free(void *p)
{
    sodium_free(p);
}

void seal_text_put(const void *bytes, size_t n, char *text, size_t text_bytes)
{
    sodium_bin2base64(text, text_bytes, bytes, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void seal_base64_put(const void *bytes, size_t n, char *text, size_t text_bytes)
{
    sodium_bin2base64(text, text_bytes, bytes, n, sodium_base64_VARIANT_ORIGINAL);
}

static bool take_base64(const char *text, size_t n, uint8_t *out, size_t n_out, int variant)
{
    size_t got = 0;
    const char *end = NULL;
    return sodium_base642bin(out, n_out, text, n, NULL, &got, &end, variant) == 0 && got == n_out &&
           end == text + n;
}

bool seal_base64_take(const char *text, size_t n, uint8_t *out, size_t n_out)
{
    return take_base64(text, n, out, n_out, sodium_base64_VARIANT_ORIGINAL);
}

bool seal_text_take(const char *text, size_t n, uint8_t *out, size_t n_out)
{
    return take_base64(text, n, out, n_out, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool seal_base64_read(const char *text, void *out, size_t room, size_t *n_out)
{
    return sodium_base642bin(out, room, text, strlen(text), NULL, n_out, NULL,
                             sodium_base64_VARIANT_ORIGINAL) == 0;
}

void seal_bare64_put(const void *bytes, size_t n, char *text, size_t text_bytes)
{
    sodium_bin2base64(text, text_bytes, bytes, n, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

bool seal_bare64_take(const char *text, size_t n, uint8_t *out, size_t n_out)
{
    return take_base64(text, n, out, n_out, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}
