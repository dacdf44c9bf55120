/* The bank under measurement: every batch of insertions is one bank_add(), one sync of the device.
 */
#include "live_bank.h"
#include "measure.h"

#include <stdlib.h>
#include <string.h>

/* Looks random, and says its number. */
static void id_of(uint64_t number, uint8_t id[BANK_ID_BYTES])
{
    uint64_t seed = number, mixed = random_next(&seed);
    memcpy(id, &mixed, sizeof mixed);
    memcpy(id + sizeof mixed, &number, sizeof number);
}

static uint32_t number_of(const uint8_t id[BANK_ID_BYTES])
{
    uint64_t number;
    memcpy(&number, id + sizeof number, sizeof number);
    return (uint32_t)number;
}

static struct lk_record record_of(const struct lk_print *print)
{
    return (struct lk_record){.print = *print,
                              .frame = {128, 128, 255, 0},
                              .kind = LK_WHOLE,
                              .front_end = LK_FULLRES,
                              .quality = 90};
}

static void insert(void *live, const struct lk_print *prints, size_t first, size_t n)
{
    static struct lk_record records[LIVE_BATCH];
    static struct bank_entry entries[LIVE_BATCH];
    struct lk_error err;
    for (size_t i = 0; i < n; i++) {
        records[i] = record_of(&prints[i]);
        entries[i] = (struct bank_entry){
            .tier = LK_TIER_SELF,
            .sequence = {.medium = LK_IMAGE, .records = &records[i], .n_records = 1}};
        id_of(first + i, entries[i].id);
    }
    must(bank_add(live, entries, n, 0, &err), &err);
}

static void remove_entries(void *live, const struct lk_print *prints, const uint32_t *numbers,
                           size_t n)
{
    (void)prints;
    struct lk_error err;
    uint8_t(*ids)[BANK_ID_BYTES] = must_alloc(n, sizeof *ids);
    for (size_t i = 0; i < n; i++)
        id_of(numbers[i], ids[i]);
    must(bank_remove(live, (const uint8_t(*)[BANK_ID_BYTES])ids, n, &err), &err);
    free(ids);
}

static void search(void *live, const struct lk_print *query, struct found_list *out)
{
    struct lk_error err;
    struct lk_record record = record_of(query);
    struct lk_sequence sequence = {.medium = LK_IMAGE, .records = &record, .n_records = 1};
    struct bank_matches matches;
    must(bank_match(live, &sequence, 1, lk_alloc_heap(), &matches, &err), &err);
    for (size_t i = 0; i < matches.n; i++)
        found_put(out, 0, number_of(matches.p[i].id), matches.p[i].verdict.dist_bits);
    bank_matches_free(lk_alloc_heap(), &matches);
}

static void settle(void *live)
{
    struct lk_error err;
    must(bank_settle(live, &err), &err);
}

static uint64_t bytes(void *live)
{
    return bank_stats(live).n_bytes;
}

const struct live_ops live_bank = {
    .name = "bank",
    .insert = insert,
    .remove = remove_entries,
    .search = search,
    .settle = settle,
    .bytes = bytes,
};
