#include "config.h"

#include "base/err.h"
#include "sys/file.h"

#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILE_BYTES = 1 << 20, MAX_ENV_NAME = 64 };

struct config_entry {
    const char *name;
    const char *value; /* NULL: unset */
    const char *origin;
};

static struct config_entry *find(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config->n; i++)
        if (strcmp(config->entries[i].name, name) == 0)
            return &config->entries[i];
    return NULL;
}

/* Number of insertions, deletions and replacements between two short names. */
static unsigned edit_distance(const char *a, const char *b)
{
    enum { MAX = 63 };
    unsigned row[MAX + 1];
    size_t n = strnlen(b, MAX);
    for (size_t j = 0; j <= n; j++)
        row[j] = (unsigned)j;
    for (size_t i = 0; a[i] != '\0'; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i + 1;
        for (size_t j = 0; j < n; j++) {
            unsigned replace = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            unsigned one_more = (row[j] < row[j + 1] ? row[j] : row[j + 1]) + 1;
            row[j + 1] = replace < one_more ? replace : one_more;
        }
    }
    return row[n];
}

static const char *nearest(const struct config *config, const char *name)
{
    const char *best = "";
    unsigned best_distance = ~0u;
    for (size_t i = 0; i < config->n; i++) {
        unsigned distance = edit_distance(name, config->entries[i].name);
        if (distance < best_distance) {
            best_distance = distance;
            best = config->entries[i].name;
        }
    }
    return best;
}

struct reading {
    struct config *config;
    struct arena *arena;
    enum lk_status status;
    struct lk_error *err;
};

/* inih's convention: 1 is fine, 0 stops with the line number. */
static int on_setting(void *ctx, const char *section, const char *name, const char *value)
{
    struct reading *r = ctx;
    struct config_entry *entry = find(r->config, name);
    if (*section != '\0') {
        r->status = FAIL(r->err, LK_INVALID, "section [%s]: the file has no sections", section);
        return 0;
    }
    if (entry == NULL || strcmp(name, "config") == 0 || strcmp(name, "print-config") == 0) {
        r->status = FAIL(r->err, LK_INVALID, "unknown key '%s'; the nearest is '%s'", name,
                         nearest(r->config, name));
        return 0;
    }
    entry->value = arena_copy(r->arena, value, strlen(value));
    entry->origin = "file";
    if (entry->value == NULL)
        r->status = FAIL(r->err, LK_NOMEM, "no memory for the configuration");
    return r->status == LK_OK;
}

static enum lk_status read_file(struct config *config, struct arena *arena, const char *path,
                                struct lk_error *err)
{
    struct buf text;
    buf_init(&text, &arena->alloc, MAX_FILE_BYTES);
    TRY(file_read_all(path, &text, err));
    struct reading reading = {config, arena, LK_OK, err};
    int line = ini_parse_string(buf_text(&text), on_setting, &reading);
    if (reading.status != LK_OK)
        return FAIL(err, reading.status, "%s, line %d: %s", path, line, err->text);
    if (line != 0)
        return FAIL(err, LK_INVALID, "%s, line %d: not of the form key = value", path, line);
    return LK_OK;
}

static void read_environment(struct config *config)
{
    for (size_t i = 0; i < config->n; i++) {
        char name[MAX_ENV_NAME] = "LIKENESS_";
        size_t n = strlen(name);
        for (const char *p = config->entries[i].name; *p != '\0' && n < sizeof name - 1; p++)
            name[n++] = *p == '-' ? '_' : (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
        name[n] = '\0';
        const char *value = getenv(name);
        if (value != NULL) {
            config->entries[i].value = value;
            config->entries[i].origin = "environment";
        }
    }
}

enum lk_status config_load(struct cli_call *call, const struct config_default *defaults,
                           struct config *out, struct lk_error *err)
{
    *out = (struct config){.call = call};
    const struct cli_option *options = call->command->options;
    while (options[out->n].name != NULL)
        out->n++;
    out->entries = arena_zalloc(&call->arena, out->n, sizeof *out->entries);
    if (out->entries == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the configuration");
    for (size_t i = 0; i < out->n; i++)
        out->entries[i] = (struct config_entry){options[i].name, NULL, "unset"};
    for (; defaults->name != NULL; defaults++) {
        struct config_entry *entry = find(out, defaults->name);
        entry->value = defaults->value;
        entry->origin = "default";
    }
    const char *path = cli_value(call, "config");
    if (path != NULL)
        TRY(read_file(out, &call->arena, path, err));
    read_environment(out);
    for (size_t i = 0; i < out->n; i++) {
        if (call->values[i] == NULL)
            continue;
        out->entries[i].value = options[i].value_name != NULL ? call->values[i] : "yes";
        out->entries[i].origin = "flag";
    }
    return LK_OK;
}

const char *config_text(const struct config *config, const char *name)
{
    return find(config, name)->value;
}

enum lk_status config_number(const struct config *config, const char *name, int64_t low,
                             int64_t high, int64_t *out, struct lk_error *err)
{
    const struct config_entry *entry = find(config, name);
    if (entry->value == NULL)
        return LK_OK;
    char *end;
    errno = 0;
    long long value = strtoll(entry->value, &end, 10);
    if (errno != 0 || end == entry->value || *end != '\0' || value < low || value > high)
        return FAIL(err, LK_INVALID,
                    "%s (from %s) takes a whole number from %lld to %lld, not '%s'", name,
                    entry->origin, (long long)low, (long long)high, entry->value);
    *out = value;
    return LK_OK;
}

enum lk_status config_bool(const struct config *config, const char *name, bool *out,
                           struct lk_error *err)
{
    const struct config_entry *entry = find(config, name);
    if (entry->value == NULL)
        return LK_OK;
    bool yes = strcmp(entry->value, "yes") == 0;
    if (!yes && strcmp(entry->value, "no") != 0)
        return FAIL(err, LK_INVALID, "%s (from %s) is yes or no, not '%s'", name, entry->origin,
                    entry->value);
    *out = yes;
    return LK_OK;
}

void config_print(const struct config *config, struct buf *out)
{
    const struct cli_option *options = config->call->command->options;
    for (size_t i = 0; i < config->n; i++) {
        const struct config_entry *entry = &config->entries[i];
        if (strcmp(entry->name, "config") == 0 || strcmp(entry->name, "print-config") == 0)
            continue;
        const char *value = options[i].value_name != NULL ? options[i].value_name : "yes or no";
        buf_fmt(out, "# %s: %s\n", value, options[i].help);
        buf_fmt(out, "%s%s = %s  # %s\n\n", entry->value == NULL ? "# " : "", entry->name,
                entry->value != NULL ? entry->value : "", entry->origin);
    }
}
