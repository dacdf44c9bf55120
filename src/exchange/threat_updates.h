/* exchange/threat_updates.h - the JSON of ThreatExchange's threat_updates, both ways. Pure;
 * threads: any.
 *
 * An item is known by its id. What should be deleted is withdrawn; so is what every owner calls not
 * malicious. Types that are not known are dropped and counted. */
#ifndef EXCHANGE_THREAT_UPDATES_H
#define EXCHANGE_THREAT_UPDATES_H

#include "exchange/foreign.h"

#define THREAT_UPDATES_FIELDS                                                                      \
    "id,indicator,type,last_updated,should_delete,"                                                \
    "descriptors{owner{id},tags,status}"
#define THREAT_UPDATES_PAGE 100 /* what clients ask for */

/* Of a page: `next` is an absolute address, until_s the latest last_updated.
 * Errors: LK_INVALID, naming the member; LK_NOMEM. */
enum lk_status threat_updates_read(const char *text, size_t n, struct arena *arena,
                                   struct foreign_page *out, struct lk_error *err) LK_MUST_CHECK;
void threat_updates_write(struct buf *out, const struct foreign_page *page);

/* The form that clients insist on: eight digits or more, a bar, and 20 or more letters, digits, _
 * and -. Returns what stands behind the bar, or NULL. */
const char *threat_updates_secret(const char *token);

#endif
