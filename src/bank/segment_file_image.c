/* The entries of a segment. by_id and by_digest are tables with open addressing: a thing stands in
 * the first free slot from the one that the high bits of its hash name; 0xffffffff is a free slot.
 *
 *   hash(seed, bytes): h = seed; for each 8 bytes, little-endian: h = mix(h xor them)
 *   of an id: hash(seed, id);  of a digest: hash(seed + type, bytes)
 *
 * mix is refset_mix(). The seed is random, so that nobody can choose ids that collide. What a
 * damaged file says is bounded here: slots by a mask, numbers by the counts, walks by the number of
 * slots. */
#include "segment_file.h"

#include "base/le.h"
#include "base/refset.h"

#include <string.h>

#define FREE_SLOT UINT32_MAX

static uint64_t hash(uint64_t seed, const uint8_t *bytes, size_t n)
{
    for (; n >= 8; bytes += 8, n -= 8)
        seed = refset_mix(seed ^ le_get64(bytes));
    return seed;
}

static uint64_t hash_id(const struct segment_image *image, const uint8_t id[16])
{
    return hash(image->hash_seed, id, 16);
}

static uint64_t hash_digest(const struct segment_image *image, unsigned type,
                            const uint8_t bytes[LK_DIGEST_BYTES])
{
    return hash(image->hash_seed + type, bytes, LK_DIGEST_BYTES);
}

/* n_slots is a power of two from 4 on. */
static uint64_t first_slot(uint64_t n_slots, uint64_t hashed)
{
    return hashed >> (__builtin_clzll(n_slots) + 1);
}

static void put(uint32_t *slots, uint64_t n_slots, uint64_t hashed, uint32_t number)
{
    uint64_t at = first_slot(n_slots, hashed);
    while (slots[at] != FREE_SLOT)
        at = (at + 1) & (n_slots - 1);
    slots[at] = number;
}

void segment_image_fill_tables(struct segment_image *image)
{
    uint64_t n_slots = segment_slots(image->n_entries);
    if (n_slots > 0)
        memset(image->by_id, 0xff, n_slots * sizeof *image->by_id);
    for (uint32_t i = 0; i < image->n_entries; i++)
        put(image->by_id, n_slots, hash_id(image, image->entries[i].id), i);
    n_slots = segment_slots(image->n_digests);
    if (n_slots > 0)
        memset(image->by_digest, 0xff, n_slots * sizeof *image->by_digest);
    for (uint32_t i = 0; i < image->n_digests; i++)
        put(image->by_digest, n_slots,
            hash_digest(image, image->digests[i].type, image->digests[i].bytes), i);
}

uint32_t segment_image_find(const struct segment_image *image, const uint8_t id[16])
{
    uint64_t n_slots = segment_slots(image->n_entries);
    if (n_slots == 0)
        return SEGMENT_NO_ENTRY;
    uint64_t at = first_slot(n_slots, hash_id(image, id));
    for (uint64_t walked = 0; walked < n_slots; walked++, at = (at + 1) & (n_slots - 1)) {
        uint32_t ordinal = image->by_id[at];
        if (ordinal == FREE_SLOT)
            break;
        if (ordinal < image->n_entries && memcmp(image->entries[ordinal].id, id, 16) == 0)
            return ordinal;
    }
    return SEGMENT_NO_ENTRY;
}

uint32_t segment_image_next_with(const struct segment_image *image, const struct lk_digest *digest,
                                 uint64_t *at)
{
    uint64_t n_slots = segment_slots(image->n_digests);
    if (n_slots == 0)
        return SEGMENT_NO_ENTRY;
    uint64_t first = first_slot(n_slots, hash_digest(image, digest->type, digest->bytes));
    /* *at counts slots walked, so that a table without a free slot has an end */
    for (uint64_t walked = *at == UINT64_MAX ? 0 : *at; walked < n_slots; walked++) {
        uint32_t number = image->by_digest[(first + walked) & (n_slots - 1)];
        if (number == FREE_SLOT)
            break;
        if (number >= image->n_digests)
            continue;
        const struct segment_digest *d = &image->digests[number];
        if (d->type == digest->type && memcmp(d->bytes, digest->bytes, LK_DIGEST_BYTES) == 0 &&
            d->entry < image->n_entries) {
            *at = walked + 1;
            return d->entry;
        }
    }
    *at = n_slots;
    return SEGMENT_NO_ENTRY;
}

const struct segment_record *segment_image_records(const struct segment_image *image,
                                                   uint32_t ordinal, size_t *n)
{
    const struct segment_entry *e = &image->entries[ordinal];
    *n = 0;
    if (e->n_records == 0 || e->first_record >= image->n_records ||
        e->n_records > image->n_records - e->first_record)
        return NULL;
    *n = e->n_records;
    return image->records + e->first_record;
}

const struct segment_digest *segment_image_digests(const struct segment_image *image,
                                                   uint32_t ordinal, size_t *n)
{
    const struct segment_entry *e = &image->entries[ordinal];
    *n = 0;
    if (e->n_digests == 0 || e->n_digests > LK_MAX_DIGESTS || e->first_digest >= image->n_digests ||
        e->n_digests > image->n_digests - e->first_digest)
        return NULL;
    *n = e->n_digests;
    return image->digests + e->first_digest;
}

const struct lk_print *segment_image_print(const struct segment_image *image,
                                           const struct segment_record *record)
{
    if (record->kind < 1 || record->kind > LK_KIND_MAX ||
        record->row >= image->index[record->kind].n_rows)
        return NULL;
    return &image->index[record->kind].rows[record->row];
}
