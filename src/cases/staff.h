/* cases/staff.h - who works at the desk: accounts, rights, sessions.
 *
 * A member signs in with a name, a password (Argon2id) and six digits of an authenticator, none of
 * which works twice. The desk's secret key, with which people's texts open, is sealed for each
 * member under what the password gives, and during a session under what the session's token gives:
 * the store alone opens nothing. Where the key pair is made from the master key, whoever has that
 * can open the texts too; an operator who keeps the secret half elsewhere
 * (registry_config.desk_key) hands it to the first member by staff_hand_key(); whoever has it hands
 * it to those they add.
 *
 * Behind a proxy that signs people in (OIDC), a member has no password here: the account is named
 * by the proxy, and its copy of the secret is sealed under the master key.
 * Threads: any. */
#ifndef CASES_STAFF_H
#define CASES_STAFF_H

#include "cases/registry.h"

#define STAFF_MAX_NAME_BYTES     100
#define STAFF_MIN_PASSWORD_CHARS 12
#define STAFF_MAX_PASSWORD_BYTES 200
#define STAFF_SECRET_BYTES       32
#define STAFF_TOKEN_CHARS        43 /* base64url of 32 random bytes */
#define STAFF_PASSWORD_CHARS     19 /* of a password that works once: 4 groups of 4 */
#define STAFF_IDLE_MS            (20 * 60 * 1000)
#define STAFF_SESSION_MS         (8 * 3600 * 1000)

enum staff_role {
    STAFF_CASEWORKER = 1,
    STAFF_LEAD,
    STAFF_ADMIN,
    STAFF_AUDITOR, /* reads the trail and the queue, nothing that people wrote */
    STAFF_POLICE,  /* takes packs that are addressed to them, nothing else */
    STAFF_N_ROLES
};
const char *staff_role_name(unsigned role); /* "caseworker" "lead" "admin" "auditor" "police" */
unsigned staff_role_of(const char *name);   /* 0: none of them, or NULL */

/* What one may do; each right of each role stands in one table. */
enum staff_right {
    STAFF_MAY_SIGN_IN,    /* everybody */
    STAFF_MAY_SEE_QUEUE,  /* cases by number, clocks and states */
    STAFF_MAY_READ,       /* what people wrote */
    STAFF_MAY_WRITE,      /* messages, facts, letters, answers */
    STAFF_MAY_DECIDE,     /* second opinions: bulk actions, exports, disputes */
    STAFF_MAY_AUDIT,      /* the trail of everybody */
    STAFF_MAY_MANAGE,     /* accounts */
    STAFF_MAY_TAKE_PACKS, /* those addressed to them */
    STAFF_N_RIGHTS
};
bool staff_may(unsigned role, enum staff_right right);

/* Who acts. */
struct staff_hand {
    int64_t staff; /* of the store; 0: the command line */
    uint8_t role;
    char name[STAFF_MAX_NAME_BYTES + 1];
    bool must_choose; /* the password works once: nothing but choosing another is allowed */
    bool has_secret;
    uint8_t secret[STAFF_SECRET_BYTES]; /* the desk's; wipe it with staff_hand_wipe() */
};
void staff_hand_wipe(struct staff_hand *hand);

/* The command line on the machine itself: an admin, with the desk's secret if it is made from the
 * master key. */
void staff_console(const struct registry *r, struct staff_hand *hand);

/* What a new member is given, once. */
struct staff_welcome {
    char password[STAFF_PASSWORD_CHARS + 1]; /* works once; "" behind a proxy */
    char totp[33];                           /* the secret of the authenticator, base32 */
    char uri[256];                           /* the same as otpauth://, for a QR code */
};

/* Adds a member. by_proxy: signs in at the proxy. Roles that read need the desk's secret in `by`,
 * unless that is the command line: they then read once it is handed on.
 * Errors: LK_INVALID (name: one word of letters, digits, . _ @ -; role), LK_CONFLICT (the name
 * exists), LK_DENIED (by has not the secret that the role needs), LK_IO, LK_NOMEM. */
enum lk_status staff_add(struct registry *r, const struct staff_hand *by, const char *name,
                         unsigned role, bool by_proxy, struct staff_welcome *out,
                         struct lk_error *err) LK_MUST_CHECK;

/* A new one-time password and authenticator; ends the sessions. Errors: LK_NOT_FOUND, LK_DENIED. */
enum lk_status staff_reset(struct registry *r, const struct staff_hand *by, const char *name,
                           struct staff_welcome *out, struct lk_error *err) LK_MUST_CHECK;

/* Hands the desk's secret key on to a member, at whose next sign-in (or choice of a password) it
 * becomes the member's own copy; until then it stands in a box that only the member's password
 * opens. Of a member behind a proxy it is sealed under the master key at once. Errors: LK_INVALID
 * (it is not the secret half of the desk's key, or the role does not read), LK_NOT_FOUND,
 * LK_CONFLICT (ended, or has not signed in since there are such boxes), LK_IO. */
enum lk_status staff_hand_key(struct registry *r, const struct staff_hand *by, const char *name,
                              const uint8_t secret[STAFF_SECRET_BYTES],
                              struct lk_error *err) LK_MUST_CHECK;

/* Ends an account and its sessions; the name stays taken, because the trail names it.
 * Errors: LK_NOT_FOUND, LK_CONFLICT (already ended, or one's own). */
enum lk_status staff_end(struct registry *r, const struct staff_hand *by, const char *name,
                         struct lk_error *err) LK_MUST_CHECK;

struct staff_member {
    int64_t id;
    const char *name;
    unsigned role;
    bool is_new, has_ended, by_proxy;
    bool lacks_key; /* the role reads, and nobody has handed the desk's key on */
    int64_t added_ms, ended_ms;
};
enum lk_status staff_list(struct registry *r, struct arena *arena, struct staff_member **out,
                          size_t *n, struct lk_error *err) LK_MUST_CHECK;

/* Signs in; `token` receives what the session is known by. Takes one Argon2 run, also when there is
 * no such name, and the answer is then the same. After five failures an account pauses, for longer
 * each time. Errors: LK_DENIED (one text for all reasons), LK_BUSY (it pauses; the text says for
 * how long), LK_IO, LK_NOMEM. */
enum lk_status staff_sign_in(struct registry *r, const char *name, const char *password,
                             const char *digits, char token[STAFF_TOKEN_CHARS + 1],
                             struct lk_error *err) LK_MUST_CHECK;

/* The same for a name that a trusted proxy vouches for: no session is kept.
 * Errors: LK_DENIED (no such member, or one with a password here). */
enum lk_status staff_by_proxy(struct registry *r, const char *name, struct staff_hand *hand,
                              struct lk_error *err) LK_MUST_CHECK;

/* Who has the session. Errors: LK_DENIED (ended, idle too long, or none). */
enum lk_status staff_session(struct registry *r, const char *token, struct staff_hand *hand,
                             struct lk_error *err) LK_MUST_CHECK;
enum lk_status staff_sign_out(struct registry *r, const struct staff_hand *by, const char *token,
                              struct lk_error *err) LK_MUST_CHECK;

/* Chooses a password; other sessions of the account end. Errors: LK_INVALID (too short or long, or
 * the same), LK_DENIED (the present one is wrong), LK_NOMEM. */
enum lk_status staff_choose(struct registry *r, const struct staff_hand *by, const char *token,
                            const char *present, const char *chosen,
                            struct lk_error *err) LK_MUST_CHECK;

/* A text that a form of this session carries, so that no other site can post it. */
#define STAFF_FORM_CHARS 32
void staff_form_token(const struct registry *r, const char *session,
                      char token[STAFF_FORM_CHARS + 1]);

/* Forgets sessions that are over. */
enum lk_status staff_expire(struct registry *r, struct lk_error *err) LK_MUST_CHECK;

#endif
