/* exchange/pack_collect.h - what a pack says, taken from a case as the desk sees it. */
#ifndef EXCHANGE_PACK_COLLECT_H
#define EXCHANGE_PACK_COLLECT_H

#include "cases/desk_case.h"
#include "exchange/pack.h"

/* Fills *out from a view of a case; borrows from it, the rest lives in the arena. Times and names
 * of members of staff are not in it: a pack tells what happened to the content, not who worked.
 * Errors: LK_NOMEM. */
enum lk_status pack_collect(struct arena *arena, const struct desk_view *view, int64_t now_ms,
                            const struct law_sender *sender, struct pack_source *out,
                            struct lk_error *err) LK_MUST_CHECK;

#endif
