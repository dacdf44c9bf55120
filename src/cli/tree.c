#include "tree.h"

#include "base/err.h"

#include <errno.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>

struct spreading {
    struct cli_call *call;
    const char **paths;
    size_t n, room;
};

static enum lk_status add(struct spreading *s, const char *path, struct lk_error *err)
{
    struct arena *arena = &s->call->arena;
    if (s->n == s->room) {
        size_t room = s->room == 0 ? 1024 : 2 * s->room;
        const char **paths = arena_zalloc(arena, room, sizeof *paths);
        if (paths == NULL)
            return FAIL(err, LK_NOMEM, "no memory for a list of %zu files", room);
        if (s->n > 0)
            memcpy(paths, s->paths, s->n * sizeof *paths);
        s->paths = paths;
        s->room = room;
    }
    s->paths[s->n] = arena_copy(arena, path, strlen(path));
    return s->paths[s->n++] != NULL
               ? LK_OK
               : FAIL(err, LK_NOMEM, "no memory for a list of %zu files", s->n);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static enum lk_status add_tree(struct spreading *s, const char *path, struct lk_error *err)
{
    char *copy = arena_copy(&s->call->arena, path, strlen(path));
    if (copy == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a list of files");
    FTS *tree = fts_open((char *[]){copy, NULL}, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    enum lk_status status =
        tree != NULL ? LK_OK : FAIL(err, LK_IO, "'%s': %s", path, strerror(errno));
    for (FTSENT *e; status == LK_OK && (e = fts_read(tree)) != NULL;) {
        if (e->fts_info == FTS_F)
            status = add(s, e->fts_path, err);
        else if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR)
            status = FAIL(err, LK_DENIED, "'%s': %s", e->fts_path, strerror(e->fts_errno));
    }
    if (tree != NULL)
        fts_close(tree);
    return status;
}

enum lk_status tree_spread(struct cli_call *call, struct inputs *inputs, struct lk_error *err)
{
    struct spreading s = {.call = call};
    for (size_t i = 0; i < inputs->n; i++) {
        struct stat st;
        const char *path = inputs->paths[i];
        if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
            TRY(add_tree(&s, path, err));
        else
            TRY(add(&s, path, err));
    }
    *inputs = (struct inputs){s.paths, s.n};
    return LK_OK;
}
