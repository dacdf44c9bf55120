/* All numbers little-endian:
 *
 *   file    0 "LKBANK\r\n"      8 version u32   12 0 u32   16 bank id[16]   32 0[12]   44 check
 *   batch   0 "LKBB"            4 n_records u32  8 n_bytes u64              16 check   20 0 u32
 *   record  0 state  1 0[3]     4 sequence_bytes u32   8 id[16]   24 scope u32   28 check
 *           32 sequence ("LKSQ...")   . check of the sequence   . 0 up to a multiple of 8
 *
 * check: CRC-32C of bank id, offset of the header as u64, and the bytes before it (in a record
 * without the state; of the sequence alone for the second). The file header's is of its own bytes.
 */
#include "log_format.h"

#include "base/crc32c.h"
#include "base/err.h"

#include <string.h>

static const char file_magic[8] = {'L', 'K', 'B', 'A', 'N', 'K', '\r', '\n'};
static const char batch_magic[4] = {'L', 'K', 'B', 'B'};

enum { CHECK_BYTES = 4, HEADER_CHECK = 44, BATCH_CHECK = 16, RECORD_CHECK = 28 };

static void put_u32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static void put_u64(uint8_t *p, uint64_t v)
{
    put_u32(p, (uint32_t)v);
    put_u32(p + 4, (uint32_t)(v >> 32));
}

static uint32_t get_u32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint64_t get_u64(const uint8_t *p)
{
    return get_u32(p) | (uint64_t)get_u32(p + 4) << 32;
}

static uint32_t check_of(const uint8_t bank_id[LOG_BANK_ID_BYTES], uint64_t offset,
                         const uint8_t *bytes, size_t n)
{
    uint8_t at[8];
    put_u64(at, offset);
    uint32_t crc = crc32c(0, bank_id, LOG_BANK_ID_BYTES);
    return crc32c(crc32c(crc, at, sizeof at), bytes, n);
}

static const struct {
    uint8_t tier, state;
} states[] = {
    {LK_TIER_SELF, LOG_SELF}, {LK_TIER_CHECKED, LOG_CHECKED}, {LK_TIER_CONFIRMED, LOG_CONFIRMED}};

enum log_state log_state_of_tier(unsigned tier)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (states[i].tier == tier)
            return (enum log_state)states[i].state;
    return LOG_WITHDRAWN;
}

unsigned log_tier_of_state(unsigned state)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (states[i].state == state)
            return states[i].tier;
    return 0;
}

size_t log_body_bytes(size_t sequence_bytes)
{
    return (sequence_bytes + CHECK_BYTES + 7) / 8 * 8;
}

size_t log_max_sequence_bytes(void)
{
    struct lk_sequence largest = {.n_records = LK_MAX_RECORDS, .n_digests = LK_MAX_DIGESTS};
    return lk_sequence_encoded_bytes(&largest);
}

void log_write_header(uint8_t bytes[LOG_HEADER_BYTES], const uint8_t bank_id[LOG_BANK_ID_BYTES])
{
    memset(bytes, 0, LOG_HEADER_BYTES);
    memcpy(bytes, file_magic, sizeof file_magic);
    put_u32(bytes + 8, LOG_VERSION);
    memcpy(bytes + 16, bank_id, LOG_BANK_ID_BYTES);
    put_u32(bytes + HEADER_CHECK, crc32c(0, bytes, HEADER_CHECK));
}

enum lk_status log_read_header(const uint8_t *bytes, size_t n, uint8_t bank_id[LOG_BANK_ID_BYTES],
                               struct lk_error *err)
{
    if (n < LOG_HEADER_BYTES || memcmp(bytes, file_magic, sizeof file_magic) != 0)
        return FAIL(err, LK_CORRUPT, "not the log of a bank: it does not begin with LKBANK");
    if (get_u32(bytes + HEADER_CHECK) != crc32c(0, bytes, HEADER_CHECK))
        return FAIL(err, LK_CORRUPT, "the header of the bank's log is damaged");
    if (get_u32(bytes + 8) != LOG_VERSION)
        return FAIL(err, LK_UNSUPPORTED, "bank of version %u; this build reads version %d",
                    get_u32(bytes + 8), LOG_VERSION);
    memcpy(bank_id, bytes + 16, LOG_BANK_ID_BYTES);
    return LK_OK;
}

void log_write_batch(uint8_t bytes[LOG_BATCH_BYTES], const uint8_t bank_id[LOG_BANK_ID_BYTES],
                     uint64_t offset, const struct log_batch *batch)
{
    memset(bytes, 0, LOG_BATCH_BYTES);
    memcpy(bytes, batch_magic, sizeof batch_magic);
    put_u32(bytes + 4, batch->n_records);
    put_u64(bytes + 8, batch->n_bytes);
    put_u32(bytes + BATCH_CHECK, check_of(bank_id, offset, bytes, BATCH_CHECK));
}

bool log_read_batch(const uint8_t bytes[LOG_BATCH_BYTES], const uint8_t bank_id[LOG_BANK_ID_BYTES],
                    uint64_t offset, struct log_batch *batch)
{
    *batch = (struct log_batch){get_u32(bytes + 4), get_u64(bytes + 8)};
    return memcmp(bytes, batch_magic, sizeof batch_magic) == 0 &&
           get_u32(bytes + BATCH_CHECK) == check_of(bank_id, offset, bytes, BATCH_CHECK) &&
           get_u32(bytes + BATCH_CHECK + 4) == 0;
}

void log_put_record(struct buf *out, const uint8_t bank_id[LOG_BANK_ID_BYTES], uint64_t offset,
                    const struct bank_entry *entry)
{
    size_t n = lk_sequence_encoded_bytes(&entry->sequence);
    uint8_t *p = buf_room(out, LOG_RECORD_BYTES + log_body_bytes(n));
    if (p == NULL)
        return;
    memset(p, 0, LOG_RECORD_BYTES);
    p[0] = (uint8_t)log_state_of_tier(entry->tier);
    put_u32(p + 4, (uint32_t)n);
    memcpy(p + 8, entry->id, BANK_ID_BYTES);
    put_u32(p + 24, entry->scope);
    put_u32(p + RECORD_CHECK, check_of(bank_id, offset, p + 1, RECORD_CHECK - 1));
    uint8_t *body = p + LOG_RECORD_BYTES;
    lk_sequence_encode(&entry->sequence, body);
    put_u32(body + n, check_of(bank_id, offset, body, n));
    memset(body + n + CHECK_BYTES, 0, log_body_bytes(n) - n - CHECK_BYTES);
}

bool log_read_record(const uint8_t bytes[LOG_RECORD_BYTES],
                     const uint8_t bank_id[LOG_BANK_ID_BYTES], uint64_t offset,
                     struct log_record *record)
{
    *record = (struct log_record){
        .state = bytes[0], .sequence_bytes = get_u32(bytes + 4), .scope = get_u32(bytes + 24)};
    memcpy(record->id, bytes + 8, BANK_ID_BYTES);
    return get_u32(bytes + RECORD_CHECK) ==
               check_of(bank_id, offset, bytes + 1, RECORD_CHECK - 1) &&
           (record->state == LOG_WITHDRAWN || log_tier_of_state(record->state) != 0) &&
           record->sequence_bytes <= log_max_sequence_bytes();
}

bool log_body_ok(const uint8_t *body, const struct log_record *record,
                 const uint8_t bank_id[LOG_BANK_ID_BYTES], uint64_t offset)
{
    size_t n = record->sequence_bytes;
    return get_u32(body + n) == check_of(bank_id, offset, body, n);
}
