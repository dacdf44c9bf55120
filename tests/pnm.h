/* tests/pnm.h - binary PNM pictures (P5, P6, maximum 255) for tests and benchmarks. */
#ifndef TESTS_PNM_H
#define TESTS_PNM_H

#include <likeness/image.h>

/* Reads a picture; a name that ends in .gz goes through gzip. pixels->data is to be given to
 * free(). Returns false when there is no such picture. */
bool pnm_read(const char *path, struct lk_pixels *pixels);

#endif
