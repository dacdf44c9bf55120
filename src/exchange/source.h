/* exchange/source.h - a source: a list of hashes that others keep, followed into a bank of its own.
 *
 * A directory holds one source: its settings, how far it was read, and its bank, sealed under a key
 * derived from the home's master key. Its entries never mix with the service's own: they have their
 * own threshold and tier, and go when the source says so, or with the source.
 *
 *   settings.json  who is asked, and how           (source_make)
 *   state.json     how far it was read, and counts (source_pull, after each page)
 *   bank/          the entries                     (docs/formats/bank.md)
 *
 * Reading resumes where it was, whenever it was interrupted: a page is applied to the bank,
 * durably, before the state says so, and applying it again changes nothing. An entry is known by
 * what the protocol knows it by (docs/formats/foreign.md); its id in the bank is a keyed hash of
 * that.
 *
 * A list that was not read for so long that its withdrawals may be forgotten is read anew from the
 * beginning. Threads: any number may match; one pulls. */
#ifndef EXCHANGE_SOURCE_H
#define EXCHANGE_SOURCE_H

#include "bank/bank.h"
#include "exchange/foreign.h"
#include "store/keys.h"
#include "sys/clock.h"

#include <stdatomic.h>

#define SOURCE_MAX_NAME 40 /* a-z, 0-9 and - */
#define SOURCE_MAX_URL  1024
#define SOURCE_MAX_PATH 1024

enum source_kind { SOURCE_STOPNCII = 1, SOURCE_NCMEC = 2, SOURCE_THREATEXCHANGE = 3 };

struct source_settings {
    uint8_t kind;                          /* enum source_kind */
    uint8_t tier;                          /* enum lk_tier of its entries */
    uint8_t max_distance;                  /* of a PDQ match; 0..LK_NEAR_RADIUS */
    char url[SOURCE_MAX_URL + 1];          /* the base address; with the group, of ThreatExchange */
    char credentials[SOURCE_MAX_PATH + 1]; /* their file; "": the environment has them */
    char allow[64]; /* ADDRESS:PORT inside one's own network that may be asked; "": none */
};

struct source_state {
    int64_t since_s;                          /* where the next reading begins */
    int64_t until_s;                          /* how far the one that goes on has come, or will */
    char next[SOURCE_MAX_URL * 2];            /* its next page; "" between readings */
    char bank[2 * BANK_ID_BYTES + 1];         /* the bank that this is true of */
    int64_t pulled_ms;                        /* when a reading was last complete; 0: never */
    int64_t tried_ms;                         /* when one was last begun */
    uint64_t n_entries;                       /* in force */
    uint64_t n_added, n_withdrawn, n_dropped; /* since the beginning */
    char failure[LK_ERROR_TEXT_BYTES];        /* why the last one ended early; "": it did not */
};

/* Stable names: "stopncii" "ncmec" "threatexchange"; unknown names give 0. */
const char *source_kind_name(unsigned kind);
unsigned source_kind_from_name(const char *name, size_t n);

/* Whether a source may be called so. Errors: LK_INVALID. */
enum lk_status source_name_check(const char *name, struct lk_error *err) LK_MUST_CHECK;

/* Makes the directory, the bank and the settings. Errors: LK_CONFLICT (there is one), LK_INVALID
 * (settings), LK_IO, LK_DENIED. */
enum lk_status source_make(const char *dir, const char *name, const struct keys *keys,
                           const struct source_settings *settings,
                           struct lk_error *err) LK_MUST_CHECK;

/* Removes it all. Errors: LK_NOT_FOUND, LK_BUSY (it is being read), LK_IO. */
enum lk_status source_destroy(const char *dir, struct lk_error *err) LK_MUST_CHECK;

/* What the two files say, without the bank. Errors: LK_NOT_FOUND (no source there), LK_CORRUPT,
 * LK_IO. */
enum lk_status source_read_settings(const char *dir, struct source_settings *out,
                                    struct lk_error *err) LK_MUST_CHECK;
enum lk_status source_read_state(const char *dir, struct source_state *out,
                                 struct lk_error *err) LK_MUST_CHECK;

struct source; /* opaque */

/* Opens the source that is called `name`: BANK_WRITE to pull, BANK_READ to match. Errors: as above
 * and as bank_open(). */
enum lk_status source_open(const char *dir, const char *name, const struct keys *keys,
                           enum bank_mode mode, struct source **out,
                           struct lk_error *err) LK_MUST_CHECK;
void source_close(struct source *source); /* NULL is fine */

const struct source_settings *source_settings_of(const struct source *source);
const struct source_state *source_state_of(const struct source *source);
struct bank_stats source_stats(const struct source *source);

/* As bank_match(), without what is further away than the source's max_distance. A record of such a
 * list has one print, as it is: a query meets a picture in another turn if it brings that turn. */
enum lk_status source_match(const struct source *source, const struct lk_sequence *queries,
                            size_t n, const struct lk_alloc *results, struct bank_matches *out,
                            struct lk_error *err) LK_MUST_CHECK;

/* Applies one page. Within a page the last word about an entry counts. */
struct source_counts {
    uint64_t n_pages, n_added, n_withdrawn, n_dropped;
};
enum lk_status source_apply(struct source *source, const struct foreign_page *page,
                            struct source_counts *counts, struct lk_error *err) LK_MUST_CHECK;

/* What opens the door; each kind needs its own. Wipe it after use. */
struct source_secrets {
    char function_key[512], subscription_key[512]; /* StopNCII */
    char user[128], password[512];                 /* NCMEC */
    char token[512];                               /* ThreatExchange */
};

/* Reads the lines "name = value" (function-key, subscription-key, user, password, token) of a file
 * that its owner alone may read, or, with no file in the settings, of the environment variable
 * LIKENESS_CREDENTIALS_NAME (the source's name in capitals, _ for -).
 * Errors: LK_NOT_FOUND, LK_DENIED (readable by others), LK_INVALID (a line, or what is missing). */
enum lk_status source_read_secrets(const char *name, const struct source_settings *settings,
                                   struct source_secrets *out, struct lk_error *err) LK_MUST_CHECK;

/* Asks for an address. The answer's body is added to `body`, *http is its status. Errors: LK_BUSY
 * for what may be tried again (no connection, cut off), others end the pull. */
struct source_request {
    const char *url;
    const char *const *headers;
    size_t n_headers;
};
typedef enum lk_status source_get(void *ctx, const struct source_request *request, struct buf *body,
                                  unsigned *http, struct lk_error *err);

struct source_pull_config {
    source_get *get;
    void (*wait)(void *ctx, int64_t ms); /* before something is tried again */
    void *ctx;
    struct clock clock;
    const struct source_secrets *secrets;
    const atomic_bool *stop; /* ends the pull after the page; NULL: nothing does */
    bool anew;               /* forget everything and read from the beginning */
};

#define SOURCE_MAX_BODY  (64u << 20)
#define SOURCE_MAX_TRIES 6 /* of one page; pauses of 1, 2, 4, 8 and 16 seconds between them */

/* Reads page after page until there is no more. What was read stays when it fails, and the next
 * call goes on from there. Errors: LK_BUSY (the server cannot, after all tries), LK_DENIED (it does
 * not accept the credentials), LK_CORRUPT (what it says makes no sense), LK_LIMIT, LK_IO, LK_NOMEM.
 */
enum lk_status source_pull(struct source *source, const struct source_pull_config *config,
                           struct source_counts *counts, struct lk_error *err) LK_MUST_CHECK;

/* A source_get over sys/fetch.h: https alone, but for what the settings allow. ctx: the
 * settings. */
enum lk_status source_fetch(void *ctx, const struct source_request *request, struct buf *body,
                            unsigned *http, struct lk_error *err) LK_MUST_CHECK;

#endif
