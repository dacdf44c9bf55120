#include "rand.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

void rand_bytes(void *bytes, size_t n)
{
    char *p = bytes;
    while (n > 0) {
        ssize_t got = getrandom(p, n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            abort();
        p += got;
        n -= (size_t)got;
    }
}

uint64_t rand_below(uint64_t limit)
{
    /* Values under 2^64 mod limit would make small results likelier: draw again. */
    uint64_t floor = (UINT64_MAX - limit + 1) % limit;
    uint64_t value;
    do
        rand_bytes(&value, sizeof value);
    while (value < floor);
    return value % limit;
}
