/* Entry of a chunk in the table of checks:
 *
 *   plain    CRC-32C u32 of: segment id, number of the chunk in the file as u64, the 64 KiB
 *   sealed   stamp u64, tag[16]: ChaCha20-Poly1305 (IETF) of the 64 KiB under the segment's key,
 *            nonce: number of the chunk u32, stamp u64
 *
 * Check of a section, 16 bytes: plain, CRC-32C u32 of its entries and zeros; sealed, BLAKE2b keyed
 * with the segment's key of its entries. An entry that was true once and is put back by somebody
 * (an older print under an older tag) is thereby refused. */
#include "segment_file_check.h"

#include "base/le.h"
#include "core/kernels/cpu.h"

#include <string.h>

void checker_init(struct checker *c, const uint8_t segment_id[SEGMENT_FILE_ID_BYTES],
                  const uint8_t *key)
{
    memset(c, 0, sizeof *c);
    c->is_sealed = key != NULL;
    c->sum = crc32c_select(cpu_mask());
    memcpy(c->segment_id, segment_id, sizeof c->segment_id);
    if (key != NULL)
        memcpy(c->key, key, sizeof c->key);
}

const uint8_t *checker_key(const struct checker *c)
{
    return c->is_sealed ? c->key : NULL;
}

static uint32_t sum_of(const struct checker *c, uint32_t number, const uint8_t *bytes)
{
    uint8_t place[SEGMENT_FILE_ID_BYTES + 8];
    memcpy(place, c->segment_id, SEGMENT_FILE_ID_BYTES);
    le_put64(place + SEGMENT_FILE_ID_BYTES, number);
    return c->sum(c->sum(0, place, sizeof place), bytes, LAYOUT_CHUNK);
}

static void make_nonce(uint32_t number, const uint8_t stamp[8],
                       uint8_t nonce[SEAL_BLOCK_NONCE_BYTES])
{
    le_put32(nonce, number);
    memcpy(nonce + 4, stamp, 8);
}

void check_put(const struct checker *c, uint32_t number, uint64_t stamp,
               uint8_t bytes[LAYOUT_CHUNK], uint8_t *entry)
{
    if (!c->is_sealed) {
        le_put32(entry, sum_of(c, number, bytes));
        return;
    }
    uint8_t nonce[SEAL_BLOCK_NONCE_BYTES];
    le_put64(entry, stamp);
    make_nonce(number, entry, nonce);
    seal_block_put(c->key, nonce, bytes, LAYOUT_CHUNK, entry + 8);
}

bool check_take(const struct checker *c, uint32_t number, uint8_t bytes[LAYOUT_CHUNK],
                const uint8_t *entry)
{
    if (!c->is_sealed)
        return sum_of(c, number, bytes) == le_get32(entry);
    uint8_t nonce[SEAL_BLOCK_NONCE_BYTES];
    make_nonce(number, entry, nonce);
    return seal_block_take(c->key, nonce, bytes, LAYOUT_CHUNK, entry + 8);
}

void check_section(const struct checker *c, const uint8_t *entries, size_t n_bytes,
                   uint8_t check[LAYOUT_CHECK_BYTES])
{
    memset(check, 0, LAYOUT_CHECK_BYTES);
    if (!c->is_sealed) {
        le_put32(check, c->sum(0, entries, n_bytes));
        return;
    }
    const struct seal_part parts[] = {SEAL_TEXT("segment.section"), {entries, n_bytes}};
    seal_hash(c->key, parts, 2, check, LAYOUT_CHECK_BYTES);
}

static void section_now(const struct checker *c, const struct layout *l,
                        const struct layout_section *s, const uint8_t *table,
                        uint8_t check[LAYOUT_CHECK_BYTES])
{
    size_t size = layout_entry_bytes(l);
    check_section(c, table + layout_first_chunk(l, s) * size, layout_n_chunks(s) * size, check);
}

void check_all_sections(const struct checker *c, struct layout *l, const uint8_t *table)
{
    for (unsigned i = 0; i < l->n_sections; i++)
        section_now(c, l, &l->sections[i], table, l->sections[i].check);
}

const struct layout_section *check_find_bad_section(const struct checker *c, const struct layout *l,
                                                    const uint8_t *table)
{
    for (unsigned i = 0; i < l->n_sections; i++) {
        uint8_t now[LAYOUT_CHECK_BYTES];
        section_now(c, l, &l->sections[i], table, now);
        if (!seal_equal(now, l->sections[i].check, sizeof now))
            return &l->sections[i];
    }
    return NULL;
}
