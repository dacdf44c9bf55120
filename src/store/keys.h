/* store/keys.h - the master key, which never is in the store, and what is derived from it.
 *
 * 32 random bytes as 64 hexadecimal digits, from the environment variable LIKENESS_MASTER_KEY or
 * from a file that only its owner may read. Whoever has the store without this key learns counts,
 * days, partners' names and outcomes: no print, no typed text, no code. Lose the key and sealed
 * content is lost: back it up, apart from the store.
 *
 * Each use has its own sub-key (KDF: keyed BLAKE2b of the use's name), so that hashes of one use
 * say nothing about another. Threads: any, once loaded. */
#ifndef STORE_KEYS_H
#define STORE_KEYS_H

#include "sys/seal.h"

struct keys; /* opaque, in memory that is not swapped and is wiped when freed */

enum key_use {
    KEY_WRAP,        /* wraps the keys of cases */
    KEY_PEPPER,      /* mixed into case codes before Argon2id */
    KEY_LOOKUP,      /* first digits of a code -> how its case is found */
    KEY_PARTNER,     /* partner key -> what the store holds of it */
    KEY_ENTRY_ID,    /* partner and entry -> the id this partner sees */
    KEY_DEDUPE,      /* a partner's content reference or query -> what the store holds of it */
    KEY_IDEMPOTENCY, /* idempotency key -> its row, and the key that seals the row's result */
    KEY_TOKEN,       /* seals the tokens of pages */
    KEY_BANK,        /* seals the bank that is kept beside the store */
    KEY_PRINTS,      /* the seed by which that bank's prints are keyed */
    KEY_VIEW,        /* a match -> the token of the address that shows it */
    KEY_STAFF,       /* passwords, second factors and sessions of the desk */
    KEY_PLACE,       /* an address -> by which the same one is recognised in other cases */
    KEY_BOUNCE,      /* a letter -> the token of the address that it comes back to */
    KEY_DESK,    /* the seed of the desk's pair of keys, unless the operator keeps one elsewhere */
    KEY_WATCH,   /* seals the addresses of pages that are watched for every case */
    KEY_WEBHOOK, /* seals the addresses and secrets of webhooks */
    KEY_FEED,    /* the seed of the key that signs the feed */
    KEY_CURSOR,  /* seals the places in the feed that partners are given */
    KEY_SOURCE,  /* a list of hashes of others -> the keys of its bank (exchange/source.h) */
    KEY_DIGEST,  /* by which exact digests of files are keyed, here and at partners */
    KEY_PACK,    /* the seed of the key that signs evidence packs (exchange/pack.h) */
    KEY_LEDGER,  /* the seed of the key that signs the ledger's checkpoints */
    KEY_LISTED,  /* seals the prints of the list by hash (cases/listing.h), and finds them */
    KEY_CHECK,   /* tells whether a master key is this store's */
    KEY_N_USES
};

/* Loads the master key. With `create`, a missing file is made with a new key (mode 0600, synced
 * before use). Errors: LK_NOT_FOUND (no file), LK_DENIED (readable by others), LK_CORRUPT (not 64
 * digits), LK_INVALID (the environment variable is not), LK_IO, LK_NOMEM. */
enum lk_status keys_load(const char *path, bool create, struct keys **out,
                         struct lk_error *err) LK_MUST_CHECK;
void keys_free(struct keys *keys);

/* Keyed hash of the parts for one use; n_out 16..64. */
void keys_hash(const struct keys *keys, enum key_use use, const struct seal_part *parts,
               size_t n_parts, uint8_t *out, size_t n_out);

/* The sub-key of a use, for sealing. Borrowed. */
const uint8_t *keys_get(const struct keys *keys, enum key_use use);

#endif
