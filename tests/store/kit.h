/* What tests of store and cases share: a registry in a directory of its own, a clock that is moved
 * by hand, and sequences made from a number. */
#ifndef TESTS_STORE_KIT_H
#define TESTS_STORE_KIT_H

#include "cases/case.h"
#include "cases/match.h"
#include "cases/partner.h"
#include "cases/registry.h"

#define KIT_START_MS INT64_C(1790000000000) /* a day in 2026, not at 00:00 */

struct kit {
    char dir[64];
    char store[96];
    int64_t now_ms;
    struct registry *r;
    struct partner partner;
    char partner_key[PARTNER_KEY_CHARS + 1];
};

/* A fresh directory and registry; aborts when that fails. */
void kit_init(struct kit *kit);
/* Closes and removes everything. */
void kit_fini(struct kit *kit);

/* The configuration of kit->store: little Argon2, the kit's clock. */
struct registry_config kit_config(struct kit *kit);

/* Closes and opens again; what registry_open() returns. */
enum lk_status kit_reopen(struct kit *kit, struct lk_error *err);

/* Adds kit->partner. */
void kit_add_partner(struct kit *kit, const char *name);

/* A one-record image sequence made from `seed`: two seeds are far apart, 128 one bits. */
struct kit_item {
    struct lk_record record;
    struct lk_sequence sequence;
};
void kit_item(struct kit_item *item, uint64_t seed);
/* The same with n bits of the print turned over. */
void kit_item_near(struct kit_item *item, uint64_t seed, unsigned n_bits);

/* How many entries a query for `seed` meets, through match_query() as kit->partner. */
size_t kit_matches(struct kit *kit, uint64_t seed);

/* Runs one statement of SQL on a closed or open store; returns the number of its first column. */
int64_t kit_sql(const char *path, const char *sql);

/* Whether the store lets a statement through. */
bool kit_try_sql(const char *path, const char *sql);

#endif
