/* cases/registry.h - the heart of the service: store, keys and live bank as one object.
 *
 * The registry opens the store (which brings its schema up to date), loads the master key, and
 * plays the numbered change log into a bank: from the beginning into one in memory, or from where
 * a sealed one, kept in a directory, left off. After every commit of its own, and at most
 * every `poll_ms` for those of other processes on the same store, it applies what is new, in order:
 * so an entry is matchable as soon as its registration is acknowledged and gone as soon as its
 * withdrawal is. If the log cannot be followed, matching fails rather than answer from a stale
 * bank.
 *
 * What people do stands beside it: cases/case.h, cases/partner.h, cases/match.h. None of it knows
 * HTTP, and none of it contains SQL.
 *
 * Threads: everything here and in those three headers may be called from any thread, at once.
 * Writers are gathered into one transaction (store/store.h), so many slow disks' syncs become one.
 * Results live in the arena that the caller gives; texts are NUL-terminated UTF-8. */
#ifndef CASES_REGISTRY_H
#define CASES_REGISTRY_H

#include "base/arena.h"
#include "law/letter.h"
#include "sys/clock.h"

#include <likeness/match.h>

struct registry; /* opaque */

#define REGISTRY_RETENTION_DAYS 730
#define REGISTRY_POLL_MS        100
#define REGISTRY_ANSWER_HOURS   48

/* The operator's rule for letters that go without a person (cases/ladder.h). */
enum ladder_auto {
    LADDER_SUGGEST,             /* none */
    LADDER_AUTO_SEARCH,         /* to search engines */
    LADDER_AUTO_UP_TO_REGISTRAR /* these, host, network, app store, advertising, registrar */
};

struct registry_config {
    const char *store_url; /* path of an SQLite file, made when missing, with its parents */
    /* The master key: the environment variable LIKENESS_MASTER_KEY (64 hex digits) wins; otherwise
     * this file. NULL: store_url with ".key" appended. */
    const char *key_path;
    /* Directory of the sealed bank that is kept between starts; NULL: none, each start plays the
     * whole change log into a bank in memory. */
    const char *bank_path;
    /* The desk's public key (cases/desk.h), when its secret half is kept elsewhere: 64 hex digits.
     * The store remembers it. "master": the pair made from the master key again. NULL: what the
     * store remembers, else that pair. */
    const char *desk_key;
    struct law_sender sender; /* who signs the desk's letters; borrowed while it is open */
    bool key_create; /* make the key file (mode 0600) when it is missing and the store new */
    unsigned retention_days;   /* 0: REGISTRY_RETENTION_DAYS */
    enum ladder_auto escalate; /* which letters may go when a clock ran out */
    unsigned answer_hours;     /* within which partners are asked to answer; 0: 48 */
    unsigned poll_ms;          /* 0: REGISTRY_POLL_MS */
    unsigned n_readers;        /* read connections; 0: 4 */
    struct clock clock;        /* clock_real(), or a test's; now_ms NULL: clock_real() */
    uint64_t argon_ops;        /* 0: 2 passes (libsodium's "interactive") */
    size_t argon_bytes;        /* 0: 64 MiB; each code_login takes that much memory while it runs */
};

/* Opens everything and returns when the bank holds every entry in force.
 * Errors: LK_IO, LK_NOT_FOUND (key file missing), LK_DENIED (key file readable by others, or the
 * key is not this store's), LK_CORRUPT, LK_UNSUPPORTED (a store of a newer version), LK_NOMEM. */
enum lk_status registry_open(const struct registry_config *config, struct registry **out,
                             struct lk_error *err) LK_MUST_CHECK;

/* No other call may be under way. NULL is fine. */
void registry_close(struct registry *r);

/* Applies every change committed so far, by whomever. Cheap when there is none.
 * Errors: LK_IO, LK_CORRUPT, LK_NOMEM; the bank is then behind until a later call succeeds. */
enum lk_status registry_follow(struct registry *r, struct lk_error *err) LK_MUST_CHECK;

/* The registry's clock: the machine's, or a test's. */
int64_t registry_now_ms(const struct registry *r);

/* registry_config.escalate. */
enum ladder_auto registry_escalate(const struct registry *r);

/* The desk's public key: what people type is sealed to it. */
#define REGISTRY_DESK_KEY_BYTES 32
void registry_desk_key(const struct registry *r, uint8_t key[REGISTRY_DESK_KEY_BYTES]);

/* What the registry stands on, for the ledger of the same store. Borrowed. */
struct store;
struct keys;
struct store *registry_store(struct registry *r);
const struct keys *registry_keys(const struct registry *r);

/* The seed of the Ed25519 key that signs evidence packs (exchange/pack.h). Borrowed. */
const uint8_t *registry_pack_seed(const struct registry *r);

/* For /readyz: LK_OK when the store takes a write and the bank has caught up with it. */
enum lk_status registry_ready(struct registry *r, struct lk_error *err) LK_MUST_CHECK;

/* Withdraws the entries of every case past its day of expiry, destroys their keys, and forgets
 * stale idempotency rows. To be called about once an hour. *n_expired receives how many cases. */
enum lk_status registry_expire(struct registry *r, size_t *n_expired,
                               struct lk_error *err) LK_MUST_CHECK;

/* What became of the bank at the start. */
enum registry_bank {
    REGISTRY_BANK_IN_MEMORY, /* none is kept, or another process has it */
    REGISTRY_BANK_KEPT,      /* only what came after it was played */
    REGISTRY_BANK_REBUILT,   /* from the store: there was none, or it was not this store's */
};

/* Counts for /metrics; those marked "here" are since this process opened the registry. */
struct registry_stats {
    uint64_t n_entries, n_prints; /* in force, in the bank */
    uint64_t bank_bytes;          /* memory the bank holds */
    uint64_t last_change;         /* number of the last change applied */
    uint64_t n_cases_opened;      /* here */
    uint64_t n_cases_withdrawn;   /* here, expired ones included */
    uint64_t n_queries;           /* here: sequences searched */
    uint64_t n_matches;           /* here: new match rows */
    uint64_t n_answers;           /* here: answers recorded */
    uint64_t n_canaries; /* here: canaries that somebody asked for who was not given them */
    uint64_t n_writes, n_commits; /* here: writes asked for, transactions that carried them */
    enum registry_bank bank_state;
    const char *bank_why; /* why it is not a kept one, as a text; lives as long as the registry */
    bool behind;          /* the last attempt to follow the log failed */
};
struct registry_stats registry_stats(struct registry *r);

/* The operator's bulk path (benches, seeding from another bank): registers n sequences under
 * cases that no code opens, in transactions of up to 10000 entries. Each sequence must pass
 * registry_refusal(). On an error, the transactions before it stay: *n_done says how many entries.
 * Cost: about 20 us of processor a single-record entry. */
enum lk_status registry_import(struct registry *r, const struct lk_sequence *sequences, size_t n,
                               size_t *n_done, struct lk_error *err) LK_MUST_CHECK;

/* Whether a sequence may be registered or searched at all: it passes lk_sequence_check(), has a
 * record, and an image's whole prints are not those of a flat or tiny picture (lk_print_refusal:
 * far from 128 one bits). Errors: LK_INVALID with the reason, fit to be shown. Pure. */
enum lk_status registry_refusal(const struct lk_sequence *sequence,
                                struct lk_error *err) LK_MUST_CHECK;

/* A client's own name for a request, so that it can be sent twice without being done twice. The
 * same key with the same request returns the first result for at least 24 hours; with another
 * request, LK_CONFLICT. What is kept is sealed under the key itself: the store alone does not
 * reveal it. */
struct idempotency {
    const char *key; /* 1..IDEMPOTENCY_MAX_KEY bytes; NULL: none */
    size_t n_key;
    uint8_t request_hash[32]; /* any collision-free hash of the whole request: registry_hash() */
};
#define IDEMPOTENCY_MAX_KEY 255

/* BLAKE2b-256 of bytes, for request_hash. Pure. */
void registry_hash(const void *bytes, size_t n, uint8_t hash[32]);

#endif
