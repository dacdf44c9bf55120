/* cli/config.h - settings from flags, environment, file and defaults, in that order.
 *
 * Every option of a command is also a key of the configuration file (INI, one "key = value" a line)
 * and an environment variable: --key-file is key-file and LIKENESS_KEY_FILE. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "cli.h"

struct config_default {
    const char *name; /* of an option of the command */
    const char *value;
};

struct config {
    const struct cli_call *call;
    struct config_entry *entries;
    size_t n;
};

/* Gathers the settings of a call. `defaults` is ended by a NULL name; options without one are
 * simply unset. The file is the one that --config names.
 * Errors: LK_INVALID for a key the command does not know (naming the nearest) or a line that is no
 * setting, LK_NOT_FOUND, LK_IO, LK_NOMEM. */
enum lk_status config_load(struct cli_call *call, const struct config_default *defaults,
                           struct config *out, struct lk_error *err) LK_MUST_CHECK;

/* The value, or NULL when nothing sets it. A switch is "yes". */
const char *config_text(const struct config *config, const char *name);

/* Errors: LK_INVALID naming key, value, origin and range. */
enum lk_status config_number(const struct config *config, const char *name, int64_t low,
                             int64_t high, int64_t *out, struct lk_error *err) LK_MUST_CHECK;
enum lk_status config_bool(const struct config *config, const char *name, bool *out,
                           struct lk_error *err) LK_MUST_CHECK;

/* Writes every key with what it is for, its value and where that comes from: a file that can be
 * kept as the configuration, and is its own manual. */
void config_print(const struct config *config, struct buf *out);

#endif
