/* cli/home.h - where a service keeps its things: the options --data, --store and --key-file. */
#ifndef CLI_HOME_H
#define CLI_HOME_H

#include "cases/partner.h"
#include "cases/registry.h"
#include "config.h"

#define HOME_OPTIONS                                                                               \
    {"data", "DIR", "directory of the service's data (default .likeness)"},                        \
        {"store", "FILE", "the database (default DIR/likeness.db)"},                               \
    {                                                                                              \
        "key-file", "FILE", "the master key (default DIR/master.key)"                              \
    }

#define HOME_DEFAULTS                                                                              \
    {                                                                                              \
        "data", ".likeness"                                                                        \
    }

/* Fills the paths of a registry configuration; they live in the call's arena. With `create`, the
 * directory is made (mode 0700) and a missing key too.
 * Errors: LK_IO, LK_DENIED, LK_NOMEM. */
enum lk_status home_find(struct cli_call *call, const struct config *config, bool create,
                         struct registry_config *out, struct lk_error *err) LK_MUST_CHECK;

/* Reads the settings of a call (the options above and --config) and opens the registry that a
 * service may be using at the same time: without its kept bank, for nothing is matched here. The
 * caller closes it. Errors: as config_load(), home_find() and registry_open(). */
enum lk_status home_open(struct cli_call *call, bool create, struct registry **r,
                         struct lk_error *err) LK_MUST_CHECK;

/* The same for a command about a partner: the one whose key is in force and whose name is the first
 * argument. Errors: LK_NOT_FOUND too. */
enum lk_status home_open_for(struct cli_call *call, struct registry **r, struct partner *out,
                             struct lk_error *err) LK_MUST_CHECK;

#endif
