/* service/watcher.h - looks at the pages that cases watch, and compares their media.
 *
 * A page is read within limits, its media are asked for one by one, each decoded in the jail and
 * compared in memory; nothing of them is kept. Threads: one look at a time. */
#ifndef SERVICE_WATCHER_H
#define SERVICE_WATCHER_H

#include "cases/watch.h"
#include "media/media.h"
#include "sys/fetch.h"

#define WATCHER_MAX_MEDIA 40 /* of one page */

struct watcher_config {
    struct registry *registry;
    struct media *media;
    struct fetch_config fetch;
    unsigned pause_ms; /* between two requests */
};

struct watcher_counts {
    size_t n_pages, n_unreadable, n_media, n_found;
};

/* Looks at whatever is due, until config->fetch.stop. What cannot be read or decoded is passed
 * over. Errors: LK_NOMEM, LK_IO, and those of watch_compare() that are not about one medium. */
enum lk_status watcher_round(const struct watcher_config *config, struct watcher_counts *out,
                             struct lk_error *err) LK_MUST_CHECK;

#endif
