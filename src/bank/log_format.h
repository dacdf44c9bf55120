/* bank/log_format.h - the bytes of a bank's log; docs/formats/bank.md specifies them.
 *
 * A file header, then batches (what was added by one call and is there as a whole or not at all),
 * each of records. A record never moves; its first byte alone says whether it is in force and at
 * which tier (bank/state.h), so that a change of it is one byte, which no crash can halve. */
#ifndef BANK_LOG_FORMAT_H
#define BANK_LOG_FORMAT_H

#include "bank.h"
#include "base/buf.h"

enum {
    LOG_VERSION = 2,
    LOG_VERSION_1 = 1, /* one log was the whole bank; read to be converted */
    LOG_HEADER_BYTES = 160,
    LOG_HEADER_1_BYTES = 48,
    LOG_BATCH_BYTES = 32, /* at most */
    LOG_RECORD_BYTES = 32,
    LOG_BANK_ID_BYTES = 16,
    LOG_WRAPPED_BYTES = 72,
};

/* What the file header says, and every check depends on. */
struct log_head {
    unsigned version;
    bool sealed;
    uint8_t bank_id[LOG_BANK_ID_BYTES];
    uint64_t number;                    /* of the log in its bank; 0 in version 1 */
    uint8_t wrapped[LOG_WRAPPED_BYTES]; /* the log's key, under the bank's; zeros when plain */
};

struct log_batch {
    uint32_t n_records;
    uint64_t n_bytes; /* of the records behind the header */
    uint64_t cursor;  /* of the owner, 0: none */
};

struct log_record {
    uint8_t state;       /* enum bank_state */
    uint32_t body_bytes; /* of what is checked: the binary form of the sequence, or that sealed */
    uint32_t scope;
    uint8_t id[BANK_ID_BYTES];
};

/* Where a record stands in its file. Not to be had from the entry: its sequence may have been
 * written in an older form. */
struct log_place {
    uint64_t offset;
    uint32_t n_bytes; /* of the whole record */
    uint8_t state;    /* it has, or is to be given */
};

/* Sizes that depend on the version. */
size_t log_header_bytes(const struct log_head *head);
size_t log_batch_bytes(const struct log_head *head);

/* Bytes of the body behind the header of a record: content, check, padding to a multiple of 8. */
size_t log_padded_bytes(size_t body_bytes);

/* The whole of the record that log_put_record() writes. */
size_t log_record_bytes(const struct log_head *head, const struct lk_sequence *sequence);

/* The greatest sequence that a record may hold. */
size_t log_max_sequence_bytes(void);

/* Checks depend on the bank, the log and on where in the file the bytes stand: `offset` is that of
 * the header. The readers return false when the bytes are not what they should be. */
void log_write_header(uint8_t bytes[LOG_HEADER_BYTES], const struct log_head *head);
enum lk_status log_read_header(const uint8_t *bytes, size_t n, struct log_head *head,
                               struct lk_error *err) LK_MUST_CHECK;

void log_write_batch(uint8_t *bytes, const struct log_head *head, uint64_t offset,
                     const struct log_batch *batch);
bool log_read_batch(const uint8_t *bytes, const struct log_head *head, uint64_t offset,
                    struct log_batch *batch);

/* Appends header and body of an entry, which will stand at `offset` of the file; `key` is the log's
 * own when it is sealed. */
void log_put_record(struct buf *out, const struct log_head *head, const uint8_t *key,
                    uint64_t offset, const struct bank_entry *entry);
bool log_read_record(const uint8_t bytes[LOG_RECORD_BYTES], const struct log_head *head,
                     uint64_t offset, struct log_record *record);

/* Whether the body of a record whose header stands at `offset` is intact. */
bool log_body_ok(const uint8_t *body, const struct log_record *record, const struct log_head *head,
                 uint64_t offset);

/* The binary form of the sequence: borrowed from the body, or unsealed to `plain`, which has room
 * for record->body_bytes. false when it was sealed otherwise. */
bool log_open_body(const uint8_t *body, const struct log_record *record,
                   const struct log_head *head, const uint8_t *key, uint64_t offset, uint8_t *plain,
                   const uint8_t **sequence, size_t *n);

#endif
