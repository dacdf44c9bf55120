#include "reply.h"

#include "base/err.h"
#include "body.h"

enum lk_status reply_read_said(const struct json_tree *tree, struct match_reply *out,
                               struct lk_error *err)
{
    size_t n = 0;
    const char *outcome = json_get_text(tree, "outcome", &n);
    out->outcome = outcome == NULL ? 0 : match_state_from_name(outcome, n);
    if (out->outcome == 0 || out->outcome == MATCH_FOUND)
        return FAIL(err, LK_INVALID, "outcome is missing or not a name that is known");
    const struct json_tree *reason = json_get(tree, "reason");
    const char *name = json_as_text(reason, &n);
    out->reason = name == NULL ? MATCH_REASON_NONE : match_reason_from_name(name, n);
    if (!json_is_null(reason) && out->reason == MATCH_REASON_NONE)
        return FAIL(err, LK_INVALID, "reason is not a name that is known");
    const struct json_tree *note = json_get(tree, "note");
    out->note = json_as_text(note, &out->n_note);
    if (!json_is_null(note) && out->note == NULL)
        return FAIL(err, LK_INVALID, "note must be a text");
    return LK_OK;
}

enum lk_status reply_read(const struct request *req, const struct json_tree *tree,
                          struct match_reply *out, struct lk_error *err)
{
    static const char *const members[] = {"outcome", "reason", "note"};
    TRY(json_only(tree, "answer", members, COUNT(members), err));
    TRY(reply_read_said(tree, out, err));
    return body_idempotency(req, req->path, &out->idempotency, err);
}
