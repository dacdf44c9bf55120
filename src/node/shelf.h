/* node/shelf.h - a bank of the platform's own: contents under the names that the platform gives
 * them, apart from what the feed brings.
 *
 * The archive and the allow bank are one each. Prints stand in a sealed bank, names in a journal
 * beside it; an entry's scope is the number of its name. Threads: any number may search and look;
 * changes are made one after another. */
#ifndef NODE_SHELF_H
#define NODE_SHELF_H

#include "bank/bank.h"
#include "base/arena.h"
#include "store/keys.h"

struct shelf; /* opaque */

#define SHELF_MAX_NAME_BYTES 256

struct shelf_item {
    const char *name; /* UTF-8, no control character */
    size_t n_name;    /* 1..SHELF_MAX_NAME_BYTES */
    struct lk_sequence sequence;
};

/* Whether a text may be a name. Errors: LK_INVALID. */
enum lk_status shelf_check_name(const char *name, size_t n, struct lk_error *err) LK_MUST_CHECK;

/* Opens DIRECTORY/NAME and DIRECTORY/NAME.names, or makes them. keys must outlive it. Errors: those
 * of bank_open() and journal_open(). */
enum lk_status shelf_open(const char *directory, const char *name, const struct keys *keys,
                          struct shelf **out, struct lk_error *err) LK_MUST_CHECK;
void shelf_close(struct shelf *s); /* NULL is fine */

/* Puts n items there, durably; one whose name is there replaces that, and of one name that comes
 * twice the last counts. *n_new: how many names are new. Errors: LK_INVALID (a name; what
 * lk_sequence_check() says), LK_IO, LK_NOMEM: what was to be replaced may be gone, put it again. */
enum lk_status shelf_put(struct shelf *s, const struct shelf_item *items, size_t n, size_t *n_new,
                         struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND, LK_IO, LK_NOMEM. */
enum lk_status shelf_remove(struct shelf *s, const char *name, size_t n,
                            struct lk_error *err) LK_MUST_CHECK;

size_t shelf_count(struct shelf *s);
struct bank *shelf_bank(struct shelf *s); /* to be searched, not to be changed */

/* The name of the entry with this scope, in the arena; NULL: it is gone, or there is no memory. */
const char *shelf_name(struct shelf *s, uint32_t scope, struct arena *arena);

/* The first name whose number is greater than *number, in the order of their coming, with its id in
 * the bank; *number receives its own. NULL: there is none after it. 0 begins. */
const char *shelf_next(struct shelf *s, uint64_t *number, uint8_t id[BANK_ID_BYTES],
                       struct arena *arena);

#endif
