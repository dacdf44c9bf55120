/* A block, as it lies in memory:
 *
 *   word 0 of 2048 prints | word 1 of them | word 2 | word 3 | 2048 labels
 *   16 KiB each; the first two are what a search for near prints reads
 */
#include "rows.h"

#include <string.h>

enum { ALIGN = 64, FIRST_ROOM = 8 };

static struct rows_block *block_of(const struct rows *rows, size_t row)
{
    return rows->blocks[row / HAMMING_BLOCK_ROWS];
}

static uint64_t hash_pair(const struct lk_print *print, uint64_t label)
{
    uint64_t hash = label;
    for (int i = 0; i < 4; i++)
        hash = refset_mix(hash + print->w[i]);
    return hash;
}

struct lk_print rows_print(const struct rows *rows, size_t row)
{
    const struct hamming_block *block = &block_of(rows, row)->prints;
    size_t at = row % HAMMING_BLOCK_ROWS;
    return (struct lk_print){{block->w[0][at], block->w[1][at], block->w[2][at], block->w[3][at]}};
}

static uint64_t rows_label(const struct rows *rows, size_t row)
{
    return block_of(rows, row)->label[row % HAMMING_BLOCK_ROWS];
}

static uint64_t hash_of(const void *ctx, uint32_t row)
{
    const struct rows *rows = ctx;
    struct lk_print print = rows_print(rows, row);
    return hash_pair(&print, rows_label(rows, row));
}

static void set_row(struct rows *rows, size_t row, const struct lk_print *print, uint64_t label)
{
    struct rows_block *block = block_of(rows, row);
    for (int i = 0; i < 4; i++)
        block->prints.w[i][row % HAMMING_BLOCK_ROWS] = print->w[i];
    block->label[row % HAMMING_BLOCK_ROWS] = label;
}

void rows_init(struct rows *rows, const struct lk_alloc *alloc)
{
    *rows = (struct rows){.alloc = alloc};
    refset_init(&rows->by_content, alloc, hash_of, rows);
}

/* Allocators promise 16 bytes: the place of the block inside its memory is kept behind it. */
struct block_memory {
    unsigned char bytes[sizeof(struct rows_block) + ALIGN];
};

static bool add_block(struct rows *rows)
{
    unsigned char *memory = rows->alloc->alloc(rows->alloc->ctx, sizeof(struct block_memory));
    if (memory == NULL)
        return false;
    memset(memory, 0, sizeof(struct block_memory));
    size_t shift = ALIGN - ((uintptr_t)memory & (ALIGN - 1)); /* 16, 32, 48 or 64 */
    memory[shift - 1] = (unsigned char)shift;
    rows->blocks[rows->n_blocks++] = (struct rows_block *)(void *)(memory + shift);
    return true;
}

static void drop_block(struct rows *rows)
{
    unsigned char *block = (unsigned char *)rows->blocks[--rows->n_blocks];
    rows->alloc->free(rows->alloc->ctx, block - block[-1], sizeof(struct block_memory));
}

void rows_fini(struct rows *rows)
{
    while (rows->n_blocks > 0)
        drop_block(rows);
    rows->alloc->free(rows->alloc->ctx, rows->blocks, rows->room * sizeof(struct rows_block *));
    refset_fini(&rows->by_content);
}

static bool reserve_list(struct rows *rows, size_t need)
{
    size_t room = rows->room < FIRST_ROOM ? FIRST_ROOM : rows->room;
    while (room < need)
        room *= 2;
    if (room == rows->room)
        return true;
    void *grown = rows->alloc->resize(rows->alloc->ctx, rows->blocks,
                                      rows->room * sizeof(struct rows_block *),
                                      room * sizeof(struct rows_block *));
    if (grown == NULL)
        return false;
    rows->blocks = grown;
    rows->room = room;
    return true;
}

bool rows_reserve(struct rows *rows, size_t n_more)
{
    if (n_more >= REFSET_NONE - rows->n)
        return false;
    size_t need = (rows->n + n_more + HAMMING_BLOCK_ROWS - 1) / HAMMING_BLOCK_ROWS;
    size_t had = rows->n_blocks;
    bool ok = reserve_list(rows, need) && refset_reserve(&rows->by_content, n_more);
    while (ok && rows->n_blocks < need)
        ok = add_block(rows);
    while (!ok && rows->n_blocks > had)
        drop_block(rows);
    return ok;
}

void rows_put(struct rows *rows, const struct lk_print *print, uint64_t label)
{
    size_t row = rows->n++;
    set_row(rows, row, print, label);
    refset_put(&rows->by_content, (uint32_t)row);
}

uint32_t rows_find(const struct rows *rows, const struct lk_print *print, uint64_t label)
{
    size_t at = SIZE_MAX;
    uint32_t row;
    uint64_t hash = hash_pair(print, label);
    while ((row = refset_next(&rows->by_content, hash, &at)) != REFSET_NONE) {
        if (rows_label(rows, row) != label)
            continue;
        struct lk_print found = rows_print(rows, row);
        if (memcmp(&found, print, sizeof found) == 0)
            break;
    }
    return row;
}

void rows_remove(struct rows *rows, uint32_t row)
{
    refset_remove(&rows->by_content, row);
    size_t last = rows->n - 1;
    if (row != last) {
        struct lk_print print = rows_print(rows, last);
        refset_move(&rows->by_content, (uint32_t)last, row);
        set_row(rows, row, &print, rows_label(rows, last));
    }
    static const struct lk_print nothing;
    set_row(rows, last, &nothing, 0); /* a withdrawn print leaves memory too */
    rows->n = last;
    /* One empty block stays, so that adding and removing at the edge does not allocate each time.
     */
    if (rows->n_blocks > last / HAMMING_BLOCK_ROWS + 2)
        drop_block(rows);
}

size_t rows_bytes(const struct rows *rows)
{
    return rows->n_blocks * sizeof(struct block_memory) + rows->room * sizeof(struct rows_block *) +
           rows->by_content.n_slots * sizeof(uint32_t);
}
