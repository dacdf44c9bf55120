/* The message form (docs/formats/print.md), little-endian:
 *
 *   0  "LKSM"    4  version = 1    5  0 0 0    8  n_sequences u32    12  sequences, back to back
 */
#include "base/err.h"

#include <likeness/print.h>
#include <string.h>

enum { VERSION = 1 };

static uint32_t get_u32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

void lk_message_header(size_t n_sequences, uint8_t out[LK_MESSAGE_HEADER_BYTES])
{
    memcpy(out, "LKSM\1\0\0\0", 8);
    for (int i = 0; i < 4; i++)
        out[8 + i] = (uint8_t)(n_sequences >> (8 * i));
}

enum lk_status lk_message_begin(const uint8_t *bytes, size_t n, struct lk_message *m,
                                struct lk_error *err)
{
    if (n < LK_MESSAGE_HEADER_BYTES || memcmp(bytes, "LKSM", 4) != 0)
        return FAIL(err, LK_CORRUPT, "not a message: it does not begin with LKSM");
    if (bytes[4] != VERSION)
        return FAIL(err, LK_UNSUPPORTED, "message version %u; this build reads version %d",
                    bytes[4], VERSION);
    if (bytes[5] != 0 || bytes[6] != 0 || bytes[7] != 0)
        return FAIL(err, LK_CORRUPT, "message: reserved bytes are not zero");
    *m = (struct lk_message){
        .p = bytes + LK_MESSAGE_HEADER_BYTES,
        .n_bytes = n - LK_MESSAGE_HEADER_BYTES,
        .n_sequences = get_u32(bytes + 8),
    };
    if (m->n_sequences == 0 && m->n_bytes > 0)
        return FAIL(err, LK_CORRUPT, "message: %zu bytes stand behind the last sequence",
                    m->n_bytes);
    return LK_OK;
}

enum lk_status lk_message_next(struct lk_message *m, struct lk_record *records, size_t cap,
                               struct lk_sequence *seq, struct lk_error *err)
{
    if (m->n_read == m->n_sequences)
        return FAIL(err, LK_NOT_FOUND, "the message has no further sequence");
    size_t used = 0;
    struct lk_error why = {0};
    enum lk_status status = lk_sequence_decode(m->p, m->n_bytes, records, cap, seq, &used, &why);
    if (status != LK_OK)
        return FAIL(err, status, "sequence %zu: %s", m->n_read, why.text);
    m->p += used;
    m->n_bytes -= used;
    m->n_read++;
    if (m->n_read == m->n_sequences && m->n_bytes > 0)
        return FAIL(err, LK_CORRUPT, "message: %zu bytes stand behind the last sequence",
                    m->n_bytes);
    return LK_OK;
}
