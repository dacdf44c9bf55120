/* The set lies as one block of the brute-force search, and is searched as such. */
#include "core/image/background.h"

#include "core/image/background_table.h"
#include "core/kernels/cpu.h"

_Static_assert(BACKGROUND_N <= HAMMING_BLOCK_ROWS, "the background set is one block");

unsigned background_count(void)
{
    return BACKGROUND_N;
}

struct lk_print background_get(unsigned i)
{
    struct lk_print print;
    for (int w = 0; w < 4; w++)
        print.w[w] = background_table.w[w][i];
    return print;
}

bool background_has(const struct lk_print *print)
{
    hamming_pair rows[BACKGROUND_N];
    const char *name;
    hamming_scan *scan = hamming_select(cpu_mask(), &name);
    size_t n = scan(&background_table, BACKGROUND_N, print, 1, BACKGROUND_RADIUS, rows);
    for (size_t i = 0; i < n; i++) {
        struct lk_print near = background_get(rows[i] % HAMMING_BLOCK_ROWS);
        if (lk_print_distance(print, &near) <= BACKGROUND_RADIUS)
            return true;
    }
    return false;
}
