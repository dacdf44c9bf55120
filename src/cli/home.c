#include "home.h"

#include "base/err.h"
#include "sys/file.h"

#include <string.h>

static const char *below(struct arena *arena, const char *dir, const char *name)
{
    struct buf path;
    buf_init(&path, &arena->alloc, 4096);
    buf_fmt(&path, "%s/%s", dir, name);
    return path.status == LK_OK ? buf_text(&path) : NULL;
}

enum lk_status home_find(struct cli_call *call, const struct config *config, bool create,
                         struct registry_config *out, struct lk_error *err)
{
    const char *dir = config_text(config, "data");
    *out = (struct registry_config){.store_url = config_text(config, "store"),
                                    .key_path = config_text(config, "key-file"),
                                    .key_create = create,
                                    .clock = clock_real()};
    if (create)
        TRY(file_make_dirs(dir, 0700, err));
    if (out->store_url == NULL)
        out->store_url = below(&call->arena, dir, "likeness.db");
    out->bank_path = config_text(config, "store") == NULL ? below(&call->arena, dir, "bank") : NULL;
    if (out->key_path == NULL)
        out->key_path = below(&call->arena, dir, "master.key");
    if (out->store_url == NULL || out->key_path == NULL)
        return FAIL(err, LK_LIMIT, "--data names a path that is too long");
    return LK_OK;
}

enum lk_status home_open(struct cli_call *call, bool create, struct registry **r,
                         struct lk_error *err)
{
    static const struct config_default defaults[] = {HOME_DEFAULTS, {NULL, NULL}};
    struct config config;
    struct registry_config where;
    TRY(config_load(call, defaults, &config, err));
    TRY(home_find(call, &config, create, &where, err));
    where.bank_path = NULL;
    return registry_open(&where, r, err);
}

enum lk_status home_open_for(struct cli_call *call, struct registry **r, struct partner *out,
                             struct lk_error *err)
{
    struct partner *partners;
    size_t n = 0;
    TRY(home_open(call, false, r, err));
    enum lk_status status = partner_list(*r, &call->arena, &partners, &n, err);
    for (size_t i = 0; status == LK_OK && i < n; i++)
        if (strcmp(partners[i].name, call->args[0]) == 0 && partners[i].revoked_ms == 0) {
            *out = partners[i];
            return LK_OK;
        }
    registry_close(*r);
    return status != LK_OK
               ? status
               : FAIL(err, LK_NOT_FOUND, "no partner with a key is named '%.100s'", call->args[0]);
}
