/* sys/rand.h - random bytes from the kernel. */
#ifndef SYS_RAND_H
#define SYS_RAND_H

#include <stddef.h>
#include <stdint.h>

/* Fills bytes[0..n). Never fails: without randomness nothing here may go on, so it aborts. */
void rand_bytes(void *bytes, size_t n);

/* A number below `limit` (limit > 0), every value equally likely. */
uint64_t rand_below(uint64_t limit);

#endif
