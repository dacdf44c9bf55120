/* cases/partner.h - who has a key: platforms, helplines, regulators, peer banks.
 *
 * A key is shown once; the store holds a keyed hash of it, so a stolen store opens nothing. */
#ifndef CASES_PARTNER_H
#define CASES_PARTNER_H

#include "cases/registry.h"

#define PARTNER_KEY_CHARS      46 /* "lk_" and 43 characters of base64url (256 random bits) */
#define PARTNER_MAX_NAME_BYTES 100

enum partner_role {
    PARTNER_PLATFORM = 1,
    PARTNER_HELPLINE = 2,
    PARTNER_REGULATOR = 3,
    PARTNER_PEER = 4
};
const char *partner_role_name(unsigned role); /* "platform" "helpline" "regulator" "peer" */
unsigned partner_role_from_name(const char *name, size_t n); /* 0: unknown */

struct partner {
    int64_t id; /* of the store; never shown to the partner */
    uint8_t role;
    char name[PARTNER_MAX_NAME_BYTES + 1];
    int64_t added_ms;
    int64_t revoked_ms; /* 0: in force */
};

/* Adds a partner; `key` receives the only copy of its key. Names are unique among all partners,
 * the revoked ones too, because records go on naming them.
 * Errors: LK_INVALID (name: 1..100 bytes of UTF-8 without control characters; role), LK_CONFLICT
 * (the name exists), LK_IO. */
enum lk_status partner_add(struct registry *r, const char *name, unsigned role,
                           char key[PARTNER_KEY_CHARS + 1], struct partner *out,
                           struct lk_error *err) LK_MUST_CHECK;

/* All partners, the oldest first. */
enum lk_status partner_list(struct registry *r, struct arena *arena, struct partner **partners,
                            size_t *n, struct lk_error *err) LK_MUST_CHECK;

/* Ends a partner's key at once and for good. Errors: LK_NOT_FOUND, LK_CONFLICT (already), LK_IO. */
enum lk_status partner_revoke(struct registry *r, const char *name,
                              struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_DENIED ("no partner with this key": unknown, malformed or revoked, never which). */
enum lk_status partner_login(struct registry *r, const char *key, size_t n, struct partner *out,
                             struct lk_error *err) LK_MUST_CHECK;

struct partner_row;
/* From a row of store/partner_rows.h; for this folder alone. */
void partner_from_row(const struct partner_row *row, struct partner *out);

#endif
