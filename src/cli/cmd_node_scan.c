/* likeness node scan: what is there already against all that the node holds.
 *
 * How far it came stands in a small file that is replaced after each answer of the node. A finding
 * is noted once, so what is searched again after a crash changes nothing. */
#include "commands.h"
#include "node_lines.h"
#include "progress.h"
#include "tree.h"

#include "base/err.h"
#include "sys/clock.h"
#include "sys/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { AT_ONCE = 16, PAGE = 100, STATE_BYTES = 64 << 10, MAX_RATE = 1000000 };

static const char standard_state[] = ".likeness-scan";
static const char begins[] = "likeness scan 1\n";

struct scanning {
    struct cli_call *call;
    const char *what, *state_path;
    struct inputs inputs;
    size_t first;    /* of the inputs, in this run */
    uint64_t n_done; /* with those of runs before; of the archive, the number of the last content */
    const char *last;
    int64_t rate; /* a second; 0: as fast as it goes */
    int64_t started_ns;
    uint64_t n_handed, n_searched, n_new;
    struct node_sender sender;
    enum lk_status first_failure;
};

/* ---- how far it came ---- */

static enum lk_status save(struct scanning *s, struct lk_error *err)
{
    struct buf text;
    buf_init(&text, lk_alloc_heap(), STATE_BYTES);
    buf_fmt(&text, "%s%s\n%llu\n%s\n", begins, s->what, (unsigned long long)s->n_done,
            s->last == NULL ? "" : s->last);
    enum lk_status status = buf_status(&text, s->state_path, err);
    if (status == LK_OK)
        status = file_replace(s->state_path, text.p, text.n, 0600, err);
    buf_fini(&text);
    return status;
}

static enum lk_status not_ours(const struct scanning *s, struct lk_error *err)
{
    return FAIL(err, LK_CONFLICT,
                "'%s' is of another scan: finish that one, remove the file, or name another with "
                "--state FILE",
                s->state_path);
}

static enum lk_status load(struct scanning *s, struct lk_error *err)
{
    struct buf file;
    struct lk_error why;
    size_t n_what = strlen(s->what);
    buf_init(&file, &s->call->arena.alloc, STATE_BYTES);
    enum lk_status status = file_read_all(s->state_path, &file, &why);
    if (status == LK_NOT_FOUND)
        return LK_OK;
    if (status != LK_OK)
        return FAIL(err, status, "%s", why.text);
    char *text = arena_copy(&s->call->arena, file.p, file.n), *end;
    if (text == NULL)
        return FAIL(err, LK_NOMEM, "no memory for '%s'", s->state_path);
    if (strncmp(text, begins, sizeof begins - 1) != 0 ||
        strncmp(text + sizeof begins - 1, s->what, n_what) != 0 ||
        text[sizeof begins - 1 + n_what] != '\n')
        return not_ours(s, err);
    s->n_done = strtoull(text + sizeof begins + n_what, &end, 10);
    size_t n = strlen(end);
    if (n < 2 || end[0] != '\n' || end[n - 1] != '\n')
        return not_ours(s, err);
    end[n - 1] = '\0';
    s->last = end + 1;
    return LK_OK;
}

/* Waits until `n` may have been searched since the beginning. */
static void keep_pace(const struct scanning *s, uint64_t n)
{
    if (s->rate == 0)
        return;
    int64_t due_ns = s->started_ns + (int64_t)((double)n * 1e9 / (double)s->rate);
    int64_t left_ns = due_ns - clock_monotonic_ns();
    if (left_ns > 0)
        nanosleep(&(struct timespec){left_ns / 1000000000, left_ns % 1000000000}, NULL);
}

/* ---- files ---- */

static enum lk_status on_answer(void *ctx, const struct json_tree *answer, size_t n,
                                struct lk_error *err)
{
    struct scanning *s = ctx;
    s->n_searched += n;
    s->n_new += node_number(answer, "new");
    s->n_done = s->first + s->n_handed;
    s->last = s->inputs.paths[s->n_handed - 1];
    return save(s, err);
}

static enum lk_status on_result(void *ctx, const struct input_result *result, struct lk_error *err)
{
    struct scanning *s = ctx;
    struct lk_error why;
    s->n_handed++;
    keep_pace(s, s->n_handed);
    if (input_refusal(result, &why) == LK_OK)
        return node_send_sequence(&s->sender, result->path, &result->sequence, err);
    if (s->first_failure == LK_OK)
        s->first_failure = why.status;
    cli_say("%s", why.text);
    return LK_OK;
}

static enum lk_status gather(struct scanning *s, struct lk_error *err)
{
    struct stat st;
    static const char *what[1];
    what[0] = s->what;
    if (stat(s->what, &st) == 0 && S_ISDIR(st.st_mode)) {
        s->inputs = (struct inputs){what, 1};
        return tree_spread(s->call, &s->inputs, err);
    }
    return inputs_read_list(s->call, s->what, &s->inputs, err);
}

/* Leaves out what an earlier run has done; all is done again where its last file is gone. */
static void go_on(struct scanning *s)
{
    size_t n = (size_t)s->n_done;
    if (s->last == NULL || s->last[0] == '\0')
        return;
    if (n == 0 || n > s->inputs.n || strcmp(s->inputs.paths[n - 1], s->last) != 0)
        for (n = s->inputs.n; n > 0 && strcmp(s->inputs.paths[n - 1], s->last) != 0;)
            n--;
    s->first = n;
    s->inputs.paths += n;
    s->inputs.n -= n;
    if (n > 0)
        cli_say("goes on after %zu files that are done", n);
}

static enum lk_status scan_files(struct scanning *s, struct lk_error *err)
{
    struct input_options options = {
        .verb = "searched", .purpose = LK_QUERY, .front_end = LK_FULLRES};
    TRY(inputs_interval(s->call, &options, err));
    TRY(gather(s, err));
    go_on(s);
    s->sender =
        (struct node_sender){.call = s->call,
                             .path = "/v1/scan",
                             .most = s->rate > 0 && s->rate < AT_ONCE ? (size_t)s->rate : AT_ONCE,
                             .on_answer = on_answer,
                             .ctx = s};
    node_sender_init(&s->sender);
    enum lk_status status = inputs_run(&s->inputs, &options, on_result, s, err);
    if (status == LK_OK)
        status = node_send_rest(&s->sender, err);
    node_sender_fini(&s->sender);
    return status;
}

/* ---- the archive ---- */

static enum lk_status scan_page(struct scanning *s, bool *more, struct lk_error *err)
{
    char path[128];
    struct json_tree *answer;
    int64_t limit = s->rate > 0 && s->rate < PAGE ? s->rate : PAGE;
    snprintf(path, sizeof path, "/v1/scan/archive?after=%llu&limit=%lld",
             (unsigned long long)s->n_done, (long long)limit);
    TRY(node_ask(s->call, &(struct node_ask){.method = "POST", .path = path}, &answer, err));
    s->n_searched += node_number(answer, "searched");
    s->n_new += node_number(answer, "new");
    s->n_done = node_number(answer, "after");
    json_tree_free(answer);
    *more = s->n_done > 0;
    return *more ? save(s, err) : LK_OK;
}

static enum lk_status scan_archive(struct scanning *s, struct lk_error *err)
{
    struct json_tree *answer;
    struct progress progress;
    const struct node_ask ask = {.method = "GET", .path = "/v1/archive?limit=1"};
    TRY(node_ask(s->call, &ask, &answer, err));
    progress_init(&progress, "searched", (size_t)node_number(answer, "count"));
    json_tree_free(answer);
    enum lk_status status = LK_OK;
    for (bool more = true; more && status == LK_OK;) {
        status = scan_page(s, &more, err);
        progress_show(&progress, (size_t)s->n_searched);
        keep_pace(s, s->n_searched);
    }
    progress_fini(&progress);
    return status;
}

int cmd_node_scan(struct cli_call *call)
{
    struct lk_error err;
    struct scanning s = {.call = call, .started_ns = clock_monotonic_ns()};
    if (call->n_args != 1 || strchr(call->args[0], '\n') != NULL)
        return cli_usage(call, "what is to be searched? a directory, a list of paths, or archive");
    if (cli_number(call, "rate", 1, MAX_RATE, &s.rate, &err) != LK_OK)
        return cli_usage(call, "%s", err.text);
    s.what = call->args[0];
    s.state_path = cli_value(call, "state");
    if (s.state_path == NULL)
        s.state_path = standard_state;
    enum lk_status status = load(&s, &err);
    if (status == LK_OK)
        status = strcmp(s.what, "archive") == 0 ? scan_archive(&s, &err) : scan_files(&s, &err);
    if (status == LK_OK)
        status = file_remove(s.state_path, &err);
    buf_fmt(&call->out, "%llu searched, %llu new findings\n", (unsigned long long)s.n_searched,
            (unsigned long long)s.n_new);
    if (status != LK_OK)
        return cli_fail(&err);
    return s.first_failure == LK_OK ? CLI_OK : lk_status_exit(s.first_failure);
}
