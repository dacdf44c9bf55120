/* cases/desk_plan.h - which letters a case needs: its addresses by platform, under the law that
 * gives the most, in the way that the recipient takes letters. Proposed; a person sends them. */
#ifndef CASES_DESK_PLAN_H
#define CASES_DESK_PLAN_H

#include "cases/desk_letter.h"
#include "law/platforms.h"

struct desk_rule_choice {
    const struct law_rule *rule;
    unsigned law_hours; /* the platform's time limit that counts; 0: none */
};

struct desk_proposal {
    unsigned *numbers; /* of the addresses */
    size_t n_numbers;
    enum law_target target;
    const char *platform;  /* id, or NULL: a site that the data does not know */
    const char *recipient; /* name of the platform, or the host */
    const char *partner;   /* has an inbox here; or NULL */
    const char *address;   /* link of its form, or a mail address that may be right; or NULL */
    const char *notes;     /* what is known of its form, in English; or NULL */
    enum letter_channel channel;
    const char *lang;
    const struct desk_rule_choice *rules; /* the best first; the law of the person's country and of
                                             the platform's */
    size_t n_rules;
};

/* Letters to platforms about every address that nobody has to answer for yet, in the arena. For a
 * case that is or may be under 18: one, to the child hotline. Errors: LK_NOMEM, LK_IO. */
enum lk_status desk_plan_letters(struct registry *r, const struct desk_view *view,
                                 struct arena *arena, struct desk_proposal **out, size_t *n,
                                 struct lk_error *err) LK_MUST_CHECK;

/* To whom a letter can be prepared that goes by itself when a platform lets the time of the law run
 * out: the steps that the ladder and the operator's rule allow then. A search engine or app store
 * with its name, and its inbox or mail address where one is known; of a host only that it would be
 * next. None for a case that is or may be under 18. Errors: as above. */
enum lk_status desk_plan_later(struct registry *r, const struct desk_view *view,
                               struct arena *arena, struct desk_proposal **out, size_t *n,
                               struct lk_error *err) LK_MUST_CHECK;

/* The rules under which a letter to that platform (NULL: an unknown site) can be sent. */
enum lk_status desk_plan_rules(struct registry *r, const struct desk_view *view,
                               const struct law_platform *platform, struct arena *arena,
                               struct desk_proposal *out, struct lk_error *err) LK_MUST_CHECK;

#endif
