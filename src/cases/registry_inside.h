/* cases/registry_inside.h - the registry's insides, for the files of this folder alone. */
#ifndef CASES_REGISTRY_INSIDE_H
#define CASES_REGISTRY_INSIDE_H

#include "bank/bank.h"
#include "cases/registry.h"
#include "store/case_rows.h"
#include "store/keys.h"
#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>

enum registry_count {
    COUNT_CASES_OPENED,
    COUNT_CASES_WITHDRAWN,
    COUNT_QUERIES,
    COUNT_MATCHES,
    COUNT_ANSWERS,
    COUNT_CANARIES,
    N_COUNTS
};

struct registry {
    struct store *store;
    struct keys *keys;
    struct bank *bank;
    struct clock clock;
    int64_t retention_days;
    struct law_sender sender;
    enum ladder_auto escalate;
    int64_t answer_ms; /* within which partners are asked to answer */
    int64_t poll_ns;
    uint64_t argon_ops;
    size_t argon_bytes;
    uint8_t desk_public[SEAL_BOX_KEY_BYTES];
    bool has_desk_secret; /* made from the master key: keys_get(KEY_DESK) */

    pthread_mutex_t seen_lock; /* guards seen */
    struct seen *seen;         /* cases/receipt.c */

    pthread_mutex_t follow_lock;
    atomic_uint_least64_t last_change; /* written under follow_lock */
    atomic_int_least64_t last_poll_ns;
    pthread_mutex_t news_lock; /* for the wait alone */
    pthread_cond_t news;       /* last_change moved */
    atomic_bool behind;        /* following failed: the bank must not be asked */
    atomic_bool scrub_due;     /* deleted content may still be in the engine's log */
    atomic_uint_least64_t counts[N_COUNTS];

    enum registry_bank bank_state;
    char bank_why[LK_ERROR_TEXT_BYTES];
};

/* Sets r->desk_public and has_desk_secret; `named` as registry_config.desk_key. Errors: LK_INVALID,
 * LK_IO. */
enum lk_status registry_load_desk_key(struct registry *r, const char *named,
                                      struct lk_error *err) LK_MUST_CHECK;

/* Opens the bank at `path`, or makes it anew, or one in memory: r->bank and r->last_change. */
enum lk_status registry_open_bank(struct registry *r, const char *path,
                                  struct lk_error *err) LK_MUST_CHECK;

/* To be called between a commit that changed entries and its acknowledgement. A failure is kept in
 * r->behind: the commit stands, matching waits until it can be followed. */
void registry_committed(struct registry *r);

/* Before a match: follows when the last look is older than poll_ms or failed. */
enum lk_status registry_catch_up(struct registry *r, struct lk_error *err) LK_MUST_CHECK;

/* After keys were destroyed; what cannot be done now is done by the next registry_expire(). */
void registry_scrub(struct registry *r);

void registry_add_count(struct registry *r, enum registry_count which, uint64_t n);

/* Is this the picture of nothing? LK_OK or LK_INVALID with the reason. */
enum lk_status refusal_check_flat(const struct lk_sequence *sequence,
                                  struct lk_error *err) LK_MUST_CHECK;

/* Text that a person or partner typed: UTF-8 without control characters but line feed and tab (and
 * the carriage returns that forms send). `what` names it in the error. */
enum lk_status refusal_check_text(const char *text, size_t n, size_t max, const char *what,
                                  struct lk_error *err) LK_MUST_CHECK;

/* Closes a case within a transaction: entries withdrawn, keys and texts gone, the event written.
 * *n_entries receives how many were in force; a closed case is left alone. */
enum lk_status case_close(struct registry *r, struct store_tx *tx, int64_t case_row, unsigned state,
                          size_t *n_entries, struct lk_error *err) LK_MUST_CHECK;

#endif
