#include "law/platforms.h"

#include "base/err.h"
#include "law/law_file.h"

#include <string.h>

static enum lk_status no_room(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for the list of platforms");
}

static bool is_address(const char *url)
{
    return url != NULL && (strncmp(url, "https://", 8) == 0 || strncmp(url, "mailto:", 7) == 0);
}

static enum lk_status read_route(struct arena *arena, const struct json_tree *v,
                                 struct law_route *out, struct lk_error *err)
{
    const char *url = law_copy_text(arena, v, "url");
    *out = (struct law_route){
        .label = law_copy_text(arena, v, "label"),
        .url = is_address(url) ? url : NULL,
        .who = law_text_is(v, "who", "any") ? NULL : law_copy_text(arena, v, "who"),
        .is_checked = law_is_checked(v, "confidence"),
    };
    (void)json_as_bool(json_get(v, "login_needed"), &out->needs_login);
    return out->label == NULL ? no_room(err) : LK_OK;
}

/* What platform-places.json adds. A platform that it does not name is a platform anywhere. */
static enum lk_status read_place(struct arena *arena, const struct json_tree *places,
                                 struct law_platform *out, struct lk_error *err)
{
    const struct json_tree *place = json_get(json_get(places, "platforms"), out->id);
    const struct json_tree *list = json_get(place, "hosts");
    const char **hosts = arena_zalloc(arena, json_array_length(list) + 1, sizeof *hosts);
    if (hosts == NULL)
        return no_room(err);
    for (size_t i = 0; i < json_array_length(list); i++) {
        size_t n = 0;
        const char *host = json_as_text(json_at(list, i), &n);
        hosts[i] = host == NULL ? NULL : arena_copy(arena, host, n);
        if (hosts[i] == NULL)
            return no_room(err);
    }
    out->hosts = hosts;
    out->n_hosts = json_array_length(list);
    out->country = law_copy_text(arena, place, "country");
    out->target = law_target_of(json_get_text(place, "target", NULL));
    if (out->target == LAW_TARGET_NONE)
        out->target = LAW_TARGET_PLATFORM;
    return LK_OK;
}

static enum lk_status read_platform(struct arena *arena, const struct json_tree *v,
                                    const struct json_tree *places, struct law_platform *out,
                                    struct lk_error *err)
{
    const struct json_tree *list = json_get(v, "routes");
    const struct json_tree *stopncii = json_get(v, "stopncii");
    size_t n = json_array_length(list);
    struct law_route *routes = arena_zalloc(arena, n + 1, sizeof *routes);
    *out = (struct law_platform){
        .id = law_copy_text(arena, v, "id"),
        .name = law_copy_text(arena, v, "name"),
        .routes = routes,
        .n_routes = n,
        .is_checked = law_is_checked(v, "confidence"),
    };
    if (routes == NULL || out->id == NULL || out->name == NULL)
        return no_room(err);
    bool member = false;
    (void)json_as_bool(json_get(stopncii, "value"), &member);
    out->in_stopncii = member && law_is_checked(stopncii, "confidence");
    for (size_t i = 0; i < n; i++)
        TRY(read_route(arena, json_at(list, i), &routes[i], err));
    return read_place(arena, places, out, err);
}

static enum lk_status read_all(struct arena *arena, const struct json_tree *list,
                               const struct json_tree *places, struct law_platform_list *out,
                               struct lk_error *err)
{
    size_t n = json_array_length(list);
    struct law_platform *platforms = arena_zalloc(arena, n + 1, sizeof *platforms);
    if (platforms == NULL)
        return no_room(err);
    for (size_t i = 0; i < n; i++)
        TRY(read_platform(arena, json_at(list, i), places, &platforms[i], err));
    *out = (struct law_platform_list){platforms, n};
    return LK_OK;
}

enum lk_status law_platforms(struct arena *arena, struct law_platform_list *out,
                             struct lk_error *err)
{
    const struct law_file *file = law_file_find("platforms");
    const struct law_file *place_file = law_file_find("platform-places");
    struct json_tree *tree, *places;
    TRY(json_tree_parse(place_file->json, place_file->n, &places, err));
    enum lk_status status = json_tree_parse(file->json, file->n, &tree, err);
    if (status == LK_OK) {
        status = read_all(arena, json_get(tree, "platforms"), places, out, err);
        json_tree_free(tree);
    }
    json_tree_free(places);
    return status;
}

bool law_host_of_url(const char *url, char *out, size_t n_out)
{
    const char *scheme = strstr(url, "://");
    const char *host = scheme == NULL ? url : scheme + 3;
    size_t n = strcspn(host, "/?# \t\r\n");
    const char *user = memchr(host, '@', n);
    if (user != NULL) {
        n -= (size_t)(user + 1 - host);
        host = user + 1;
    }
    const char *port = memchr(host, ':', n);
    if (port != NULL)
        n = (size_t)(port - host);
    while (n > 0 && host[n - 1] == '.')
        n--;
    if (n == 0 || n >= n_out || memchr(host, '.', n) == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        out[i] = host[i] >= 'A' && host[i] <= 'Z' ? (char)(host[i] - 'A' + 'a') : host[i];
    out[n] = '\0';
    return true;
}

/* "m.facebook.com" ends in "facebook.com", "notfacebook.com" does not. */
static bool is_under(const char *host, const char *end)
{
    size_t n = strlen(host), n_end = strlen(end);
    return n >= n_end && strcmp(host + n - n_end, end) == 0 &&
           (n == n_end || host[n - n_end - 1] == '.');
}

const struct law_platform *law_platform_of_url(const struct law_platform_list *list,
                                               const char *url)
{
    char host[256];
    const struct law_platform *found = NULL;
    size_t length = 0;
    if (!law_host_of_url(url, host, sizeof host))
        return NULL;
    for (size_t i = 0; i < list->n; i++) {
        const struct law_platform *p = &list->platforms[i];
        for (size_t k = 0; k < p->n_hosts; k++) {
            if (is_under(host, p->hosts[k]) && strlen(p->hosts[k]) > length) {
                found = p;
                length = strlen(p->hosts[k]);
            }
        }
    }
    return found;
}

const struct law_route *law_platform_form(const struct law_platform *platform)
{
    const struct law_route *best = NULL;
    for (size_t i = 0; i < platform->n_routes; i++) {
        const struct law_route *route = &platform->routes[i];
        if (route->url != NULL && (best == NULL || (best->needs_login && !route->needs_login)))
            best = route;
    }
    return best;
}

const struct law_platform *law_platform_find(const struct law_platform_list *list, const char *id)
{
    for (size_t i = 0; id != NULL && i < list->n; i++) {
        if (strcmp(list->platforms[i].id, id) == 0)
            return &list->platforms[i];
    }
    return NULL;
}
