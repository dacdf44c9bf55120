/* How the node is: does it answer, does it hold anything, how old is what it holds. */
#include "node/api.h"

#include "base/err.h"
#include "base/json.h"
#include "sys/clock.h"
#include "sys/json_time.h"

static int64_t age_s(const struct node *node)
{
    struct clock clock = clock_real();
    int64_t current_ms = atomic_load(&node->current_ms);
    return current_ms == 0 ? -1 : (clock_now_ms(&clock) - current_ms) / 1000;
}

enum lk_status node_api_status(struct node *node, const struct request *req, struct response *res,
                               struct lk_error *err)
{
    (void)req, (void)err;
    struct bank_stats bank = bank_stats(node->bank);
    struct json j;
    res->content_type = "application/json";
    json_init(&j, &res->body);
    json_object(&j);
    json_put_u64(&j, "entries", bank.n_entries);
    json_put_u64(&j, "archived", shelf_count(node->archive));
    json_put_u64(&j, "allowed", shelf_count(node->allow));
    json_put_u64(&j, "quarantined", quarantine_count(node->quarantine));
    json_put_u64(&j, "findings_open", findings_open_count(node->findings));
    json_put_bool(&j, "following", atomic_load(&node->is_current));
    json_put_time(&j, "current", atomic_load(&node->current_ms));
    if (age_s(node) >= 0)
        json_put_i64(&j, "age_seconds", age_s(node));
    json_put_bool(&j, "shadow", node->config->is_shadow);
    pthread_mutex_lock(&node->problem_lock);
    if (node->problem[0] != '\0')
        json_put_text(&j, "problem", node->problem);
    pthread_mutex_unlock(&node->problem_lock);
    json_end_object(&j);
    return LK_OK;
}

enum lk_status node_api_livez(struct node *node, const struct request *req, struct response *res,
                              struct lk_error *err)
{
    (void)node, (void)req, (void)err;
    res->content_type = "text/plain; charset=utf-8";
    res->fixed = "ok\n";
    res->n_fixed = 3;
    return LK_OK;
}

enum lk_status node_api_readyz(struct node *node, const struct request *req, struct response *res,
                               struct lk_error *err)
{
    (void)req;
    if (node->config->registry != NULL && atomic_load(&node->current_ms) == 0) {
        res->status = 503;
        return FAIL(err, LK_BUSY,
                    "the node never held what the registry holds: it is still reading");
    }
    res->content_type = "text/plain; charset=utf-8";
    buf_str(&res->body, "ready\n");
    return LK_OK;
}

enum lk_status node_api_metrics(struct node *node, const struct request *req, struct response *res,
                                struct lk_error *err)
{
    static const struct {
        const char *name, *help;
    } counts[N_COUNTS] = {
        [COUNT_QUERIES] = {"likeness_node_queries_total", "Sequences searched."},
        [COUNT_MATCHES] = {"likeness_node_matches_total", "Entries that queries matched."},
        [COUNT_CHUNKS] = {"likeness_node_chunks_total", "Chunks of the feed that were applied."},
        [COUNT_ADDED] = {"likeness_node_added_total", "Entries that were added."},
        [COUNT_DELETED] = {"likeness_node_deleted_total", "Entries that were deleted."},
        [COUNT_FINDINGS] = {"likeness_node_findings_total", "New findings in own contents."},
    };
    (void)req, (void)err;
    struct bank_stats bank = bank_stats(node->bank);
    struct buf *out = &res->body;
    res->content_type = "text/plain; version=0.0.4";
    metrics_sample(out, "likeness_bank_entries", "gauge", "Entries in force.", bank.n_entries);
    metrics_sample(out, "likeness_bank_bytes", "gauge", "Memory of the bank.", bank.n_bytes);
    metrics_sample(out, "likeness_node_following", "gauge",
                   "1 while it holds what the registry holds.", atomic_load(&node->is_current));
    metrics_sample(out, "likeness_node_quarantined", "gauge",
                   "Entries that wait for a person to release them.",
                   quarantine_count(node->quarantine));
    if (age_s(node) >= 0)
        metrics_sample(out, "likeness_node_age_seconds", "gauge",
                       "Since it last held what the registry held.", (uint64_t)age_s(node));
    for (unsigned i = 0; i < N_COUNTS; i++)
        metrics_sample(out, counts[i].name, "counter", counts[i].help,
                       atomic_load(&node->counts[i]));
    metrics_write(node->metrics, out);
    return LK_OK;
}
