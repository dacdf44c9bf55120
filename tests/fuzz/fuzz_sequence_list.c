/* A list gives the sequences that reading one after the other gives, to the last byte. */
#include "exchange/sequence_list.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { MAX_RECORDS = 4096, MAX_SEQUENCES = 200 };

static void need(bool ok)
{
    if (!ok)
        abort();
}

static void check(const struct lk_sequence *list, size_t count, const uint8_t *bytes, size_t n)
{
    static struct lk_record records[MAX_RECORDS];
    size_t at = 0, used;
    struct lk_sequence one;
    for (size_t i = 0; i < count && list[i].n_records <= MAX_RECORDS; i++, at += used) {
        need(lk_sequence_decode(bytes + at, n - at, records, MAX_RECORDS, &one, &used, NULL) ==
             LK_OK);
        need(one.n_records == list[i].n_records && one.medium == list[i].medium);
        for (size_t k = 0; k < one.n_records; k++)
            need(memcmp(&records[k].print, &list[i].records[k].print, sizeof records[k].print) ==
                 0);
        need(i + 1 < count || at + used == n);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena arena;
    struct lk_sequence *sequences = NULL;
    size_t count = 0;
    arena_init(&arena, lk_alloc_heap(), 1 << 24);
    if (sequence_list_read(bytes, n, MAX_SEQUENCES, &arena, &sequences, &count, NULL) == LK_OK)
        check(sequences, count, bytes, n);
    arena_fini(&arena);
    return 0;
}
