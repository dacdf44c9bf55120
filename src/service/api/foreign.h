/* service/api/foreign.h - what the handlers of the protocols of others share (docs/formats/
 * foreign.md): from the list of the bank to their records. */
#ifndef SERVICE_API_FOREIGN_H
#define SERVICE_API_FOREIGN_H

#include "cases/listing.h"
#include "exchange/foreign.h"
#include "service/route.h"

/* Records of items, in the arena: id the partner's name of the entry in hexadecimal digits, owner
 * "1", one tag: the tier. Errors: LK_NOMEM. */
enum lk_status foreign_records(struct arena *arena, const struct listing_item *items, size_t n,
                               struct foreign_record **out, struct lk_error *err) LK_MUST_CHECK;

/* A fingerprint of theirs in the list's form; false for a type that the list has not. */
bool foreign_to_listing(const struct foreign_print *print, struct listing_print *out);

/* Seconds since 1970 of the query's field; `missing` where it is not there. Errors: LK_INVALID. */
enum lk_status foreign_query_number(const struct request *req, const char *name, int64_t missing,
                                    int64_t *out, struct lk_error *err) LK_MUST_CHECK;

#endif
