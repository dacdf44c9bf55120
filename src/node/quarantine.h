/* node/quarantine.h - the brake for what many unrelated people post: an entry that is met in
 * uploads of more posters than one person's picture has is looked at by a person before anything
 * follows.
 *
 * A caller may say with an upload who posts it, as an opaque token. Of tokens nothing is kept but
 * hashes under a key that lives as long as the process, for the entries met lately, until the
 * window is over; that an entry is quarantined, or was released, is durable. Threads: any. */
#ifndef NODE_QUARANTINE_H
#define NODE_QUARANTINE_H

#include "bank/bank.h"
#include "base/arena.h"
#include "store/keys.h"

struct quarantine; /* opaque */

#define QUARANTINE_MAX_POSTERS 1000

struct quarantine_config {
    unsigned
        n_posters; /* from so many in one window on; 0: never. QUARANTINE_MAX_POSTERS at most */
    int64_t window_ms;
    unsigned highest_tier; /* enum lk_tier: entries of a higher one are left alone */
};

struct quarantined {
    uint8_t entry[BANK_ID_BYTES];
    int64_t since_ms;
    bool released; /* by a person: it is not quarantined again */
};

/* Errors: those of journal_open(). keys must outlive it. */
enum lk_status quarantine_open(const char *path, const struct keys *keys,
                               const struct quarantine_config *config, struct quarantine **out,
                               struct lk_error *err) LK_MUST_CHECK;
void quarantine_close(struct quarantine *q); /* NULL is fine */

/* An upload of this poster met the entry. *held: the entry is quarantined, by this or from before.
 * Errors: LK_IO, LK_NOMEM: it is quarantined, if it is, for as long as the process lives. */
enum lk_status quarantine_note(struct quarantine *q, const uint8_t entry[BANK_ID_BYTES],
                               unsigned tier, const char *poster, int64_t now_ms, bool *held,
                               struct lk_error *err) LK_MUST_CHECK;

/* Costs nothing while none is quarantined. */
bool quarantine_holds(struct quarantine *q, const uint8_t entry[BANK_ID_BYTES]);

size_t quarantine_count(struct quarantine *q); /* quarantined now */

/* All, those that were released too, in no particular order. */
enum lk_status quarantine_list(struct quarantine *q, struct arena *arena, struct quarantined **out,
                               size_t *n, struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND (it is not quarantined), LK_IO, LK_NOMEM. */
enum lk_status quarantine_release(struct quarantine *q, const uint8_t entry[BANK_ID_BYTES],
                                  struct lk_error *err) LK_MUST_CHECK;

/* Forgets the entries of which `is_gone` says so. Errors: LK_IO, LK_NOMEM. */
enum lk_status quarantine_forget(struct quarantine *q,
                                 bool (*is_gone)(void *ctx, const uint8_t entry[BANK_ID_BYTES]),
                                 void *ctx, struct lk_error *err) LK_MUST_CHECK;

#endif
