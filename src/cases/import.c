/* Bulk registration: the sealed entries of a block are one case and one transaction. */
#include "cases/case_seal.h"

#include "base/err.h"
#include "sys/rand.h"

enum { BLOCK_ENTRIES = 10000, BLOCK_RECORDS = 500000, ARENA_BYTES = 256 << 20 };

struct block {
    struct case_row row;
    struct entry_row *entries;
    size_t n;
};

static enum lk_status write_block(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct block *b = ctx;
    TRY(case_row_add(tx, &b->row, err));
    for (size_t i = 0; i < b->n; i++)
        b->entries[i].case_row = b->row.row;
    return entry_rows_add(tx, b->entries, b->n, err);
}

/* How many of n go into the next block. */
static size_t block_length(const struct lk_sequence *sequences, size_t n)
{
    size_t n_records = 0, i = 0;
    for (; i < n && i < BLOCK_ENTRIES && n_records < BLOCK_RECORDS; i++)
        n_records += sequences[i].n_records;
    return i;
}

static enum lk_status import_block(struct registry *r, struct arena *arena,
                                   const struct lk_sequence *sequences, size_t n, size_t first,
                                   struct lk_error *err)
{
    struct block b = {.n = n};
    uint8_t key[SEAL_KEY_BYTES];
    b.entries = arena_zalloc(arena, n, sizeof *b.entries);
    if (b.entries == NULL)
        return FAIL(err, LK_NOMEM, "no memory to import %zu entries", n);
    rand_bytes(key, sizeof key);
    case_row_begin(r, &b.row);
    case_wrap(r, &b.row, NULL, key);
    enum lk_status status = LK_OK;
    for (size_t i = 0; i < n && status == LK_OK; i++) {
        struct lk_error why;
        status = registry_refusal(&sequences[i], &why);
        if (status != LK_OK)
            FAIL(err, status, "sequence %zu: %s", first + i + 1, why.text);
        else
            status =
                case_seal_entry(arena, key, &sequences[i], (unsigned)i + 1, &b.entries[i], err);
    }
    seal_wipe(key, sizeof key);
    return status == LK_OK ? store_write(r->store, write_block, &b, err) : status;
}

enum lk_status registry_import(struct registry *r, const struct lk_sequence *sequences, size_t n,
                               size_t *n_done, struct lk_error *err)
{
    enum lk_status status = LK_OK;
    *n_done = 0;
    while (*n_done < n && status == LK_OK) {
        struct arena arena;
        size_t n_block = block_length(sequences + *n_done, n - *n_done);
        arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
        status = import_block(r, &arena, sequences + *n_done, n_block, *n_done, err);
        arena_fini(&arena);
        if (status == LK_OK)
            *n_done += n_block;
    }
    registry_committed(r);
    return status;
}
