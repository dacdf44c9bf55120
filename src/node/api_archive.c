/* The platform's own contents, and what it knows to be lawful: put there, listed, removed. */
#include "node/api.h"

#include "base/err.h"
#include "base/json.h"
#include "cases/registry.h"
#include "node/lines.h"
#include "node/page.h"

#include <string.h>

/* Lines that may be searched for, and why the others may not. */
static enum lk_status choose(const struct node_lines *lines, struct shelf_item *items, size_t *n,
                             struct json *refused, struct lk_error *err)
{
    *n = 0;
    json_array(refused);
    for (size_t i = 0; i < lines->n; i++) {
        struct lk_error why = {0};
        const struct lk_sequence *s = &lines->sequences[i];
        const char *name = lines->lines[i].name;
        if (name == NULL)
            return FAIL(err, LK_INVALID, "line %zu: id is missing", i + 1);
        if (registry_refusal(s, &why) == LK_OK) {
            items[(*n)++] = (struct shelf_item){name, strlen(name), *s};
            continue;
        }
        json_object(refused);
        json_put_text(refused, "id", name);
        json_put_text(refused, "reason", why.text);
        json_end_object(refused);
    }
    json_end_array(refused);
    return LK_OK;
}

static enum lk_status put(struct shelf *shelf, const struct request *req, struct response *res,
                          struct lk_error *err)
{
    struct node_lines lines;
    struct json j;
    size_t n, n_new;
    TRY(lines_read(req, &lines, err));
    struct shelf_item *items = arena_zalloc(req->arena, lines.n + 1, sizeof *items);
    if (items == NULL)
        return request_no_memory(err);
    res->content_type = "application/json";
    json_init(&j, &res->body);
    json_object(&j);
    json_key(&j, "refused");
    TRY(choose(&lines, items, &n, &j, err));
    TRY(shelf_put(shelf, items, n, &n_new, err));
    json_put_u64(&j, "added", n_new);
    json_put_u64(&j, "replaced", n - n_new);
    json_put_u64(&j, "count", shelf_count(shelf));
    json_end_object(&j);
    return LK_OK;
}

static enum lk_status list(struct shelf *shelf, const struct request *req, struct response *res,
                           struct lk_error *err)
{
    struct page page;
    struct json j;
    uint8_t id[BANK_ID_BYTES];
    const char *name = NULL;
    TRY(page_read(req, &page, err));
    res->content_type = "application/json";
    json_init(&j, &res->body);
    json_object(&j);
    json_put_u64(&j, "count", shelf_count(shelf));
    json_key(&j, "ids");
    json_array(&j);
    for (size_t i = 0; i < page.limit; i++) {
        name = shelf_next(shelf, &page.after, id, req->arena);
        if (name == NULL)
            break;
        json_text(&j, name);
    }
    json_end_array(&j);
    if (name != NULL)
        json_put_u64(&j, "after", page.after);
    json_end_object(&j);
    return LK_OK;
}

static enum lk_status take_away(struct shelf *shelf, const struct request *req,
                                struct response *res, struct lk_error *err)
{
    const char *name = form_get(&req->query, "id");
    struct json j;
    if (name == NULL)
        return FAIL(err, LK_INVALID, "id is missing");
    TRY(shelf_remove(shelf, name, strlen(name), err));
    res->content_type = "application/json";
    json_init(&j, &res->body);
    json_object(&j);
    json_put_u64(&j, "count", shelf_count(shelf));
    json_end_object(&j);
    return LK_OK;
}

enum lk_status node_api_archive_put(struct node *node, const struct request *req,
                                    struct response *res, struct lk_error *err)
{
    return put(node->archive, req, res, err);
}

enum lk_status node_api_archive_list(struct node *node, const struct request *req,
                                     struct response *res, struct lk_error *err)
{
    return list(node->archive, req, res, err);
}

enum lk_status node_api_archive_remove(struct node *node, const struct request *req,
                                       struct response *res, struct lk_error *err)
{
    return take_away(node->archive, req, res, err);
}

enum lk_status node_api_allow_put(struct node *node, const struct request *req,
                                  struct response *res, struct lk_error *err)
{
    return put(node->allow, req, res, err);
}

enum lk_status node_api_allow_list(struct node *node, const struct request *req,
                                   struct response *res, struct lk_error *err)
{
    return list(node->allow, req, res, err);
}

enum lk_status node_api_allow_remove(struct node *node, const struct request *req,
                                     struct response *res, struct lk_error *err)
{
    return take_away(node->allow, req, res, err);
}
