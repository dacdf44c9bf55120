/* The only file that includes OpenSSL's evp.h: sys/signature.h and sys/block.h. ECDSA signatures
 * come as two numbers of the size of the curve, which OpenSSL wants as DER: SEQUENCE { INTEGER r,
 * INTEGER s }. */
#include "block.h"
#include "signature.h"

#include "base/err.h"
#include "digest.h"
#include "file.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { MAX_DER = 2 * (66 + 4) + 4 };

struct kind {
    int64_t algorithm;
    int key_type; /* EVP_PKEY_... */
    const char *digest;
};

static const struct kind *kind_of(int64_t algorithm)
{
    static const struct kind kinds[] = {
        {-7, EVP_PKEY_EC, "SHA256"},   {-35, EVP_PKEY_EC, "SHA384"},  {-36, EVP_PKEY_EC, "SHA512"},
        {-37, EVP_PKEY_RSA, "SHA256"}, {-38, EVP_PKEY_RSA, "SHA384"}, {-39, EVP_PKEY_RSA, "SHA512"},
        {-8, EVP_PKEY_ED25519, NULL},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].algorithm == algorithm)
            return &kinds[i];
    return NULL;
}

/* An unsigned number as DER INTEGER; returns its length. */
static size_t put_integer(unsigned char *out, const unsigned char *number, size_t n)
{
    while (n > 1 && number[0] == 0)
        number++, n--;
    size_t zero = number[0] >= 0x80 ? 1 : 0;
    out[0] = 0x02;
    out[1] = (unsigned char)(n + zero);
    out[2] = 0;
    memcpy(out + 2 + zero, number, n);
    return 2 + zero + n;
}

/* r and s as DER; 0: of no size that a curve has. */
static size_t ecdsa_der(unsigned char out[MAX_DER], const unsigned char *bytes, size_t n)
{
    unsigned char both[MAX_DER];
    if (n < 2 || n % 2 != 0 || n > 2 * 66)
        return 0;
    size_t n_both = put_integer(both, bytes, n / 2);
    n_both += put_integer(both + n_both, bytes + n / 2, n / 2);
    size_t at = 0;
    out[at++] = 0x30;
    if (n_both >= 0x80)
        out[at++] = 0x81;
    out[at++] = (unsigned char)n_both;
    memcpy(out + at, both, n_both);
    return at + n_both;
}

static bool verify(EVP_MD_CTX *ctx, EVP_PKEY *key, const struct kind *kind,
                   const struct signature *s)
{
    EVP_PKEY_CTX *how = NULL;
    unsigned char der[MAX_DER];
    const unsigned char *bytes = s->bytes;
    size_t n = s->n_bytes;
    if (EVP_DigestVerifyInit_ex(ctx, &how, kind->digest, NULL, NULL, key, NULL) != 1)
        return false;
    if (kind->key_type == EVP_PKEY_RSA &&
        (EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) != 1 ||
         EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST) != 1))
        return false;
    if (kind->key_type == EVP_PKEY_EC) {
        n = ecdsa_der(der, bytes, n);
        bytes = der;
    }
    return n > 0 && EVP_DigestVerify(ctx, bytes, n, s->message, s->n_message) == 1;
}

static bool is_of_kind(const EVP_PKEY *key, const struct kind *kind)
{
    int type = EVP_PKEY_get_base_id(key);
    return type == kind->key_type || (type == EVP_PKEY_RSA_PSS && kind->key_type == EVP_PKEY_RSA);
}

enum lk_status signature_check(const struct signature *s, struct lk_error *err)
{
    const struct kind *kind = kind_of(s->algorithm);
    if (kind == NULL)
        return FAIL(err, LK_UNSUPPORTED, "signatures of kind %lld are not known here",
                    (long long)s->algorithm);
    const unsigned char *at = s->key;
    EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)s->n_key);
    if (key == NULL || !is_of_kind(key, kind)) {
        EVP_PKEY_free(key);
        return FAIL(err, LK_INVALID, "the key cannot be read, or is of another kind than %lld",
                    (long long)s->algorithm);
    }
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool is_right = ctx != NULL && verify(ctx, key, kind, s);
    bool has_memory = ctx != NULL;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    if (!has_memory)
        return FAIL(err, LK_NOMEM, "no memory to check a signature");
    return is_right ? LK_OK
                    : FAIL(err, LK_DENIED, "the signature does not fit the message and key");
}

static enum lk_status one_block(const uint8_t key[BLOCK_KEY_BYTES], const uint8_t in[BLOCK_BYTES],
                                uint8_t out[BLOCK_BYTES], int encrypts, struct lk_error *err)
{
    int n = 0;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    bool good = ctx != NULL &&
                EVP_CipherInit_ex(ctx, EVP_aes_256_ecb(), NULL, key, NULL, encrypts) == 1 &&
                EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
                EVP_CipherUpdate(ctx, out, &n, in, BLOCK_BYTES) == 1 && n == BLOCK_BYTES;
    EVP_CIPHER_CTX_free(ctx);
    return good ? LK_OK : FAIL(err, LK_NOMEM, "no memory to rename a number");
}

enum lk_status block_rename(const uint8_t key[BLOCK_KEY_BYTES], const uint8_t in[BLOCK_BYTES],
                            uint8_t out[BLOCK_BYTES], struct lk_error *err)
{
    return one_block(key, in, out, 1, err);
}

enum lk_status block_unname(const uint8_t key[BLOCK_KEY_BYTES], const uint8_t in[BLOCK_BYTES],
                            uint8_t out[BLOCK_BYTES], struct lk_error *err)
{
    return one_block(key, in, out, 0, err);
}

static enum lk_status digest_fd(int fd, EVP_MD_CTX *const contexts[2], struct lk_error *err)
{
    uint8_t bytes[65536];
    size_t n = sizeof bytes;
    while (n == sizeof bytes) {
        TRY(file_read(fd, bytes, sizeof bytes, &n, err));
        for (int i = 0; i < 2; i++)
            if (EVP_DigestUpdate(contexts[i], bytes, n) != 1)
                return FAIL(err, LK_NOMEM, "no memory for the digest of a file");
    }
    return LK_OK;
}

enum lk_status digest_file(const char *path, uint8_t md5[DIGEST_MD5_BYTES],
                           uint8_t sha1[DIGEST_SHA1_BYTES], struct lk_error *err)
{
    int fd;
    EVP_MD_CTX *contexts[2] = {EVP_MD_CTX_new(), EVP_MD_CTX_new()};
    enum lk_status status = file_open(path, O_RDONLY, 0, &fd, err);
    if (status == LK_OK && (EVP_DigestInit_ex(contexts[0], EVP_md5(), NULL) != 1 ||
                            EVP_DigestInit_ex(contexts[1], EVP_sha1(), NULL) != 1))
        status = FAIL(err, LK_UNSUPPORTED, "this machine's OpenSSL does no MD5 or no SHA-1");
    if (status == LK_OK)
        status = digest_fd(fd, contexts, err);
    if (status == LK_OK && (EVP_DigestFinal_ex(contexts[0], md5, NULL) != 1 ||
                            EVP_DigestFinal_ex(contexts[1], sha1, NULL) != 1))
        status = FAIL(err, LK_NOMEM, "no memory for the digest of a file");
    close(fd);
    EVP_MD_CTX_free(contexts[0]);
    EVP_MD_CTX_free(contexts[1]);
    return status;
}
