/* service/pages/helpers.h - countries to choose from and who helps, for the pages that show them.
 */
#ifndef SERVICE_PAGES_HELPERS_H
#define SERVICE_PAGES_HELPERS_H

#include "law/help.h"
#include "service/pages/page.h"

/* A list {country, country_name, emergency_number, is_chosen}, in the order of the names in the
 * page's language. chosen may be NULL. */
void helpers_put_countries(const struct page *page, const char *list, const char *chosen);

/* The values of the template "helpers": in each reach (national first) those who speak the page's
 * language before the others. country may be NULL. */
void helpers_put(const struct page *page, const char *country, const struct law_help_list *list);

/* A telephone number as tel: wants it: digits and a leading plus; in the arena. phone may be NULL.
 */
const char *helpers_dial(struct arena *arena, const char *phone);

#endif
