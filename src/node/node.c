/* Open, serve, close. Signals are blocked before any thread starts and then waited for. */
#include "node/node.h"

#include "base/err.h"
#include "node/follow.h"
#include "sys/file.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static enum lk_status path_in(const struct node *node, const char *name, char out[NODE_PATH_BYTES],
                              struct lk_error *err)
{
    int n = snprintf(out, NODE_PATH_BYTES, "%s/%s", node->config->directory, name);
    return n > 0 && n < NODE_PATH_BYTES
               ? LK_OK
               : FAIL(err, LK_INVALID, "the path of the directory is longer than %d bytes",
                      NODE_PATH_BYTES);
}

static enum lk_status open_bank(struct node *node, struct lk_error *err)
{
    char path[NODE_PATH_BYTES];
    struct lk_error why;
    const struct bank_config config = {.mode = BANK_WRITE, .key = keys_get(node->keys, KEY_BANK)};
    TRY(path_in(node, "bank", path, err));
    enum lk_status status = bank_open(path, &config, &node->bank, &why);
    if (status == LK_NOT_FOUND) {
        TRY(bank_create(path, config.key, err));
        return bank_open(path, &config, &node->bank, err);
    }
    return status == LK_OK ? LK_OK : FAIL(err, status, "%s", why.text);
}

/* A damaged part of the bank is left out and comes again only from the beginning. */
static enum lk_status check_bank(struct node *node, struct lk_error *err)
{
    if (bank_stats(node->bank).n_damaged == 0)
        return LK_OK;
    LOG(&node->config->log, LOG_LEVEL_ERROR, "bank", LOG_TEXT("problem", "damaged, filled anew"));
    char path[NODE_PATH_BYTES];
    TRY(path_in(node, "bank", path, err));
    bank_close(node->bank);
    node->bank = NULL;
    TRY(bank_destroy(path, err));
    memset(node->state.cursor, 0, sizeof node->state.cursor);
    TRY(state_save(node->state_path, node->keys, &node->state, err));
    return open_bank(node, err);
}

/* What is the platform's own. */
static enum lk_status open_own(struct node *node, struct lk_error *err)
{
    char path[NODE_PATH_BYTES];
    TRY(shelf_open(node->config->directory, "archive", node->keys, &node->archive, err));
    TRY(shelf_open(node->config->directory, "allow", node->keys, &node->allow, err));
    TRY(path_in(node, "findings", path, err));
    TRY(findings_open(path, node->keys, &node->findings, err));
    TRY(path_in(node, "quarantine", path, err));
    return quarantine_open(path, node->keys, &node->config->quarantine, &node->quarantine, err);
}

static enum lk_status open_parts(struct node *node, struct lk_error *err)
{
    const struct route_table routes = node_routes();
    TRY(file_make_dirs(node->config->directory, 0700, err));
    TRY(path_in(node, "state", node->state_path, err));
    TRY(path_in(node, "marks", node->marks_path, err));
    TRY(keys_load(node->config->key_path, true, &node->keys, err));
    TRY(open_bank(node, err));
    TRY(state_load(node->state_path, node->keys, &node->state, err));
    TRY(check_bank(node, err));
    TRY(marks_load(node->marks_path, node->keys, &node->marks, err));
    TRY(open_own(node, err));
    atomic_store(&node->current_ms, node->state.current_ms);
    TRY(state_save(node->state_path, node->keys, &node->state, err));
    return metrics_new(&routes, &node->metrics, err);
}

static void *follower_main(void *ctx)
{
    follow_run(ctx);
    return NULL;
}

static enum lk_status serve(struct node *node, const sigset_t *ends, struct lk_error *err)
{
    const struct node_config *config = node->config;
    const struct http_app app = node_app(node);
    pthread_t follower;
    if (config->takes_media) /* its helper process first, before there are threads */
        TRY(media_open(NULL, NULL, &node->media, err));
    TRY(open_parts(node, err));
    TRY(http_start(&config->http, &app, &node->http, err));
    bool follows = config->registry != NULL;
    if (follows && pthread_create(&follower, NULL, follower_main, node) != 0)
        return FAIL(err, LK_INTERNAL, "the node cannot start a thread");
    LOG(&config->log, LOG_LEVEL_INFO, "serving", LOG_NUMBER("port", http_port(node->http)),
        LOG_NUMBER("entries", bank_stats(node->bank).n_entries));
    if (config->on_ready != NULL)
        config->on_ready(config->on_ready_ctx, config->http.host, http_port(node->http));
    int signal_number;
    sigwait(ends, &signal_number);
    atomic_store(&node->stop, true);
    if (follows)
        pthread_join(follower, NULL);
    return LK_OK;
}

enum lk_status node_run(const struct node_config *config, struct lk_error *err)
{
    sigset_t ends, before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, &before);
    signal(SIGPIPE, SIG_IGN);
    struct node node = {.config = config};
    pthread_mutex_init(&node.problem_lock, NULL);
    enum lk_status status = serve(&node, &ends, err);
    http_stop(node.http);
    bank_close(node.bank);
    marks_free(node.marks);
    shelf_close(node.archive);
    shelf_close(node.allow);
    quarantine_close(node.quarantine);
    findings_close(node.findings);
    metrics_free(node.metrics);
    media_close(node.media);
    if (node.keys != NULL)
        state_fini(&node.state);
    keys_free(node.keys);
    pthread_mutex_destroy(&node.problem_lock);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}
