/* cases/desk.h - the helpline's side of a case: what people wrote to it, and its answers.
 *
 * Only texts: the desk never has a file, and decides without seeing one. Everything here needs the
 * desk's secret key; where the operator keeps that elsewhere (registry_config.desk_key), reading is
 * LK_UNSUPPORTED here. Threads: any. */
#ifndef CASES_DESK_H
#define CASES_DESK_H

#include "cases/case_text.h"
#include "cases/code.h"
#include "cases/registry.h"
#include "cases/staff.h"

#define DESK_CASE_CHARS 32 /* hexadecimal digits: how the desk names a case */
#define DESK_MAX_CASES  1000

struct desk_case {
    char id[DESK_CASE_CHARS + 1];
    size_t n_texts;
    bool is_waiting; /* the last message is the person's */
    int64_t day_ms;  /* of the last text */
};

/* Open cases with texts for the desk, the newest first, at most DESK_MAX_CASES. */
enum lk_status desk_list(struct registry *r, struct arena *arena, struct desk_case **cases,
                         size_t *n, struct lk_error *err) LK_MUST_CHECK;

/* The texts of a case, in the order written. Errors: LK_NOT_FOUND, LK_UNSUPPORTED, LK_IO. */
enum lk_status desk_read(struct registry *r, const char *id, struct arena *arena,
                         struct case_written **texts, size_t *n,
                         struct lk_error *err) LK_MUST_CHECK;

/* Writes to the person: a message in the case, sealed to both. Errors: LK_NOT_FOUND, LK_CONFLICT
 * (the case is closed, or full), LK_INVALID, LK_IO. */
enum lk_status desk_write(struct registry *r, const struct staff_hand *by, const char *id,
                          const char *text, size_t n, struct lk_error *err) LK_MUST_CHECK;

/* For a person who lost the code and had chosen that the desk may help: draws a new code, with
 * which everything opens that the old one opened; the old one then opens nothing. That it is that
 * person is for the caseworker to find out. Takes one Argon2 run. Errors: LK_NOT_FOUND, LK_DENIED
 * (it was not chosen), LK_CONFLICT (the case is closed), LK_UNSUPPORTED, LK_IO. */
enum lk_status desk_recover(struct registry *r, const char *id, char code[CODE_TEXT_BYTES],
                            struct lk_error *err) LK_MUST_CHECK;

#endif
