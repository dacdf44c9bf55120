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

/* Bit 16 p + i of the result is the bit of row i, column (p - i) mod 16: row i turned left by i,
 * and the whole transposed. */
static struct lk_print diagonal(const struct lk_print *print)
{
    struct lk_print out = {{0}};
    for (unsigned i = 0; i < 16; i++) {
        unsigned row = (unsigned)(print->w[i / 4] >> (16 * (i % 4))) & 0xffff;
        row = (row << i | row >> (16 - i)) & 0xffff;
        for (unsigned p = 0; p < 16; p++)
            out.w[p / 4] |= (uint64_t)(row >> p & 1) << (16 * (p % 4) + i);
    }
    return out;
}

struct lk_print index_in_order(enum index_order order, const struct lk_print *print)
{
    return order == INDEX_DIAGONAL ? diagonal(print) : *print;
}

/* The other way: row i is bit i of every part, turned right by i. */
static struct lk_print undo_diagonal(const struct lk_print *in)
{
    struct lk_print out = {{0}};
    for (unsigned i = 0; i < 16; i++) {
        unsigned row = 0;
        for (unsigned p = 0; p < 16; p++)
            row |= (unsigned)(in->w[p / 4] >> (16 * (p % 4) + i) & 1) << p;
        row = (row >> i | row << (16 - i)) & 0xffff;
        out.w[i / 4] |= (uint64_t)row << (16 * (i % 4));
    }
    return out;
}

struct lk_print index_out_of_order(enum index_order order, const struct lk_print *row)
{
    return order == INDEX_DIAGONAL ? undo_diagonal(row) : *row;
}
