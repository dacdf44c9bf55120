/* sys/signature.h - checks signatures made by others, of the kinds that COSE names (RFC 9053).
 *
 * Public keys only: whether to trust a key is not asked here. */
#ifndef SYS_SIGNATURE_H
#define SYS_SIGNATURE_H

#include <likeness/status.h>
#include <stddef.h>
#include <stdint.h>

struct signature {
    int64_t
        algorithm;   /* -7 ES256, -35 ES384, -36 ES512, -37 PS256, -38 PS384, -39 PS512, -8 EdDSA */
    const void *key; /* SubjectPublicKeyInfo, DER */
    size_t n_key;
    const void *message;
    size_t n_message;
    const void *bytes; /* the signature; ECDSA: r and s side by side */
    size_t n_bytes;
};

/* LK_OK: it was made over this message by the holder of this key. Errors: LK_DENIED (it was not),
 * LK_UNSUPPORTED (another algorithm), LK_INVALID (a key that cannot be read or is of another kind
 * than the algorithm), LK_NOMEM. Threads: any. Cost: well under a millisecond, and the hash. */
enum lk_status signature_check(const struct signature *s, struct lk_error *err) LK_MUST_CHECK;

#endif
