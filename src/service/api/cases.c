/* Opening a case, looking at it, withdrawing it. The code is a secret: it travels in bodies, never
 * in an address, and is wiped from the stack. */
#include "api.h"
#include "body.h"

#include "base/err.h"
#include "cases/case.h"
#include "exchange/sequence_json.h"
#include "exchange/sequence_list.h"
#include "service/context.h"

#include <string.h>

/* ---- opening ---- */

static enum lk_status check_age(const struct json_tree *tree, struct response *res,
                                struct lk_error *err)
{
    const struct json_tree *age = json_get(tree, "age");
    const char *text = json_as_text(age, NULL);
    if (age == NULL)
        return FAIL(err, LK_INVALID, "age is missing: it must be \"adult\"");
    if (text != NULL && strcmp(text, "adult") == 0)
        return LK_OK;
    res->status = 403;
    res->problem_code = "under_18_route";
    return FAIL(err, LK_DENIED,
                "for pictures of someone under 18, or when unsure, the child hotlines are the way: "
                "see /under-18; nothing was stored");
}

static enum lk_status read_locations(const struct json_tree *list, struct arena *arena,
                                     struct case_request *out, struct lk_error *err)
{
    size_t n = json_array_length(list);
    if (json_is_null(list) || n == 0) {
        if (list != NULL && !json_is_array(list))
            return FAIL(err, LK_INVALID, "locations must be a list of texts");
        return LK_OK;
    }
    if (n > CASE_MAX_LOCATIONS)
        return FAIL(err, LK_LIMIT, "%zu locations; the limit is %d", n, CASE_MAX_LOCATIONS);
    struct case_text *locations = arena_zalloc(arena, n, sizeof *locations);
    if (locations == NULL)
        return request_no_memory(err);
    for (size_t i = 0; i < n; i++) {
        locations[i].text = json_as_text(json_at(list, i), &locations[i].n);
        if (locations[i].text == NULL)
            return FAIL(err, LK_INVALID, "location %zu is not a text", i + 1);
    }
    out->locations = locations;
    out->n_locations = n;
    return LK_OK;
}

/* What stands behind the first line of a body in two parts. */
static const char *second_part(const struct request *req, size_t *n)
{
    const char *end = memchr(req->body, '\n', req->n_body);
    *n = end == NULL ? 0 : req->n_body - (size_t)(end + 1 - req->body);
    return end == NULL ? NULL : end + 1;
}

static enum lk_status read_items(const struct request *req, const struct json_tree *tree,
                                 struct case_request *out, struct lk_error *err)
{
    static const char *const members[] = {"age", "items", "locations", "note"};
    static const char *const first_line[] = {"age", "locations", "note"};
    struct lk_sequence *sequences;
    size_t n;
    if (req->body_kind == BODY_CASE) {
        const char *items = second_part(req, &n);
        TRY(json_only(tree, "case", first_line, COUNT(first_line), err));
        TRY(sequence_list_read((const uint8_t *)items, n, CASE_MAX_ITEMS, req->arena, &sequences,
                               &out->n_sequences, err));
    } else {
        TRY(json_only(tree, "case", members, COUNT(members), err));
        TRY(sequence_json_read_list(json_get(tree, "items"), CASE_MAX_ITEMS, req->arena, &sequences,
                                    &out->n_sequences, err));
    }
    out->sequences = sequences;
    return LK_OK;
}

static enum lk_status read_case(const struct request *req, const struct json_tree *tree,
                                struct case_request *out, struct lk_error *err)
{
    TRY(read_items(req, tree, out, err));
    TRY(read_locations(json_get(tree, "locations"), req->arena, out, err));
    const struct json_tree *note = json_get(tree, "note");
    out->note.text = json_as_text(note, &out->note.n);
    if (note != NULL && out->note.text == NULL)
        return FAIL(err, LK_INVALID, "note must be a text");
    return body_idempotency(req, "open", &out->idempotency, err);
}

static enum lk_status open_case(struct service *service, const struct request *req,
                                struct response *res, const struct json_tree *tree,
                                struct lk_error *err)
{
    struct case_request request = {0};
    struct case_opened opened;
    if (!json_is_object(tree))
        return FAIL(err, LK_INVALID, "case: a JSON object is expected");
    TRY(check_age(tree, res, err));
    TRY(read_case(req, tree, &request, err));
    TRY(limits_open_begin(service, req, res, err));
    enum lk_status status = case_open(service->registry, &request, &opened, err);
    limits_open_end(service);
    TRY(status);
    struct json j;
    res->status = 201;
    body_answer(res, &j);
    json_object(&j);
    json_put_text(&j, "code", opened.code);
    json_put_u64(&j, "items", opened.n_items);
    body_day(&j, "expires", opened.expires_ms);
    json_end_object(&j);
    explicit_bzero(&opened, sizeof opened);
    return LK_OK;
}

enum lk_status api_case_open(struct service *service, const struct request *req,
                             struct response *res, struct lk_error *err)
{
    if (req->body_kind == BODY_JSON)
        return body_json(service, req, res, open_case, err);
    size_t n;
    if (second_part(req, &n) == NULL)
        return FAIL(err, LK_INVALID, "case: a line of JSON is expected, then the sequences");
    return body_json_text(service, req, res, req->body, req->n_body - n, open_case, err);
}

/* ---- looking ---- */

static enum lk_status login(struct service *service, const struct request *req,
                            struct response *res, const struct json_tree *tree,
                            struct case_access *access, struct lk_error *err)
{
    static const char *const members[] = {"code"};
    TRY(json_only(tree, "request", members, COUNT(members), err));
    size_t n = 0;
    const char *code = json_get_text(tree, "code", &n);
    if (code == NULL)
        return FAIL(err, LK_INVALID, "code is missing or not a text");
    TRY(limits_code_begin(service, req, res, err));
    enum lk_status status = case_login(service->registry, code, n, access, err);
    limits_code_end(service, req, status);
    return status;
}

static void write_items(struct json *j, const struct case_view *view)
{
    json_key(j, "items");
    json_array(j);
    for (size_t i = 0; i < view->n_items; i++) {
        const struct case_item *item = &view->items[i];
        json_object(j);
        json_put_u64(j, "number", item->number);
        json_put_text(j, "medium", lk_medium_name(item->medium));
        json_put_text(j, "tier", lk_tier_name(item->tier));
        json_put_bool(j, "in_force", item->in_force);
        json_put_u64(j, "copies", item->n_copies);
        json_end_object(j);
    }
    json_end_array(j);
}

static void write_copies(struct json *j, const struct case_view *view)
{
    json_key(j, "copies");
    json_array(j);
    for (size_t i = 0; i < view->n_copies; i++) {
        const struct case_copy *copy = &view->copies[i];
        json_object(j);
        json_put_text(j, "id", copy->id);
        json_put_text(j, "partner", copy->partner);
        body_time(j, "found", copy->found_ms);
        json_put_u64(j, "item", copy->item);
        json_put_text(j, "grade", lk_grade_name(copy->grade));
        json_put_text(j, "state", match_state_name(copy->state));
        if (copy->reason != MATCH_REASON_NONE)
            json_put_text(j, "reason", match_reason_name(copy->reason));
        body_time(j, "answered", copy->answered_ms);
        if (copy->note != NULL)
            json_put_text(j, "note", copy->note);
        json_end_object(j);
    }
    json_end_array(j);
    json_put_u64(j, "copies_total", view->n_copies_total);
}

static void write_view(struct json *j, const struct case_view *view)
{
    json_object(j);
    json_put_text(j, "state", case_state_name(view->state));
    body_day(j, "opened", view->opened_day_ms);
    body_day(j, "expires", view->expires_ms);
    body_day(j, "closed", view->closed_day_ms);
    write_items(j, view);
    write_copies(j, view);
    json_key(j, "locations");
    json_array(j);
    for (size_t i = 0; i < view->n_locations; i++)
        json_text_n(j, view->locations[i].text, view->locations[i].n);
    json_end_array(j);
    if (view->note.n > 0) {
        json_key(j, "note");
        json_text_n(j, view->note.text, view->note.n);
    }
    json_end_object(j);
}

static enum lk_status show_case(struct service *service, const struct request *req,
                                struct response *res, const struct json_tree *tree,
                                struct lk_error *err)
{
    struct case_access access;
    struct case_view view;
    TRY(login(service, req, res, tree, &access, err));
    enum lk_status status = case_view(service->registry, &access, req->arena, &view, err);
    case_logout(&access);
    TRY(status);
    struct json j;
    body_answer(res, &j);
    write_view(&j, &view);
    return LK_OK;
}

enum lk_status api_case_status(struct service *service, const struct request *req,
                               struct response *res, struct lk_error *err)
{
    return body_json(service, req, res, show_case, err);
}

/* ---- withdrawing ---- */

static enum lk_status withdraw_case(struct service *service, const struct request *req,
                                    struct response *res, const struct json_tree *tree,
                                    struct lk_error *err)
{
    struct case_access access;
    size_t n_entries = 0;
    TRY(login(service, req, res, tree, &access, err));
    enum lk_status status = case_withdraw(service->registry, &access, &n_entries, err);
    case_logout(&access);
    TRY(status);
    struct json j;
    body_answer(res, &j);
    json_object(&j);
    json_put_u64(&j, "withdrawn", n_entries);
    json_end_object(&j);
    return LK_OK;
}

enum lk_status api_case_withdraw(struct service *service, const struct request *req,
                                 struct response *res, struct lk_error *err)
{
    return body_json(service, req, res, withdraw_case, err);
}
