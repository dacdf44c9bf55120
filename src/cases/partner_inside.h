/* cases/partner_inside.h - keys and rows of partners, for this folder alone. */
#ifndef CASES_PARTNER_INSIDE_H
#define CASES_PARTNER_INSIDE_H

#include "cases/partner.h"
#include "cases/registry_inside.h"
#include "store/partner_rows.h"

/* A key drawn at random, and what the store holds of one. */
void partner_key_draw(char key[PARTNER_KEY_CHARS + 1]);
void partner_key_hash(const struct registry *r, const char *key, uint8_t hash[SEAL_HASH_BYTES]);

void partner_from_row(const struct partner_row *row, struct partner *out);

#endif
