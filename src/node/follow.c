/* One round: join if need be, hand in a receipt that waits, ask for what follows, apply it. The
 * place in the feed is written down after the bank holds what comes before it, so a crash in
 * between applies a chunk twice, which changes nothing. A newcomer reads the files of a snapshot
 * first, where the registry names one. */
#include "node/follow.h"

#include "base/err.h"
#include "base/json.h"
#include "node/apply.h"
#include "node/look.h"
#include "node/registry.h"
#include "node/snapshot.h"
#include "sys/clock.h"
#include "sys/json_read.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    WAIT_S = 25,
    ASK_MS = 60000,
    SHORT_MS = 15000,
    FIRST_PAUSE_MS = 200,
    LAST_PAUSE_MS = 30000,
    ARENA_BYTES = 256 << 20,
    ANSWER_BYTES = 64 << 10,
    SIGN_EVERY_MS = 60000,
    NOTE_EVERY_MS = 60000,
    EXPIRE_EVERY_MS = 3600000,
    PACK_FROM = 65536,
};

struct following {
    struct node *node;
    int64_t signed_ms, noted_ms, expired_ms; /* when that was last done */
    unsigned pause_ms;
    struct snapshot snapshot; /* that a newcomer reads first */
    size_t n_unpacked; /* entries that came since the bank's table was last written as a segment */
};

static int64_t now_ms(void)
{
    struct clock clock = clock_real();
    return clock_now_ms(&clock);
}

static enum lk_status save(struct node *node, struct lk_error *err)
{
    return state_save(node->state_path, node->keys, &node->state, err);
}

/* ---- joining ---- */

static enum lk_status take_hex(const struct json_tree *tree, const char *name, uint8_t *out,
                               size_t n, struct lk_error *err)
{
    if (!json_get_hex(tree, name, out, n))
        return FAIL(err, LK_CORRUPT, "the registry's answer to joining has no %s", name);
    return LK_OK;
}

static enum lk_status keep_joined(struct following *f, const struct json_tree *tree,
                                  struct lk_error *err)
{
    struct node *node = f->node;
    struct node_state *s = &node->state;
    uint8_t id[FEED_ID_BYTES], key[SEAL_SIGN_KEY_BYTES], digest_key[SEAL_KEY_BYTES];
    TRY(take_hex(tree, "node", id, sizeof id, err));
    TRY(take_hex(tree, "registry_key", key, sizeof key, err));
    TRY(take_hex(tree, "digest_key", digest_key, sizeof digest_key, err));
    memcpy(s->node, id, sizeof s->node);
    memcpy(s->registry_key, key, sizeof s->registry_key);
    memcpy(s->digest_key, digest_key, sizeof s->digest_key);
    s->has_joined = true;
    snapshot_take(tree, &f->snapshot);
    return save(node, err);
}

static void write_keys(const struct node_state *s, struct buf *out)
{
    uint8_t box_key[SEAL_BOX_KEY_BYTES], sign_key[SEAL_SIGN_KEY_BYTES];
    struct json j;
    seal_box_public(s->box_secret, box_key);
    seal_sign_public(s->sign_seed, sign_key);
    json_init(&j, out);
    json_object(&j);
    json_key(&j, "box_key");
    json_hex(&j, box_key, sizeof box_key);
    json_key(&j, "sign_key");
    json_hex(&j, sign_key, sizeof sign_key);
    json_end_object(&j);
}

static enum lk_status join(struct following *f, struct arena *arena, struct lk_error *err)
{
    struct node *node = f->node;
    struct buf body, answer;
    struct json_tree *tree = NULL;
    unsigned status;
    buf_init(&body, &arena->alloc, ANSWER_BYTES);
    buf_init(&answer, &arena->alloc, ANSWER_BYTES);
    write_keys(&node->state, &body);
    TRY(registry_ask(node, "/v1/feed/join", buf_text(&body), ANSWER_BYTES, SHORT_MS, &answer,
                     &status, err));
    TRY(json_tree_parse(buf_text(&answer), answer.n, &tree, err));
    enum lk_status kept = keep_joined(f, tree, err);
    json_tree_free(tree);
    return kept;
}

/* ---- receipts ---- */

static void write_receipt(struct node *node, const uint8_t (*ids)[FEED_ID_BYTES], size_t n)
{
    struct node_state *s = &node->state;
    struct feed_deleted deleted = {
        .at_ms = now_ms(), .n_entries = bank_stats(node->bank).n_entries, .ids = ids, .n = n};
    memcpy(deleted.node, s->node, sizeof deleted.node);
    memcpy(deleted.from, s->signed_to, sizeof deleted.from);
    memcpy(deleted.to, s->cursor, sizeof deleted.to);
    buf_clear(&s->receipt.body);
    feed_receipt_write(&s->receipt.body, &deleted, s->sign_seed, s->receipt.signature);
    s->receipt.is_there = s->receipt.body.status == LK_OK;
    memcpy(s->signed_to, s->cursor, sizeof s->signed_to);
}

static enum lk_status send_receipt(struct following *f, struct arena *arena, struct lk_error *err)
{
    struct node *node = f->node;
    struct node_state *s = &node->state;
    struct buf body, answer;
    struct json j;
    unsigned status;
    buf_init(&body, &arena->alloc, 4 * ANSWER_BYTES);
    buf_init(&answer, &arena->alloc, ANSWER_BYTES);
    json_init(&j, &body);
    json_object(&j);
    json_key(&j, "node");
    json_hex(&j, s->node, sizeof s->node);
    json_key(&j, "body");
    json_hex(&j, s->receipt.body.p, s->receipt.body.n);
    json_key(&j, "signature");
    json_hex(&j, s->receipt.signature, sizeof s->receipt.signature);
    json_end_object(&j);
    enum lk_status sent = registry_ask(node, "/v1/feed/receipts", buf_text(&body), ANSWER_BYTES,
                                       SHORT_MS, &answer, &status, err);
    if (sent == LK_INVALID) /* of places that the registry does not know: it was set back */
        LOG(&node->config->log, LOG_LEVEL_WARN, "receipt", LOG_TEXT("problem", "not taken"));
    else
        TRY(sent);
    s->receipt.is_there = false;
    f->signed_ms = now_ms();
    return save(node, err);
}

/* ---- the feed ---- */

static enum lk_status apply(struct following *f, const struct feed_chunk *chunk,
                            struct arena *arena, struct lk_error *err)
{
    struct node *node = f->node;
    uint8_t(*deleted)[FEED_ID_BYTES] = arena_alloc(arena, (chunk->n + 1) * sizeof *deleted);
    size_t n_deleted = 0;
    if (deleted == NULL)
        return FAIL(err, LK_NOMEM, "no memory to apply the feed");
    TRY(apply_chunk(node, chunk, deleted, &n_deleted, err));
    memcpy(node->state.cursor, chunk->to, sizeof node->state.cursor);
    f->n_unpacked += chunk->n;
    if (n_deleted > 0 || (!chunk->more && now_ms() - f->signed_ms >= SIGN_EVERY_MS))
        write_receipt(node, (const void *)deleted, n_deleted);
    node_count(node, COUNT_CHUNKS, 1);
    return save(node, err);
}

/* After many came at once: large batches are searched several times faster in a segment than in the
 * table that entries come into. */
static enum lk_status pack(struct following *f, struct lk_error *err)
{
    if (f->n_unpacked < PACK_FROM)
        return LK_OK;
    f->n_unpacked = 0;
    return bank_flush(f->node->bank, err);
}

/* Nothing is missing now. */
static enum lk_status note_current(struct following *f, struct lk_error *err)
{
    struct node *node = f->node;
    int64_t now = now_ms();
    TRY(pack(f, err));
    if (!atomic_load(&node->is_current)) /* what was cut off may have left some behind */
        TRY(look_drop_gone(node, err));
    atomic_store(&node->current_ms, now);
    if (!atomic_exchange(&node->is_current, true))
        LOG(&node->config->log, LOG_LEVEL_INFO, "current",
            LOG_NUMBER("entries", bank_stats(node->bank).n_entries));
    node->state.current_ms = now;
    bool has_moved = memcmp(node->state.signed_to, node->state.cursor, FEED_CURSOR_BYTES) != 0;
    if (has_moved && now - f->signed_ms >= SIGN_EVERY_MS && !node->state.receipt.is_there)
        write_receipt(node, NULL, 0);
    else if (now - f->noted_ms < NOTE_EVERY_MS)
        return LK_OK;
    f->noted_ms = now;
    return save(node, err);
}

/* The registry does not know our place: it was set back to an earlier time. What it holds now comes
 * again from the beginning; what it does not must go. */
static enum lk_status begin_again(struct following *f, struct lk_error *err)
{
    struct node *node = f->node;
    LOG(&node->config->log, LOG_LEVEL_WARN, "feed", LOG_TEXT("problem", "begins again"));
    TRY(apply_nothing(node, err));
    memset(node->state.cursor, 0, sizeof node->state.cursor);
    memset(node->state.signed_to, 0, sizeof node->state.signed_to);
    node->state.receipt.is_there = false;
    return save(node, err);
}

static enum lk_status ask(struct following *f, struct arena *arena, struct buf *answer,
                          unsigned *status, struct lk_error *err)
{
    struct node *node = f->node;
    struct buf path;
    char cursor[FEED_CURSOR_CHARS + 1];
    bool may_wait = atomic_load(&node->is_current);
    buf_init(&path, &arena->alloc, 512);
    feed_cursor_put(node->state.cursor, cursor);
    buf_str(&path, "/v1/feed?node=");
    buf_hex(&path, node->state.node, sizeof node->state.node);
    buf_fmt(&path, "&after=%s&wait=%d", cursor, may_wait ? WAIT_S : 0);
    return registry_ask(node, buf_text(&path), NULL, FEED_CHUNK_MAX_BYTES, ASK_MS, answer, status,
                        err);
}

static enum lk_status follow_once(struct following *f, struct arena *arena, struct lk_error *err)
{
    struct node *node = f->node;
    struct feed_chunk chunk;
    struct feed_reader reader;
    struct buf answer;
    unsigned status;
    buf_init(&answer, &arena->alloc, FEED_CHUNK_MAX_BYTES);
    enum lk_status asked = ask(f, arena, &answer, &status, err);
    if (asked == LK_INVALID)
        return begin_again(f, err);
    TRY(asked);
    if (status == 204)
        return note_current(f, err);
    memcpy(reader.node, node->state.node, sizeof reader.node);
    memcpy(reader.registry_key, node->state.registry_key, sizeof reader.registry_key);
    memcpy(reader.box_secret, node->state.box_secret, sizeof reader.box_secret);
    enum lk_status read = feed_chunk_read((const uint8_t *)buf_text(&answer), answer.n, &reader,
                                          node->state.cursor, arena, &chunk, err);
    seal_wipe(&reader, sizeof reader);
    TRY(read);
    TRY(apply(f, &chunk, arena, err));
    return chunk.more ? LK_OK : note_current(f, err);
}

/* The next file of the snapshot; whatever is wrong with one, the feed itself has it too. */
static enum lk_status read_snapshot(struct following *f, struct arena *arena, struct lk_error *err)
{
    struct feed_chunk chunk;
    struct lk_error why;
    enum lk_status status = snapshot_next(f->node, &f->snapshot, arena, &chunk, &why);
    if (status == LK_OK)
        return apply(f, &chunk, arena, err);
    LOG(&f->node->config->log, LOG_LEVEL_INFO, "snapshot", LOG_NUMBER("files", f->snapshot.number),
        LOG_TEXT("ended", why.text));
    snapshot_forget(&f->snapshot);
    return LK_OK;
}

static enum lk_status expire(struct following *f, struct lk_error *err)
{
    size_t n = 0;
    if (now_ms() - f->expired_ms < EXPIRE_EVERY_MS)
        return LK_OK;
    f->expired_ms = now_ms();
    TRY(apply_expiry(f->node, f->expired_ms, &n, err));
    if (n > 0)
        LOG(&f->node->config->log, LOG_LEVEL_INFO, "expired", LOG_NUMBER("entries", n));
    return LK_OK;
}

static enum lk_status round_of(struct following *f, struct arena *arena, struct lk_error *err)
{
    TRY(expire(f, err));
    if (!f->node->state.has_joined)
        TRY(join(f, arena, err));
    if (f->node->state.receipt.is_there)
        TRY(send_receipt(f, arena, err));
    return f->snapshot.is_there ? read_snapshot(f, arena, err) : follow_once(f, arena, err);
}

static void note_problem(struct node *node, const char *text)
{
    pthread_mutex_lock(&node->problem_lock);
    bool is_new = strcmp(node->problem, text) != 0;
    size_t n = strnlen(text, sizeof node->problem - 1);
    memcpy(node->problem, text, n);
    node->problem[n] = '\0';
    pthread_mutex_unlock(&node->problem_lock);
    if (is_new && n > 0)
        LOG(&node->config->log, LOG_LEVEL_WARN, "feed", LOG_TEXT("problem", text));
}

static void pause_a_while(struct following *f)
{
    f->pause_ms = f->pause_ms == 0 ? FIRST_PAUSE_MS : 2 * f->pause_ms;
    if (f->pause_ms > LAST_PAUSE_MS)
        f->pause_ms = LAST_PAUSE_MS;
    for (unsigned waited = 0; waited < f->pause_ms && !atomic_load(&f->node->stop); waited += 50)
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
}

void follow_run(struct node *node)
{
    struct following f = {.node = node};
    while (!atomic_load(&node->stop)) {
        struct arena arena;
        struct lk_error err = {0};
        arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
        enum lk_status status = round_of(&f, &arena, &err);
        arena_fini(&arena);
        note_problem(node, status == LK_OK || atomic_load(&node->stop) ? "" : err.text);
        if (status == LK_OK) {
            f.pause_ms = 0;
            continue;
        }
        atomic_store(&node->is_current, false);
        pause_a_while(&f);
    }
}
