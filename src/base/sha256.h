/* base/sha256.h - SHA-256 (FIPS 180-4), piece by piece.
 *
 * For the pure rooms, which run in the page as well and can call no library. Constant time in the
 * bytes, but nothing here is meant for secrets. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32 };

struct sha256 {
    uint32_t state[8];
    uint64_t n_bytes;
    uint8_t block[64]; /* n_bytes % 64 of them wait here */
};

void sha256_init(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *bytes, size_t n);

/* h must be initialised again before it is used again. */
void sha256_end(struct sha256 *h, uint8_t digest[SHA256_BYTES]);

#endif
