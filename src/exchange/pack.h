/* exchange/pack.h - evidence packs: what happened in a case, to be handed to the police, a
 * regulator or the person. docs/formats/pack.md specifies the form.
 *
 * A pack holds no picture and no print: a summary as PDF, the same as JSON, the letters as they
 * went, the digest of each of these files, and the operator's signature over the digests. It is
 * sealed to its recipients with the age format (sys/age.h).
 *
 * What goes in is a plain tree, so that making a pack depends on no store: see pack_collect.h for
 * how it is filled. Texts are UTF-8 or NULL, times milliseconds, 0 for none. Threads: any. */
#ifndef EXCHANGE_PACK_H
#define EXCHANGE_PACK_H

#include "base/arena.h"
#include "base/buf.h"
#include "sys/age.h"
#include "sys/seal.h"

#define PACK_SCHEMA    "likeness-pack-1"
#define PACK_ID_CHARS  16 /* hexadecimal digits */
#define PACK_MAX_BYTES (64u << 20)

enum pack_for { PACK_POLICE = 1, PACK_REGULATOR, PACK_PERSON, PACK_N_FOR };

/* "police" "regulator" "person" */
const char *pack_for_name(unsigned whom);
unsigned pack_for_of(const char *name); /* 0: none of them, or NULL */

/* ---- what a pack says ---- */

struct pack_step {
    int64_t at_ms, due_ms;
    unsigned state, alarm, actor, reason; /* cases/notice.h, cases/match_state.h */
    const char *note;
};

struct pack_notice {
    const char *recipient;
    const char *regime, *regime_title, *regime_citation; /* NULL: under none */
    unsigned state, reason;                              /* cases/notice.h */
    unsigned clock_kind;                                 /* enum law_clock_kind */
    int64_t sent_ms, due_ms, changed_ms;
    int64_t span_ms; /* the length of the clock */
    bool by_law;     /* the time limit is the law's */
    bool is_overdue;
    unsigned letter; /* its number, from 1; 0: told without one */
    const struct pack_step *steps;
    size_t n_steps;
};

/* Where a copy is or was. */
struct pack_place {
    unsigned number;
    const char *text;
    int64_t day_ms; /* on which it was written down */
    const struct pack_notice *notices;
    size_t n_notices;
};

struct pack_letter {
    const char *id; /* its name in mails */
    const char *recipient, *address, *subject, *body, *lang;
    const char *regime, *law_date;
    unsigned channel, state; /* cases/letter.h */
    int64_t made_ms, changed_ms;
};

struct pack_item {
    unsigned number;
    uint8_t medium, tier; /* enum lk_medium, enum lk_tier */
    bool in_force;
    size_t n_copies;
};

/* A copy that a platform found by asking, and its answer. */
struct pack_copy {
    const char *partner, *note;
    unsigned item;
    uint8_t grade, state, reason; /* enum lk_grade, cases/match_state.h */
    int64_t found_ms, answered_ms, due_ms;
    bool is_overdue, is_again;
};

/* A refusal that the desk accepted: since then the item's matches are for review alone. */
struct pack_brake {
    unsigned item;
    uint8_t reason;      /* cases/match_state.h */
    const char *partner; /* NULL: at every platform */
    int64_t since_ms;
    int64_t lifted_ms; /* 0: it holds */
};

/* "How was this file made?", as told of an item. */
struct pack_made {
    unsigned item;
    const char *text;
};

struct pack_source {
    unsigned state; /* enum case_state */
    int64_t opened_day_ms, closed_day_ms;
    const char *operator_name, *operator_contact;
    const char *law_date; /* of the facts that regimes are taken from */
    const struct pack_item *items;
    size_t n_items;
    const struct pack_copy *copies; /* the newest first */
    size_t n_copies;
    const struct pack_brake *brakes; /* the oldest first */
    size_t n_brakes;
    const struct pack_place *places;
    size_t n_places;
    const struct pack_letter *letters; /* number i + 1 */
    size_t n_letters;
    const struct pack_made *made;
    size_t n_made;
};

/* ---- making one ---- */

/* The language of the summary and of README.txt. */
struct pack_speech {
    const char *lang; /* BCP 47 */
    bool is_rtl;
    const char *(*say)(const void *ctx, const char *english);
    const void *ctx;
};

/* English, where no catalogue is at hand. */
struct pack_speech pack_english(void);

struct pack_order {
    char id[PACK_ID_CHARS + 1];
    enum pack_for whom;
    int64_t made_ms;
    const char *tool_version;
    struct pack_speech speech;
    bool without_texts;       /* no address, letter or note: only who did what, and when */
    const uint8_t *sign_seed; /* SEAL_KEY_BYTES, Ed25519; NULL: not signed */
    const char *paper;        /* path of likeness-paper; NULL: found */
};

/* Appends the archive, unsealed. *n_missing (may be NULL): letters without a font, as paper_set().
 * Errors: LK_LIMIT (PACK_MAX_BYTES, TAR_MAX_FILES), LK_NOMEM, and those of paper_set(). */
enum lk_status pack_make(const struct pack_order *order, const struct pack_source *source,
                         struct buf *out, size_t *n_missing, struct lk_error *err) LK_MUST_CHECK;

/* The same, sealed to 1..AGE_MAX_RECIPIENTS recipients. Errors: also those of age_seal(). */
enum lk_status pack_write(const struct pack_order *order, const struct pack_source *source,
                          const struct age_recipient *recipients, size_t n_recipients,
                          struct buf *out, size_t *n_missing, struct lk_error *err) LK_MUST_CHECK;

/* ---- checking one ---- */

enum pack_signature { PACK_UNSIGNED, PACK_SIGNED_BY_KEY, PACK_SIGNED_UNKNOWN };

struct pack_found {
    char id[PACK_ID_CHARS + 1];
    char made_at[32];
    unsigned whom;
    size_t n_files; /* listed in the manifest */
    enum pack_signature signature;
    uint8_t signed_by[SEAL_SIGN_KEY_BYTES]; /* unless PACK_UNSIGNED */
};

/* Checks an unsealed pack: the form of the archive, that the manifest lists each file and no other,
 * sizes and digests, and the signature if there is one. key: whose it must be, or NULL: then a
 * right one is PACK_SIGNED_UNKNOWN. Errors: LK_CORRUPT (what is wrong), LK_DENIED (signed by
 * another key, or not at all, where a key was given), LK_UNSUPPORTED (another version), LK_NOMEM.
 */
enum lk_status pack_check(const char *archive, size_t n, const uint8_t *key, struct pack_found *out,
                          struct lk_error *err) LK_MUST_CHECK;

#endif
