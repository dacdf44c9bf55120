/* cli/cli.h - what every subcommand is made of.
 *
 * One table row per command is its dispatch, its help and its documentation. Commands write results
 * to standard output and everything else to standard error, and return an exit code: 0 match or
 * done, 1 no match, 2 usage, 3 and up by status (likeness/status.h). */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"

enum { CLI_OK = 0, CLI_NO_MATCH = 1, CLI_USAGE = 2 };

struct cli_option {
    const char *name;       /* without the dashes */
    const char *value_name; /* what stands for the value in the help; NULL: a switch */
    const char *help;
};

struct cli_call;

struct cli_command {
    const char *name;
    const char *arguments; /* "PATH FILE..." */
    const char *summary;
    const struct cli_option *options; /* ended by a NULL name; NULL: none */
    const struct cli_command *below;  /* subcommands, ended by a NULL name; or NULL */
    int (*run)(struct cli_call *call);
    const char *notes; /* further help, or NULL */
};

enum { CLI_MAX_OPTIONS = 64 };

/* One call of one command. */
struct cli_call {
    const struct cli_command *command;
    const char *path;                    /* "likeness bank add": how the command was reached */
    const char *values[CLI_MAX_OPTIONS]; /* by place in the option table; NULL: not given */
    const char **args;
    size_t n_args;
    struct arena arena; /* lives as long as the call */
    struct buf out;     /* flushed to standard output by the caller, or by cli_flush() */
};

/* The commands of likeness, ended by a NULL name. */
extern const struct cli_command cli_commands[];

/* The value of an option, or NULL when it was not given; a switch that was given has "". The name
 * must be in the command's table. */
const char *cli_value(const struct cli_call *call, const char *name);
bool cli_has(const struct cli_call *call, const char *name);

/* Reads a whole number option within low..high into *out, which keeps its value when the option
 * was not given. */
enum lk_status cli_number(const struct cli_call *call, const char *name, int64_t low, int64_t high,
                          int64_t *out, struct lk_error *err) LK_MUST_CHECK;

/* Say it on standard error as "likeness: ..." and return the exit code that goes with it. */
int cli_fail(const struct lk_error *err);
int cli_usage(const struct cli_call *call, const char *format, ...) LK_PRINTF(2, 3);
void cli_say(const char *format, ...) LK_PRINTF(1, 2);

/* Writes call->out to standard output and empties it. Errors: LK_IO. */
enum lk_status cli_flush(struct cli_call *call, struct lk_error *err) LK_MUST_CHECK;

/* Runs the command line; the whole program. */
int cli_main(int argc, char **argv);

#endif
