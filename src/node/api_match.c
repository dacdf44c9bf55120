/* Queries: one print as it is, many as JSON, lines or a message, a file. */
#include "node/api.h"

#include "base/err.h"
#include "base/hex.h"
#include "exchange/match_write.h"
#include "exchange/query_read.h"
#include "media/query.h"
#include "node/lines.h"
#include "node/look.h"
#include "node/match.h"
#include "sys/json_time.h"

#include <string.h>

/* ---- one print ---- */

static enum lk_status read_one(const struct request *req, struct lk_record *r, struct lk_error *err)
{
    size_t n = req->n_body;
    *r = query_bare_record();
    if (req->body_kind == BODY_MEDIA) {
        if (n != LK_PRINT_BYTES)
            return FAIL(err, LK_INVALID, "a print has %d bytes, not %zu", LK_PRINT_BYTES, n);
        lk_print_from_bytes(&r->print, (const uint8_t *)req->body);
        return LK_OK;
    }
    while (n > 0 && (req->body[n - 1] == '\n' || req->body[n - 1] == '\r'))
        n--;
    return lk_print_from_hex(&r->print, req->body, n, err);
}

enum lk_status node_api_lookup(struct node *node, const struct request *req, struct response *res,
                               struct lk_error *err)
{
    static const char nothing[] = "{\"results\":[],\"refused\":[]}";
    struct lk_record record;
    struct match_result *results;
    struct node_line line;
    TRY(read_one(req, &record, err));
    const struct lk_sequence query = {.medium = LK_IMAGE, .records = &record, .n_records = 1};
    TRY(lines_of_query(req, &line, err));
    TRY(node_match(node, &query, &line, 1, req->arena, &results, err));
    TRY(look_note_uploads(node, results, &line, 1, req->arena, err));
    res->content_type = "application/json";
    if (results->n == 0 && !results->refused) {
        res->fixed = nothing;
        res->n_fixed = sizeof nothing - 1;
    } else {
        match_write_json(&res->body, &query, results, 1);
    }
    return LK_OK;
}

/* ---- many ---- */

/* The names that a request in JSON gives. NULL: it gives none. */
static enum lk_status names_of(const struct queries *q, struct arena *arena, struct node_line **out,
                               struct lk_error *err)
{
    *out = NULL;
    if (q->refs == NULL)
        return LK_OK;
    *out = arena_zalloc(arena, q->n, sizeof **out);
    if (*out == NULL)
        return request_no_memory(err);
    for (size_t i = 0; i < q->n; i++) {
        const struct match_ref *ref = &q->refs[i];
        if (ref->text == NULL)
            continue;
        TRY(shelf_check_name(ref->text, ref->n, err));
        (*out)[i].name = arena_copy(arena, ref->text, ref->n);
        if ((*out)[i].name == NULL)
            return request_no_memory(err);
    }
    return LK_OK;
}

static enum lk_status answer(struct node *node, const struct request *req, struct response *res,
                             const struct queries *q, const struct node_line *lines,
                             struct lk_error *err)
{
    struct match_result *results;
    if (q->n == 0)
        return FAIL(err, LK_INVALID, "there is nothing to search: the list is empty");
    TRY(node_match(node, q->sequences, lines, q->n, req->arena, &results, err));
    if (lines != NULL)
        TRY(look_note_uploads(node, results, lines, q->n, req->arena, err));
    const char *accept = req->headers[HEADER_ACCEPT];
    bool binary = accept != NULL && strstr(accept, MATCH_BINARY_TYPE) != NULL;
    res->content_type = binary ? MATCH_BINARY_TYPE : "application/json";
    if (binary)
        match_write_binary(&res->body, results, q->n);
    else
        match_write_json(&res->body, q->sequences, results, q->n);
    return LK_OK;
}

static enum lk_status match_json(struct node *node, const struct request *req, struct response *res,
                                 struct lk_error *err)
{
    struct json_tree *tree;
    struct queries q = {.n = 0};
    TRY(json_tree_parse(req->body, req->n_body, &tree, err));
    struct node_line *lines = NULL;
    enum lk_status status = query_read_json(tree, req->arena, &q, err);
    if (status == LK_OK)
        status = names_of(&q, req->arena, &lines, err);
    if (status == LK_OK)
        status = answer(node, req, res, &q, lines, err);
    json_tree_free(tree);
    return status;
}

/* ---- lines ---- */

static void write_line(struct buf *out, const struct lk_sequence *query,
                       const struct node_line *line, const struct match_result *result,
                       size_t number)
{
    struct json j;
    struct lk_error why = {0};
    json_init(&j, out);
    json_object(&j);
    json_put_u64(&j, "index", number);
    if (line->name != NULL)
        json_put_text(&j, "ref", line->name);
    json_key(&j, "matches");
    json_array(&j);
    for (size_t i = 0; i < result->n; i++)
        match_write(&j, &result->matches[i]);
    json_end_array(&j);
    if (result->refused && registry_refusal(query, &why) != LK_OK)
        json_put_text(&j, "refused", why.text);
    json_end_object(&j);
    buf_char(out, '\n');
}

static enum lk_status match_lines(struct node *node, const struct request *req,
                                  struct response *res, struct lk_error *err)
{
    struct node_lines lines;
    struct match_result *results;
    TRY(lines_read(req, &lines, err));
    TRY(node_match(node, lines.sequences, lines.lines, lines.n, req->arena, &results, err));
    TRY(look_note_uploads(node, results, lines.lines, lines.n, req->arena, err));
    res->content_type = "application/x-ndjson";
    for (size_t i = 0; i < lines.n; i++)
        write_line(&res->body, &lines.sequences[i], &lines.lines[i], &results[i], i);
    return LK_OK;
}

enum lk_status node_api_match(struct node *node, const struct request *req, struct response *res,
                              struct lk_error *err)
{
    struct queries q = {.n = 0};
    if (req->body_kind == BODY_JSON)
        return match_json(node, req, res, err);
    if (req->body_kind == BODY_LINES)
        return match_lines(node, req, res, err);
    TRY(query_read_message(req->body, req->n_body, req->arena, &q, err));
    return answer(node, req, res, &q, NULL, err);
}

/* ---- a file ---- */

enum lk_status node_api_file(struct node *node, const struct request *req, struct response *res,
                             struct lk_error *err)
{
    struct lk_sequence query;
    const struct queries q = {.sequences = &query, .n = 1};
    struct node_line line;
    TRY(lines_of_query(req, &line, err));
    TRY(media_query(node->media, req->body, req->n_body, &req->arena->alloc, &query, err));
    return answer(node, req, res, &q, &line, err);
}

/* ---- what is known of an entry ---- */

struct entry_view {
    struct node *node;
    struct json *j;
};

static enum lk_status show_entry(void *ctx, const struct bank_entry *entry, struct lk_error *err)
{
    struct entry_view *view = ctx;
    struct json *j = view->j;
    (void)err;
    struct mark mark = marks_get(view->node->marks, entry->id, entry->scope);
    json_object(j);
    json_key(j, "entry");
    json_hex(j, entry->id, sizeof entry->id);
    json_put_text(j, "medium", lk_medium_name(entry->sequence.medium));
    json_put_text(j, "tier", lk_tier_name(entry->tier));
    if (mark.last_day != MARKS_NO_DAY)
        json_put_day(j, "last_day", (int64_t)mark.last_day * CLOCK_DAY_MS);
    if (mark.brake != 0)
        json_put_text(j, "braked", match_reason_name(mark.brake));
    json_key(j, "laws");
    json_array(j);
    for (const char *law = mark.laws; *law != '\0';) {
        size_t n = strcspn(law, ",");
        json_text_n(j, law, n);
        law += n + (law[n] == ',');
    }
    json_end_array(j);
    json_end_object(j);
    return LK_OK;
}

enum lk_status node_api_entry(struct node *node, const struct request *req, struct response *res,
                              struct lk_error *err)
{
    uint8_t id[BANK_ID_BYTES];
    struct json j;
    struct entry_view view = {node, &j};
    if (strlen(req->params[0]) != 2 * sizeof id || !hex_decode(req->params[0], id, sizeof id))
        return FAIL(err, LK_NOT_FOUND, "no entry has this id");
    res->content_type = "application/json";
    json_init(&j, &res->body);
    return bank_get(node->bank, id, show_entry, &view, err);
}
