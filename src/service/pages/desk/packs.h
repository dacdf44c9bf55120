/* service/pages/desk/packs.h - making an evidence pack that was allowed. */
#ifndef SERVICE_PAGES_DESK_PACKS_H
#define SERVICE_PAGES_DESK_PACKS_H

#include "cases/desk_pack.h"
#include "service/context.h"
#include "service/pages/page.h"

/* A desk_pack_make. ctx: the service. */
enum lk_status packs_make(void *ctx, const struct staff_hand *by, const struct desk_pack_wish *wish,
                          struct buf *out, struct lk_error *err) LK_MUST_CHECK;

/* For the form: the members of the police, "liaisons" of {name}, and whether there are any. */
enum lk_status packs_add_liaisons(const struct page *page, struct lk_error *err) LK_MUST_CHECK;

#endif
