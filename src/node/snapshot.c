#include "node/snapshot.h"

#include "base/err.h"
#include "node/registry.h"

#include <string.h>

enum { ASK_MS = 120000 };

void snapshot_take(const struct json_tree *joined, struct snapshot *out)
{
    size_t n = 0;
    *out = (struct snapshot){.is_there = false};
    const struct json_tree *said = json_get(joined, "snapshot");
    const char *url = said == NULL ? NULL : json_get_text(said, "url", &n);
    if (url == NULL || n >= sizeof out->url)
        return;
    memcpy(out->url, url, n);
    out->is_there = json_get_hex(said, "node", out->node, sizeof out->node) &&
                    json_get_hex(said, "box_secret", out->box_secret, sizeof out->box_secret);
}

void snapshot_forget(struct snapshot *s)
{
    seal_wipe(s, sizeof *s);
}

enum lk_status snapshot_next(struct node *node, struct snapshot *s, struct arena *arena,
                             struct feed_chunk *out, struct lk_error *err)
{
    struct feed_reader reader;
    struct buf url, bytes;
    buf_init(&url, &arena->alloc, SNAPSHOT_MAX_URL + 32);
    buf_init(&bytes, &arena->alloc, FEED_CHUNK_MAX_BYTES);
    buf_fmt(&url, "%s%llu.lkf", s->url, (unsigned long long)s->number);
    TRY(buf_status(&url, "the address of a snapshot", err));
    TRY(registry_ask_file(node, buf_text(&url), FEED_CHUNK_MAX_BYTES, ASK_MS, &bytes, err));
    memcpy(reader.node, s->node, sizeof reader.node);
    memcpy(reader.registry_key, node->state.registry_key, sizeof reader.registry_key);
    memcpy(reader.box_secret, s->box_secret, sizeof reader.box_secret);
    enum lk_status status = feed_chunk_read((const uint8_t *)buf_text(&bytes), bytes.n, &reader,
                                            node->state.cursor, arena, out, err);
    seal_wipe(&reader, sizeof reader);
    TRY(status);
    s->number++;
    return LK_OK;
}
