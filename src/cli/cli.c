#include "cli.h"

#include "base/err.h"
#include "base/fmt.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef LIKENESS_VERSION
#error "the build defines LIKENESS_VERSION"
#endif

enum { CALL_MEMORY_BYTES = 1 << 30, OUT_BYTES = 1 << 30 };

static void put_stderr(void *ctx, const char *text, size_t n)
{
    buf_put(ctx, text, n);
}

static void say_v(const char *format, va_list args)
{
    struct buf b;
    buf_init(&b, lk_alloc_heap(), 1 << 16);
    buf_str(&b, "likeness: ");
    fmt_v(put_stderr, &b, format, args);
    buf_char(&b, '\n');
    fwrite(b.p, 1, b.n, stderr);
    buf_fini(&b);
}

void cli_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_v(format, args);
    va_end(args);
}

int cli_fail(const struct lk_error *err)
{
    cli_say("%s", err->text);
    return lk_status_exit(err->status);
}

int cli_usage(const struct cli_call *call, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_v(format, args);
    va_end(args);
    cli_say("see: %s --help", call->path);
    return CLI_USAGE;
}

static int option_index(const struct cli_command *command, const char *name)
{
    for (int i = 0; command->options != NULL && command->options[i].name != NULL; i++)
        if (strcmp(command->options[i].name, name) == 0)
            return i;
    abort(); /* our own mistake: the command's table lacks an option it reads */
}

const char *cli_value(const struct cli_call *call, const char *name)
{
    return call->values[option_index(call->command, name)];
}

bool cli_has(const struct cli_call *call, const char *name)
{
    return cli_value(call, name) != NULL;
}

enum lk_status cli_number(const struct cli_call *call, const char *name, int64_t low, int64_t high,
                          int64_t *out, struct lk_error *err)
{
    const char *text = cli_value(call, name);
    if (text == NULL)
        return LK_OK;
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < low || value > high)
        return FAIL(err, LK_INVALID, "--%s takes a whole number from %lld to %lld, not '%s'", name,
                    (long long)low, (long long)high, text);
    *out = value;
    return LK_OK;
}

enum lk_status cli_flush(struct cli_call *call, struct lk_error *err)
{
    TRY(buf_status(&call->out, "output", err));
    size_t n = call->out.n;
    bool ok = n == 0 || fwrite(call->out.p, 1, n, stdout) == n;
    buf_clear(&call->out);
    if (!ok || fflush(stdout) != 0)
        return FAIL(err, LK_IO, "cannot write to standard output: %s", strerror(errno));
    return LK_OK;
}

static void print_row(const char *name, const char *rest, const char *summary)
{
    int width = printf("  %s%s%s", name, *rest != '\0' ? " " : "", rest);
    printf("%*s%s\n", width < 30 ? 30 - width : 1, "", summary);
}

static void print_below(const char *path, const struct cli_command *below)
{
    printf("usage: %s COMMAND ...\n\n", path);
    for (const struct cli_command *c = below; c->name != NULL; c++)
        print_row(c->name, c->arguments, c->summary);
    printf("\n%s COMMAND --help tells more.\n", path);
}

static void print_help(const struct cli_call *call)
{
    const struct cli_command *command = call->command;
    bool takes_any = command->arguments[0] != '\0';
    printf("usage: %s [OPTIONS]%s%s\n\n%s\n", call->path, takes_any ? " " : "", command->arguments,
           command->summary);
    if (command->options != NULL)
        printf("\n");
    for (int i = 0; command->options != NULL && command->options[i].name != NULL; i++) {
        const struct cli_option *option = &command->options[i];
        char name[64];
        snprintf(name, sizeof name, "--%s", option->name);
        print_row(name, option->value_name != NULL ? option->value_name : "", option->help);
    }
    if (command->notes != NULL)
        printf("\n%s\n", command->notes);
}

static size_t fill_long_options(const struct cli_command *command, struct option *out)
{
    size_t n = 0;
    for (; command->options != NULL && command->options[n].name != NULL; n++) {
        if (n == CLI_MAX_OPTIONS)
            abort();
        bool takes_value = command->options[n].value_name != NULL;
        out[n] =
            (struct option){command->options[n].name, takes_value ? required_argument : no_argument,
                            NULL, (int)(256 + n)};
    }
    out[n] = (struct option){"help", no_argument, NULL, 'h'};
    out[n + 1] = (struct option){0};
    return n;
}

/* Reads the options; the arguments stay in argv behind them. Returns -1 to go on. */
static int read_options(struct cli_call *call, int argc, char **argv)
{
    struct option longs[CLI_MAX_OPTIONS + 2];
    fill_long_options(call->command, longs);
    optind = 1;
    opterr = 0;
    for (;;) {
        int c = getopt_long(argc, argv, ":h", longs, NULL);
        if (c == -1)
            break;
        if (c == 'h') {
            print_help(call);
            return CLI_OK;
        }
        if (c == ':')
            return cli_usage(call, "%s needs a value", argv[optind - 1]);
        if (c == '?')
            return cli_usage(call, "unknown option %s", argv[optind - 1]);
        call->values[c - 256] = optarg != NULL ? optarg : "";
    }
    call->args = (const char **)argv + optind;
    call->n_args = (size_t)(argc - optind);
    return -1;
}

static int run_command(const struct cli_command *command, const char *path, int argc, char **argv)
{
    struct cli_call call = {.command = command, .path = path};
    arena_init(&call.arena, lk_alloc_heap(), CALL_MEMORY_BYTES);
    buf_init(&call.out, lk_alloc_heap(), OUT_BYTES);
    int code = read_options(&call, argc, argv);
    if (code < 0) {
        code = command->run(&call);
        struct lk_error err;
        if (cli_flush(&call, &err) != LK_OK)
            code = cli_fail(&err);
    }
    buf_fini(&call.out);
    arena_fini(&call.arena);
    return code;
}

static const struct cli_command *find(const struct cli_command *table, const char *name)
{
    for (const struct cli_command *c = table; c->name != NULL; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static int descend(const struct cli_command *table, const char *path, int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;
    if (name == NULL || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 ||
        strcmp(name, "help") == 0) {
        print_below(path, table);
        return name == NULL ? CLI_USAGE : CLI_OK;
    }
    const struct cli_command *command = find(table, name);
    if (command == NULL) {
        cli_say("there is no command '%s' (see: %s --help)", name, path);
        return CLI_USAGE;
    }
    char longer[128];
    snprintf(longer, sizeof longer, "%s %s", path, name);
    return command->below != NULL ? descend(command->below, longer, argc - 1, argv + 1)
                                  : run_command(command, longer, argc - 1, argv + 1);
}

int cli_main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        printf("likeness %s\n", LIKENESS_VERSION);
        return CLI_OK;
    }
    return descend(cli_commands, "likeness", argc, argv);
}
