/* node/marks.h - what a node knows of its entries beside what the bank holds: the last day, brakes,
 * and the laws under which something was demanded.
 *
 * Nearly every entry keeps for ever what it came with, so that is packed into the 32 bits that the
 * bank keeps with an entry (bank_entry.scope); only entries that changed since are held here.
 *
 *     bit 0..15   last day, in days since 1970 UTC; 65535: none
 *     bit 16..20  brake: enum match_reason, 0: none
 *     bit 21..31  which set of laws; 0: none
 *
 * Kept in a sealed file that is replaced as a whole. Threads: any number may read while one
 * changes. */
#ifndef NODE_MARKS_H
#define NODE_MARKS_H

#include "cases/feed.h"
#include "store/keys.h"

struct marks; /* opaque */

#define MARKS_NO_DAY 65535

struct mark {
    uint32_t last_day; /* MARKS_NO_DAY: none */
    uint8_t brake;     /* enum match_reason; 0: none */
    const char *laws;  /* ids, apart by commas; "": none. Lives as long as the marks */
};

/* Errors: LK_CORRUPT (damaged, or another key), LK_IO, LK_NOMEM. */
enum lk_status marks_load(const char *path, const struct keys *keys, struct marks **out,
                          struct lk_error *err) LK_MUST_CHECK;
void marks_free(struct marks *m); /* NULL is fine */

/* What an entry comes with, packed. Errors: LK_LIMIT (2047 different sets of laws), LK_NOMEM. */
enum lk_status marks_pack(struct marks *m, const struct feed_change *change, uint32_t *scope,
                          struct lk_error *err) LK_MUST_CHECK;

/* It is so from now on, whatever it came with. Errors: as marks_pack(). */
enum lk_status marks_change(struct marks *m, const struct feed_change *change,
                            struct lk_error *err) LK_MUST_CHECK;

/* The entry is gone, or came anew. */
void marks_forget(struct marks *m, const uint8_t id[FEED_ID_BYTES]);

/* What is known of an entry with this scope. */
struct mark marks_get(struct marks *m, const uint8_t id[FEED_ID_BYTES], uint32_t scope);

/* Writes the file when something changed since. Errors: LK_IO, LK_NOMEM. */
enum lk_status marks_save(struct marks *m, const char *path, const struct keys *keys,
                          struct lk_error *err) LK_MUST_CHECK;

#endif
