/* Whatever is read as a sequence must be written so that it reads back the same. */
#include "exchange/sequence_json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static bool same(const struct lk_sequence *a, const struct lk_sequence *b)
{
    return a->medium == b->medium && a->duration_ms == b->duration_ms &&
           a->n_records == b->n_records && a->n_digests == b->n_digests &&
           memcmp(a->records, b->records, a->n_records * sizeof *a->records) == 0 &&
           memcmp(a->digests, b->digests, a->n_digests * sizeof a->digests[0]) == 0;
}

static void there_and_back(const struct lk_sequence *sequence, struct arena *arena)
{
    struct buf text;
    struct json j;
    struct json_tree *tree;
    struct lk_sequence again;
    buf_init(&text, &arena->alloc, 1 << 22);
    json_init(&j, &text);
    sequence_json_write(&j, sequence);
    if (buf_status(&text, "text", NULL) != LK_OK)
        return;
    if (json_tree_parse(text.p, text.n, &tree, NULL) != LK_OK ||
        sequence_json_read(tree, arena, &again, NULL) != LK_OK || !same(sequence, &again))
        abort();
    json_tree_free(tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct json_tree *tree;
    if (json_tree_parse((const char *)bytes, n, &tree, NULL) != LK_OK)
        return 0;
    struct arena arena;
    struct lk_sequence sequence;
    arena_init(&arena, lk_alloc_heap(), 1 << 24);
    if (sequence_json_read(tree, &arena, &sequence, NULL) == LK_OK)
        there_and_back(&sequence, &arena);
    json_tree_free(tree);
    arena_fini(&arena);
    return 0;
}
