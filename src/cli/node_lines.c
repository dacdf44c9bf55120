#include "node_lines.h"

#include "base/err.h"
#include "exchange/sequence_json.h"

enum { MOST = 500, FULL_BYTES = 4 << 20, MAX_BYTES = 16 << 20 };

void node_sender_init(struct node_sender *s)
{
    buf_init(&s->lines, lk_alloc_heap(), MAX_BYTES);
}

void node_sender_fini(struct node_sender *s)
{
    buf_fini(&s->lines);
}

enum lk_status node_send_rest(struct node_sender *s, struct lk_error *err)
{
    struct json_tree *answer;
    size_t n = s->n;
    if (n == 0)
        return LK_OK;
    TRY(buf_status(&s->lines, "the lines of a request", err));
    TRY(node_ask(
        s->call,
        &(struct node_ask){"POST", s->path, "application/x-ndjson", s->lines.p, s->lines.n},
        &answer, err));
    buf_clear(&s->lines);
    s->n = 0;
    enum lk_status status = s->on_answer(s->ctx, answer, n, err);
    json_tree_free(answer);
    return status;
}

static enum lk_status end_line(struct node_sender *s, struct lk_error *err)
{
    buf_char(&s->lines, '\n');
    s->n++;
    bool is_full = s->n >= (s->most == 0 ? MOST : s->most) || s->lines.n >= FULL_BYTES;
    return is_full ? node_send_rest(s, err) : LK_OK;
}

enum lk_status node_send_sequence(struct node_sender *s, const char *name,
                                  const struct lk_sequence *sequence, struct lk_error *err)
{
    struct json j;
    json_init(&j, &s->lines);
    json_object(&j);
    json_put_text(&j, "id", name);
    json_key(&j, "sequence");
    sequence_json_write(&j, sequence);
    json_end_object(&j);
    return end_line(s, err);
}

enum lk_status node_send_line(struct node_sender *s, const char *line, size_t n,
                              struct lk_error *err)
{
    buf_put(&s->lines, line, n);
    return end_line(s, err);
}
