/* bank/bank.h - the live bank: every entry in force, searchable, and durable when it has a
 * directory.
 *
 * The service, the command line and nodes all match through this one object. What comes in goes to
 * a log and a table in memory, and is found by every bank_match() that begins after bank_add()
 * returns. Full tables become segments, immutable files with an index that is searched where it
 * lies; segments are merged in the background. What is withdrawn is found by no bank_match() that
 * begins after bank_remove() returns; its prints are wiped from memory and overwritten on the disk.
 *
 *   bank_new()                 everything in memory; gone with the process
 *   bank_create(), bank_open() the same in a directory (docs/formats/bank.md). A call that changes
 *                              returns LK_OK only when the change is on the device, and a crash at
 *                              any moment leaves each entry wholly in force or wholly gone.
 *
 * A bank is plain or sealed. A sealed one is encrypted under a key that the caller keeps; plain
 * ones rely on the disk's own encryption. What a copying file system or the flash of a disk keeps
 * of overwritten bytes beyond our reach can only be met by sealing. Withdrawing needs no space on
 * the disk.
 *
 * Threads: any number may match, list and look; they never wait for a change. Changes may come from
 * any thread and are made one after another. One process may have a directory open for writing, any
 * number for reading; a reader sees the bank as it was when it opened it.
 *
 * Memory: about 140 bytes for an entry of one print in a segment (in plain files: of the page
 * cache), about 300 while it is in a table. */
#ifndef BANK_BANK_H
#define BANK_BANK_H

#include <likeness/alloc.h>
#include <likeness/match.h>

struct bank; /* opaque */

#define BANK_ID_BYTES  16
#define BANK_KEY_BYTES 32

/* An entry as it comes in and as it is shown. Its sequence borrows records. */
struct bank_entry {
    uint8_t id[BANK_ID_BYTES];
    uint8_t tier;   /* enum lk_tier */
    uint32_t scope; /* the owner's number for who may see it; kept, not interpreted */
    struct lk_sequence sequence;
};

enum bank_mode { BANK_READ, BANK_WRITE };

struct bank_config {
    /* Must serve several threads and outlive the bank. NULL: the heap. */
    const struct lk_alloc *alloc;
    enum bank_mode mode;
    const uint8_t *key; /* BANK_KEY_BYTES of them, for a sealed bank; else NULL */
    /* LK_PRINT_KEY_SEED_BYTES of them, when prints are keyed; else NULL. What is added comes with
     * its prints as they are, and so do queries; what is shown are keyed prints. */
    const uint8_t *print_seed;
    /* No thread is started for what can wait (writing tables as segments, merging, checking):
     * the owner calls bank_maintain(). */
    bool by_caller;
    uint32_t table_prints;    /* a table in memory becomes a segment at so many; 0: 524288 */
    uint32_t close_prints;    /* and at bank_close() from so many on; 0: 16384 */
    uint32_t reseal_s;        /* a segment is rewritten so long after a withdrawal; 0: 20 hours */
    uint64_t judged_as_items; /* matches are judged as in a bank of so many entries; 0: as it is */
    bool always_anchors; /* a query's anchors are searched though its whole prints are enough */
};

/* An empty bank in memory. Errors: LK_NOMEM. */
enum lk_status bank_new(const struct lk_alloc *alloc, struct bank **out,
                        struct lk_error *err) LK_MUST_CHECK;

/* Makes the directory `path` and an empty bank in it, sealed when there is a key.
 * Errors: LK_CONFLICT (there is one already), LK_IO, LK_DENIED. */
enum lk_status bank_create(const char *path, const uint8_t *key,
                           struct lk_error *err) LK_MUST_CHECK;

/* The same; its prints are keyed when there is a seed (lk_print_key_init). */
enum lk_status bank_create_keyed(const char *path, const uint8_t *key, const uint8_t *print_seed,
                                 struct lk_error *err) LK_MUST_CHECK;

/* Removes the bank at `path`, whatever state it is in; what is not a bank's stays, and then the
 * directory.
 * No bank there is fine. Errors: LK_BUSY (another process writes to it), LK_IO, LK_DENIED. */
enum lk_status bank_destroy(const char *path, struct lk_error *err) LK_MUST_CHECK;

/* Opens the bank at `path`; with path NULL, an empty one in memory. To write also finishes what a
 * crash interrupted, and converts a bank of format version 1. A plain bank is open in milliseconds,
 * whatever its size, plus about a microsecond for each entry that is not in a segment yet; a sealed
 * one is read and decrypted. A damaged segment is left out and reported (bank_damage()): the rest
 * serves. Errors: LK_NOT_FOUND (no bank there), LK_BUSY (another process writes to it), LK_CORRUPT
 * (manifest or log, with the place), LK_DENIED (rights; sealed or keyed, and that key is
 * missing or not the one), LK_INVALID (a key, and it is not), LK_UNSUPPORTED, LK_IO, LK_NOMEM. */
enum lk_status bank_open(const char *path, const struct bank_config *config, struct bank **out,
                         struct lk_error *err) LK_MUST_CHECK;

/* Ends the background work, writes a larger table as a segment so that the next opening is quick,
 * and frees everything. Nothing that was acknowledged depends on it. NULL is fine. Nobody may be
 * using the bank. */
void bank_close(struct bank *bank);

/* Adds copies of n entries, all or none, with one sync of the device: a batch is much cheaper than
 * its entries one by one. `cursor` (0: as it was) is kept with the batch for bank_cursor().
 * Errors: LK_CONFLICT (an id is there already or comes twice), LK_INVALID (tier, or what
 * lk_sequence_check says), LK_LIMIT (2^30 entries), LK_DENIED (opened to read), LK_NOMEM, LK_IO:
 * nothing was added. */
enum lk_status bank_add(struct bank *bank, const struct bank_entry *entries, size_t n,
                        uint64_t cursor, struct lk_error *err) LK_MUST_CHECK;

/* Withdraws n entries. When it returns they are gone durably and from memory, and overwritten on
 * the disk; where that would mean writing much of a segment's file, the file is written anew in the
 * background instead, at once (bank_settle() waits for it). An id may come twice.
 * Errors: LK_NOT_FOUND (one is not there: nothing is withdrawn), LK_DENIED, LK_NOMEM, LK_IO: some
 * may be gone, and what was begun is finished by bank_maintain() or the next opening. */
enum lk_status bank_remove(struct bank *bank, const uint8_t (*ids)[BANK_ID_BYTES], size_t n,
                           struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND, LK_INVALID (tier), LK_DENIED, LK_IO (the tier is as it was). */
enum lk_status bank_set_tier(struct bank *bank, const uint8_t id[BANK_ID_BYTES], unsigned tier,
                             struct lk_error *err) LK_MUST_CHECK;

/* The owner's position in whatever he fills the bank from: the `cursor` of the last bank_add() that
 * gave one, or of bank_set_cursor(), which is kept durably from the next bank_add(), bank_flush()
 * or bank_close() on. 0 at first. */
uint64_t bank_cursor(const struct bank *bank);
void bank_set_cursor(struct bank *bank, uint64_t cursor);

/* Random, made with the bank; zeros for one in memory. */
void bank_id(const struct bank *bank, uint8_t id[BANK_ID_BYTES]);

bool bank_has(struct bank *bank, const uint8_t id[BANK_ID_BYTES]);

/* Shows one entry, or each in no particular order. What `show` gets is borrowed until it returns.
 * LK_OK goes on, any other status ends and is returned.
 * Errors: LK_NOT_FOUND (bank_get), LK_NOMEM, and what `show` returns. */
typedef enum lk_status bank_show(void *ctx, const struct bank_entry *entry, struct lk_error *err);
enum lk_status bank_get(struct bank *bank, const uint8_t id[BANK_ID_BYTES], bank_show *show,
                        void *ctx, struct lk_error *err) LK_MUST_CHECK;
enum lk_status bank_each(struct bank *bank, bank_show *show, void *ctx,
                         struct lk_error *err) LK_MUST_CHECK;

/* What can wait, done in the background unless config.by_caller.
 *
 * bank_flush: writes the table in memory as a segment. bank_maintain: does all that is due, in the
 * caller's thread. bank_compact: that, and makes one segment of everything, without what was
 * withdrawn. bank_settle: returns when nothing is due. Errors: LK_DENIED (opened to read), LK_IO,
 * LK_NOMEM: what was not done is as it was. */
enum lk_status bank_flush(struct bank *bank, struct lk_error *err) LK_MUST_CHECK;
enum lk_status bank_maintain(struct bank *bank, struct lk_error *err) LK_MUST_CHECK;
enum lk_status bank_compact(struct bank *bank, struct lk_error *err) LK_MUST_CHECK;
enum lk_status bank_settle(struct bank *bank, struct lk_error *err) LK_MUST_CHECK;

struct bank_stats {
    uint64_t n_entries;
    uint64_t n_prints[LK_KIND_MAX + 1]; /* by enum lk_kind */
    uint64_t n_digests;
    uint64_t n_bytes;      /* memory held; not what is mapped from files */
    uint64_t n_mapped;     /* bytes mapped from files */
    uint64_t n_file_bytes; /* of all files of the bank */
    uint64_t n_withdrawn;  /* entries whose space was not given back yet */
    unsigned n_segments, n_tables;
    unsigned n_damaged;            /* segments with damage: bank_damage() */
    bool sealed, keyed, converted; /* converted: this opening brought it from format version 1 */
    const char *structure;         /* of the index of whole prints, see lk_index_stats */
    const char *kernel;
};
struct bank_stats bank_stats(struct bank *bank);

/* What was found damaged: "segment-7: section rows of kind 1, chunk 12 ...". LK_OK goes on. */
typedef enum lk_status bank_on_damage(void *ctx, const char *what, struct lk_error *err);
enum lk_status bank_damage(struct bank *bank, bank_on_damage *on_damage, void *ctx,
                           struct lk_error *err) LK_MUST_CHECK;

/* Reads every byte of every segment and compares it with its checks; then bank_damage() has what
 * was wrong. The thread of a bank opened to write does so by itself. Errors: LK_IO, LK_NOMEM. */
enum lk_status bank_verify(struct bank *bank, struct lk_error *err) LK_MUST_CHECK;

/* One entry that one query matches. */
struct bank_match {
    size_t query; /* index of the query */
    uint8_t id[BANK_ID_BYTES];
    uint8_t tier, medium; /* of the entry */
    uint8_t action;       /* enum lk_action: what may follow, from lk_match_action */
    uint32_t scope;
    struct lk_verdict verdict;
};

/* Queries rising; the matches of one query best first: strongest action, surest grade, nearest,
 * smallest id. */
struct bank_matches {
    struct bank_match *p;
    size_t n;
    size_t n_left_out; /* matches beyond BANK_MAX_MATCHES of their query */
    size_t n_anchors;  /* anchored prints that were searched */
    size_t n_muted;    /* of them, those that too many different pictures share */
    size_t room;       /* for bank_matches_free() */
};
#define BANK_MAX_MATCHES 256 /* of one query; the best are kept */

/* Matches n queries (each must pass lk_sequence_check; lk_sequence_decode has done that) with every
 * entry in force. Equal digests of the same type make an exact match, prints whatever
 * lk_match_judge says of them. The result is taken from `results`: an arena's allocator, or the
 * heap and bank_matches_free() afterwards.
 *
 * Digests and whole prints come first, completely. A query for which a hold or more may follow from
 * them is done (unless config.always_anchors). Of the others the anchored prints are searched lean,
 * at most 512 of one query; one that three different pictures of the bank share says nothing; what
 * two of the others meet is compared with all. Of the entries that anchors lead to, the 64 of
 * each tier that most of them meet are judged.
 *
 * Scratch memory comes from the bank's own allocator and is given back: about 150 MB at most for
 * anchors, whatever comes in. Errors: LK_NOMEM, LK_INVALID; the result is then empty. Cost:
 * docs/internals/bank.md. */
enum lk_status bank_match(struct bank *bank, const struct lk_sequence *queries, size_t n,
                          const struct lk_alloc *results, struct bank_matches *out,
                          struct lk_error *err) LK_MUST_CHECK;

void bank_matches_free(const struct lk_alloc *results, struct bank_matches *matches);

#endif
