/* cases/case.h - what an affected person does: open a case, look at it, add to it, withdraw it.
 *
 * A case holds items (each a sequence of prints: an entry of tier self in the bank) and texts
 * (cases/case_text.h), or either alone. Prints are sealed under a key of the case, which is wrapped
 * by the code and by the master key: the bank needs them. Texts are sealed to the person's own key,
 * which the code alone opens, and to the desk's. Of the time of a visit only the day is kept.
 * Withdrawing destroys the keys and takes every entry out of the bank in one transaction; the code
 * still opens the record of what was found at whom and what became of it. */
#ifndef CASES_CASE_H
#define CASES_CASE_H

#include "cases/case_text.h"
#include "cases/code.h"
#include "cases/match_state.h"
#include "cases/notice.h"
#include "cases/registry.h"

#include <likeness/fingerprint.h>

#define CASE_MAX_ITEMS         200
#define CASE_MAX_TOTAL_RECORDS (CASE_MAX_ITEMS * LK_MAX_IMAGE_RECORDS) /* in one case */
#define CASE_OWN_KEY_BYTES     32
#define CASE_TOKEN_LIFE_MS     (30 * 60 * 1000)
#define CASE_TOKEN_BYTES       192 /* room for the text of a token and its NUL */

struct case_request {
    const struct lk_sequence *sequences; /* 0..CASE_MAX_ITEMS */
    size_t n_sequences;
    const struct case_typed *texts; /* 0..CASE_MAX_TEXTS */
    size_t n_texts;
    /* For opening. The secret half of the person's own key, which the browser drew to seal texts
     * itself; NULL: drawn here. It is not kept but under what the code gives. */
    const uint8_t *own_secret;      /* CASE_OWN_KEY_BYTES */
    bool wants_recovery;            /* the desk shall be able to open the case for the person */
    bool may_be_empty;              /* opened for somebody, who fills it later with the code */
    struct idempotency idempotency; /* key NULL: none */
};

struct case_opened {
    char code[CODE_TEXT_BYTES]; /* a secret: show it once, wipe it */
    size_t n_items;
    int64_t expires_ms; /* 00:00 UTC of the day on which it ends */
    bool repeated;      /* an earlier request with the same idempotency key did it */
};

/* Opens a case: with an item or a text, unless it may be empty. Its entries are in the bank when
 * this returns LK_OK. Takes one Argon2 run. Errors: LK_INVALID (a wrong sequence, refused picture
 * or text: names "item 3", from 1), LK_LIMIT (one of the limits above), LK_CONFLICT (idempotency
 * key used for another request), LK_IO. After any error nothing was stored, unless LK_IO came from
 * the commit itself: ask again with the same idempotency key. */
enum lk_status case_open(struct registry *r, const struct case_request *request,
                         struct case_opened *out, struct lk_error *err) LK_MUST_CHECK;

/* The right to one case, in memory only. Made by case_login() or case_token_login(), given up with
 * case_logout(). Fields are private. */
struct case_access {
    int64_t case_id;
    uint8_t key[32];
    bool has_key; /* false once the case is closed */
    uint8_t own_secret[CASE_OWN_KEY_BYTES];
    bool has_own; /* false once closed, and for cases from before there were such keys */
};

/* Checks a code as typed. Takes one Argon2 run, also when there is no such case, and the same time
 * either way; callers limit how many run at once.
 * Errors: LK_INVALID (mistyped, see code_parse), LK_DENIED ("no case with this code": unknown or
 * wrong, never which), LK_IO, LK_NOMEM. */
enum lk_status case_login(struct registry *r, const char *code, size_t n_code,
                          struct case_access *access, struct lk_error *err) LK_MUST_CHECK;
void case_logout(struct case_access *access);

/* A sealed token that stands for `access` for CASE_TOKEN_LIFE_MS, for a hidden field of a form: a
 * page needs no cookie and need not carry the code. Letters, digits, '-' and '_'. */
void case_token(struct registry *r, const struct case_access *access, char token[CASE_TOKEN_BYTES]);

/* Errors: LK_DENIED ("this page has been open too long: enter the code again", also for a forged
 * token), LK_IO. Cheap: no Argon2. */
enum lk_status case_token_login(struct registry *r, const char *token, size_t n,
                                struct case_access *access, struct lk_error *err) LK_MUST_CHECK;

enum case_state { CASE_OPEN = 1, CASE_WITHDRAWN = 2, CASE_EXPIRED = 3 };
const char *case_state_name(unsigned state); /* "open" "withdrawn" "expired" */

struct case_item {
    unsigned number; /* from 1, in the order of the request */
    uint8_t medium;  /* enum lk_medium */
    uint8_t tier;    /* enum lk_tier */
    bool in_force;   /* in the bank */
    size_t n_copies; /* matches of it */
    size_t n_seen;   /* platforms whose checks use what was last done to it (receipts) */
    uint64_t
        n_blocked; /* stopped at upload: at least so often (cases/block.h); 0: nobody says so */
    uint64_t n_blocking; /* platforms that say so */
    int64_t blocked_ms;  /* the first day that was told */
};

/* A match, as the person sees it. */
struct case_copy {
    char id[MATCH_ID_CHARS + 1]; /* to name it in a message */
    const char *partner;         /* the partner's name */
    int64_t found_ms;            /* when the partner asked */
    unsigned item;               /* item number */
    uint8_t grade;               /* enum lk_grade */
    uint8_t state;               /* enum match_state */
    uint8_t reason;              /* enum match_reason; 0: none */
    int64_t answered_ms;         /* of the last answer; 0: not answered yet */
    int64_t due_ms;              /* by when an answer is expected; 0: answered for good */
    bool is_overdue;
    bool is_again;    /* it came back: an earlier copy was removed by the same partner */
    const char *note; /* what the partner wrote, or NULL; gone once the case is closed */
};

struct brake;

struct case_view {
    uint8_t state;         /* enum case_state */
    int64_t opened_day_ms; /* 00:00 UTC */
    int64_t expires_ms;
    int64_t closed_day_ms; /* 0 while open */
    const struct case_item *items;
    size_t n_items, n_in_force;
    const struct brake *brakes; /* cases/brake.h: the oldest first, lifted ones too */
    size_t n_brakes;
    const struct case_copy *copies; /* the newest first; at most CASE_MAX_COPIES_SHOWN */
    size_t n_copies;                /* shown */
    size_t n_copies_total;
    const struct case_written *texts; /* in the order written; none once closed */
    size_t n_texts;
    size_t n_partners; /* platforms that check uploads, of which items count n_seen */
    bool has_recovery; /* the desk can open the case for the person */
};
#define CASE_MAX_COPIES_SHOWN 1000

/* Everything about a case, in the arena. Errors: LK_IO, LK_NOMEM, LK_CORRUPT. */
enum lk_status case_view(struct registry *r, const struct case_access *access, struct arena *arena,
                         struct case_view *out, struct lk_error *err) LK_MUST_CHECK;

/* The prints that are held, item by item, as they were registered; for the person alone. Withdrawn
 * items are left out. Sequences live in the arena. Errors: LK_IO, LK_NOMEM, LK_CORRUPT. */
struct case_prints {
    struct {
        unsigned number;
        struct lk_sequence sequence;
    } * items;
    size_t n;
};
enum lk_status case_prints(struct registry *r, const struct case_access *access,
                           struct arena *arena, struct case_prints *out,
                           struct lk_error *err) LK_MUST_CHECK;

/* Withdraws everything: entries out of the bank, sealed content deleted, keys destroyed. When it
 * returns LK_OK, no query matches any item any more. *n_entries (may be NULL) receives how many
 * were in force. Withdrawing a closed case is LK_OK with 0. Errors: LK_IO. */
enum lk_status case_withdraw(struct registry *r, const struct case_access *access,
                             size_t *n_entries, struct lk_error *err) LK_MUST_CHECK;

/* Adds items and texts to an open case; own_secret and what follows it in the request do not count.
 * Errors: as case_open(), and LK_CONFLICT when the case is closed. */
enum lk_status case_add(struct registry *r, const struct case_access *access,
                        const struct case_request *request, struct lk_error *err) LK_MUST_CHECK;

/* Takes a part out: one item (its entry leaves the bank, its prints are erased) or one text of the
 * person's. What is gone already, or was never there, is LK_OK. Errors: LK_IO. */
enum lk_status case_withdraw_item(struct registry *r, const struct case_access *access,
                                  unsigned number, struct lk_error *err) LK_MUST_CHECK;
enum lk_status case_withdraw_text(struct registry *r, const struct case_access *access,
                                  unsigned number, struct lk_error *err) LK_MUST_CHECK;

/* The public half of the person's own key, for sealing texts in the browser; false: there is none.
 */
bool case_own_key(const struct case_access *access, uint8_t key[CASE_OWN_KEY_BYTES]);

#endif
