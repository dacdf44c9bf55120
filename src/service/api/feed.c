/* The feed for partners' machines: docs/formats/feed.md. Asking may wait for news. */
#include "api.h"
#include "body.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/feed_snapshot.h"
#include "exchange/feed_chunk.h"
#include "service/context.h"

#include <string.h>

enum {
    MAX_WAIT_S = 30,
    CHUNK_CHANGES = 4096,
    CHUNK_BYTES = 4 << 20, /* of stored records; then the next chunk begins */
};

/* Reads n bytes as hexadecimal digits. */
static enum lk_status read_hex(const struct json_tree *tree, const char *name, uint8_t *out,
                               size_t n, struct lk_error *err)
{
    if (!json_get_hex(tree, name, out, n))
        return FAIL(err, LK_INVALID, "%s must be %zu hexadecimal digits", name, 2 * n);
    return LK_OK;
}

static void put_hex(struct json *j, const char *name, const void *bytes, size_t n)
{
    json_key(j, name);
    json_hex(j, bytes, n);
}

/* Where the beginning of the feed lies as files, if it does. */
static enum lk_status put_snapshot(struct service *service, const struct request *req,
                                   struct json *j, struct lk_error *err)
{
    struct feed_snapshot snapshot;
    struct lk_error why;
    struct buf url;
    if (service->config->snapshots == NULL)
        return LK_OK;
    enum lk_status status = feed_snapshot_get(service->registry, req->partner, &snapshot, &why);
    if (status == LK_NOT_FOUND)
        return LK_OK;
    if (status != LK_OK)
        return FAIL(err, status, "%s", why.text);
    buf_init(&url, &req->arena->alloc, 2048);
    buf_fmt(&url, "%s/%s/", service->config->snapshots, snapshot.name);
    TRY(buf_status(&url, "the address of the snapshot", err));
    json_key(j, "snapshot");
    json_object(j);
    json_put_text(j, "url", buf_text(&url));
    put_hex(j, "node", snapshot.node, sizeof snapshot.node);
    put_hex(j, "box_secret", snapshot.box_secret, sizeof snapshot.box_secret);
    json_end_object(j);
    seal_wipe(&snapshot, sizeof snapshot);
    return LK_OK;
}

static enum lk_status join(struct service *service, const struct request *req, struct response *res,
                           const struct json_tree *tree, struct lk_error *err)
{
    static const char *const members[] = {"box_key", "sign_key"};
    uint8_t box_key[SEAL_BOX_KEY_BYTES], sign_key[SEAL_SIGN_KEY_BYTES];
    uint8_t registry_key[SEAL_SIGN_KEY_BYTES];
    struct feed_node node;
    TRY(json_only(tree, "the request", members, COUNT(members), err));
    TRY(read_hex(tree, "box_key", box_key, sizeof box_key, err));
    TRY(read_hex(tree, "sign_key", sign_key, sizeof sign_key, err));
    TRY(feed_join(service->registry, req->partner, box_key, sign_key, &node, err));
    seal_sign_public(registry_feed_seed(service->registry), registry_key);
    struct json j;
    body_answer(res, &j);
    json_object(&j);
    put_hex(&j, "node", node.id, sizeof node.id);
    put_hex(&j, "registry_key", registry_key, sizeof registry_key);
    put_hex(&j, "digest_key", registry_digest_key(service->registry), SEAL_KEY_BYTES);
    TRY(put_snapshot(service, req, &j, err));
    json_end_object(&j);
    return LK_OK;
}

enum lk_status api_feed_join(struct service *service, const struct request *req,
                             struct response *res, struct lk_error *err)
{
    return body_json(service, req, res, join, err);
}

static enum lk_status find_node(struct service *service, const struct request *req,
                                const char *text, struct feed_node *out, struct lk_error *err)
{
    uint8_t id[FEED_ID_BYTES];
    if (text == NULL || strlen(text) != 2 * sizeof id || !hex_decode(text, id, sizeof id))
        return FAIL(err, LK_INVALID, "node must be the %zu digits that joining gave",
                    2 * sizeof id);
    return feed_node_get(service->registry, req->partner, id, out, err);
}

static enum lk_status write_chunk(struct service *service, const struct feed_node *node,
                                  const struct feed_page *page, struct response *res,
                                  struct lk_error *err)
{
    struct feed_chunk chunk = {
        .made_ms = registry_now_ms(service->registry),
        .more = page->more,
        .changes = page->changes,
        .n = page->n,
    };
    memcpy(chunk.node, node->id, sizeof chunk.node);
    memcpy(chunk.from, page->from, sizeof chunk.from);
    memcpy(chunk.to, page->to, sizeof chunk.to);
    res->content_type = FEED_CHUNK_TYPE;
    return feed_chunk_write(&res->body, &chunk, node->box_key,
                            registry_feed_seed(service->registry), err);
}

enum lk_status api_feed(struct service *service, const struct request *req, struct response *res,
                        struct lk_error *err)
{
    struct feed_node node;
    struct feed_page page;
    uint64_t wait_s;
    uint8_t from[FEED_CURSOR_BYTES];
    bool has_news;
    TRY(body_query_number(req, "wait", MAX_WAIT_S, &wait_s, err));
    TRY(find_node(service, req, form_get(&req->query, "node"), &node, err));
    if (!feed_cursor_take(form_get(&req->query, "after"), from))
        return FAIL(err, LK_INVALID, "after must be a cursor of %d characters, or left out",
                    FEED_CURSOR_CHARS);
    TRY(feed_has_news(service->registry, &node, from, &has_news, err));
    if (!has_news) {
        if (req->may_wait)
            res->wait_ms = (unsigned)wait_s * 1000;
        res->status = 204;
        return LK_OK;
    }
    TRY(feed_read(service->registry, &node, from, CHUNK_CHANGES, CHUNK_BYTES, req->arena, &page,
                  err));
    res->status = 200;
    return write_chunk(service, &node, &page, res, err);
}

static enum lk_status take_receipt(struct service *service, const struct request *req,
                                   struct response *res, const struct json_tree *tree,
                                   struct lk_error *err)
{
    static const char *const members[] = {"node", "body", "signature"};
    struct feed_receipt receipt = {.n_entries = 0};
    struct feed_deleted deleted;
    struct feed_node node;
    size_t n_hex = 0;
    TRY(json_only(tree, "the request", members, COUNT(members), err));
    TRY(find_node(service, req, json_get_text(tree, "node", &n_hex), &node, err));
    TRY(read_hex(tree, "signature", receipt.signature, sizeof receipt.signature, err));
    const char *hex = json_get_text(tree, "body", &n_hex);
    uint8_t *body = hex == NULL ? NULL : arena_alloc(req->arena, n_hex / 2 + 1);
    if (hex == NULL || n_hex % 2 != 0 || (body != NULL && !hex_decode(hex, body, n_hex / 2)))
        return FAIL(err, LK_INVALID, "body must be the receipt in hexadecimal digits");
    if (body == NULL)
        return request_no_memory(err);
    TRY(feed_receipt_read(body, n_hex / 2, &deleted, err));
    if (memcmp(deleted.node, node.id, sizeof node.id) != 0)
        return FAIL(err, LK_INVALID, "the receipt is of another node");
    memcpy(receipt.from, deleted.from, sizeof receipt.from);
    memcpy(receipt.to, deleted.to, sizeof receipt.to);
    receipt.n_entries = deleted.n_entries;
    receipt.n_withdrawn = (uint32_t)deleted.n;
    receipt.body = body;
    receipt.n_body = n_hex / 2;
    TRY(feed_confirm(service->registry, &node, &receipt, err));
    res->status = 204;
    return LK_OK;
}

enum lk_status api_feed_receipt(struct service *service, const struct request *req,
                                struct response *res, struct lk_error *err)
{
    return body_json(service, req, res, take_receipt, err);
}
