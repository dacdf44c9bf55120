/* The binary form of a sequence (docs/formats/print.md), little-endian:
 *
 *   0  "LKSQ"             4  version = 1    5  medium       6  n_digests   7  0
 *   8  n_records u32     12  duration_ms u32
 *  16  n_digests x 36:  type u8, 0, 0, 0, digest[32]
 *   .  n_records x 44:  kind u8, front_end u8, quality u8, 0, time_ms u32, x y size turn, print[32]
 */
#include "base/err.h"

#include <likeness/print.h>
#include <string.h>

enum { VERSION = 1, HEADER_BYTES = 16, DIGEST_BYTES = 36, RECORD_BYTES = 44 };

static void put_u32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static uint32_t get_u32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool kind_fits(unsigned medium, unsigned kind)
{
    switch (medium) {
    case LK_IMAGE:
        return kind == LK_WHOLE || kind == LK_ANCHOR;
    case LK_VIDEO:
        return kind == LK_FRAME || kind == LK_ANCHOR || kind == LK_SOUND;
    case LK_AUDIO:
        return kind == LK_SOUND;
    default:
        return false;
    }
}

static bool needs_front_end(unsigned kind)
{
    return kind == LK_WHOLE || kind == LK_FRAME;
}

static enum lk_status record_check(const struct lk_sequence *seq, size_t i, struct lk_error *err)
{
    const struct lk_record *r = &seq->records[i];
    if (!kind_fits(seq->medium, r->kind))
        return FAIL(err, LK_INVALID, "record %zu: kind '%s' does not belong to %s", i,
                    lk_kind_name(r->kind), lk_medium_name(seq->medium));
    if (r->front_end > LK_FRONT_END_MAX || (r->front_end == 0 && needs_front_end(r->kind)))
        return FAIL(err, LK_INVALID, "record %zu: front end %u is not known", i, r->front_end);
    if (r->quality > 100)
        return FAIL(err, LK_INVALID, "record %zu: quality %u is above 100", i, r->quality);
    if (i > 0 && r->time_ms < r[-1].time_ms)
        return FAIL(err, LK_INVALID, "record %zu: times go backwards", i);
    if (seq->medium == LK_IMAGE && r->time_ms != 0)
        return FAIL(err, LK_INVALID, "record %zu: an image has no time", i);
    return LK_OK;
}

enum lk_status lk_sequence_check(const struct lk_sequence *seq, struct lk_error *err)
{
    if (seq->medium < LK_IMAGE || seq->medium > LK_AUDIO)
        return FAIL(err, LK_INVALID, "medium %u is not known", seq->medium);
    if (seq->n_records > LK_MAX_RECORDS)
        return FAIL(err, LK_INVALID, "a sequence has at most %d records, not %zu", LK_MAX_RECORDS,
                    seq->n_records);
    if (seq->n_digests > LK_MAX_DIGESTS)
        return FAIL(err, LK_INVALID, "a sequence has at most %d digests, not %u", LK_MAX_DIGESTS,
                    seq->n_digests);
    if (seq->n_records == 0 && seq->n_digests == 0)
        return FAIL(err, LK_INVALID, "a sequence needs at least one record or digest");
    for (size_t i = 0; i < seq->n_digests; i++)
        if (seq->digests[i].type != LK_DIGEST_KEYED_SHA256 && seq->digests[i].type != LK_DIGEST_MD5)
            return FAIL(err, LK_INVALID, "digest %zu: type %u is not known", i,
                        seq->digests[i].type);
    for (size_t i = 0; i < seq->n_records; i++)
        TRY(record_check(seq, i, err));
    return LK_OK;
}

size_t lk_sequence_encoded_bytes(const struct lk_sequence *seq)
{
    return HEADER_BYTES + (size_t)seq->n_digests * DIGEST_BYTES + seq->n_records * RECORD_BYTES;
}

size_t lk_sequence_encode(const struct lk_sequence *seq, uint8_t *out)
{
    uint8_t *p = out;
    memcpy(p, "LKSQ", 4);
    p[4] = VERSION;
    p[5] = seq->medium;
    p[6] = seq->n_digests;
    p[7] = 0;
    put_u32(p + 8, (uint32_t)seq->n_records);
    put_u32(p + 12, seq->duration_ms);
    p += HEADER_BYTES;
    for (size_t i = 0; i < seq->n_digests; i++, p += DIGEST_BYTES) {
        memset(p, 0, 4);
        p[0] = seq->digests[i].type;
        memcpy(p + 4, seq->digests[i].bytes, LK_DIGEST_BYTES);
    }
    for (size_t i = 0; i < seq->n_records; i++, p += RECORD_BYTES) {
        const struct lk_record *r = &seq->records[i];
        p[0] = r->kind;
        p[1] = r->front_end;
        p[2] = r->quality;
        p[3] = 0;
        put_u32(p + 4, r->time_ms);
        p[8] = r->frame.x;
        p[9] = r->frame.y;
        p[10] = r->frame.size;
        p[11] = r->frame.turn;
        lk_print_to_bytes(&r->print, p + 12);
    }
    return (size_t)(p - out);
}

static enum lk_status decode_record(const uint8_t *p, size_t i, struct lk_record *r,
                                    struct lk_error *err)
{
    if (p[3] != 0)
        return FAIL(err, LK_CORRUPT, "record %zu: reserved byte is not zero", i);
    *r = (struct lk_record){
        .time_ms = get_u32(p + 4),
        .frame = {p[8], p[9], p[10], p[11]},
        .kind = p[0],
        .front_end = p[1],
        .quality = p[2],
    };
    lk_print_from_bytes(&r->print, p + 12);
    return LK_OK;
}

enum lk_status lk_sequence_decode(const uint8_t *bytes, size_t n, struct lk_record *records,
                                  size_t cap, struct lk_sequence *seq, size_t *used,
                                  struct lk_error *err)
{
    if (n < HEADER_BYTES || memcmp(bytes, "LKSQ", 4) != 0)
        return FAIL(err, LK_CORRUPT, "not a sequence: it does not begin with LKSQ");
    if (bytes[4] != VERSION)
        return FAIL(err, LK_UNSUPPORTED, "sequence version %u; this build reads version %d",
                    bytes[4], VERSION);
    size_t n_digests = bytes[6];
    size_t n_records = get_u32(bytes + 8);
    if (bytes[7] != 0)
        return FAIL(err, LK_CORRUPT, "sequence: reserved byte is not zero");
    if (n_digests > LK_MAX_DIGESTS)
        return FAIL(err, LK_INVALID, "a sequence has at most %d digests, not %zu", LK_MAX_DIGESTS,
                    n_digests);
    if (n_records > cap)
        return FAIL(err, LK_LIMIT, "sequence of %zu records; the limit here is %zu", n_records,
                    cap);
    size_t need = HEADER_BYTES + n_digests * DIGEST_BYTES + n_records * RECORD_BYTES;
    if (n < need)
        return FAIL(err, LK_CORRUPT, "sequence cut short: %zu bytes of %zu", n, need);
    *seq = (struct lk_sequence){.medium = bytes[5],
                                .n_digests = (uint8_t)n_digests,
                                .duration_ms = get_u32(bytes + 12),
                                .records = records,
                                .n_records = n_records};
    const uint8_t *p = bytes + HEADER_BYTES;
    for (size_t i = 0; i < n_digests; i++, p += DIGEST_BYTES) {
        if (p[1] != 0 || p[2] != 0 || p[3] != 0)
            return FAIL(err, LK_CORRUPT, "digest %zu: reserved bytes are not zero", i);
        seq->digests[i].type = p[0];
        memcpy(seq->digests[i].bytes, p + 4, LK_DIGEST_BYTES);
    }
    for (size_t i = 0; i < n_records; i++, p += RECORD_BYTES)
        TRY(decode_record(p, i, &records[i], err));
    TRY(lk_sequence_check(seq, err));
    *used = need;
    return LK_OK;
}
