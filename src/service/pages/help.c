/* Who helps, by country: for adults, and for people pictured under 18. The country comes in a form
 * (POST), so that it does not stay in the list of visits. */
#include "law/help.h"

#include "base/err.h"
#include "service/pages/page.h"
#include "service/pages/pages.h"

#include <stdlib.h>
#include <string.h>

#define MAX_COUNTRIES 250

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct law_country *)a)->name, ((const struct law_country *)b)->name);
}

/* In the order of their names in the page's language. */
static void add_countries(const struct page *page, const char *chosen)
{
    struct law_country countries[MAX_COUNTRIES];
    size_t n = 0;
    while (n < MAX_COUNTRIES && law_country_at(n, &countries[n])) {
        countries[n].name = page_text(page, countries[n].name);
        n++;
    }
    qsort(countries, n, sizeof countries[0], by_name);
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add(page->view, "countries");
        view_text(v, "country", countries[i].code);
        view_text(v, "country_name", countries[i].name);
        view_flag(v, "is_chosen", chosen != NULL && strcmp(chosen, countries[i].code) == 0);
    }
}

/* A number as tel: wants it: digits and a leading plus. */
static const char *dial(struct arena *arena, const char *phone)
{
    char digits[40];
    size_t n = 0;
    for (; phone != NULL && *phone != '\0' && n < sizeof digits; phone++) {
        if ((*phone >= '0' && *phone <= '9') || (*phone == '+' && n == 0))
            digits[n++] = *phone;
    }
    return arena_copy(arena, digits, n);
}

static void add_helpers(const struct page *page, const struct law_help_list *list)
{
    view_list(page->view, "helpers");
    for (size_t i = 0; i < list->n; i++) {
        const struct law_help *help = &list->entries[i];
        struct view *v = view_add(page->view, "helpers");
        view_text(v, "helper", help->name);
        view_text(v, "url", help->url);
        view_text(v, "what", page_text(page, help->what));
        view_text(v, "who_for", page_text(page, help->who_for));
        view_text(v, "languages_all", help->languages);
        view_text(v, "phone", help->phone);
        view_text(v, "phone_link", dial(page->req->arena, help->phone));
        view_flag(v, "is_anonymous", help->is_anonymous);
        view_flag(v, "is_unchecked", !help->is_checked);
    }
}

static enum lk_status help_page(struct service *service, const struct request *req,
                                struct response *res, enum law_ages ages, struct lk_error *err)
{
    struct page page;
    struct law_help_list list;
    const char *country = form_get(&req->form, "country");
    if (ages == LAW_UNDER_18)
        page_begin(&page, service, req, res, "/under-18", N_("Help"));
    else
        page_begin(&page, service, req, res, "/help", N_("Help"));
    TRY(law_help(req->arena, country, ages, &list, err));
    view_text(page.view, "emergency", list.emergency_number);
    add_countries(&page, country);
    add_helpers(&page, &list);
    return page_send(&page, ages == LAW_UNDER_18 ? "under18" : "help", err);
}

enum lk_status page_help(struct service *service, const struct request *req, struct response *res,
                         struct lk_error *err)
{
    return help_page(service, req, res, LAW_ADULT, err);
}

enum lk_status page_under_18(struct service *service, const struct request *req,
                             struct response *res, struct lk_error *err)
{
    return help_page(service, req, res, LAW_UNDER_18, err);
}
