/* cases/canary_picture.h - a picture that nobody took, for a canary. */
#ifndef CASES_CANARY_PICTURE_H
#define CASES_CANARY_PICTURE_H

#include "base/arena.h"

#include <likeness/fingerprint.h>

/* Draws a picture at random (light that falls off as in photographs, with a few things that have
 * edges) and makes of it what a device would make of a photograph at registration: the same kinds
 * and numbers of prints. The picture is dropped; the records live in the arena.
 * Errors: LK_NOMEM, LK_INTERNAL (no luck in many draws). Takes some 10 ms. Threads: any. */
enum lk_status canary_picture(struct arena *arena, struct lk_sequence *out,
                              struct lk_error *err) LK_MUST_CHECK;

#endif
