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

/* What a key may be used for. A partner's first key may be used for all. */
enum partner_scope {
    PARTNER_MAY_MATCH = 1,   /* ask for matches and read them */
    PARTNER_MAY_ANSWER = 2,  /* say what became of them, and of notices */
    PARTNER_MAY_NOTICES = 4, /* read notices, and drafts of statements */
    PARTNER_MAY_FOLLOW = 8,  /* the feed */
    PARTNER_MAY_HOOK = 16,   /* set up webhooks */
    PARTNER_MAY_LIST = 32,   /* lists of hashes (cases/listing.h) */
    PARTNER_MAY_OPEN = 64,   /* open cases for others */
    PARTNER_MAY_ALL = 127
};
#define PARTNER_N_SCOPES 7
/* "match" "answer" "notices" "feed" "webhooks" "lists" "cases"; unknown names give 0. */
const char *partner_scope_name(unsigned scope);
unsigned partner_scope_from_name(const char *name, size_t n);

struct partner {
    int64_t id; /* of the store; never shown to the partner */
    uint8_t role;
    uint8_t scopes; /* of the key it came with; PARTNER_MAY_ALL where it came without */
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

/* A further key of a partner, for some scopes, until a time (0: no end). `key` receives the only
 * copy, *id its number. Errors: LK_INVALID (scopes, label: 1..40 bytes), LK_LIMIT
 * (PARTNER_MAX_KEYS in force), LK_IO. */
#define PARTNER_MAX_KEYS 20
enum lk_status partner_key_add(struct registry *r, const struct partner *partner, const char *label,
                               unsigned scopes, int64_t until_ms, char key[PARTNER_KEY_CHARS + 1],
                               int64_t *id, struct lk_error *err) LK_MUST_CHECK;

struct partner_key {
    int64_t id;
    char label[41];
    unsigned scopes;
    int64_t added_ms, until_ms;
    bool is_over;
};
enum lk_status partner_keys(struct registry *r, const struct partner *partner, struct arena *arena,
                            struct partner_key **out, size_t *n,
                            struct lk_error *err) LK_MUST_CHECK;

/* Ends a further key now. Errors: LK_NOT_FOUND, LK_IO. */
enum lk_status partner_key_end(struct registry *r, const struct partner *partner, int64_t id,
                               struct lk_error *err) LK_MUST_CHECK;

/* A new first key; the present one goes on for overlap_ms, as a further key with all scopes. */
enum lk_status partner_rotate(struct registry *r, const struct partner *partner, int64_t overlap_ms,
                              char key[PARTNER_KEY_CHARS + 1], struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_DENIED ("no partner with this key": unknown, malformed or revoked, never which). */
enum lk_status partner_login(struct registry *r, const char *key, size_t n, struct partner *out,
                             struct lk_error *err) LK_MUST_CHECK;

#endif
