#include "service/pages/helpers.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_COUNTRIES = 250 };

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct law_country *)a)->name, ((const struct law_country *)b)->name);
}

void helpers_put_countries(const struct page *page, const char *list, const char *chosen)
{
    struct law_country countries[MAX_COUNTRIES];
    size_t n = 0;
    while (n < MAX_COUNTRIES && law_country_at(n, &countries[n])) {
        countries[n].name = page_text(page, countries[n].name);
        n++;
    }
    qsort(countries, n, sizeof countries[0], by_name);
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add(page->view, list);
        view_text(v, "country", countries[i].code);
        view_text(v, "country_name", countries[i].name);
        view_text(v, "emergency_number", countries[i].emergency_number);
        view_flag(v, "is_chosen", chosen != NULL && strcmp(chosen, countries[i].code) == 0);
    }
}

const char *helpers_dial(struct arena *arena, const char *phone)
{
    char digits[40];
    size_t n = 0;
    for (; phone != NULL && *phone != '\0' && n < sizeof digits; phone++) {
        if ((*phone >= '0' && *phone <= '9') || (*phone == '+' && n == 0))
            digits[n++] = *phone;
    }
    return arena_copy(arena, digits, n);
}

static void put_helper(const struct page *page, const struct law_help *help)
{
    struct view *v = view_add(page->view, "helpers");
    view_text(v, "helper", help->name);
    view_text(v, "url", help->url);
    view_text(v, "what", page_text(page, help->what));
    view_text(v, "who_for", page_text(page, help->who_for));
    view_text(v, "languages_all", help->languages);
    view_text(v, "phone", help->phone);
    view_text(v, "phone_link", helpers_dial(page->req->arena, help->phone));
    view_flag(v, "is_anonymous", help->is_anonymous);
    view_flag(v, "is_unchecked", !help->is_checked);
}

/* "fr" among "en fr " */
static bool speaks(const struct law_help *help, const char *code)
{
    size_t n = strlen(code);
    for (const char *at = help->language_codes; (at = strstr(at, code)) != NULL; at += n)
        if ((at == help->language_codes || at[-1] == ' ') && at[n] == ' ')
            return true;
    return false;
}

void helpers_put(const struct page *page, const char *country, const struct law_help_list *list)
{
    struct law_country at;
    bool known = law_country_find(country, &at);
    view_text(page->view, "emergency", known ? at.emergency_number : "");
    view_list(page->view, "helpers");
    for (unsigned reach = LAW_NATIONAL; reach <= LAW_WORLDWIDE; reach++)
        for (int other = 0; other < 2; other++)
            for (size_t i = 0; i < list->n; i++)
                if (list->entries[i].reach == reach &&
                    speaks(&list->entries[i], page->locale->code) != other)
                    put_helper(page, &list->entries[i]);
}
