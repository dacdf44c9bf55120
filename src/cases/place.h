/* cases/place.h - the same address in two cases, recognised without being readable. */
#ifndef CASES_PLACE_H
#define CASES_PLACE_H

#include "cases/registry_inside.h"

/* A keyed hash of an address in its one spelling (base/url.h): the store alone says nothing about
 * it, and what only tracks clicks makes no other address of it. */
void place_hash(const struct registry *r, const char *url, uint8_t hash[SEAL_HASH_BYTES]);

#endif
