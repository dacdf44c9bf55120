#include "case_texts.h"
#include "body.h"

#include "base/err.h"

static enum lk_status read_text(const struct json_tree *v, struct arena *arena,
                                struct case_typed *out, struct lk_error *err)
{
    static const char *const members[] = {"kind", "text", "own", "desk"};
    TRY(json_only(v, "text", members, COUNT(members), err));
    *out = (struct case_typed){.kind = case_text_kind_of(json_get_text(v, "kind", NULL))};
    out->text = json_get_text(v, "text", &out->n);
    if (out->text != NULL)
        return LK_OK;
    if (!body_bytes(v, "own", arena, &out->own, &out->n_own) ||
        !body_bytes(v, "desk", arena, &out->desk, &out->n_desk))
        return FAIL(err, LK_INVALID, "it has neither a text nor two sealed boxes in base64url");
    return LK_OK;
}

enum lk_status case_texts_read(const struct json_tree *list, struct arena *arena,
                               struct case_request *out, struct lk_error *err)
{
    size_t n = json_array_length(list);
    if (list != NULL && !json_is_array(list))
        return FAIL(err, LK_INVALID, "texts must be a list");
    if (n > CASE_MAX_TEXTS)
        return FAIL(err, LK_LIMIT, "%zu texts; the limit is %d", n, CASE_MAX_TEXTS);
    struct case_typed *texts = arena_zalloc(arena, n + 1, sizeof *texts);
    if (texts == NULL)
        return request_no_memory(err);
    for (size_t i = 0; i < n; i++) {
        struct lk_error why;
        enum lk_status status = read_text(json_at(list, i), arena, &texts[i], &why);
        if (status != LK_OK)
            return FAIL(err, status, "text %zu: %s", i + 1, why.text);
    }
    out->texts = texts;
    out->n_texts = n;
    return LK_OK;
}

enum lk_status case_texts_parse(const char *json, size_t n, struct arena *arena,
                                struct case_request *out, struct lk_error *err)
{
    struct json_tree *tree;
    TRY(json_tree_parse(json, n, &tree, err));
    enum lk_status status = case_texts_read(tree, arena, out, err);
    json_tree_free(tree);
    for (size_t i = 0; status == LK_OK && i < out->n_texts; i++)
        if (out->texts[i].text != NULL)
            status = FAIL(err, LK_INVALID, "text %zu is not sealed", i + 1);
    return status;
}
