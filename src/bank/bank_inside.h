/* bank/bank_inside.h - what the files bank*.c share.
 *
 * Three locks, taken in this order:
 *   work     one thread at a time makes segments; held for long
 *   change   one thread at a time changes; held while a change is made durable, never while a
 *            segment is built
 *   signal   the flags by which threads wake each other; held for a moment
 * Readers take none. */
#ifndef BANK_BANK_INSIDE_H
#define BANK_BANK_INSIDE_H

#include "bank.h"
#include "bank_dir.h"
#include "bank_view.h"

#include <pthread.h>

enum { BANK_MAX_NOTES = 64, BANK_NOTE_BYTES = LK_ERROR_TEXT_BYTES };

struct bank_limits {
    uint64_t table_prints, close_prints;
    int64_t reseal_ms;
};

struct bank {
    const struct lk_alloc *alloc;
    enum bank_mode mode;
    struct bank_limits limits;
    bool always_anchors;
    uint64_t seed; /* of the hashes of tables */
    uint64_t judged_as_items;
    struct lk_print_key *print_key; /* in locked memory; NULL: prints stay as they come */
    struct bank_views views;
    struct bank_dir *dir; /* NULL: in memory alone */
    _Atomic uint64_t cursor;
    uint64_t next_number; /* without a directory */
    bool converted;

    pthread_mutex_t work, change;

    pthread_mutex_t signal;
    pthread_cond_t wake, idle; /* there may be work; there is less of it */
    pthread_t thread;
    bool by_caller, has_thread;
    bool work_due, working; /* under signal */
    unsigned n_failures;    /* of the work, one after the other; under signal */
    atomic_bool stop;

    pthread_mutex_t notes_lock;
    size_t n_notes, n_damaged;
    size_t n_left_out; /* the first of the notes: of segments that could not be opened */
    char notes[BANK_MAX_NOTES][BANK_NOTE_BYTES];
};

/* Writers' calls begin with it, the change lock held. Errors: LK_DENIED, LK_IO. */
enum lk_status bank_may_change(struct bank *bank, struct lk_error *err) LK_MUST_CHECK;

/* The key of the bank's prints; `seed` NULL: none. Errors: LK_NOMEM. */
enum lk_status bank_key_set(struct bank *bank, const uint8_t *seed,
                            struct lk_error *err) LK_MUST_CHECK;
void bank_key_forget(struct bank *bank);

/* The print as the bank holds it, and looks for it. */
struct lk_print bank_key_print(const struct bank *bank, const struct lk_print *print);

/* Entries with their prints as the bank holds them; the entries themselves where that is no
 * difference. Errors: LK_NOMEM. */
struct bank_keyed {
    const struct bank_entry *entries;
    void *p;
    size_t n_bytes;
};
enum lk_status bank_key_entries(const struct bank *bank, const struct bank_entry *entries, size_t n,
                                struct bank_keyed *out, struct lk_error *err) LK_MUST_CHECK;
void bank_keyed_free(const struct bank *bank, struct bank_keyed *keyed);

/* A new table in front, the change lock held; nothing when it is empty. Errors: LK_IO, LK_NOMEM:
 * the old one goes on. */
enum lk_status bank_freeze(struct bank *bank, struct lk_error *err) LK_MUST_CHECK;

/* The manifest of a view. */
void bank_manifest_of(struct bank *bank, const struct bank_view *view, struct manifest *m);

/* Publishes a view, in the directory first. *published says whether it is the present one; when
 * not, it was dropped. Both may be true at once: published, and LK_IO because the name is not
 * durable yet; then nothing is changed until it is. The change lock is held. */
enum lk_status bank_publish(struct bank *bank, struct bank_view *view, bool *published,
                            struct lk_error *err) LK_MUST_CHECK;

/* A large table becomes a segment, the cursor durable: whatever makes the next opening quick. */
void bank_close_table(struct bank *bank);

/* Ends what a failed write left half done. The change lock is held. */
bool bank_is_unfinished(const struct bank *bank);
enum lk_status bank_finish(struct bank *bank, struct lk_error *err) LK_MUST_CHECK;

/* Tells the thread, which is started at the first time, that there is something to do. */
void bank_work_arose(struct bank *bank);

/* Does one piece of work; *did says whether there was one. `all`: whatever makes the bank
 * smaller, not only what is due. The work lock is held. */
enum lk_status bank_work(struct bank *bank, bool all, bool *did,
                         struct lk_error *err) LK_MUST_CHECK;

/* Compares segments with their checks: those that never were, or all of them `again`. Damage is
 * noted and no error. */
enum lk_status bank_verify_some(struct bank *bank, bool again, struct lk_error *err) LK_MUST_CHECK;

/* Whether everything in a table was withdrawn, so that it is only a log that takes space. */
bool bank_is_husk(const struct bank_table *bt);

/* Ends the thread. */
void bank_work_end(struct bank *bank);

/* Keeps what was found damaged, for bank_damage(). */
void bank_note_damage(struct bank *bank, bool is_new_segment, const char *format, ...)
    LK_PRINTF(3, 4);

#endif
