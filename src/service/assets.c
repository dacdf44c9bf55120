#include "assets.h"

#include <string.h>

const struct asset *asset_find(const char *name)
{
    for (size_t i = 0; i < n_assets; i++)
        if (strcmp(asset_table[i].name, name) == 0)
            return &asset_table[i];
    return NULL;
}

const char *asset_url(const char *name)
{
    const struct asset *asset = asset_find(name);
    return asset == NULL ? "" : asset->url;
}

const struct asset *asset_find_path(const char *path, bool *immutable)
{
    size_t n = strlen(asset_directory);
    *immutable = strncmp(path, asset_directory, n) == 0 && path[n] == '/';
    return asset_find(*immutable ? path + n + 1 : path);
}
