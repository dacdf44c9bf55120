/* Entries that so many post that a person must look first. */
#include "node/api.h"

#include "base/err.h"
#include "base/hex.h"
#include "base/json.h"
#include "sys/json_time.h"

#include <string.h>

static void write_one(struct json *j, const struct quarantined *x)
{
    json_object(j);
    json_key(j, "entry");
    json_hex(j, x->entry, sizeof x->entry);
    json_put_text(j, "state", x->released ? "released" : "quarantined");
    json_put_time(j, "since", x->since_ms);
    json_end_object(j);
}

enum lk_status node_api_quarantine(struct node *node, const struct request *req,
                                   struct response *res, struct lk_error *err)
{
    struct quarantined *list;
    struct json j;
    size_t n;
    TRY(quarantine_list(node->quarantine, req->arena, &list, &n, err));
    res->content_type = "application/json";
    json_init(&j, &res->body);
    json_object(&j);
    json_key(&j, "entries");
    json_array(&j);
    for (size_t i = 0; i < n; i++)
        write_one(&j, &list[i]);
    json_end_array(&j);
    json_end_object(&j);
    return LK_OK;
}

enum lk_status node_api_release(struct node *node, const struct request *req, struct response *res,
                                struct lk_error *err)
{
    uint8_t id[BANK_ID_BYTES];
    struct json j;
    if (strlen(req->params[0]) != 2 * sizeof id || !hex_decode(req->params[0], id, sizeof id))
        return FAIL(err, LK_NOT_FOUND, "no entry has this id");
    TRY(quarantine_release(node->quarantine, id, err));
    res->content_type = "application/json";
    json_init(&j, &res->body);
    json_object(&j);
    json_put_text(&j, "entry", req->params[0]);
    json_put_text(&j, "state", "released");
    json_end_object(&j);
    return LK_OK;
}
