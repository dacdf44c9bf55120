/* A page into the bank: at most one removal and one addition, in this order, so that what is
 * interrupted between them is put right when the page is applied again. */
#include "exchange/source_inside.h"

#include "base/err.h"
#include "sys/seal.h"

#include <likeness/image.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEAST_ODD_SQUARES = 48, /* below: an edge or a grid, which is no picture in particular */
    MIDDLE = 128,
    WHOLE_SIZE = 255,
};

/* One entry as it is to be after the page. */
struct change {
    uint8_t id[BANK_ID_BYTES];
    const struct foreign_record *record;
    size_t place; /* in the page */
    struct lk_record whole;
};

struct applying {
    struct source *source;
    struct change *changes;
    struct bank_entry *add;
    uint8_t (*remove)[BANK_ID_BYTES];
    size_t n_changes, n_add, n_remove;
};

/* By what the protocol knows an item by. */
static void make_id(const struct source *s, const struct foreign_record *r,
                    uint8_t id[BANK_ID_BYTES])
{
    const uint8_t kind[] = {s->settings.kind, r->is_video, r->prints[0].type};
    if (s->settings.kind == SOURCE_STOPNCII) {
        const struct seal_part parts[] = {{kind, 3}, {r->prints[0].bytes, LK_DIGEST_BYTES}};
        seal_hash(s->id_key, parts, 2, id, BANK_ID_BYTES);
    } else if (s->settings.kind == SOURCE_NCMEC) {
        const struct seal_part parts[] = {{kind, 2}, SEAL_TEXT(r->owner), SEAL_TEXT(r->id)};
        seal_hash(s->id_key, parts, 3, id, BANK_ID_BYTES);
    } else {
        const struct seal_part parts[] = {{kind, 1}, SEAL_TEXT(r->id)};
        seal_hash(s->id_key, parts, 2, id, BANK_ID_BYTES);
    }
}

/* The list of NCMEC is in no order: there time decides, and what is gone at that second is gone. */
static int by_entry(const void *a, const void *b, void *ctx)
{
    const struct change *x = a, *y = b;
    int order = memcmp(x->id, y->id, BANK_ID_BYTES);
    if (order != 0)
        return order;
    if (*(const uint8_t *)ctx == SOURCE_NCMEC) {
        if (x->record->modified_s != y->record->modified_s)
            return x->record->modified_s < y->record->modified_s ? -1 : 1;
        if (x->record->is_withdrawn != y->record->is_withdrawn)
            return x->record->is_withdrawn ? 1 : -1;
    }
    return x->place < y->place ? -1 : x->place > y->place;
}

static void keep_last_words(struct applying *a)
{
    size_t kept = 0;
    qsort_r(a->changes, a->n_changes, sizeof *a->changes, by_entry, &a->source->settings.kind);
    for (size_t i = 0; i < a->n_changes; i++)
        if (i + 1 == a->n_changes ||
            memcmp(a->changes[i].id, a->changes[i + 1].id, BANK_ID_BYTES) != 0)
            a->changes[kept++] = a->changes[i];
    a->n_changes = kept;
}

/* false: there is nothing in it that may be searched for. A PDQ that a flat picture has would meet
 * every other flat picture; one of an edge or a grid is for review, where it is exact. */
static bool make_entry(const struct source *s, struct change *c, struct bank_entry *out)
{
    static const uint8_t digest_types[] = {
        [FOREIGN_MD5] = LK_DIGEST_MD5, [FOREIGN_SHA1] = LK_DIGEST_SHA1};
    struct lk_sequence *seq = &out->sequence;
    *out = (struct bank_entry){.tier = s->settings.tier};
    memcpy(out->id, c->id, BANK_ID_BYTES);
    seq->medium = c->record->is_video ? LK_VIDEO : LK_IMAGE;
    seq->records = &c->whole;
    for (size_t i = 0; i < c->record->n_prints; i++) {
        const struct foreign_print *print = &c->record->prints[i];
        if (print->type != FOREIGN_PDQ) {
            struct lk_digest *d = &seq->digests[seq->n_digests++];
            d->type = digest_types[print->type];
            memcpy(d->bytes, print->bytes, LK_DIGEST_BYTES);
            continue;
        }
        c->whole = (struct lk_record){.kind = LK_WHOLE,
                                      .front_end = LK_FULLRES,
                                      .quality = 100,
                                      .frame = {MIDDLE, MIDDLE, WHOLE_SIZE, 0}};
        lk_print_from_bytes(&c->whole.print, print->bytes);
        if (lk_print_odd_squares(&c->whole.print) < LEAST_ODD_SQUARES)
            c->whole.quality = LK_MIN_QUALITY - 1;
        seq->n_records = lk_print_refusal(&c->whole.print, NULL) == LK_OK;
    }
    return seq->n_records + seq->n_digests > 0;
}

struct comparing {
    const struct bank_entry *with;
    bool same;
};

static enum lk_status compare(void *ctx, const struct bank_entry *entry, struct lk_error *err)
{
    enum { ROOM = 16 + LK_MAX_DIGESTS * 36 + LK_RECORD_MAX_BYTES };
    struct comparing *c = ctx;
    uint8_t a[ROOM], b[ROOM];
    (void)err;
    size_t n = lk_sequence_encoded_bytes(&entry->sequence);
    c->same = entry->tier == c->with->tier && n == lk_sequence_encoded_bytes(&c->with->sequence) &&
              n <= ROOM;
    if (c->same) {
        lk_sequence_encode(&entry->sequence, a);
        lk_sequence_encode(&c->with->sequence, b);
        c->same = memcmp(a, b, n) == 0;
    }
    return LK_OK;
}

static enum lk_status plan(struct applying *a, struct change *c, struct source_counts *counts,
                           struct lk_error *err)
{
    struct bank *bank = a->source->bank;
    struct comparing now = {.with = &a->add[a->n_add]};
    bool is_there = bank_has(bank, c->id);
    bool is_wanted = !c->record->is_withdrawn && make_entry(a->source, c, &a->add[a->n_add]);
    counts->n_dropped += !c->record->is_withdrawn && !is_wanted;
    if (is_there && is_wanted)
        TRY(bank_get(bank, c->id, compare, &now, err));
    if (now.same)
        return LK_OK;
    if (is_there)
        memcpy(a->remove[a->n_remove++], c->id, BANK_ID_BYTES);
    a->n_add += is_wanted;
    counts->n_added += is_wanted && !is_there;
    counts->n_withdrawn += is_there && !is_wanted;
    return LK_OK;
}

static enum lk_status apply(struct applying *a, const struct foreign_page *page,
                            struct source_counts *counts, struct lk_error *err)
{
    struct source_counts found = {.n_pages = 1, .n_dropped = page->n_dropped};
    for (size_t i = 0; i < page->n_records; i++) {
        struct change *c = &a->changes[a->n_changes++];
        c->record = &page->records[i];
        c->place = i;
        make_id(a->source, c->record, c->id);
    }
    keep_last_words(a);
    for (size_t i = 0; i < a->n_changes; i++)
        TRY(plan(a, &a->changes[i], &found, err));
    if (a->n_remove > 0)
        TRY(bank_remove(a->source->bank, (const uint8_t(*)[BANK_ID_BYTES])a->remove, a->n_remove,
                        err));
    if (a->n_add > 0)
        TRY(bank_add(a->source->bank, a->add, a->n_add, 0, err));
    counts->n_pages += found.n_pages;
    counts->n_added += found.n_added;
    counts->n_withdrawn += found.n_withdrawn;
    counts->n_dropped += found.n_dropped;
    return LK_OK;
}

enum lk_status source_apply(struct source *s, const struct foreign_page *page,
                            struct source_counts *counts, struct lk_error *err)
{
    size_t room = page->n_records + 1;
    struct applying a = {.source = s,
                         .changes = calloc(room, sizeof *a.changes),
                         .add = calloc(room, sizeof *a.add),
                         .remove = calloc(room, sizeof *a.remove)};
    enum lk_status status =
        a.changes == NULL || a.add == NULL || a.remove == NULL
            ? FAIL(err, LK_NOMEM, "no memory to apply %zu records", page->n_records)
            : apply(&a, page, counts, err);
    free(a.changes);
    free(a.add);
    free(a.remove);
    return status;
}
