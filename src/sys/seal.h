/* sys/seal.h - the cryptography we use, and nothing else: a small face over libsodium, which is
 * included only in seal.c.
 *
 * Sealing is XChaCha20-Poly1305 with a random nonce. Every seal is bound to a label
 * ("location.text") and to the id of the row it stands in, so that a sealed value moved to another
 * row or column does not open. Hashing is BLAKE2b over length-prefixed parts, so that no two lists
 * of parts collide. Threads: any. Buffers are the caller's. */
#ifndef SYS_SEAL_H
#define SYS_SEAL_H

#include <likeness/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEAL_KEY_BYTES      32
#define SEAL_NONCE_BYTES    24
#define SEAL_OVERHEAD_BYTES 40 /* nonce, tag of 16 */
#define SEAL_HASH_BYTES     32
#define SEAL_SALT_BYTES     16

/* Borrowed bytes. */
struct seal_part {
    const void *p;
    size_t n;
};
#define SEAL_TEXT(text) ((struct seal_part){(text), strlen(text)})

/* Prepares the library; called by keys_load(), may be called again. Errors: LK_INTERNAL. */
enum lk_status seal_init(struct lk_error *err) LK_MUST_CHECK;

/* Seals n bytes into out[0 .. n + SEAL_OVERHEAD_BYTES). They may stand at out + SEAL_NONCE_BYTES.
 */
void seal_put(const uint8_t key[SEAL_KEY_BYTES], const char *label, struct seal_part id,
              const void *bytes, size_t n, uint8_t *out);

/* Opens what seal_put() made into out[0 .. n - SEAL_OVERHEAD_BYTES). false: other key, label or
 * id, or changed bytes; out is then undefined. */
bool seal_take(const uint8_t key[SEAL_KEY_BYTES], const char *label, struct seal_part id,
               const void *sealed, size_t n, uint8_t *out) LK_MUST_CHECK;

#define SEAL_BOX_KEY_BYTES      32
#define SEAL_BOX_OVERHEAD_BYTES 48 /* a key that is used once, tag of 16 */

/* Sealed boxes (libsodium's crypto_box_seal: X25519, XSalsa20-Poly1305): whoever has the public key
 * can seal, only the secret key opens. The browser makes the same ones. */

/* A new pair, or the pair that a secret key or a seed stands for. */
void seal_box_new(uint8_t public_key[SEAL_BOX_KEY_BYTES], uint8_t secret_key[SEAL_BOX_KEY_BYTES]);
void seal_box_public(const uint8_t secret_key[SEAL_BOX_KEY_BYTES],
                     uint8_t public_key[SEAL_BOX_KEY_BYTES]);
void seal_box_of_seed(const uint8_t seed[SEAL_KEY_BYTES], uint8_t public_key[SEAL_BOX_KEY_BYTES],
                      uint8_t secret_key[SEAL_BOX_KEY_BYTES]);

/* Seals n bytes into out[0 .. n + SEAL_BOX_OVERHEAD_BYTES). A public key that is none (of small
 * order) gives zeros, which nobody opens. */
void seal_box_put(const uint8_t public_key[SEAL_BOX_KEY_BYTES], const void *bytes, size_t n,
                  uint8_t *out);

/* Opens into out[0 .. n - SEAL_BOX_OVERHEAD_BYTES). false: sealed to another key, or changed. */
bool seal_box_take(const uint8_t secret_key[SEAL_BOX_KEY_BYTES], const void *sealed, size_t n,
                   uint8_t *out) LK_MUST_CHECK;

#define SEAL_BLOCK_NONCE_BYTES 12
#define SEAL_BLOCK_TAG_BYTES   16

/* Seals n bytes in place (ChaCha20-Poly1305, IETF): for large data whose owner keeps nonces and
 * tags. A nonce must never come twice under one key. 1.3 GB/s a core. */
void seal_block_put(const uint8_t key[SEAL_KEY_BYTES], const uint8_t nonce[SEAL_BLOCK_NONCE_BYTES],
                    void *bytes, size_t n, uint8_t tag[SEAL_BLOCK_TAG_BYTES]);

/* Opens in place what seal_block_put() made. false: other key or nonce, or changed bytes, which are
 * then undefined. */
bool seal_block_take(const uint8_t key[SEAL_KEY_BYTES], const uint8_t nonce[SEAL_BLOCK_NONCE_BYTES],
                     void *bytes, size_t n, const uint8_t tag[SEAL_BLOCK_TAG_BYTES]) LK_MUST_CHECK;

/* BLAKE2b of the parts, keyed unless key is NULL. n_out 16..64. */
void seal_hash(const uint8_t *key, const struct seal_part *parts, size_t n_parts, uint8_t *out,
               size_t n_out);

/* SHA-256 of the parts, one after the other, not length-prefixed: for what others recompute. */
void seal_sha256(const struct seal_part *parts, size_t n_parts, uint8_t out[32]);

/* HMAC-SHA256 of the parts, one after the other, under a key of any length. */
void seal_hmac_sha256(const void *key, size_t n_key, const struct seal_part *parts, size_t n_parts,
                      uint8_t out[32]);

/* HKDF-SHA256 (RFC 5869): 32 bytes from a secret, for the use that `info` names. An empty salt is
 * that of the RFC, 32 zeros. */
void seal_hkdf_sha256(struct seal_part secret, struct seal_part salt, const char *info,
                      uint8_t out[32]);

/* X25519 (RFC 7748): the secret that two share, where one has secret_key and the other the secret
 * half of public_key. false: public_key is none (of small order). */
bool seal_x25519(const uint8_t secret_key[SEAL_BOX_KEY_BYTES],
                 const uint8_t public_key[SEAL_BOX_KEY_BYTES], uint8_t out[32]) LK_MUST_CHECK;

#define SEAL_SIGN_KEY_BYTES  32
#define SEAL_SIGNATURE_BYTES 64

/* Ed25519 (RFC 8032); `seed` is its secret key. */
void seal_sign_public(const uint8_t seed[SEAL_KEY_BYTES], uint8_t public_key[SEAL_SIGN_KEY_BYTES]);
void seal_sign(const uint8_t seed[SEAL_KEY_BYTES], const void *bytes, size_t n,
               uint8_t signature[SEAL_SIGNATURE_BYTES]);
bool seal_sign_check(const uint8_t public_key[SEAL_SIGN_KEY_BYTES], const void *bytes, size_t n,
                     const uint8_t signature[SEAL_SIGNATURE_BYTES]) LK_MUST_CHECK;

/* Argon2id: a short secret into 64 bytes, at the cost of `ops` passes over n_bytes of memory.
 * Errors: LK_NOMEM. */
enum lk_status seal_stretch(const uint8_t secret[SEAL_HASH_BYTES],
                            const uint8_t salt[SEAL_SALT_BYTES], uint64_t ops, size_t n_bytes,
                            uint8_t out[64], struct lk_error *err) LK_MUST_CHECK;

/* In a time that does not depend on where they differ. */
bool seal_equal(const void *a, const void *b, size_t n);

/* Overwrites for good. */
void seal_wipe(void *p, size_t n);

/* n bytes that are not swapped or dumped and are wiped when freed; NULL when there are none. */
void *seal_locked_new(size_t n);
void seal_locked_free(void *p);

/* base64url without padding: text receives (4 * n + 2) / 3 characters and a NUL. */
void seal_text_put(const void *bytes, size_t n, char *text, size_t text_bytes);

/* base64 with padding, for mails: text receives 4 * ((n + 2) / 3) characters and a NUL. */
void seal_base64_put(const void *bytes, size_t n, char *text, size_t text_bytes);

/* Reads exactly n_out bytes of base64 with padding. */
bool seal_base64_take(const char *text, size_t n, uint8_t *out, size_t n_out) LK_MUST_CHECK;

/* Reads it, of any length; *n_out receives how many bytes, at most room. */
bool seal_base64_read(const char *text, void *out, size_t room, size_t *n_out) LK_MUST_CHECK;

/* Reads exactly n_out bytes. */
bool seal_text_take(const char *text, size_t n, uint8_t *out, size_t n_out) LK_MUST_CHECK;

/* base64 of the common alphabet without padding, as in the age format: text receives
 * (4 * n + 2) / 3 characters and a NUL; reading takes exactly n_out bytes. */
void seal_bare64_put(const void *bytes, size_t n, char *text, size_t text_bytes);
bool seal_bare64_take(const char *text, size_t n, uint8_t *out, size_t n_out) LK_MUST_CHECK;

#endif
