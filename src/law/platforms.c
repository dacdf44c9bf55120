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

static enum lk_status read_platform(struct arena *arena, const struct json_tree *v,
                                    struct law_platform *out, struct lk_error *err)
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
    return LK_OK;
}

static enum lk_status read_all(struct arena *arena, const struct json_tree *list,
                               struct law_platform_list *out, struct lk_error *err)
{
    size_t n = json_array_length(list);
    struct law_platform *platforms = arena_zalloc(arena, n + 1, sizeof *platforms);
    if (platforms == NULL)
        return no_room(err);
    for (size_t i = 0; i < n; i++)
        TRY(read_platform(arena, json_at(list, i), &platforms[i], err));
    *out = (struct law_platform_list){platforms, n};
    return LK_OK;
}

enum lk_status law_platforms(struct arena *arena, struct law_platform_list *out,
                             struct lk_error *err)
{
    const struct law_file *file = law_file_find("platforms");
    struct json_tree *tree;
    TRY(json_tree_parse(file->json, file->n, &tree, err));
    enum lk_status status = read_all(arena, json_get(tree, "platforms"), out, err);
    json_tree_free(tree);
    return status;
}

const struct law_platform *law_platform_find(const struct law_platform_list *list, const char *id)
{
    for (size_t i = 0; id != NULL && i < list->n; i++) {
        if (strcmp(list->platforms[i].id, id) == 0)
            return &list->platforms[i];
    }
    return NULL;
}
