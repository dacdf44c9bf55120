/* sys/digest.h - MD5 and SHA-1 of files, by OpenSSL: for lists of others that have nothing else.
 *
 * Both are broken: anybody can make two files with one digest. They tell equal files of people who
 * mean no harm, and nothing more. */
#ifndef SYS_DIGEST_H
#define SYS_DIGEST_H

#include <likeness/status.h>
#include <stdint.h>

#define DIGEST_MD5_BYTES  16
#define DIGEST_SHA1_BYTES 20

/* Reads the file once. Errors: LK_NOT_FOUND, LK_DENIED, LK_IO, LK_NOMEM, LK_UNSUPPORTED (this
 * machine's OpenSSL has been told not to). */
enum lk_status digest_file(const char *path, uint8_t md5[DIGEST_MD5_BYTES],
                           uint8_t sha1[DIGEST_SHA1_BYTES], struct lk_error *err) LK_MUST_CHECK;

#endif
