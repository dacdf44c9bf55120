#include "config.h"

const struct index_config *index_config_of(unsigned kind)
{
    static const struct index_config configs[LK_KIND_MAX + 1] = {
        [LK_WHOLE] = {INDEX_DIAGONAL},
        [LK_ANCHOR] = {INDEX_NATURAL},
        [LK_FRAME] = {INDEX_DIAGONAL},
        [LK_SOUND] = {INDEX_NATURAL},
    };
    return kind >= 1 && kind <= LK_KIND_MAX ? &configs[kind] : NULL;
}

/* A print as a grid of 16 rows of 16 bits, four rows a word: turns row i left by i, or right by i
 * where `back`. */
static void turn_rows(struct lk_print *grid, bool back)
{
    for (unsigned i = 1; i < 16; i++) {
        unsigned shift = 16 * (i % 4), n = back ? 16 - i : i;
        uint64_t row = grid->w[i / 4] >> shift & 0xffff;
        uint64_t turned = (row << n | row >> (16 - n)) & 0xffff;
        grid->w[i / 4] ^= (row ^ turned) << shift;
    }
}

/* Exchanges the bits of `low` that lie in `mask << n` with those of `high` in `mask`. */
static void exchange(uint64_t *low, uint64_t *high, unsigned n, uint64_t mask)
{
    uint64_t differ = (*low >> n ^ *high) & mask;
    *high ^= differ;
    *low ^= differ << n;
}

/* Rows become columns, by quarters, their quarters, and so on (Hacker's Delight, 7-3). */
static void transpose(struct lk_print *grid)
{
    uint64_t *w = grid->w;
    exchange(&w[0], &w[2], 8, UINT64_C(0x00ff00ff00ff00ff));
    exchange(&w[1], &w[3], 8, UINT64_C(0x00ff00ff00ff00ff));
    exchange(&w[0], &w[1], 4, UINT64_C(0x0f0f0f0f0f0f0f0f));
    exchange(&w[2], &w[3], 4, UINT64_C(0x0f0f0f0f0f0f0f0f));
    for (int i = 0; i < 4; i++) {
        uint64_t differ = (w[i] >> 2 ^ w[i] >> 32) & UINT64_C(0x33333333);
        w[i] ^= differ << 2 ^ differ << 32;
        differ = (w[i] >> 1 ^ w[i] >> 16) & UINT64_C(0x0000555500005555);
        w[i] ^= differ << 1 ^ differ << 16;
    }
}

/* Bit 16 p + i of the result is the bit of row i, column (p - i) mod 16. */
struct lk_print index_in_order(enum index_order order, const struct lk_print *print)
{
    struct lk_print row = *print;
    if (order == INDEX_DIAGONAL) {
        turn_rows(&row, false);
        transpose(&row);
    }
    return row;
}

struct lk_print index_out_of_order(enum index_order order, const struct lk_print *row)
{
    struct lk_print print = *row;
    if (order == INDEX_DIAGONAL) {
        transpose(&print);
        turn_rows(&print, true);
    }
    return print;
}
