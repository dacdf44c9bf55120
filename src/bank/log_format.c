/* All numbers little-endian:
 *
 *   file    0 "LKBANK\r\n"      8 version u32   12 mode u32   16 bank id[16]   32 number u64
 *           40 wrapped key[72]  112 0[44]       156 check
 *   batch   0 "LKBB"            4 n_records u32  8 n_bytes u64   16 cursor u64  24 check   28 0 u32
 *   record  0 state  1 0[3]     4 body_bytes u32   8 id[16]   24 scope u32   28 check
 *           32 sequence ("LKSQ...") or nonce[24] sealed sequence tag[16]
 *              . check of the body   . 0 up to a multiple of 8
 *
 * Version 1, which is only read: the file header ends after the bank id with 0[12] and the check
 * (48 bytes), a batch has no cursor (24 bytes), and checks leave out the number.
 *
 * check: CRC-32C of bank id, number as u64, offset of the header as u64, and the bytes before it
 * (in a record without the state; of the body alone for the second). The file header's is of its
 * own bytes. */
#include "log_format.h"

#include "base/err.h"
#include "core/kernels/cpu.h"
#include "core/kernels/crc32c.h"
#include "state.h"
#include "sys/seal.h"

#include <string.h>

static const char file_magic[8] = {'L', 'K', 'B', 'A', 'N', 'K', '\r', '\n'};
static const char batch_magic[4] = {'L', 'K', 'B', 'B'};
static const char body_label[] = "bank.log.body";

enum {
    CHECK_BYTES = 4,
    HEADER_CHECK = LOG_HEADER_BYTES - CHECK_BYTES,
    HEADER_1_CHECK = LOG_HEADER_1_BYTES - CHECK_BYTES,
    HEADER_WRAPPED = 40,
    RECORD_CHECK = 28,
    MODE_PLAIN = 1,
    MODE_SEALED = 2,
};

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

static uint32_t check_of(const struct log_head *head, uint64_t offset, const uint8_t *bytes,
                         size_t n)
{
    uint8_t at[16];
    size_t n_at = 0;
    if (head->version != LOG_VERSION_1) {
        put_u64(at, head->number);
        n_at = 8;
    }
    put_u64(at + n_at, offset);
    crc32c_sum *crc32c = crc32c_select(cpu_mask());
    uint32_t crc = crc32c(0, head->bank_id, LOG_BANK_ID_BYTES);
    return crc32c(crc32c(crc, at, n_at + 8), bytes, n);
}

size_t log_header_bytes(const struct log_head *head)
{
    return head->version == LOG_VERSION_1 ? LOG_HEADER_1_BYTES : LOG_HEADER_BYTES;
}

size_t log_batch_bytes(const struct log_head *head)
{
    return head->version == LOG_VERSION_1 ? LOG_BATCH_BYTES - 8 : LOG_BATCH_BYTES;
}

size_t log_padded_bytes(size_t body_bytes)
{
    return (body_bytes + CHECK_BYTES + 7) / 8 * 8;
}

static size_t body_bytes_of(const struct log_head *head, const struct lk_sequence *sequence)
{
    return lk_sequence_encoded_bytes(sequence) + (head->sealed ? SEAL_OVERHEAD_BYTES : 0);
}

size_t log_record_bytes(const struct log_head *head, const struct lk_sequence *sequence)
{
    return LOG_RECORD_BYTES + log_padded_bytes(body_bytes_of(head, sequence));
}

size_t log_max_sequence_bytes(void)
{
    const struct lk_sequence digests = {.n_digests = LK_MAX_DIGESTS};
    return lk_sequence_encoded_bytes(&digests) + (size_t)LK_MAX_RECORDS * LK_RECORD_MAX_BYTES;
}

void log_write_header(uint8_t bytes[LOG_HEADER_BYTES], const struct log_head *head)
{
    memset(bytes, 0, LOG_HEADER_BYTES);
    memcpy(bytes, file_magic, sizeof file_magic);
    put_u32(bytes + 8, LOG_VERSION);
    put_u32(bytes + 12, head->sealed ? MODE_SEALED : MODE_PLAIN);
    memcpy(bytes + 16, head->bank_id, LOG_BANK_ID_BYTES);
    put_u64(bytes + 32, head->number);
    memcpy(bytes + HEADER_WRAPPED, head->wrapped, LOG_WRAPPED_BYTES);
    put_u32(bytes + HEADER_CHECK, crc32c_select(cpu_mask())(0, bytes, HEADER_CHECK));
}

enum lk_status log_read_header(const uint8_t *bytes, size_t n, struct log_head *head,
                               struct lk_error *err)
{
    *head = (struct log_head){.version = LOG_VERSION};
    if (n < LOG_HEADER_1_BYTES || memcmp(bytes, file_magic, sizeof file_magic) != 0)
        return FAIL(err, LK_CORRUPT, "not the log of a bank: it does not begin with LKBANK");
    if (get_u32(bytes + 8) == LOG_VERSION_1)
        head->version = LOG_VERSION_1;
    size_t check = head->version == LOG_VERSION_1 ? HEADER_1_CHECK : HEADER_CHECK;
    if (n < check + CHECK_BYTES ||
        get_u32(bytes + check) != crc32c_select(cpu_mask())(0, bytes, check))
        return FAIL(err, LK_CORRUPT, "the header of the bank's log is damaged");
    if (get_u32(bytes + 8) != head->version)
        return FAIL(err, LK_UNSUPPORTED, "bank of version %u; this build reads versions %d and %d",
                    get_u32(bytes + 8), LOG_VERSION_1, LOG_VERSION);
    memcpy(head->bank_id, bytes + 16, LOG_BANK_ID_BYTES);
    if (head->version == LOG_VERSION_1)
        return LK_OK;
    uint32_t mode = get_u32(bytes + 12);
    if (mode != MODE_PLAIN && mode != MODE_SEALED)
        return FAIL(err, LK_UNSUPPORTED, "a bank's log of mode %u is not known to this build",
                    mode);
    head->sealed = mode == MODE_SEALED;
    head->number = get_u64(bytes + 32);
    memcpy(head->wrapped, bytes + HEADER_WRAPPED, LOG_WRAPPED_BYTES);
    return LK_OK;
}

void log_write_batch(uint8_t *bytes, const struct log_head *head, uint64_t offset,
                     const struct log_batch *batch)
{
    memset(bytes, 0, LOG_BATCH_BYTES);
    memcpy(bytes, batch_magic, sizeof batch_magic);
    put_u32(bytes + 4, batch->n_records);
    put_u64(bytes + 8, batch->n_bytes);
    put_u64(bytes + 16, batch->cursor);
    put_u32(bytes + 24, check_of(head, offset, bytes, 24));
}

bool log_read_batch(const uint8_t *bytes, const struct log_head *head, uint64_t offset,
                    struct log_batch *batch)
{
    size_t check = log_batch_bytes(head) - 8;
    *batch = (struct log_batch){get_u32(bytes + 4), get_u64(bytes + 8), 0};
    if (head->version != LOG_VERSION_1)
        batch->cursor = get_u64(bytes + 16);
    return memcmp(bytes, batch_magic, sizeof batch_magic) == 0 &&
           get_u32(bytes + check) == check_of(head, offset, bytes, check) &&
           get_u32(bytes + check + CHECK_BYTES) == 0;
}

/* What a sealed body is bound to: its log, its place and its entry. */
enum { BINDING_BYTES = LOG_BANK_ID_BYTES + 8 + 8 + BANK_ID_BYTES + 4 };

static struct seal_part bind_body(uint8_t binding[BINDING_BYTES], const struct log_head *head,
                                  uint64_t offset, const uint8_t id[BANK_ID_BYTES], uint32_t scope)
{
    memcpy(binding, head->bank_id, LOG_BANK_ID_BYTES);
    put_u64(binding + 16, head->number);
    put_u64(binding + 24, offset);
    memcpy(binding + 32, id, BANK_ID_BYTES);
    put_u32(binding + 48, scope);
    return (struct seal_part){binding, BINDING_BYTES};
}

void log_put_record(struct buf *out, const struct log_head *head, const uint8_t *key,
                    uint64_t offset, const struct bank_entry *entry)
{
    size_t n_sequence = lk_sequence_encoded_bytes(&entry->sequence);
    size_t n = body_bytes_of(head, &entry->sequence);
    uint8_t *p = buf_room(out, LOG_RECORD_BYTES + log_padded_bytes(n));
    if (p == NULL)
        return;
    memset(p, 0, LOG_RECORD_BYTES);
    p[0] = state_of_tier(entry->tier);
    put_u32(p + 4, (uint32_t)n);
    memcpy(p + 8, entry->id, BANK_ID_BYTES);
    put_u32(p + 24, entry->scope);
    put_u32(p + RECORD_CHECK, check_of(head, offset, p + 1, RECORD_CHECK - 1));
    uint8_t *body = p + LOG_RECORD_BYTES;
    if (head->sealed) {
        uint8_t binding[BINDING_BYTES];
        uint8_t *plain = body + SEAL_NONCE_BYTES; /* sealed where it stands */
        lk_sequence_encode(&entry->sequence, plain);
        seal_put(key, body_label, bind_body(binding, head, offset, entry->id, entry->scope), plain,
                 n_sequence, body);
    } else {
        lk_sequence_encode(&entry->sequence, body);
    }
    put_u32(body + n, check_of(head, offset, body, n));
    memset(body + n + CHECK_BYTES, 0, log_padded_bytes(n) - n - CHECK_BYTES);
}

bool log_read_record(const uint8_t bytes[LOG_RECORD_BYTES], const struct log_head *head,
                     uint64_t offset, struct log_record *record)
{
    *record = (struct log_record){
        .state = bytes[0], .body_bytes = get_u32(bytes + 4), .scope = get_u32(bytes + 24)};
    memcpy(record->id, bytes + 8, BANK_ID_BYTES);
    return get_u32(bytes + RECORD_CHECK) == check_of(head, offset, bytes + 1, RECORD_CHECK - 1) &&
           state_is_known(record->state) &&
           record->body_bytes <= log_max_sequence_bytes() + SEAL_OVERHEAD_BYTES;
}

bool log_body_ok(const uint8_t *body, const struct log_record *record, const struct log_head *head,
                 uint64_t offset)
{
    size_t n = record->body_bytes;
    return get_u32(body + n) == check_of(head, offset, body, n);
}

bool log_open_body(const uint8_t *body, const struct log_record *record,
                   const struct log_head *head, const uint8_t *key, uint64_t offset, uint8_t *plain,
                   const uint8_t **sequence, size_t *n)
{
    *sequence = body;
    *n = record->body_bytes;
    if (!head->sealed)
        return true;
    uint8_t binding[BINDING_BYTES];
    struct seal_part bound = bind_body(binding, head, offset, record->id, record->scope);
    if (!seal_take(key, body_label, bound, body, record->body_bytes, plain))
        return false;
    *sequence = plain;
    *n = record->body_bytes - SEAL_OVERHEAD_BYTES;
    return true;
}
