/* cases/facts.h - what the desk knows of a case, asked once: the answers that fill every letter.
 *
 * Kept as a text of the case (CASE_FACTS), sealed to the person and to the desk like all others;
 * the newest counts. A line an answer: "word=value", with "\n" for a line feed inside a value. What
 * the person answered on the way to the case (CASE_SITUATION) is where it starts from.
 * Threads: any. */
#ifndef CASES_FACTS_H
#define CASES_FACTS_H

#include "base/buf.h"
#include "law/letter.h"

struct case_facts {
    struct law_answers answers;
    const char *lang;     /* of the person; "" or NULL: not known */
    const char *platform; /* id that the person named; or NULL */
    bool is_from_desk;    /* false: only what the person answered */
};

/* Reads the lines over what *out holds already; unknown words are left out. Texts live in the
 * arena. Errors: LK_NOMEM. */
enum lk_status case_facts_read(struct arena *arena, const char *text, size_t n,
                               struct case_facts *out, struct lk_error *err) LK_MUST_CHECK;

/* Appends the lines. */
void case_facts_write(const struct case_facts *facts, struct buf *out);

#endif
