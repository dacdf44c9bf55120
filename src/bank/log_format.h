/* bank/log_format.h - the bytes of a bank's log; docs/formats/bank.md specifies them.
 *
 * A file header, then batches (what was added by one call and is there as a whole or not at all),
 * each of records. A record never moves; its first byte alone says whether it is in force and at
 * which tier, so that a change of it is one byte, which no crash can halve. */
#ifndef BANK_LOG_FORMAT_H
#define BANK_LOG_FORMAT_H

#include "bank.h"
#include "base/buf.h"

enum {
    LOG_VERSION = 1,
    LOG_HEADER_BYTES = 48,
    LOG_BATCH_BYTES = 24,
    LOG_RECORD_BYTES = 32,
    LOG_BANK_ID_BYTES = 16,
};

/* The first byte of a record: any two differ in four bits. */
enum log_state {
    LOG_SELF = 0x1e,
    LOG_CHECKED = 0x2d,
    LOG_CONFIRMED = 0x4b,
    LOG_WITHDRAWN = 0x87,
};

/* LOG_SELF .. of a tier, and back: 0 for LOG_WITHDRAWN and for what is no state. */
enum log_state log_state_of_tier(unsigned tier);
unsigned log_tier_of_state(unsigned state);

struct log_batch {
    uint32_t n_records;
    uint64_t n_bytes; /* of the records behind the header */
};

struct log_record {
    uint8_t state;           /* enum log_state */
    uint32_t sequence_bytes; /* of the binary form of the sequence */
    uint32_t scope;
    uint8_t id[BANK_ID_BYTES];
};

/* Bytes of the body behind the header of a record: sequence, checksum, padding to a multiple of 8.
 */
size_t log_body_bytes(size_t sequence_bytes);

/* The greatest sequence that a record may hold. */
size_t log_max_sequence_bytes(void);

/* Checksums depend on the bank and on where in the file the bytes stand: `offset` is that of the
 * header. The readers return false when the bytes are not what they should be. */
void log_write_header(uint8_t bytes[LOG_HEADER_BYTES], const uint8_t bank_id[LOG_BANK_ID_BYTES]);
enum lk_status log_read_header(const uint8_t *bytes, size_t n, uint8_t bank_id[LOG_BANK_ID_BYTES],
                               struct lk_error *err) LK_MUST_CHECK;

void log_write_batch(uint8_t bytes[LOG_BATCH_BYTES], const uint8_t bank_id[LOG_BANK_ID_BYTES],
                     uint64_t offset, const struct log_batch *batch);
bool log_read_batch(const uint8_t bytes[LOG_BATCH_BYTES], const uint8_t bank_id[LOG_BANK_ID_BYTES],
                    uint64_t offset, struct log_batch *batch);

/* Appends header and body of an entry, which will stand at `offset` of the file. */
void log_put_record(struct buf *out, const uint8_t bank_id[LOG_BANK_ID_BYTES], uint64_t offset,
                    const struct bank_entry *entry);
bool log_read_record(const uint8_t bytes[LOG_RECORD_BYTES],
                     const uint8_t bank_id[LOG_BANK_ID_BYTES], uint64_t offset,
                     struct log_record *record);
/* Whether the body of a record whose header stands at `offset` is intact. */
bool log_body_ok(const uint8_t *body, const struct log_record *record,
                 const uint8_t bank_id[LOG_BANK_ID_BYTES], uint64_t offset);

#endif
