/* Two sequences of any records and pairs between them: a verdict keeps to its ranges, whatever is
 * compared, and two pictures are judged as pictures too.
 *
 * Bytes: medium of either side (2), records of the query, of the entry (2), items (4), duration of
 * either in 1/16 s (4); then 8 bytes a record; then 2 bytes a pair. */
#include <likeness/image.h>
#include <likeness/match.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADER_BYTES = 12, RECORD_BYTES = 8, MAX_PAIRS = 4096, LATER_MS = 1 << 30 };

struct side {
    struct lk_record records[UINT8_MAX];
    struct lk_sequence sequence;
};

static void need(bool ok)
{
    if (!ok)
        abort();
}

static unsigned kind_of(unsigned medium, unsigned choice)
{
    static const uint8_t kinds[3][3] = {{LK_ANCHOR, LK_WHOLE, LK_ANCHOR},
                                        {LK_FRAME, LK_SOUND, LK_ANCHOR},
                                        {LK_SOUND, LK_SOUND, LK_SOUND}};
    return kinds[medium - LK_IMAGE][choice % 3];
}

/* One of 16 prints, some bits of it turned over. */
static struct lk_print print_of(unsigned which, unsigned n_bits)
{
    struct lk_print p;
    for (unsigned w = 0; w < 4; w++)
        p.w[w] = (which % 16 * 4 + w + 1) * 0x9e3779b97f4a7c15u;
    for (unsigned i = 0; i < n_bits % 96; i++)
        p.w[i * 5 % 4] ^= UINT64_C(1) << i * 7 % 64;
    return p;
}

/* Returns what follows the records that are there. */
static const uint8_t *read_side(struct side *s, unsigned medium, unsigned n_records, unsigned lasts,
                                const uint8_t *p, const uint8_t *end)
{
    uint32_t time_ms = 0;
    size_t n = 0;
    for (; n < n_records && (size_t)(end - p) >= RECORD_BYTES; n++, p += RECORD_BYTES) {
        const unsigned kind = kind_of(medium, p[0] >> 4);
        const uint32_t later_ms = p[2] == UINT8_MAX ? LATER_MS : (uint32_t)p[2] * p[2];
        if (medium != LK_IMAGE && time_ms <= UINT32_MAX - later_ms)
            time_ms += later_ms;
        s->records[n] = (struct lk_record){
            .print = print_of(p[0], p[1]),
            .time_ms = time_ms,
            .frame = {p[3], p[4], p[5], kind == LK_ANCHOR && (p[6] & 24) == 24 ? 0 : p[6] % 64},
            .kind = (uint8_t)kind,
            .front_end = kind == LK_WHOLE   ? LK_FULLRES
                         : kind == LK_FRAME ? LK_TRIMMED
                                            : 0,
            .quality = p[7] % 101};
    }
    s->sequence = (struct lk_sequence){.medium = (uint8_t)medium,
                                       .duration_ms = medium == LK_IMAGE ? 0 : lasts * 62,
                                       .records = s->records,
                                       .n_records = n};
    return p;
}

static size_t read_pairs(const struct side *query, const struct side *entry, const uint8_t *p,
                         const uint8_t *end, struct lk_evidence *pairs)
{
    size_t n = 0;
    for (; end - p >= 2 && n < MAX_PAIRS; p += 2, n++) {
        const struct lk_record *q = &query->records[p[0] % query->sequence.n_records];
        const struct lk_record *e = &entry->records[p[1] % entry->sequence.n_records];
        pairs[n] = (struct lk_evidence){q, e, (uint16_t)lk_print_distance(&q->print, &e->print)};
    }
    return n;
}

static void check(const struct lk_verdict *v)
{
    need(v->grade <= LK_REVIEW);
    need(v->coverage_percent <= 100 && v->query_percent <= 100);
    need(v->n_shown <= LK_MAX_SHOWN_VOTES);
    need(v->from_ms <= v->to_ms && v->query_from_ms <= v->query_to_ms);
    need(isfinite(v->place.a) && isfinite(v->place.b));
    need(isfinite(v->place.dx) && isfinite(v->place.dy));
    if (v->grade == 0)
        return;
    need(v->n_votes >= 1 && v->turn < LK_N_TURNS && v->dist_bits <= LK_PRINT_BITS);
    need((v->grade <= LK_NEAR) == !v->shares_content);
    for (unsigned i = 1; i < v->n_shown; i++)
        need(v->shown[i - 1].dist_bits <= v->shown[i].dist_bits);
}

static void check_timed(const struct side *query, const struct side *entry,
                        const struct lk_evidence *pairs, size_t n)
{
    const struct lk_verdict v = lk_match_judge_timed(&query->sequence, &entry->sequence, pairs, n);
    check(&v);
    if (v.grade == 0)
        return;
    need(v.by_picture || v.by_sound);
    need(v.to_ms <= v.lasts_ms && v.query_to_ms <= v.query_lasts_ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct side query, entry;
    static struct lk_evidence pairs[MAX_PAIRS];
    const uint8_t *end = data + size;
    struct lk_match_terms terms = {.n_items = 0};
    uint32_t n_items;
    if (size < HEADER_BYTES)
        return 0;
    memcpy(&n_items, data + 4, sizeof n_items);
    terms.n_items = n_items;
    const uint8_t *p = read_side(&query, LK_IMAGE + data[0] % 3u, data[2],
                                 data[8] | (unsigned)data[9] << 8, data + HEADER_BYTES, end);
    p = read_side(&entry, LK_IMAGE + data[1] % 3u, data[3], data[10] | (unsigned)data[11] << 8, p,
                  end);
    if (query.sequence.n_records == 0 || entry.sequence.n_records == 0)
        return 0;
    need(lk_sequence_check(&query.sequence, NULL) == LK_OK);
    need(lk_sequence_check(&entry.sequence, NULL) == LK_OK);
    const size_t n = read_pairs(&query, &entry, p, end, pairs);
    if (query.sequence.medium == LK_IMAGE && entry.sequence.medium == LK_IMAGE) {
        terms.query_whole = query.records[0].frame;
        terms.entry_whole = entry.records[0].frame;
        const struct lk_verdict v = lk_match_judge(pairs, n, &terms);
        check(&v);
    } else {
        check_timed(&query, &entry, pairs, n);
    }
    return 0;
}
