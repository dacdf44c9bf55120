/* What a platform may answer, as a list to choose from: each reason stands with its outcome, so
 * that one choice says all. */
#include "base/buf.h"
#include "base/err.h"
#include "service/pages/inbox/frame.h"

#include <string.h>

const char *inbox_outcome_words(unsigned outcome)
{
    static const char *const words[MATCH_N_STATES] = {
        [MATCH_FOUND] = N_("not answered yet"),
        [MATCH_ACKNOWLEDGED] = N_("I am looking at it"),
        [MATCH_REMOVED] = N_("It is removed"),
        [MATCH_LIMITED] = N_("It stays, but fewer people can see it"),
        [MATCH_REFUSED] = N_("It stays"),
        [MATCH_NOT_ACTIONABLE] = N_("I cannot act on this"),
        [MATCH_DISPUTED] = N_("Whoever posted it objects"),
        [MATCH_RESTORED] = N_("I put it back"),
    };
    return outcome < MATCH_N_STATES && words[outcome] != NULL ? words[outcome] : "";
}

static const char *why_words(unsigned reason)
{
    static const char *const words[MATCH_N_REASONS] = {
        [REASON_NOT_THE_SAME] = N_("it shows something else"),
        [REASON_CONSENT_SHOWN] = N_("the person shown agreed to this post"),
        [REASON_PUBLIC_INTEREST] = N_("it is of public interest"),
        [REASON_SATIRE_OR_ART] = N_("it is satire or art"),
        [REASON_NOT_INTIMATE] = N_("the law and our rules do not cover it"),
        [REASON_LEGAL_HOLD] = N_("an authority asked us to keep it"),
        [REASON_CONTENT_NOT_FOUND] = N_("there is nothing at this address"),
        [REASON_LOCATION_MISSING] = N_("the address is not exact enough"),
        [REASON_IDENTITY_MISSING] = N_("I cannot tell who is shown"),
        [REASON_STATEMENT_MISSING] = N_("a statement that the law asks for is missing"),
        [REASON_NOT_OUR_SERVICE] = N_("it is on someone else's servers"),
        [REASON_NO_ACCESS] = N_("it is encrypted: I cannot see it"),
        [REASON_UPLOADER_CONSENT] = N_("they say that the person shown agreed"),
        [REASON_UPLOADER_SELF] = N_("they say that they are the person shown"),
        [REASON_UPLOADER_LAWFUL] = N_("they say that it is lawful"),
        [REASON_UPLOADER_MISTAKEN] = N_("they say that it is another picture"),
        [REASON_AGE_RESTRICTED] = N_("only adults can open it"),
        [REASON_REACH_REDUCED] = N_("it is shown and found less"),
    };
    return reason < MATCH_N_REASONS && words[reason] != NULL ? words[reason] : "";
}

static void put_choice(const struct page *page, struct view *list, unsigned outcome,
                       unsigned reason)
{
    struct buf value;
    struct view *v = view_add(list, "choices");
    buf_init(&value, &page->req->arena->alloc, 64);
    buf_str(&value, match_state_name(outcome));
    if (reason != MATCH_REASON_NONE)
        buf_fmt(&value, ":%s", match_reason_name(reason));
    view_text(v, "value", buf_text(&value));
    view_text(v, "what", page_text(page, inbox_outcome_words(outcome)));
    view_text(v, "why", page_text(page, why_words(reason)));
}

void inbox_put_choices(const struct page *page, struct view *v, unsigned state, inbox_may *may)
{
    view_list(v, "choices");
    for (unsigned outcome = MATCH_ACKNOWLEDGED; outcome < MATCH_N_STATES; outcome++) {
        if (!may(state, outcome))
            continue;
        if (!match_needs_reason(outcome))
            put_choice(page, v, outcome, MATCH_REASON_NONE);
        for (unsigned reason = 1; reason < MATCH_N_REASONS; reason++)
            if (match_reason_outcome(reason) == outcome)
                put_choice(page, v, outcome, reason);
    }
}

enum lk_status inbox_read_answer(const struct request *req, struct match_reply *out,
                                 struct lk_error *err)
{
    const char *answer = form_get(&req->form, "answer"), *note = form_get(&req->form, "note");
    *out = (struct match_reply){.outcome = 0};
    if (answer == NULL)
        return FAIL(err, LK_INVALID, "choose an answer first");
    size_t n = strcspn(answer, ":");
    out->outcome = match_state_from_name(answer, n);
    if (answer[n] == ':')
        out->reason = match_reason_from_name(answer + n + 1, strlen(answer + n + 1));
    if (out->outcome == 0 || (answer[n] == ':' && out->reason == MATCH_REASON_NONE))
        return FAIL(err, LK_INVALID, "'%.40s' is no answer", answer);
    if (note != NULL && note[0] != '\0') {
        out->note = note;
        out->n_note = strlen(note);
    }
    return LK_OK;
}
