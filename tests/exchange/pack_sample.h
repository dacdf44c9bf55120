/* A case that never was, with one of everything, for tests of evidence packs. */
#ifndef TESTS_EXCHANGE_PACK_SAMPLE_H
#define TESTS_EXCHANGE_PACK_SAMPLE_H

#include "exchange/pack.h"

#define PACK_SAMPLE_MS INT64_C(1795516200000) /* 2026-11-24T10:30:00Z */

extern const struct pack_source pack_sample;

/* Not signed, in English. paper: of likeness-paper. */
struct pack_order pack_sample_order(const char *paper);

/* The seed of the key that samples are signed with. */
extern const uint8_t pack_sample_seed[SEAL_KEY_BYTES];

#endif
