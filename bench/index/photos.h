/* bench/index/photos.h - PDQ prints of random pieces of photographs.
 *
 * Prints of real pictures are not uniform: low frequencies are alike in many. A bank of ten million
 * is made from some hundred photographs: pieces of random place, size (160 pixels to all), aspect
 * and, for three in ten, a small turn; each gives its eight turns, as a registration does. */
#ifndef BENCH_PHOTOS_H
#define BENCH_PHOTOS_H

#include <stddef.h>
#include <stdint.h>

/* Writes n raw prints (struct lk_print, 32 bytes each) of quality 50 and more, made from the PGM
 * files of `dir`, to `path`; all eight turns of a piece, or the first alone. Two threads; about
 * 20 us a piece on each. Ends the program on any failure. */
void photos_write(const char *dir, size_t n, unsigned n_turns, uint64_t seed, const char *path);

#endif
