/* service/assets.h - the scripts, styles and the WebAssembly module that pages load, compiled in by
 * tools/embed.py.
 *
 * All stand under one directory that is named after a hash of them all: so each may be kept by
 * browsers for ever, and a module finds its neighbours by relative names. The plain name works too
 * and is then checked again each time. Scripts hold the hashes of the modules that they fetch, so a
 * browser refuses a module that was changed on its way. */
#ifndef SERVICE_ASSETS_H
#define SERVICE_ASSETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct asset {
    const char *name; /* "style.css" */
    const char *url;  /* "/assets/0123456789abcdef/style.css": what pages should name */
    const char *content_type;
    const char *etag;   /* quoted */
    const char *sha256; /* of the bytes, in lower-case hex */
    const uint8_t *bytes;
    size_t n;
};

/* By name. NULL: there is none. Constant. */
const struct asset *asset_find(const char *name);

/* The url of an asset, by name; "" when there is none in this build. */
const char *asset_url(const char *name);

/* By what follows "/assets/" in a path: "style.css" or "<hash>/style.css". *immutable: the second,
 * with the hash of this build. */
const struct asset *asset_find_path(const char *path, bool *immutable);

/* The tables that tools/embed.py makes. */
extern const struct asset asset_table[];
extern const size_t n_assets;
extern const char asset_directory[]; /* the hash */

#endif
