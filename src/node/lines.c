#include "node/lines.h"

#include "base/err.h"
#include "exchange/query_read.h"
#include "exchange/sequence_json.h"
#include "node/shelf.h"

#include <string.h>

static enum lk_status no_memory(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for this request");
}

static enum lk_status check_line(const struct node_line *line, struct lk_error *err)
{
    if (line->name != NULL)
        TRY(shelf_check_name(line->name, strlen(line->name), err));
    if (line->poster != NULL && strlen(line->poster) - 1 >= SHELF_MAX_NAME_BYTES)
        return FAIL(err, LK_INVALID, "a poster has 1 to %d bytes", SHELF_MAX_NAME_BYTES);
    return LK_OK;
}

enum lk_status lines_of_query(const struct request *req, struct node_line *out,
                              struct lk_error *err)
{
    *out = (struct node_line){.name = form_get(&req->query, "ref"),
                              .poster = form_get(&req->query, "poster")};
    return check_line(out, err);
}

/* Its own text, NULL when the member is missing. */
static enum lk_status take_text(const struct json_tree *tree, const char *member,
                                struct arena *arena, const char **out, struct lk_error *err)
{
    size_t n = 0;
    const char *text = json_get_text(tree, member, &n);
    if (text == NULL || *out != NULL)
        return LK_OK;
    *out = arena_copy(arena, text, n);
    return *out != NULL ? LK_OK : no_memory(err);
}

static enum lk_status read_line(const struct json_tree *tree, struct arena *arena,
                                struct lk_sequence *out, struct node_line *line,
                                struct lk_error *err)
{
    static const char *const members[] = {"print",  "sequence", "ref",   "id",     "path",
                                          "poster", "format",   "width", "height", "quality"};
    size_t n_print = 0;
    TRY(json_only(tree, "the line", members, sizeof members / sizeof members[0], err));
    TRY(take_text(tree, "ref", arena, &line->name, err));
    TRY(take_text(tree, "id", arena, &line->name, err));
    TRY(take_text(tree, "path", arena, &line->name, err));
    TRY(take_text(tree, "poster", arena, &line->poster, err));
    TRY(check_line(line, err));
    const char *print = json_get_text(tree, "print", &n_print);
    if (print == NULL)
        return sequence_json_read(json_get(tree, "sequence"), arena, out, err);
    struct lk_record *record = arena_zalloc(arena, 1, sizeof *record);
    if (record == NULL)
        return no_memory(err);
    *record = query_bare_record();
    *out = (struct lk_sequence){.medium = LK_IMAGE, .records = record, .n_records = 1};
    return lk_print_from_hex(&record->print, print, n_print, err);
}

static enum lk_status read_text_line(const char *text, size_t n, struct arena *arena,
                                     struct lk_sequence *out, struct node_line *line,
                                     struct lk_error *err)
{
    struct json_tree *tree;
    TRY(json_tree_parse(text, n, &tree, err));
    enum lk_status status = read_line(tree, arena, out, line, err);
    json_tree_free(tree);
    return status;
}

static size_t count_lines(const char *text, size_t n)
{
    size_t lines = n > 0 && text[n - 1] != '\n';
    for (size_t i = 0; i < n; i++)
        lines += text[i] == '\n';
    return lines;
}

enum lk_status lines_read(const struct request *req, struct node_lines *out, struct lk_error *err)
{
    size_t n = count_lines(req->body, req->n_body);
    *out = (struct node_lines){.n = 0};
    if (n > MATCH_MAX_QUERIES)
        return FAIL(err, LK_LIMIT, "%zu lines; the limit is %d", n, MATCH_MAX_QUERIES);
    out->sequences = arena_zalloc(req->arena, n + 1, sizeof *out->sequences);
    out->lines = arena_zalloc(req->arena, n + 1, sizeof *out->lines);
    if (out->sequences == NULL || out->lines == NULL)
        return no_memory(err);
    for (const char *at = req->body, *end = at + req->n_body; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = stop == NULL ? (size_t)(end - at) : (size_t)(stop - at), i = out->n;
        struct lk_error why = {0};
        enum lk_status status =
            length == 0
                ? LK_OK
                : read_text_line(at, length, req->arena, &out->sequences[i], &out->lines[i], &why);
        if (status != LK_OK)
            return FAIL(err, status, "line %zu: %s", i + 1, why.text);
        out->n += length > 0;
        at += length + (stop != NULL);
    }
    return LK_OK;
}
