/* cli/sources.h - the sources of a home: lists of others that are followed (exchange/source.h),
 * each in a directory of its own below DATA/sources. */
#ifndef CLI_SOURCES_H
#define CLI_SOURCES_H

#include "cli.h"

#include "exchange/source.h"

struct sources {
    const char *dir; /* DATA/sources */
    struct keys *keys;
};

/* With `create`, DATA and its master key are made. Errors: as home_find() and keys_load(). */
enum lk_status sources_open(struct cli_call *call, bool create, struct sources *out,
                            struct lk_error *err) LK_MUST_CHECK;
void sources_close(struct sources *sources);

/* The directory of one, in the call's arena. Errors: LK_INVALID (its name), LK_LIMIT. */
enum lk_status sources_dir(struct cli_call *call, const struct sources *sources, const char *name,
                           const char **out, struct lk_error *err) LK_MUST_CHECK;

/* Their names by the alphabet, in the call's arena: those in names[0..n), or all when n is 0.
 * Errors: LK_NOT_FOUND (one is not there), LK_LIMIT (1000), LK_IO, LK_NOMEM. */
enum lk_status sources_names(struct cli_call *call, const struct sources *sources,
                             const char *const *names, size_t n, const char *const **out,
                             size_t *n_out, struct lk_error *err) LK_MUST_CHECK;

#endif
