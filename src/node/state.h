/* node/state.h - what a node must not forget: who it is, whom it follows, and how far it came.
 *
 * One small file, sealed under the node's key and replaced as a whole: a crash leaves the state
 * before or the state after. Not thread-safe: the follower's alone. */
#ifndef NODE_STATE_H
#define NODE_STATE_H

#include "base/buf.h"
#include "exchange/feed_chunk.h"
#include "store/keys.h"

/* A receipt that the registry has not taken yet. Owns its body. */
struct state_receipt {
    bool is_there;
    struct buf body;
    uint8_t signature[SEAL_SIGNATURE_BYTES];
};

struct node_state {
    uint8_t box_secret[SEAL_BOX_KEY_BYTES], sign_seed[SEAL_KEY_BYTES];
    bool has_joined; /* what follows is known */
    uint8_t node[FEED_ID_BYTES];
    uint8_t registry_key[SEAL_SIGN_KEY_BYTES];
    uint8_t digest_key[SEAL_KEY_BYTES];
    uint8_t cursor[FEED_CURSOR_BYTES];    /* everything before it is in the bank, durably */
    uint8_t signed_to[FEED_CURSOR_BYTES]; /* up to where receipts were written */
    int64_t current_ms;                   /* when it last held what the registry held; 0: never */
    struct state_receipt receipt;
};

/* Reads the file, or begins anew, with new keys, when there is none. Errors: LK_CORRUPT (damaged,
 * or sealed under another key), LK_UNSUPPORTED (a newer version), LK_IO, LK_NOMEM. */
enum lk_status state_load(const char *path, const struct keys *keys, struct node_state *out,
                          struct lk_error *err) LK_MUST_CHECK;

/* Replaces the file. Errors: LK_IO, LK_NOMEM: the one before is still there. */
enum lk_status state_save(const char *path, const struct keys *keys, const struct node_state *state,
                          struct lk_error *err) LK_MUST_CHECK;

/* Wipes keys and gives memory back. */
void state_fini(struct node_state *state);

#endif
