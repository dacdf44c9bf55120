/* Every sequence that a message gives must encode to the bytes it came from, when they are of the
 * version that is written; else to bytes that give the same sequence. */
#include <likeness/print.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { MAX_RECORDS = 4096, VERSION_AT = 4, VERSION = 2 };

static void need(bool ok)
{
    if (!ok)
        abort();
}

static bool same(const struct lk_record *a, const struct lk_record *b)
{
    return memcmp(&a->print, &b->print, sizeof a->print) == 0 && a->time_ms == b->time_ms &&
           memcmp(&a->frame, &b->frame, sizeof a->frame) == 0 && a->kind == b->kind &&
           a->front_end == b->front_end && a->quality == b->quality;
}

static void check(const struct lk_sequence *seq, const uint8_t *from, size_t n)
{
    static struct lk_record back[MAX_RECORDS];
    struct lk_sequence got;
    size_t used, size = lk_sequence_encoded_bytes(seq);
    uint8_t *again = malloc(size);
    need(again != NULL && lk_sequence_encode(seq, again) == size);
    if (from[VERSION_AT] == VERSION)
        need(size == n && memcmp(again, from, n) == 0);
    need(lk_sequence_decode(again, size, back, MAX_RECORDS, &got, &used, NULL) == LK_OK);
    need(used == size && got.medium == seq->medium && got.duration_ms == seq->duration_ms);
    need(got.n_records == seq->n_records && got.n_digests == seq->n_digests);
    for (size_t i = 0; i < seq->n_records; i++)
        need(same(&back[i], &seq->records[i]));
    for (size_t i = 0; i < seq->n_digests; i++)
        need(memcmp(&got.digests[i], &seq->digests[i], sizeof got.digests[i]) == 0);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct lk_message m;
    struct lk_sequence seq;
    static struct lk_record records[MAX_RECORDS];
    if (lk_message_begin(bytes, n, &m, NULL) != LK_OK)
        return 0;
    for (;;) {
        const uint8_t *from = m.p;
        if (lk_message_next(&m, records, MAX_RECORDS, &seq, NULL) != LK_OK)
            return 0;
        check(&seq, from, (size_t)(m.p - from));
    }
}
