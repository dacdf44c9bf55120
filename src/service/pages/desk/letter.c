/* One letter as it is or was sent, to be copied or settled; and the letters that wait for a hand.
 */
#include "base/err.h"
#include "cases/desk_letter.h"
#include "service/context.h"
#include "service/pages/desk/desk.h"
#include "service/pages/desk/frame.h"
#include "service/pages/desk/words.h"

#include <string.h>

static const struct desk_letter *find_letter(const struct desk_view *view, const char *id)
{
    for (size_t i = 0; i < view->n_letters; i++)
        if (strcmp(view->letters[i].id, id) == 0)
            return &view->letters[i];
    return NULL;
}

/* Copying into a form, deciding about one of unclear fate, trying another way after a failure. */
static bool waits_for_a_hand(const struct desk_letter *letter)
{
    return (letter->channel == LETTER_FORM && letter->state == LETTER_READY) ||
           letter->state == LETTER_UNCLEAR || letter->state == LETTER_DEAD ||
           letter->state == LETTER_BOUNCED;
}

enum lk_status desk_letter_page(struct service *service, const struct request *req,
                                struct response *res, struct lk_error *err)
{
    struct page page;
    struct desk_view view;
    TRY(desk_case_open(service_registry(service), req->hand, req->params[0], req->arena, &view,
                       err));
    const struct desk_letter *letter = find_letter(&view, req->params[1]);
    if (letter == NULL)
        return FAIL(err, LK_NOT_FOUND, "the case has no such letter");
    desk_begin(&page, service, req, res, N_("Letter"));
    struct view *v = page.view;
    view_text(v, "id", view.id);
    view_text(v, "short", desk_short(&page, view.id));
    view_text(v, "letter", letter->id);
    view_text(v, "recipient", letter->recipient);
    view_text(v, "address", letter->address);
    view_flag(v, "is_link",
              letter->address != NULL && strncmp(letter->address, "https://", 8) == 0);
    view_text(v, "subject", letter->subject);
    view_text(v, "body", letter->body);
    view_text(v, "regime", letter->regime);
    view_text(v, "law_date", letter->law_date);
    view_text(v, "made", page_time(&page, letter->made_ms));
    view_text(v, "by", letter->staff);
    view_text(v, "channel", page_text(&page, desk_channel_words(letter->channel)));
    view_text(v, "state", page_text(&page, desk_letter_words(letter->state)));
    view_text(v, "remark", letter->problem);
    view_flag(v, "is_form", letter->channel == LETTER_FORM);
    view_flag(v, "waits", waits_for_a_hand(letter));
    return page_send(&page, "desk_letter", err);
}

enum lk_status desk_settle(struct service *service, const struct request *req, struct response *res,
                           struct lk_error *err)
{
    const char *sent = form_get(&req->form, "sent");
    TRY(desk_letter_settle(service_registry(service), req->hand, req->params[1],
                           sent != NULL && strcmp(sent, "yes") == 0, err));
    return desk_go(req, res, err, "/desk/case/%s", req->params[0]);
}

enum lk_status desk_post_page(struct service *service, const struct request *req,
                              struct response *res, struct lk_error *err)
{
    struct page page;
    struct desk_waiting_letter *letters;
    size_t n = 0;
    TRY(desk_letters_waiting(service_registry(service), req->arena, &letters, &n, err));
    desk_begin(&page, service, req, res, N_("Post"));
    view_list(page.view, "letters");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add(page.view, "letters");
        view_text(v, "id", letters[i].case_id);
        view_text(v, "short", desk_short(&page, letters[i].case_id));
        view_text(v, "letter", letters[i].id);
        view_text(v, "platform", letters[i].platform);
        view_text(v, "regime", letters[i].regime);
        view_text(v, "target", page_text(&page, desk_target_words(letters[i].target)));
        view_text(v, "channel", page_text(&page, desk_channel_words(letters[i].channel)));
        view_text(v, "state", page_text(&page, desk_letter_words(letters[i].state)));
        view_text(v, "made", page_time(&page, letters[i].made_ms));
        view_text(v, "remark", letters[i].problem);
    }
    view_flag(page.view, "is_empty", n == 0);
    return page_send(&page, "desk_post", err);
}
