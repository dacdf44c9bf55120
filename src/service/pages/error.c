/* What went wrong, in words for a person, and a number to give to someone who can look it up. The
 * text of struct lk_error is for developers and staff of the desk; others do not see it. */
#include "service/pages/desk/frame.h"
#include "service/pages/page.h"
#include "service/pages/pages.h"

struct words {
    int status;
    const char *heading, *detail;
};

static const struct words *words_of(int status)
{
    static const struct words all[] = {
        {400, N_("That did not work"),
         N_("Something in the form was not as we expected. Please go "
            "back and try again.")},
        {403, N_("Please start again"),
         N_("This page was open for too long. Enter your code again.")},
        {404, N_("There is no such page"), N_("The address may be mistyped.")},
        {405, N_("There is no such page"), N_("The address may be mistyped.")},
        {413, N_("That is too much"), N_("What was sent is larger than we can take.")},
        {429, N_("One moment, please"),
         N_("There were many tries in a short time. Please wait a "
            "minute, then try again.")},
        {503, N_("One moment, please"), N_("We are busy. Please try again in a minute.")},
        {0, N_("That is our mistake"),
         N_("Something went wrong on our side. Please try again "
            "later.")},
    };
    const struct words *w = all;
    while (w->status != 0 && w->status != status)
        w++;
    return w->status == 0 && status < 500 ? &all[0] : w;
}

void page_error(struct service *service, const struct request *req, struct response *res,
                const struct lk_error *err)
{
    struct page page;
    if (req->hand != NULL) { /* staff may read the reason */
        buf_clear(&res->body);
        desk_begin(&page, service, req, res, N_("That did not work"));
        if (desk_show_problem(&page, err, NULL) == LK_OK)
            return;
    }
    int status = res->status >= 400 ? res->status : lk_status_http(err->status);
    const struct words *words = words_of(status);
    buf_clear(&res->body);
    res->status = status;
    page_begin(&page, service, req, res, "/", words->heading);
    view_text(page.view, "heading", page_text(&page, words->heading));
    view_text(page.view, "detail", page_text(&page, words->detail));
    view_text(page.view, "request_id", req->id);
    if (page_send(&page, "error", NULL) != LK_OK) {
        static const char plain[] = "Something went wrong. Please try again later.\n";
        res->content_type = "text/plain; charset=utf-8";
        res->fixed = plain;
        res->n_fixed = sizeof plain - 1;
    }
}
