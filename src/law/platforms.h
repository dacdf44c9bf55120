/* law/platforms.h - how a platform is told: its own routes, from data/law/platforms.json.
 *
 * Web addresses there were read about, not all opened: is_checked says which routes a public page
 * confirms. Threads: any. */
#ifndef LAW_PLATFORMS_H
#define LAW_PLATFORMS_H

#include "base/arena.h"
#include "law/target.h"

#include <stdbool.h>

struct law_route {
    const char *label; /* in English: what to press or fill in */
    const char *url;   /* https or mailto:, or NULL: within the app */
    const char *who;   /* NULL: anyone may */
    bool needs_login;
    bool is_checked;
};

struct law_platform {
    const char *id, *name;
    const char *country;      /* whose law binds it at home (platform-places.json), or NULL */
    enum law_target target;   /* what it is to a notice */
    const char *const *hosts; /* "facebook.com": under which it publishes */
    size_t n_hosts;
    const struct law_route *routes;
    size_t n_routes;
    bool in_stopncii; /* verified to take part */
    bool is_checked;
};

struct law_platform_list {
    const struct law_platform *platforms; /* in the order of the data */
    size_t n;
};

/* Errors: LK_NOMEM.   Cost: reads one JSON file of 60 kB. */
enum lk_status law_platforms(struct arena *arena, struct law_platform_list *out,
                             struct lk_error *err) LK_MUST_CHECK;

/* The platform under whose hosts a link stands ("https://m.facebook.com/x", or without the scheme);
 * the longest host wins; NULL: none of the list. */
const struct law_platform *law_platform_of_url(const struct law_platform_list *list,
                                               const char *url);

/* The host of a link in lower case, without port, in out; false: it has none. */
bool law_host_of_url(const char *url, char *out, size_t n_out);

/* The route by which a notice is handed in: a form before a mail before what needs an account;
 * NULL: none with an address. */
const struct law_route *law_platform_form(const struct law_platform *platform);

/* The platform of that id, or NULL. id may be NULL. */
const struct law_platform *law_platform_find(const struct law_platform_list *list, const char *id);

#endif
