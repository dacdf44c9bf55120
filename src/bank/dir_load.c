/* Reading a log into a table, a thousand entries at a time, so that their prints go into the
 * indexes together. */
#include "bank_dir.h"

#include "base/arena.h"
#include "base/err.h"
#include "sys/seal.h"

#include <string.h>

enum { AT_ONCE = 1024, AT_ONCE_BYTES = 8 << 20, ARENA_BYTES = 64 << 20 };

/* What is read here are prints: their memory is wiped when it is given back. */
static void *wiping_alloc(void *ctx, size_t n)
{
    const struct lk_alloc *alloc = ctx;
    return alloc->alloc(alloc->ctx, n);
}

static void wiping_free(void *ctx, void *p, size_t n)
{
    const struct lk_alloc *alloc = ctx;
    if (p != NULL)
        seal_wipe(p, n);
    alloc->free(alloc->ctx, p, n);
}

static void *wiping_resize(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
    void *moved = wiping_alloc(ctx, new_bytes);
    if (moved == NULL)
        return NULL;
    if (p != NULL)
        memcpy(moved, p, old_bytes < new_bytes ? old_bytes : new_bytes);
    wiping_free(ctx, p, old_bytes);
    return moved;
}

struct loading {
    struct bank_dir *dir;
    struct lk_alloc wiping;
    struct bank_table *bt;
    bool write;
    struct arena arena; /* of the records of what is pending */
    size_t n;
    struct bank_entry entries[AT_ONCE];
    struct log_place places[AT_ONCE];
    struct buf unwiped; /* struct log_place: withdrawn, and not all zeros */
};

static enum lk_status flush(struct loading *l, struct lk_error *err)
{
    uint32_t first;
    struct lk_error why;
    enum lk_status status = table_add(l->bt->table, l->entries, l->n, l->places, &first, &why);
    if (status == LK_OK)
        table_bring_in_force(l->bt->table, first, l->n, l->entries);
    else
        status = FAIL(err, status == LK_CONFLICT ? LK_CORRUPT : status,
                      "the bank's entries from byte %llu of a log on: %s",
                      (unsigned long long)l->places[0].offset, why.text);
    l->n = 0;
    arena_fini(&l->arena);
    arena_init(&l->arena, &l->wiping, ARENA_BYTES);
    return status;
}

static bool is_zero(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static enum lk_status pass_over(struct loading *l, uint64_t offset, const struct log_record *record,
                                const uint8_t *body)
{
    size_t n_body = log_padded_bytes(record->body_bytes);
    struct log_place place = {offset, (uint32_t)(LOG_RECORD_BYTES + n_body), STATE_WITHDRAWN};
    if (l->write && !is_zero(body, n_body))
        buf_put(&l->unwiped, &place, sizeof place);
    return LK_OK;
}

static enum lk_status decode(struct loading *l, const struct log_head *head, uint64_t offset,
                             const struct log_record *record, const uint8_t *body,
                             struct bank_entry *entry, struct lk_error *err)
{
    const uint8_t *sequence = NULL;
    size_t n = 0, used = 0, cap = record->body_bytes / LK_RECORD_MIN_BYTES + 1;
    uint8_t *plain = head->sealed ? arena_alloc(&l->arena, record->body_bytes) : NULL;
    struct lk_record *records = arena_zalloc(&l->arena, cap, sizeof *records);
    if (records == NULL || (head->sealed && plain == NULL))
        return FAIL(err, LK_NOMEM, "no memory to read an entry");
    if (!log_open_body(body, record, head, l->bt->log.key, offset, plain, &sequence, &n))
        return FAIL(err, LK_CORRUPT, "it was not sealed with the bank's key");
    TRY(lk_sequence_decode(sequence, n, records, cap, &entry->sequence, &used, err));
    return used == n ? LK_OK : FAIL(err, LK_CORRUPT, "bytes after the sequence");
}

static enum lk_status load_record(void *ctx, const struct log_head *head, uint64_t offset,
                                  const struct log_record *record, const uint8_t *body,
                                  struct lk_error *err)
{
    struct loading *l = ctx;
    if (state_tier(record->state) == 0)
        return pass_over(l, offset, record, body);
    struct bank_entry *entry = &l->entries[l->n];
    *entry =
        (struct bank_entry){.tier = (uint8_t)state_tier(record->state), .scope = record->scope};
    memcpy(entry->id, record->id, BANK_ID_BYTES);
    struct lk_error why = {.text = ""};
    enum lk_status status = decode(l, head, offset, record, body, entry, &why);
    if (status != LK_OK)
        return FAIL(err, status == LK_NOMEM ? LK_NOMEM : LK_CORRUPT,
                    "the bank's entry at byte %llu of a log: %s", (unsigned long long)offset,
                    why.text);
    size_t n_bytes = LOG_RECORD_BYTES + log_padded_bytes(record->body_bytes);
    l->places[l->n++] = (struct log_place){offset, (uint32_t)n_bytes, record->state};
    return l->n == AT_ONCE || l->arena.used > AT_ONCE_BYTES ? flush(l, err) : LK_OK;
}

static enum lk_status read_log(struct loading *l, uint64_t number, struct lk_error *err)
{
    char path[DIR_PATH_BYTES];
    dir_path(l->dir, number == 0 ? DIR_V1 : DIR_LOG, number, path);
    const uint8_t *bank_id = number == 0 ? NULL : l->dir->manifest.bank_id;
    TRY(log_file_open(path, l->write, bank_id, number, l->dir->key, l->dir->alloc, load_record, l,
                      &l->bt->log, err));
    if (l->n > 0)
        TRY(flush(l, err));
    TRY(buf_status(&l->unwiped, "what a crash left to be wiped", err));
    if (l->unwiped.n == 0)
        return LK_OK;
    const struct log_place *places = (const void *)l->unwiped.p;
    return log_file_wipe(&l->bt->log, places, l->unwiped.n / sizeof *places, err);
}

enum lk_status dir_load_log(struct bank_dir *dir, uint64_t number, bool write, uint64_t seed,
                            struct bank_table **out, struct lk_error *err)
{
    const struct lk_alloc *alloc = dir->alloc;
    struct loading *l = alloc->alloc(alloc->ctx, sizeof *l);
    struct bank_table *bt = alloc->alloc(alloc->ctx, sizeof *bt);
    enum lk_status status = LK_OK;
    if (bt != NULL)
        *bt = (struct bank_table){.number = number, .log = {.fd = -1}};
    if (bt == NULL || l == NULL)
        status = FAIL(err, LK_NOMEM, "no memory to open a bank");
    else
        status = table_new(alloc, seed, &bt->table, err);
    if (status == LK_OK) {
        *l = (struct loading){.dir = dir,
                              .wiping = {(void *)alloc, wiping_alloc, wiping_resize, wiping_free},
                              .bt = bt,
                              .write = write};
        arena_init(&l->arena, &l->wiping, ARENA_BYTES);
        buf_init(&l->unwiped, alloc, SIZE_MAX / 2);
        status = read_log(l, number, err);
        arena_fini(&l->arena);
        buf_fini(&l->unwiped);
    }
    if (l != NULL)
        alloc->free(alloc->ctx, l, sizeof *l);
    if (status != LK_OK)
        bank_table_free(alloc, bt);
    else
        *out = bt;
    return status;
}
