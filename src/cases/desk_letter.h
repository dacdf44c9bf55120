/* cases/desk_letter.h - the desk writes: a letter about addresses of a case, made from its facts
 * and the law, and sent on its way.
 *
 * One letter goes to one recipient; each address in it becomes a notice with its own clock. Nothing
 * is sent with an element missing that the law requires, nor twice: an address about which the same
 * recipient has yet to answer is refused. Threads: any. */
#ifndef CASES_DESK_LETTER_H
#define CASES_DESK_LETTER_H

#include "cases/desk_case.h"

#define DESK_ADDRESS_BYTES 320

struct desk_order {
    const char *case_id;
    const unsigned *numbers; /* of the addresses in the case */
    size_t n_numbers;
    enum law_target target;
    enum law_author author;
    const char *regime;    /* its id; NULL: none */
    const char *platform;  /* id in platforms.json; NULL: none of them */
    const char *recipient; /* its name */
    const char *partner;   /* for the inbox: name of the partner */
    const char *address;   /* for mail: the address; for a form: its link, or NULL */
    const char *lang;
    enum letter_channel channel;
    bool wants_preserved;
};

struct desk_draft {
    struct law_letter letter; /* with what is missing, or the text */
    char reference[LETTER_REFERENCE_BYTES];
    const char *law_date;        /* of the facts it is made from; NULL: no law */
    unsigned law_hours;          /* the recipient's time limit by law; 0: none that counts */
    const struct law_rule *rule; /* NULL: none */
    int64_t letter_row;          /* once it was sent */
};

/* What the letter would be. Errors: LK_NOT_FOUND (the case), LK_DENIED (under 18; or the desk's key
 * is not at hand), LK_INVALID (what of the order), LK_UNSUPPORTED (the person must write), LK_IO.
 */
enum lk_status desk_letter_draft(struct registry *r, const struct staff_hand *by,
                                 const struct desk_order *order, struct arena *arena,
                                 struct desk_draft *out, struct lk_error *err) LK_MUST_CHECK;

/* Makes it and sends it on its way, in one transaction. A letter for a form, and one by mail,
 * starts no clock yet: that begins when it was handed in or over. Errors: those above, and
 * LK_INVALID (something is missing: the text says what), LK_CONFLICT (already asked, or closed). */
enum lk_status desk_letter_send(struct registry *r, const struct staff_hand *by,
                                const struct desk_order *order, struct arena *arena,
                                struct desk_draft *out, struct lk_error *err) LK_MUST_CHECK;

/* Prepares a letter that goes by itself when the time of another is over without an answer: one to
 * the order's recipient about each of its addresses, waiting for the clock that the letter of row
 * `after` (struct desk_draft) has about it. Only what the operator's rule lets go
 * (ladder_may_go_alone), by mail or to an inbox. Errors: those of desk_letter_send(), LK_CONFLICT
 * also when it is no step that may go without a person: the text says why. */
enum lk_status desk_letter_prepare(struct registry *r, const struct staff_hand *by,
                                   const struct desk_order *order, int64_t after,
                                   struct arena *arena, struct lk_error *err) LK_MUST_CHECK;

/* A letter that waits goes now, by a person (is_sent), or never. letter: 32 hexadecimal digits.
 * Errors: LK_NOT_FOUND, LK_CONFLICT (it does not wait, or its recipient was asked already). */
enum lk_status desk_letter_wait_end(struct registry *r, const struct staff_hand *by,
                                    const char *letter, bool is_sent,
                                    struct lk_error *err) LK_MUST_CHECK;

/* A person handed the letter in by form (or says that one of unclear fate went out): the clocks
 * begin. was_sent false: it did not go out, and its notices failed. letter: 32 hexadecimal digits.
 * Errors: LK_NOT_FOUND, LK_CONFLICT (it is not waiting for that), LK_IO. */
enum lk_status desk_letter_settle(struct registry *r, const struct staff_hand *by,
                                  const char *letter, bool was_sent,
                                  struct lk_error *err) LK_MUST_CHECK;

/* Letters that wait for a hand: to be copied into a form, of unclear fate, or not delivered. The
 * oldest first, at most DESK_MAX_WAITING of each. */
#define DESK_MAX_WAITING 200
struct desk_waiting_letter {
    char id[DESK_CASE_CHARS + 1], case_id[DESK_CASE_CHARS + 1];
    unsigned target, channel, state;
    const char *platform, *regime, *problem; /* or NULL */
    int64_t made_ms;
};
enum lk_status desk_letters_waiting(struct registry *r, struct arena *arena,
                                    struct desk_waiting_letter **out, size_t *n,
                                    struct lk_error *err) LK_MUST_CHECK;

/* What became of one notice, as the desk learned: by its row in the case. A refusal is accepted
 * only by a member who had no hand in the notice, and brakes the case's only file (cases/brake.h).
 * Errors: LK_NOT_FOUND, LK_CONFLICT (it may not follow, or takes a second person), LK_INVALID
 * (also: a case of several files, see desk_notice_accept()), LK_IO. */
enum lk_status desk_notice_mark(struct registry *r, const struct staff_hand *by,
                                const char *case_id, int64_t notice, unsigned state,
                                unsigned reason, const char *note,
                                struct lk_error *err) LK_MUST_CHECK;

/* Accepts a refusal that is about file `item` of the case; 0: about none of its files. Errors: as
 * above. */
enum lk_status desk_notice_accept(struct registry *r, const struct staff_hand *by,
                                  const char *case_id, int64_t notice, unsigned item,
                                  const char *note, struct lk_error *err) LK_MUST_CHECK;

#endif
