/* cases/desk_pack.h - evidence packs on the desk: asked for by one member of staff, allowed by a
 * second, taken by whoever asked or by the member of the police to whom they are addressed.
 *
 * What a pack is, exchange/pack.h knows; here it is bytes that are sealed to their recipient and
 * wait for some days. Threads: any. */
#ifndef CASES_DESK_PACK_H
#define CASES_DESK_PACK_H

#include "base/buf.h"
#include "cases/desk.h"
#include "cases/staff.h"
#include "sys/age.h"

#define DESK_PACK_DAYS 7

/* What is asked for. */
struct desk_pack_wish {
    char case_id[DESK_CASE_CHARS + 1];
    uint8_t whom; /* of exchange/pack.h; kept, not interpreted */
    bool without_texts;
    struct age_recipient recipient;
    int64_t liaison; /* the member of the police who takes it; 0: whoever asked */
};

/* Asks a second person to allow it. liaison: the name of a member of the police, or NULL;
 * recipient: age1.... Errors: LK_INVALID (no case's name, no such recipient, no such member),
 * LK_IO. */
enum lk_status desk_pack_ask(struct registry *r, const struct staff_hand *by, const char *case_id,
                             unsigned whom, bool without_texts, const char *recipient,
                             const char *liaison, struct lk_error *err) LK_MUST_CHECK;

/* Makes the pack of an allowed wish, appended to `out`, in the name of who allows. */
typedef enum lk_status desk_pack_make(void *ctx, const struct staff_hand *by,
                                      const struct desk_pack_wish *wish, struct buf *out,
                                      struct lk_error *err);

/* One that waits for a member. */
struct desk_pack {
    int64_t request; /* by which it is taken */
    int64_t until_ms;
};

/* Those that a member may take, the newest first. */
enum lk_status desk_packs(struct registry *r, const struct staff_hand *by, struct arena *arena,
                          struct desk_pack **out, size_t *n, struct lk_error *err) LK_MUST_CHECK;

/* Appends one to `out`; that it was taken, and by whom, is in the trail. Errors: LK_NOT_FOUND
 * (there is none, or not any more), LK_DENIED (it is another's), LK_IO, LK_NOMEM. */
enum lk_status desk_pack_take(struct registry *r, const struct staff_hand *by, int64_t request,
                              struct buf *out, struct lk_error *err) LK_MUST_CHECK;

/* Deletes those whose days are over. */
enum lk_status desk_packs_expire(struct registry *r, struct lk_error *err) LK_MUST_CHECK;

#endif
