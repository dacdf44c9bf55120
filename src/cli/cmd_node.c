/* likeness node: a platform's own matcher. */
#include "base/err.h"
#include "commands.h"
#include "config.h"
#include "inputs.h"
#include "node/node.h"
#include "node_client.h"
#include "serving.h"
#include "sys/file.h"

#include <stdlib.h>
#include <string.h>

static const struct cli_option run_options[] = {
    {"key-file", "FILE", "the partner key that the registry's operator gave (lk_...)"},
    {"data", "DIR", "directory of the node (default .likeness-node)"},
    {"node-key", "FILE", "what seals the directory (default DIR/node.key, made when missing)"},
    {"listen", "HOST:PORT", "where to answer (default 127.0.0.1:8090), or unix:PATH"},
    {"files", NULL, "take pictures, videos and recordings too, decoded in a jail"},
    {"hma", NULL, "answer at the addresses of HMA's matcher too"},
    {"max-distance", "TIERS",
     "bits by which a whole picture may differ, by tier (default self=31,checked=31,confirmed=31)"},
    {"allow-distance", "N", "the same for what the allow bank excuses (default 10)"},
    {"quarantine-posters", "N", "an entry that so many post is for review (default 30; 0: never)"},
    {"quarantine-hours", "N", "within so many hours (default 24)"},
    {"quarantine-tier", "TIER", "the highest tier that this may befall (default checked)"},
    {"shadow", NULL, "every action is \"queue\": nothing is to be done yet, only noted"},
    {"proxy", "URL", "reach the registry through http:// or socks5h://HOST:PORT"},
    {"log-level", "LEVEL", "error, warn, info (default) or debug"},
    {"log-format", "FORMAT", "text (default) or json"},
    {"config", "FILE", "read settings from FILE: key = value, the names above"},
    {"print-config", NULL, "show the settings and where each comes from, and stop"},
    {NULL, NULL, NULL},
};

static const char run_notes[] =
    "URL is the registry's address. The partner key may also stand in LIKENESS_PARTNER_KEY. What "
    "the\n"
    "node holds is sealed on the disk, and served from there when it starts, whether the registry\n"
    "can be reached or not; GET /v1/status says how old it is. Without URL it follows nobody.\n"
    "Answers are for this machine alone: there is no sign-in, so it listens on addresses of this\n"
    "machine, or a socket. With --hma, prints stand in addresses, which are never logged here.";

static const struct config_default defaults[] = {
    {"listen", "127.0.0.1:8090"},
    {"data", ".likeness-node"},
    {"log-level", "info"},
    {"log-format", "text"},
    {"files", "no"},
    {"hma", "no"},
    {"shadow", "no"},
    {"max-distance", "self=31,checked=31,confirmed=31"},
    {"allow-distance", "10"},
    {"quarantine-posters", "30"},
    {"quarantine-hours", "24"},
    {"quarantine-tier", "checked"},
    {NULL, NULL},
};

enum { KEY_MAX_BYTES = 1024 };

/* From the environment, or a file; blanks around it do not count. */
static enum lk_status read_partner_key(struct cli_call *call, const struct config *config,
                                       const char **out, struct lk_error *err)
{
    const char *path = config_text(config, "key-file"), *text = getenv("LIKENESS_PARTNER_KEY");
    struct buf file;
    if (text == NULL) {
        if (path == NULL)
            return FAIL(err, LK_INVALID,
                        "the partner key is needed: --key-file FILE, or LIKENESS_PARTNER_KEY");
        buf_init(&file, &call->arena.alloc, KEY_MAX_BYTES);
        TRY(file_read_all(path, &file, err));
        text = buf_text(&file);
    }
    text += strspn(text, " \t\r\n");
    size_t n = strcspn(text, " \t\r\n");
    if (n < 4 || strncmp(text, "lk_", 3) != 0)
        return FAIL(err, LK_INVALID, "a partner key begins with lk_; this is none");
    *out = arena_copy(&call->arena, text, n);
    return *out != NULL ? LK_OK : FAIL(err, LK_NOMEM, "no memory for the settings");
}

static enum lk_status read_registry(struct cli_call *call, const struct config *config,
                                    struct node_config *out, struct lk_error *err)
{
    if (call->n_args == 0)
        return LK_OK;
    const char *url = call->args[0];
    size_t n = strlen(url);
    if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
        return FAIL(err, LK_INVALID, "the registry's address begins with https://, not '%s'", url);
    while (n > 0 && url[n - 1] == '/')
        n--;
    out->registry = arena_copy(&call->arena, url, n);
    if (out->registry == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the settings");
    return read_partner_key(call, config, &out->partner_key, err);
}

static enum lk_status read_key_path(struct cli_call *call, const struct config *config,
                                    struct node_config *out, struct lk_error *err)
{
    struct buf path;
    out->key_path = config_text(config, "node-key");
    if (out->key_path != NULL)
        return LK_OK;
    buf_init(&path, &call->arena.alloc, 4096);
    buf_fmt(&path, "%s/node.key", out->directory);
    out->key_path = buf_text(&path);
    return buf_status(&path, "the path of the node's key", err);
}

/* "self=20,checked=28": those that are not named keep the radius of the search. */
static enum lk_status read_distances(const char *text, uint8_t out[LK_TIER_CONFIRMED + 1],
                                     struct lk_error *err)
{
    for (unsigned tier = 0; tier <= LK_TIER_CONFIRMED; tier++)
        out[tier] = LK_NEAR_RADIUS;
    while (*text != '\0') {
        size_t n = strcspn(text, "=");
        char *end;
        unsigned tier = lk_tier_from_name(text, n);
        unsigned long bits = tier == 0 || text[n] == '\0' ? 0 : strtoul(text + n + 1, &end, 10);
        if (tier == 0 || text[n] == '\0' || end == text + n + 1 || bits > LK_NEAR_RADIUS ||
            (*end != ',' && *end != '\0'))
            return FAIL(err, LK_INVALID,
                        "max-distance is as self=31,checked=31,confirmed=31: a "
                        "tier and bits from 0 to %d, not '%s'",
                        LK_NEAR_RADIUS, text);
        out[tier] = (uint8_t)bits;
        text = *end == ',' ? end + 1 : end;
    }
    return LK_OK;
}

static enum lk_status read_brakes(const struct config *config, struct node_config *out,
                                  struct lk_error *err)
{
    int64_t allow, posters, hours;
    const char *tier = config_text(config, "quarantine-tier");
    TRY(read_distances(config_text(config, "max-distance"), out->max_dist_bits, err));
    TRY(config_number(config, "allow-distance", 0, LK_NEAR_RADIUS, &allow, err));
    TRY(config_number(config, "quarantine-posters", 0, QUARANTINE_MAX_POSTERS, &posters, err));
    TRY(config_number(config, "quarantine-hours", 1, 24 * 365, &hours, err));
    out->allow_dist_bits = (uint8_t)allow;
    out->quarantine =
        (struct quarantine_config){.n_posters = (unsigned)posters,
                                   .window_ms = hours * 3600000,
                                   .highest_tier = lk_tier_from_name(tier, strlen(tier))};
    return out->quarantine.highest_tier != 0
               ? LK_OK
               : FAIL(err, LK_INVALID, "quarantine-tier is self, checked or confirmed, not '%s'",
                      tier);
}

static enum lk_status fill(struct cli_call *call, const struct config *config,
                           struct node_config *out, struct lk_error *err)
{
    *out = (struct node_config){.http = http_config_standard(),
                                .directory = config_text(config, "data"),
                                .proxy = config_text(config, "proxy"),
                                .on_ready = serving_say_ready};
    out->http.per_address_max = 0; /* all come from this machine */
    TRY(serving_read_listen(call, config_text(config, "listen"), &out->http, err));
    TRY(serving_read_log(config, &out->log, err));
    TRY(config_bool(config, "files", &out->takes_media, err));
    TRY(config_bool(config, "hma", &out->speaks_hma, err));
    TRY(config_bool(config, "shadow", &out->is_shadow, err));
    TRY(read_brakes(config, out, err));
    TRY(read_key_path(call, config, out, err));
    return read_registry(call, config, out, err);
}

static int run(struct cli_call *call)
{
    struct lk_error err;
    struct config config;
    struct node_config node;
    if (call->n_args > 1)
        return cli_usage(call, "node run takes one URL");
    if (config_load(call, defaults, &config, &err) != LK_OK)
        return cli_usage(call, "%s", err.text);
    if (cli_has(call, "print-config")) {
        config_print(&config, &call->out);
        return CLI_OK;
    }
    enum lk_status status = fill(call, &config, &node, &err);
    if (status == LK_INVALID)
        return cli_usage(call, "%s", err.text);
    if (status == LK_OK)
        status = node_run(&node, &err);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}

static const struct cli_option client_options[] = {NODE_OPTION, {NULL, NULL, NULL}};
static const struct cli_option add_options[] = {
    NODE_OPTION,
    {"sequences", "LIST", "lines that likeness hash --json wrote; - is standard input"},
    {"files-from", "LIST", "read paths from LIST, one a line; - is standard input"},
    {NULL, NULL, NULL},
};
static const struct cli_option findings_options[] = {
    NODE_OPTION,
    {"after", "NUMBER", "only findings after this one"},
    {"json", NULL, "one JSON object a finding"},
    {NULL, NULL, NULL},
};

static const struct cli_option report_options[] = {
    NODE_OPTION,
    {"json", NULL, "one JSON object"},
    {NULL, NULL, NULL},
};
static const struct cli_option scan_options[] = {
    NODE_OPTION,
    {"rate", "N", "at most so many contents a second (default: as fast as it goes)"},
    {"state", "FILE", "where it is kept how far it came (default .likeness-scan)"},
    EVERY_MS_OPTION,
    {NULL, NULL, NULL},
};

static const char scan_notes[] =
    "WHAT is a directory, a file with a list of paths, or the word archive. What meets an entry "
    "is\n"
    "noted at the node as a finding, under the path of the file, or the id in the archive. Cut off "
    "at\n"
    "any moment, kill -9 too, the same command goes on where it was; FILE is removed at the end.\n"
    "exit: 0 everything was searched, 2 usage, 3 and up by what went wrong first";

static const char add_notes[] =
    "FILE may be a directory: every file below it is read. A file's id is its path as it is "
    "given;\n"
    "in LIST each line has \"id\", or \"path\", and \"sequence\". What has the id of one that is "
    "there\n"
    "replaces it. Every entry that the feed brings from now on is searched in the archive at "
    "once;\n"
    "for those that are there already: likeness node scan archive.\n"
    "exit: 0 all are there, 2 usage, 3 and up by what went wrong first (the others are there)";

static const char allow_notes[] =
    "What is known to be lawful, such as press pictures or stock photographs: a match of an upload "
    "that is\n"
    "the same picture brings no action, whatever it meets. Files and lists as of likeness node "
    "archive\n"
    "add; PRINT is 64 hexadecimal digits, and its own id.";

static const struct cli_command allow_table[] = {
    {.name = "add",
     .arguments = "[FILE|PRINT...]",
     .summary = "put what is known to be lawful into the allow bank",
     .options = add_options,
     .run = cmd_node_allow_add,
     .notes = allow_notes},
    {.name = "list",
     .arguments = "",
     .summary = "the ids of what is there, one a line",
     .options = client_options,
     .run = cmd_node_allow_list},
    {.name = "count",
     .arguments = "",
     .summary = "how much is there",
     .options = client_options,
     .run = cmd_node_allow_count},
    {.name = "remove",
     .arguments = "ID...",
     .summary = "remove some of it",
     .options = client_options,
     .run = cmd_node_allow_remove},
    {.name = NULL},
};

static const struct cli_command quarantine_table[] = {
    {.name = "list",
     .arguments = "",
     .summary = "entries that many post, and those that were released",
     .options = report_options,
     .run = cmd_node_quarantine_list},
    {.name = "release",
     .arguments = "ENTRY...",
     .summary = "let matches of an entry have their effect again, once a person has looked",
     .options = client_options,
     .run = cmd_node_quarantine_release},
    {.name = NULL},
};

static const struct cli_command archive_table[] = {
    {.name = "add",
     .arguments = "[FILE...]",
     .summary = "put contents into the node's archive",
     .options = add_options,
     .run = cmd_node_archive_add,
     .notes = add_notes},
    {.name = "list",
     .arguments = "",
     .summary = "the ids of all contents, one a line",
     .options = client_options,
     .run = cmd_node_archive_list},
    {.name = "count",
     .arguments = "",
     .summary = "how many contents there are",
     .options = client_options,
     .run = cmd_node_archive_count},
    {.name = "remove",
     .arguments = "ID...",
     .summary = "remove contents from the archive",
     .options = client_options,
     .run = cmd_node_archive_remove},
    {.name = NULL},
};

const struct cli_command cmd_node_table[] = {
    {.name = "run",
     .arguments = "[URL]",
     .summary = "follow a registry's feed and answer matches on this machine",
     .options = run_options,
     .run = run,
     .notes = run_notes},
    {.name = "archive",
     .arguments = "...",
     .summary = "the platform's own contents, searched for all that is new",
     .below = archive_table},
    {.name = "allow",
     .arguments = "...",
     .summary = "what is known to be lawful",
     .below = allow_table},
    {.name = "findings",
     .arguments = "",
     .summary = "what was found in the platform's own contents",
     .options = findings_options,
     .run = cmd_node_findings},
    {.name = "mark",
     .arguments = "FINDING... right|wrong|open",
     .summary = "say of findings whether they were right, once a person has looked",
     .options = client_options,
     .run = cmd_node_mark},
    {.name = "quarantine",
     .arguments = "...",
     .summary = "entries that so many post that a person must look first",
     .below = quarantine_table},
    {.name = "report",
     .arguments = "",
     .summary = "what was found, what would be done, and how much of it was right",
     .options = report_options,
     .run = cmd_node_report},
    {.name = "scan",
     .arguments = "WHAT",
     .summary = "search what is there already for all that the node holds",
     .options = scan_options,
     .run = cmd_node_scan,
     .notes = scan_notes},
    {.name = NULL},
};
