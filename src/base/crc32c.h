/* base/crc32c.h - a checksum against accidents, not against people. */
#ifndef BASE_CRC32C_H
#define BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* The checksum of n bytes after those that gave `crc` (0 at the beginning), so that
 * crc32c(crc32c(0, a), b) is that of a and b together. "123456789" gives 0xe3069283. */
uint32_t crc32c(uint32_t crc, const void *bytes, size_t n);

#endif
