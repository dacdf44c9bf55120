#include "sources.h"

#include "base/err.h"
#include "home.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SOURCES = 1000 };

static const char *below(struct arena *arena, const char *dir, const char *name)
{
    struct buf path;
    buf_init(&path, &arena->alloc, SOURCE_MAX_PATH);
    buf_fmt(&path, "%s/%s", dir, name);
    return path.status == LK_OK ? buf_text(&path) : NULL;
}

enum lk_status sources_open(struct cli_call *call, bool create, struct sources *out,
                            struct lk_error *err)
{
    static const struct config_default defaults[] = {HOME_DEFAULTS, {NULL, NULL}};
    struct config config;
    struct registry_config where;
    *out = (struct sources){0};
    TRY(config_load(call, defaults, &config, err));
    TRY(home_find(call, &config, create, &where, err));
    out->dir = below(&call->arena, config_text(&config, "data"), "sources");
    if (out->dir == NULL)
        return FAIL(err, LK_LIMIT, "--data names a path that is too long");
    return keys_load(where.key_path, create, &out->keys, err);
}

void sources_close(struct sources *s)
{
    if (s->keys != NULL)
        keys_free(s->keys);
}

enum lk_status sources_dir(struct cli_call *call, const struct sources *s, const char *name,
                           const char **out, struct lk_error *err)
{
    TRY(source_name_check(name, err));
    *out = below(&call->arena, s->dir, name);
    return *out != NULL ? LK_OK : FAIL(err, LK_LIMIT, "--data names a path that is too long");
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum lk_status take(struct cli_call *call, const struct sources *s, const char *name,
                           const char **list, size_t *n, struct lk_error *err)
{
    const char *dir;
    struct source_settings settings;
    TRY(sources_dir(call, s, name, &dir, err));
    enum lk_status status = source_read_settings(dir, &settings, err);
    if (status == LK_NOT_FOUND)
        return FAIL(err, status, "there is no source '%s' (see: likeness exchange list)", name);
    TRY(status);
    if (*n == MAX_SOURCES)
        return FAIL(err, LK_LIMIT, "more than %d sources", MAX_SOURCES);
    list[*n] = arena_copy(&call->arena, name, strlen(name));
    return list[(*n)++] != NULL ? LK_OK : FAIL(err, LK_NOMEM, "no memory for names");
}

/* What is no source, as one that was half removed, is passed over. */
static enum lk_status take_all(struct cli_call *call, const struct sources *s, const char **list,
                               size_t *n, struct lk_error *err)
{
    DIR *dir = opendir(s->dir);
    if (dir == NULL && errno == ENOENT)
        return LK_OK;
    if (dir == NULL)
        return FAIL(err, LK_IO, "cannot read '%s': %s", s->dir, strerror(errno));
    enum lk_status status = LK_OK;
    for (struct dirent *e = readdir(dir); e != NULL && status == LK_OK; e = readdir(dir)) {
        if (source_name_check(e->d_name, NULL) != LK_OK)
            continue;
        status = take(call, s, e->d_name, list, n, err);
        if (status == LK_NOT_FOUND)
            status = LK_OK;
    }
    closedir(dir);
    return status;
}

enum lk_status sources_names(struct cli_call *call, const struct sources *s,
                             const char *const *names, size_t n, const char *const **out,
                             size_t *n_out, struct lk_error *err)
{
    const char **list = arena_zalloc(&call->arena, MAX_SOURCES, sizeof *list);
    *n_out = 0;
    if (list == NULL)
        return FAIL(err, LK_NOMEM, "no memory for names");
    for (size_t i = 0; i < n; i++)
        TRY(take(call, s, names[i], list, n_out, err));
    if (n == 0)
        TRY(take_all(call, s, list, n_out, err));
    qsort(list, *n_out, sizeof *list, by_name);
    *out = list;
    return LK_OK;
}
