/* The file, after its head: the arrays of struct node_state in order,
 * flags (1: has joined, 2: a receipt follows), current_ms, and the receipt: length, body,
 * signature.
 */
#include "node/state.h"

#include "base/err.h"
#include "base/le.h"
#include "node/sealed_file.h"
#include "sys/rand.h"

#include <string.h>

enum {
    ARRAYS_BYTES = SEAL_BOX_KEY_BYTES + SEAL_KEY_BYTES + FEED_ID_BYTES + SEAL_SIGN_KEY_BYTES +
                   SEAL_KEY_BYTES + 2 * FEED_CURSOR_BYTES,
    FIXED_BYTES = ARRAYS_BYTES + 8 + 8 + 4,
    MAX_BYTES = 1 << 20,
    HAS_JOINED = 1,
    HAS_RECEIPT = 2,
};

static const char head[SEALED_FILE_HEAD_BYTES] = {'L', 'K', 'N', 'S', 1};

/* Both ways through the arrays, in the order of the file. */
struct walk {
    uint8_t *plain;
    size_t at;
    bool writes;
};

static void pass(struct walk *w, void *bytes, size_t n)
{
    if (w->writes)
        memcpy(w->plain + w->at, bytes, n);
    else
        memcpy(bytes, w->plain + w->at, n);
    w->at += n;
}

static void pass_arrays(struct walk *w, struct node_state *s)
{
    pass(w, s->box_secret, sizeof s->box_secret);
    pass(w, s->sign_seed, sizeof s->sign_seed);
    pass(w, s->node, sizeof s->node);
    pass(w, s->registry_key, sizeof s->registry_key);
    pass(w, s->digest_key, sizeof s->digest_key);
    pass(w, s->cursor, sizeof s->cursor);
    pass(w, s->signed_to, sizeof s->signed_to);
}

static void begin(struct node_state *s)
{
    uint8_t unused[SEAL_BOX_KEY_BYTES];
    seal_box_new(unused, s->box_secret);
    rand_bytes(s->sign_seed, sizeof s->sign_seed);
    buf_init(&s->receipt.body, lk_alloc_heap(), MAX_BYTES);
}

static enum lk_status damaged(const char *path, struct lk_error *err)
{
    return FAIL(err, LK_CORRUPT,
                "'%s' is damaged, or sealed under another key: with the right key nothing is lost; "
                "without it, remove the directory and the node begins anew",
                path);
}

static enum lk_status read_plain(const char *path, uint8_t *plain, size_t n, struct node_state *s,
                                 struct lk_error *err)
{
    struct walk w = {.plain = plain};
    if (n < FIXED_BYTES)
        return damaged(path, err);
    pass_arrays(&w, s);
    uint64_t flags = le_get64(plain + w.at);
    s->current_ms = (int64_t)le_get64(plain + w.at + 8);
    size_t n_body = le_get32(plain + w.at + 16);
    s->has_joined = (flags & HAS_JOINED) != 0;
    s->receipt.is_there = (flags & HAS_RECEIPT) != 0;
    if (n != FIXED_BYTES + n_body + (s->receipt.is_there ? SEAL_SIGNATURE_BYTES : 0))
        return damaged(path, err);
    buf_put(&s->receipt.body, plain + FIXED_BYTES, n_body);
    if (s->receipt.is_there)
        memcpy(s->receipt.signature, plain + FIXED_BYTES + n_body, SEAL_SIGNATURE_BYTES);
    return buf_status(&s->receipt.body, "a receipt", err);
}

/* What was plain for a moment. */
static void drop(struct buf *plain)
{
    if (plain->n > 0)
        seal_wipe(plain->p, plain->n);
    buf_fini(plain);
}

enum lk_status state_load(const char *path, const struct keys *keys, struct node_state *out,
                          struct lk_error *err)
{
    struct buf plain;
    *out = (struct node_state){.has_joined = false};
    begin(out);
    buf_init(&plain, lk_alloc_heap(), MAX_BYTES);
    struct lk_error why;
    enum lk_status status = sealed_file_load(path, head, keys, &plain, &why);
    if (status == LK_OK)
        status = read_plain(path, (uint8_t *)plain.p, plain.n, out, err);
    else
        status = status == LK_NOT_FOUND ? LK_OK : FAIL(err, status, "%s", why.text);
    drop(&plain);
    if (status != LK_OK)
        state_fini(out);
    return status;
}

enum lk_status state_save(const char *path, const struct keys *keys, const struct node_state *state,
                          struct lk_error *err)
{
    struct node_state copy = *state; /* pass() takes what may be written to */
    const struct state_receipt *receipt = &state->receipt;
    uint64_t flags = (state->has_joined ? HAS_JOINED : 0) | (receipt->is_there ? HAS_RECEIPT : 0);
    struct buf plain;
    buf_init(&plain, lk_alloc_heap(), MAX_BYTES);
    uint8_t *arrays = buf_room(&plain, ARRAYS_BYTES);
    if (arrays != NULL)
        pass_arrays(&(struct walk){.plain = arrays, .writes = true}, &copy);
    seal_wipe(&copy, sizeof copy);
    buf_u64le(&plain, flags);
    buf_u64le(&plain, (uint64_t)state->current_ms);
    buf_u32le(&plain, receipt->is_there ? (uint32_t)receipt->body.n : 0);
    if (receipt->is_there) {
        buf_put(&plain, receipt->body.p, receipt->body.n);
        buf_put(&plain, receipt->signature, sizeof receipt->signature);
    }
    enum lk_status status = sealed_file_save(path, head, keys, &plain, err);
    drop(&plain);
    return status;
}

void state_fini(struct node_state *state)
{
    buf_fini(&state->receipt.body);
    seal_wipe(state, sizeof *state);
}
