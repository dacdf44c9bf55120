/* likeness node archive and allow: the platform's own contents, and what it knows to be lawful, at
 * a node that runs. */
#include "commands.h"
#include "node_lines.h"
#include "tree.h"

#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* One of the two. */
struct place {
    const char *path;  /* of the node's API */
    unsigned purpose;  /* enum lk_purpose: what its files are made into */
    bool takes_prints; /* where files are named, also prints */
};

static const struct place archive = {"/v1/archive", LK_QUERY, false};
static const struct place allow = {"/v1/allow", LK_REGISTRATION, true};

struct adding {
    struct cli_call *call;
    const struct place *place;
    struct node_sender sender;
    uint64_t n_added, n_replaced, n_refused;
    enum lk_status first_failure;
};

static void pass_over(struct adding *a, enum lk_status status, const char *why)
{
    if (a->first_failure == LK_OK)
        a->first_failure = status;
    cli_say("%s", why);
}

static enum lk_status on_answer(void *ctx, const struct json_tree *answer, size_t n,
                                struct lk_error *err)
{
    struct adding *a = ctx;
    const struct json_tree *refused = json_get(answer, "refused");
    (void)n, (void)err;
    a->n_added += node_number(answer, "added");
    a->n_replaced += node_number(answer, "replaced");
    for (size_t i = 0; i < json_array_length(refused); i++) {
        struct lk_error why;
        const struct json_tree *one = json_at(refused, i);
        const char *id = json_get_text(one, "id", NULL),
                   *reason = json_get_text(one, "reason", NULL);
        (void)FAIL(&why, LK_INVALID, "'%s': %s", id == NULL ? "" : id,
                   reason == NULL ? "" : reason);
        pass_over(a, LK_INVALID, why.text);
        a->n_refused++;
    }
    return LK_OK;
}

static enum lk_status on_result(void *ctx, const struct input_result *result, struct lk_error *err)
{
    struct adding *a = ctx;
    struct lk_error why;
    if (input_refusal(result, &why) != LK_OK) {
        pass_over(a, why.status, why.text);
        return LK_OK;
    }
    return node_send_sequence(&a->sender, result->path, &result->sequence, err);
}

/* Arguments that are prints go to the node, the others stay. */
static enum lk_status send_prints(struct adding *a, struct lk_error *err)
{
    size_t n_files = 0;
    for (size_t i = 0; i < a->call->n_args; i++) {
        char line[3 * LK_PRINT_HEX_CHARS];
        struct lk_print print;
        struct lk_error why;
        const char *word = a->call->args[i];
        if (lk_print_from_hex(&print, word, strlen(word), &why) != LK_OK) {
            a->call->args[n_files++] = word;
            continue;
        }
        int n = snprintf(line, sizeof line, "{\"id\": \"%s\", \"print\": \"%s\"}", word, word);
        TRY(node_send_line(&a->sender, line, (size_t)n, err));
    }
    a->call->n_args = n_files;
    return LK_OK;
}

static enum lk_status add_files(struct adding *a, struct lk_error *err)
{
    const struct input_options options = {
        .verb = "archived", .purpose = a->place->purpose, .front_end = LK_FULLRES};
    struct inputs inputs;
    size_t n_given = a->call->n_args;
    if (a->place->takes_prints)
        TRY(send_prints(a, err));
    if (n_given > 0 && a->call->n_args == 0)
        return LK_OK;
    TRY(inputs_gather(a->call, 0, &inputs, err));
    TRY(tree_spread(a->call, &inputs, err));
    return inputs_run(&inputs, &options, on_result, a, err);
}

static enum lk_status add_lines(struct adding *a, const char *path, struct lk_error *err)
{
    bool is_standard = strcmp(path, "-") == 0;
    FILE *file = is_standard ? stdin : fopen(path, "re");
    char *line = NULL;
    size_t room = 0;
    enum lk_status status = LK_OK;
    if (file == NULL)
        return FAIL(err, errno == ENOENT ? LK_NOT_FOUND : LK_IO, "'%s': %s", path, strerror(errno));
    for (ssize_t n; status == LK_OK && (n = getline(&line, &room, file)) >= 0;) {
        size_t length = (size_t)n - (n > 0 && line[n - 1] == '\n');
        if (length > 0)
            status = node_send_line(&a->sender, line, length, err);
    }
    if (status == LK_OK && ferror(file))
        status = FAIL(err, LK_IO, "'%s': %s", path, strerror(errno));
    free(line);
    if (!is_standard)
        fclose(file);
    return status;
}

static int add(struct cli_call *call, const struct place *place)
{
    struct lk_error err;
    struct adding a = {.call = call, .place = place, .sender = {.call = call, .path = place->path}};
    const char *list = cli_value(call, "sequences");
    if (list != NULL && (call->n_args > 0 || cli_has(call, "files-from")))
        return cli_usage(call, "--sequences and files exclude each other");
    a.sender.on_answer = on_answer;
    a.sender.ctx = &a;
    node_sender_init(&a.sender);
    enum lk_status status = list != NULL ? add_lines(&a, list, &err) : add_files(&a, &err);
    if (status == LK_OK)
        status = node_send_rest(&a.sender, &err);
    node_sender_fini(&a.sender);
    buf_fmt(&call->out, "%llu added, %llu replaced\n", (unsigned long long)a.n_added,
            (unsigned long long)a.n_replaced);
    if (status != LK_OK)
        return cli_fail(&err);
    return a.first_failure == LK_OK ? CLI_OK : lk_status_exit(a.first_failure);
}

static enum lk_status list_from(struct cli_call *call, const struct place *place, uint64_t *after,
                                struct lk_error *err)
{
    char path[128];
    struct json_tree *answer;
    snprintf(path, sizeof path, "%s?limit=1000&after=%llu", place->path,
             (unsigned long long)*after);
    TRY(node_ask(call, &(struct node_ask){.method = "GET", .path = path}, &answer, err));
    const struct json_tree *ids = json_get(answer, "ids");
    for (size_t i = 0; i < json_array_length(ids); i++) {
        const char *id = json_as_text(json_at(ids, i), NULL);
        buf_fmt(&call->out, "%s\n", id == NULL ? "" : id);
    }
    *after = node_number(answer, "after");
    json_tree_free(answer);
    return cli_flush(call, err);
}

static int list(struct cli_call *call, const struct place *place)
{
    struct lk_error err;
    uint64_t after = 0;
    do {
        if (list_from(call, place, &after, &err) != LK_OK)
            return cli_fail(&err);
    } while (after > 0);
    return CLI_OK;
}

static int count(struct cli_call *call, const struct place *place)
{
    struct lk_error err;
    struct json_tree *answer;
    char path[64];
    snprintf(path, sizeof path, "%s?limit=1", place->path);
    const struct node_ask ask = {.method = "GET", .path = path};
    if (node_ask(call, &ask, &answer, &err) != LK_OK)
        return cli_fail(&err);
    buf_fmt(&call->out, "%llu\n", (unsigned long long)node_number(answer, "count"));
    json_tree_free(answer);
    return CLI_OK;
}

static enum lk_status remove_one(struct cli_call *call, const struct place *place, const char *id,
                                 struct lk_error *err)
{
    struct buf path;
    struct json_tree *answer;
    struct lk_error why;
    buf_init(&path, &call->arena.alloc, 4096);
    buf_str(&path, place->path);
    node_put_query(&path, "id", id);
    TRY(buf_status(&path, "the id", err));
    const struct node_ask ask = {.method = "DELETE", .path = buf_text(&path)};
    enum lk_status status = node_ask(call, &ask, &answer, &why);
    json_tree_free(answer);
    return status == LK_OK ? LK_OK : FAIL(err, status, "'%s': %s", id, why.text);
}

static int take_away(struct cli_call *call, const struct place *place)
{
    struct lk_error err;
    if (call->n_args == 0)
        return cli_usage(call, "which ones? give their ids");
    for (size_t i = 0; i < call->n_args; i++)
        if (remove_one(call, place, call->args[i], &err) != LK_OK)
            return cli_fail(&err);
    return CLI_OK;
}

int cmd_node_archive_add(struct cli_call *call)
{
    return add(call, &archive);
}

int cmd_node_archive_list(struct cli_call *call)
{
    return list(call, &archive);
}

int cmd_node_archive_count(struct cli_call *call)
{
    return count(call, &archive);
}

int cmd_node_archive_remove(struct cli_call *call)
{
    return take_away(call, &archive);
}

int cmd_node_allow_add(struct cli_call *call)
{
    return add(call, &allow);
}

int cmd_node_allow_list(struct cli_call *call)
{
    return list(call, &allow);
}

int cmd_node_allow_count(struct cli_call *call)
{
    return count(call, &allow);
}

int cmd_node_allow_remove(struct cli_call *call)
{
    return take_away(call, &allow);
}
