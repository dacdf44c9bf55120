/* ledger/tile.h - the names of a log's files (c2sp.org/tlog-tiles): 256 hashes of one level, or 256
 * leaves, each in a file of its own that never changes once it is full.
 *
 *     tile/0/x001/x234/067         hashes of the leaves from 1234067 * 256 on
 *     tile/1/000.p/5               the first 5 hashes of level 8
 *     tile/entries/003             leaves 768..1023
 *
 * Paths come from strangers. Pure. */
#ifndef LEDGER_TILE_H
#define LEDGER_TILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TILE_WIDTH      256
#define TILE_LEVELS     8  /* of tiles: 64 of hashes */
#define TILE_ENTRIES    64 /* in place of a level: the leaves themselves */
#define TILE_PATH_BYTES 64

struct tile {
    unsigned level; /* of tiles, 0..7; or TILE_ENTRIES */
    uint64_t number;
    unsigned width; /* 1..256; below 256: the beginning of a tile that is not full yet */
};

/* The path from "tile/" on. */
void tile_path(const struct tile *tile, char out[TILE_PATH_BYTES]);

/* Reads a path from "tile/" on, in its one spelling. */
bool tile_read(struct tile *tile, const char *path);

#endif
