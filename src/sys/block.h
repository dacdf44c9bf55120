/* sys/block.h - a secret one-to-one renaming of 16-byte numbers: AES-256 of a single block.
 *
 * For names that whoever has the key can read back and that say nothing to others: equal numbers
 * get equal names, so it hides no text and must not be used to. Threads: any. About a microsecond
 * each. */
#ifndef SYS_BLOCK_H
#define SYS_BLOCK_H

#include <likeness/status.h>
#include <stdint.h>

#define BLOCK_BYTES     16
#define BLOCK_KEY_BYTES 32

/* in and out may be the same. Errors: LK_NOMEM. */
enum lk_status block_rename(const uint8_t key[BLOCK_KEY_BYTES], const uint8_t in[BLOCK_BYTES],
                            uint8_t out[BLOCK_BYTES], struct lk_error *err) LK_MUST_CHECK;

/* The other way round. */
enum lk_status block_unname(const uint8_t key[BLOCK_KEY_BYTES], const uint8_t in[BLOCK_BYTES],
                            uint8_t out[BLOCK_BYTES], struct lk_error *err) LK_MUST_CHECK;

#endif
