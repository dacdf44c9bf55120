/* cases/desk_request_inside.h - requests, for the files of this folder. */
#ifndef CASES_DESK_REQUEST_INSIDE_H
#define CASES_DESK_REQUEST_INSIDE_H

#include "cases/desk_pack.h"

/* Asks for a pack: desk_pack_ask() has checked it. Errors: LK_IO. */
enum lk_status desk_request_pack(struct registry *r, const struct staff_hand *by,
                                 const struct desk_pack_wish *wish,
                                 struct lk_error *err) LK_MUST_CHECK;

#endif
