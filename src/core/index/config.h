/* core/index/config.h - what differs between the indexes of the kinds.
 *
 * Callers of lk_index see none of it: a kind may get another bit order or structure without their
 * noticing. */
#ifndef INDEX_CONFIG_H
#define INDEX_CONFIG_H

#include <likeness/print.h>

/* In which order the bits of a print stand inside the index. Distances do not depend on it; how
 * soon an unrelated print is refused does. */
enum index_order {
    INDEX_NATURAL, /* as they come */
    /* For a 16x16 grid of frequencies: diagonal after diagonal, so that every run of 16 bits holds
     * all frequencies, low ones, which are alike in many pictures, and high ones. */
    INDEX_DIAGONAL,
};

struct index_config {
    enum index_order order; /* of the bits */
};

/* NULL for an unknown kind. */
const struct index_config *index_config_of(unsigned kind);

/* The print with its bits in this order. */
struct lk_print index_in_order(enum index_order order, const struct lk_print *print);

/* And back. */
struct lk_print index_out_of_order(enum index_order order, const struct lk_print *row);

#endif
