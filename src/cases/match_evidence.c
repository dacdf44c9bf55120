/* Little-endian; floats are IEEE 754:
 *
 *   0  version = 2   1  upload percent   2  flags: 1 mirrored, 2 shares content, 4 two prints agree
 *   3  n_shown       4  query whole x y size turn        8  entry whole x y size turn
 *  12  a f32        16  b f32       20  dx f32       24  dy f32       28  0 u32
 *  32  by: 1 picture, 2 sound   33  speed percent   34  0 u16   36  query from u32   40  to u32
 *  44  the entry lasts u32      48  the query lasts u32
 *  52  n_shown x 10: query x y size turn, entry x y size turn, distance u16
 *
 * Version 1, which is only read, has nothing that lasts: its votes begin at 32. */
#include "cases/match_evidence.h"

#include "base/err.h"

#include <math.h>
#include <string.h>

enum { VERSION_1 = 1, VERSION = 2, HEAD_BYTES = 32, TIMES_BYTES = 20, VOTE_BYTES = 10 };
enum { BY_PICTURE = 1, BY_SOUND = 2, BY = 3 };
enum { FLAG_MIRRORED = 1, FLAG_SHARES = 2, FLAG_TWO = 4, FLAGS = 7 };

static void put_frame(uint8_t *p, struct lk_frame f)
{
    p[0] = f.x, p[1] = f.y, p[2] = f.size, p[3] = f.turn;
}

static struct lk_frame get_frame(const uint8_t *p)
{
    return (struct lk_frame){.x = p[0], .y = p[1], .size = p[2], .turn = p[3]};
}

static void put_u32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static uint32_t get_u32(const uint8_t *p)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++)
        v |= (uint32_t)p[i] << (8 * i);
    return v;
}

static void put_times(uint8_t *p, const struct lk_verdict *v)
{
    p[0] = (uint8_t)((v->by_picture ? BY_PICTURE : 0) | (v->by_sound ? BY_SOUND : 0));
    p[1] = v->speed_percent;
    put_u32(p + 4, v->query_from_ms);
    put_u32(p + 8, v->query_to_ms);
    put_u32(p + 12, v->lasts_ms);
    put_u32(p + 16, v->query_lasts_ms);
}

static bool get_times(const uint8_t *p, struct lk_verdict *v)
{
    if (p[0] > BY || (p[2] | p[3]) != 0)
        return false;
    v->by_picture = (p[0] & BY_PICTURE) != 0;
    v->by_sound = (p[0] & BY_SOUND) != 0;
    v->speed_percent = p[1];
    v->query_from_ms = get_u32(p + 4);
    v->query_to_ms = get_u32(p + 8);
    v->lasts_ms = get_u32(p + 12);
    v->query_lasts_ms = get_u32(p + 16);
    return v->query_from_ms <= v->query_to_ms;
}

static void put_float(uint8_t *p, float v)
{
    uint32_t bits;
    memcpy(&bits, &v, sizeof bits);
    put_u32(p, bits);
}

static float get_float(const uint8_t *p)
{
    const uint32_t bits = get_u32(p);
    float v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

size_t match_evidence_write(const struct match_evidence *e, uint8_t out[MATCH_EVIDENCE_BYTES])
{
    const struct lk_verdict *v = &e->verdict;
    const float place[4] = {v->place.a, v->place.b, v->place.dx, v->place.dy};
    size_t n = v->n_shown < LK_MAX_SHOWN_VOTES ? v->n_shown : LK_MAX_SHOWN_VOTES;
    memset(out, 0, HEAD_BYTES + TIMES_BYTES);
    out[0] = VERSION;
    out[1] = v->query_percent;
    out[2] =
        (uint8_t)((v->place.mirrored ? FLAG_MIRRORED : 0) | (v->shares_content ? FLAG_SHARES : 0) |
                  (v->two_prints_agree ? FLAG_TWO : 0));
    out[3] = (uint8_t)n;
    put_frame(out + 4, e->query_whole);
    put_frame(out + 8, e->entry_whole);
    for (size_t i = 0; i < 4; i++)
        put_float(out + 12 + 4 * i, place[i]);
    put_times(out + HEAD_BYTES, v);
    uint8_t *p = out + HEAD_BYTES + TIMES_BYTES;
    for (size_t i = 0; i < n; i++, p += VOTE_BYTES) {
        put_frame(p, v->shown[i].query);
        put_frame(p + 4, v->shown[i].entry);
        p[8] = (uint8_t)v->shown[i].dist_bits;
        p[9] = (uint8_t)(v->shown[i].dist_bits >> 8);
    }
    return HEAD_BYTES + TIMES_BYTES + n * VOTE_BYTES;
}

static enum lk_status bad(struct lk_error *err)
{
    return FAIL(err, LK_CORRUPT, "what agreed in a match is not as it was written");
}

enum lk_status match_evidence_read(const uint8_t *bytes, size_t n, struct match_evidence *out,
                                   struct lk_error *err)
{
    if (n < HEAD_BYTES || bytes[0] == 0)
        return bad(err);
    if (bytes[0] > VERSION)
        return FAIL(err, LK_UNSUPPORTED,
                    "what agreed in a match has version %u, at most %d is known", bytes[0],
                    VERSION);
    const size_t n_head = bytes[0] == VERSION_1 ? HEAD_BYTES : HEAD_BYTES + TIMES_BYTES;
    size_t n_shown = bytes[3];
    if (n_shown > LK_MAX_SHOWN_VOTES || n != n_head + n_shown * VOTE_BYTES || bytes[1] > 100 ||
        bytes[2] > FLAGS || (bytes[28] | bytes[29] | bytes[30] | bytes[31]) != 0)
        return bad(err);
    *out = (struct match_evidence){.query_whole = get_frame(bytes + 4),
                                   .entry_whole = get_frame(bytes + 8)};
    struct lk_verdict *v = &out->verdict;
    v->query_percent = bytes[1];
    v->shares_content = (bytes[2] & FLAG_SHARES) != 0;
    v->two_prints_agree = (bytes[2] & FLAG_TWO) != 0;
    v->place = (struct lk_place){
        .a = get_float(bytes + 12),
        .b = get_float(bytes + 16),
        .dx = get_float(bytes + 20),
        .dy = get_float(bytes + 24),
        .mirrored = (bytes[2] & FLAG_MIRRORED) != 0,
    };
    if (!isfinite(v->place.a) || !isfinite(v->place.b) || !isfinite(v->place.dx) ||
        !isfinite(v->place.dy))
        return bad(err);
    if (n_head > HEAD_BYTES && !get_times(bytes + HEAD_BYTES, v))
        return bad(err);
    v->n_shown = (uint8_t)n_shown;
    const uint8_t *p = bytes + n_head;
    for (size_t i = 0; i < n_shown; i++, p += VOTE_BYTES)
        v->shown[i] = (struct lk_vote){.query = get_frame(p),
                                       .entry = get_frame(p + 4),
                                       .dist_bits = (uint16_t)(p[8] | p[9] << 8)};
    return LK_OK;
}

struct lk_frame match_whole_frame(const struct lk_sequence *sequence)
{
    for (size_t i = 0; i < sequence->n_records; i++)
        if (sequence->records[i].kind == LK_WHOLE)
            return sequence->records[i].frame;
    return (struct lk_frame){0};
}
