/* The binary form of a sequence (docs/formats/print.md), little-endian:
 *
 *   0  "LKSQ"             4  version = 2    5  medium       6  n_digests   7  0
 *   8  n_records u32     12  duration_ms u32
 *  16  n_digests x 36:  type u8, 0, 0, 0, digest[32]
 *   .  n_records x:      tag u8, then what differs from the record before, print[32]
 *
 *   tag   bit 0  kind u8, front end u8      bit 3  x u8, y u8
 *         bit 1  quality u8                 bit 4  size u8
 *         bit 2  milliseconds later, 7 bits a byte, low first, bit 7: more    bit 5  turn u8
 *
 * The record before the first is all zeros. A part stands there only when it differs, so that a
 * sequence has one form. Version 1, which is only read: 44 bytes a record, as decode_record_1(). */
#include "base/err.h"

#include <likeness/print.h>
#include <string.h>

enum {
    VERSION_1 = 1,
    VERSION = 2,
    HEADER_BYTES = 16,
    DIGEST_BYTES = 36,
    RECORD_1_BYTES = 44,
};

enum {
    HAS_KIND = 1 << 0,
    HAS_QUALITY = 1 << 1,
    HAS_TIME = 1 << 2,
    HAS_PLACE = 1 << 3,
    HAS_SIZE = 1 << 4,
    HAS_TURN = 1 << 5,
    TAG_BITS = 6,
};

static const struct lk_record nothing;

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

/* Whether the bits say one of the forms that prints of an anchor are made of. */
static bool anchor_turn_fits(unsigned turn)
{
    unsigned small = turn % LK_INVERTED >> LK_SMALL_TURN_SHIFT;
    return small <= LK_SMALL_TURN_RIGHT && turn < 2 * LK_INVERTED;
}

static enum lk_status record_check(const struct lk_sequence *seq, size_t i, struct lk_error *err)
{
    const struct lk_record *r = &seq->records[i];
    if (!kind_fits(seq->medium, r->kind))
        return FAIL(err, LK_INVALID, "record %zu: kind '%s' does not belong to %s", i,
                    lk_kind_name(r->kind), lk_medium_name(seq->medium));
    if (r->front_end > LK_FRONT_END_MAX || (r->front_end == 0 && needs_front_end(r->kind)))
        return FAIL(err, LK_INVALID, "record %zu: front end %u is not known", i, r->front_end);
    if (r->front_end == LK_TRIMMED && r->kind != LK_FRAME)
        return FAIL(err, LK_INVALID, "record %zu: front end 'trimmed' is for frames of a video", i);
    if (r->quality > 100)
        return FAIL(err, LK_INVALID, "record %zu: quality %u is above 100", i, r->quality);
    if (i > 0 && r->time_ms < r[-1].time_ms)
        return FAIL(err, LK_INVALID, "record %zu: times go backwards", i);
    if (seq->medium == LK_IMAGE && r->time_ms != 0)
        return FAIL(err, LK_INVALID, "record %zu: an image has no time", i);
    if (r->kind == LK_ANCHOR && !anchor_turn_fits(r->frame.turn))
        return FAIL(err, LK_INVALID, "record %zu: turn %u is not one of an anchor", i,
                    r->frame.turn);
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
        if (seq->digests[i].type < LK_DIGEST_KEYED_SHA256 || seq->digests[i].type > LK_DIGEST_SHA1)
            return FAIL(err, LK_INVALID, "digest %zu: type %u is not known", i,
                        seq->digests[i].type);
    for (size_t i = 0; i < seq->n_records; i++)
        TRY(record_check(seq, i, err));
    return LK_OK;
}

/* What of a record differs from the one before. */
static unsigned tag_of(const struct lk_record *r, const struct lk_record *before)
{
    unsigned tag = 0;
    if (r->kind != before->kind || r->front_end != before->front_end)
        tag |= HAS_KIND;
    if (r->quality != before->quality)
        tag |= HAS_QUALITY;
    if (r->time_ms != before->time_ms)
        tag |= HAS_TIME;
    if (r->frame.x != before->frame.x || r->frame.y != before->frame.y)
        tag |= HAS_PLACE;
    if (r->frame.size != before->frame.size)
        tag |= HAS_SIZE;
    if (r->frame.turn != before->frame.turn)
        tag |= HAS_TURN;
    return tag;
}

static size_t varint_bytes(uint32_t v)
{
    size_t n = 1;
    for (; v >= 128; v >>= 7)
        n++;
    return n;
}

static uint8_t *put_varint(uint8_t *p, uint32_t v)
{
    for (; v >= 128; v >>= 7)
        *p++ = (uint8_t)(v | 128);
    *p++ = (uint8_t)v;
    return p;
}

static size_t encoded_bytes(const struct lk_record *r, const struct lk_record *before)
{
    unsigned tag = tag_of(r, before);
    size_t n = LK_RECORD_MIN_BYTES;
    n += tag & HAS_KIND ? 2 : 0;
    n += tag & HAS_QUALITY ? 1 : 0;
    n += tag & HAS_TIME ? varint_bytes(r->time_ms - before->time_ms) : 0;
    n += tag & HAS_PLACE ? 2 : 0;
    n += tag & HAS_SIZE ? 1 : 0;
    n += tag & HAS_TURN ? 1 : 0;
    return n;
}

size_t lk_sequence_encoded_bytes(const struct lk_sequence *seq)
{
    size_t n = HEADER_BYTES + (size_t)seq->n_digests * DIGEST_BYTES;
    for (size_t i = 0; i < seq->n_records; i++)
        n += encoded_bytes(&seq->records[i], i == 0 ? &nothing : &seq->records[i - 1]);
    return n;
}

static uint8_t *encode_record(uint8_t *p, const struct lk_record *r, const struct lk_record *before)
{
    unsigned tag = tag_of(r, before);
    *p++ = (uint8_t)tag;
    if (tag & HAS_KIND) {
        *p++ = r->kind;
        *p++ = r->front_end;
    }
    if (tag & HAS_QUALITY)
        *p++ = r->quality;
    if (tag & HAS_TIME)
        p = put_varint(p, r->time_ms - before->time_ms);
    if (tag & HAS_PLACE) {
        *p++ = r->frame.x;
        *p++ = r->frame.y;
    }
    if (tag & HAS_SIZE)
        *p++ = r->frame.size;
    if (tag & HAS_TURN)
        *p++ = r->frame.turn;
    lk_print_to_bytes(&r->print, p);
    return p + LK_PRINT_BYTES;
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
    for (size_t i = 0; i < seq->n_records; i++)
        p = encode_record(p, &seq->records[i], i == 0 ? &nothing : &seq->records[i - 1]);
    return (size_t)(p - out);
}

/* What is still to be read; `is_short` once something was missing, from then on all zeros. */
struct source {
    const uint8_t *p;
    size_t n;
    bool is_short;
};

static unsigned take_u8(struct source *s)
{
    if (s->n == 0) {
        s->is_short = true;
        return 0;
    }
    s->n--;
    return *s->p++;
}

/* false when it is not the shortest form of 1..UINT32_MAX. */
static bool take_varint(struct source *s, uint32_t *out)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift <= 28; shift += 7) {
        unsigned byte = take_u8(s);
        v |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) {
            *out = (uint32_t)v;
            return byte != 0 && v <= UINT32_MAX;
        }
    }
    return false;
}

static enum lk_status cut_short(size_t i, struct lk_error *err)
{
    return FAIL(err, LK_CORRUPT, "sequence cut short in record %zu", i);
}

static enum lk_status decode_record_1(struct source *s, size_t i, struct lk_record *r,
                                      struct lk_error *err)
{
    const uint8_t *p = s->p;
    if (s->n < RECORD_1_BYTES)
        return cut_short(i, err);
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
    s->p += RECORD_1_BYTES;
    s->n -= RECORD_1_BYTES;
    return LK_OK;
}

static enum lk_status take_time(struct source *s, size_t i, uint32_t *time_ms, struct lk_error *err)
{
    uint32_t later = 0;
    bool ok = take_varint(s, &later);
    if (s->is_short)
        return cut_short(i, err);
    if (!ok || later > UINT32_MAX - *time_ms)
        return FAIL(err, LK_CORRUPT, "record %zu: the time is not in its shortest form", i);
    *time_ms += later;
    return LK_OK;
}

static enum lk_status decode_record(struct source *s, size_t i, const struct lk_record *before,
                                    struct lk_record *r, struct lk_error *err)
{
    unsigned tag = take_u8(s);
    struct lk_record got = *before;
    if (tag >> TAG_BITS != 0)
        return FAIL(err, LK_CORRUPT, "record %zu: a tag of %u is not known", i, tag);
    if (tag & HAS_KIND) {
        got.kind = (uint8_t)take_u8(s);
        got.front_end = (uint8_t)take_u8(s);
    }
    if (tag & HAS_QUALITY)
        got.quality = (uint8_t)take_u8(s);
    if (tag & HAS_TIME)
        TRY(take_time(s, i, &got.time_ms, err));
    if (tag & HAS_PLACE) {
        got.frame.x = (uint8_t)take_u8(s);
        got.frame.y = (uint8_t)take_u8(s);
    }
    if (tag & HAS_SIZE)
        got.frame.size = (uint8_t)take_u8(s);
    if (tag & HAS_TURN)
        got.frame.turn = (uint8_t)take_u8(s);
    if (s->is_short || s->n < LK_PRINT_BYTES)
        return cut_short(i, err);
    if (tag_of(&got, before) != tag)
        return FAIL(err, LK_CORRUPT, "record %zu repeats what the one before has", i);
    lk_print_from_bytes(&got.print, s->p);
    s->p += LK_PRINT_BYTES;
    s->n -= LK_PRINT_BYTES;
    *r = got;
    return LK_OK;
}

/* The header, and that the bytes can hold what it says. */
static enum lk_status decode_header(const uint8_t *bytes, size_t n, size_t cap,
                                    struct lk_sequence *seq, struct lk_error *err)
{
    if (n < HEADER_BYTES || memcmp(bytes, "LKSQ", 4) != 0)
        return FAIL(err, LK_CORRUPT, "not a sequence: it does not begin with LKSQ");
    if (bytes[4] != VERSION && bytes[4] != VERSION_1)
        return FAIL(err, LK_UNSUPPORTED, "sequence version %u; this build reads versions %d and %d",
                    bytes[4], VERSION_1, VERSION);
    if (bytes[7] != 0)
        return FAIL(err, LK_CORRUPT, "sequence: reserved byte is not zero");
    *seq = (struct lk_sequence){.medium = bytes[5],
                                .n_digests = bytes[6],
                                .duration_ms = get_u32(bytes + 12),
                                .n_records = get_u32(bytes + 8)};
    if (seq->n_digests > LK_MAX_DIGESTS)
        return FAIL(err, LK_INVALID, "a sequence has at most %d digests, not %u", LK_MAX_DIGESTS,
                    seq->n_digests);
    if (seq->n_records > cap)
        return FAIL(err, LK_LIMIT, "sequence of %zu records; the limit here is %zu", seq->n_records,
                    cap);
    size_t record_bytes = bytes[4] == VERSION ? LK_RECORD_MIN_BYTES : RECORD_1_BYTES;
    size_t left = n - HEADER_BYTES, digest_bytes = (size_t)seq->n_digests * DIGEST_BYTES;
    if (left < digest_bytes || (left - digest_bytes) / record_bytes < seq->n_records)
        return FAIL(err, LK_CORRUPT, "sequence cut short: %zu bytes are too few for %zu records", n,
                    seq->n_records);
    return LK_OK;
}

enum lk_status lk_sequence_decode(const uint8_t *bytes, size_t n, struct lk_record *records,
                                  size_t cap, struct lk_sequence *seq, size_t *used,
                                  struct lk_error *err)
{
    TRY(decode_header(bytes, n, cap, seq, err));
    struct source s = {.p = bytes + HEADER_BYTES, .n = n - HEADER_BYTES};
    seq->records = records;
    for (size_t i = 0; i < seq->n_digests; i++, s.p += DIGEST_BYTES, s.n -= DIGEST_BYTES) {
        if (s.p[1] != 0 || s.p[2] != 0 || s.p[3] != 0)
            return FAIL(err, LK_CORRUPT, "digest %zu: reserved bytes are not zero", i);
        seq->digests[i].type = s.p[0];
        memcpy(seq->digests[i].bytes, s.p + 4, LK_DIGEST_BYTES);
    }
    bool is_1 = bytes[4] == VERSION_1;
    for (size_t i = 0; i < seq->n_records; i++)
        TRY(is_1 ? decode_record_1(&s, i, &records[i], err)
                 : decode_record(&s, i, i == 0 ? &nothing : &records[i - 1], &records[i], err));
    TRY(lk_sequence_check(seq, err));
    *used = n - s.n;
    return LK_OK;
}
