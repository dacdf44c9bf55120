/* Anchors that say nothing: the frame of an app, a sticker, a letter of a font are on many
 * pictures, which have nothing else in common. An anchor of a query that meets anchors of
 * MUTE_PICTURES different pictures of the bank is muted for this query, before votes are counted.
 *
 * It is counted within a few bits more than what counts as evidence: what one picture has within
 * the radius, the next has just beyond. But chance meets strangers too, twice as many for each 2
 * bits (measured between photographs, docs/internals/bank.md), and twice as many in a bank of
 * twice the size. So for each doubling beyond FEW_ITEMS the radius of counting shrinks by 2 bits:
 * then chance mutes as few anchors as in a small bank, whatever the size.
 *
 * The same picture may have been registered many times, by several people or in several forms, and
 * must not mute itself. The bank does not know which entries belong to one case, so entries count
 * as one picture when the own whole print of one lies within SAME_PICTURE_BITS of any whole print
 * of the other, turns and crops. */
#include "match_inside.h"

#include <likeness/image.h>
#include <stdlib.h>

enum {
    SAME_PICTURE_BITS = 40,
    MUTE_PICTURES = 3,
    MUTE_RADIUS_LEAST = 20,
    FEW_ITEMS = 1000,
    MOST_WHOLE = 32
};

struct picture {
    struct lk_print own;
    struct found entry; /* where its other prints are */
};

unsigned match_mute_radius(uint64_t n_items)
{
    unsigned radius_bits = MATCH_MUTE_RADIUS;
    for (; n_items >= 2 * FEW_ITEMS && radius_bits > MUTE_RADIUS_LEAST; n_items /= 2)
        radius_bits -= 2;
    return radius_bits;
}

/* Whether one of the entry's whole prints, which come first, is nearly this. */
static bool shows(const struct matcher *m, const struct found *entry, const struct lk_print *print)
{
    struct lk_record r;
    for (size_t i = 0; i < MOST_WHOLE; i++) {
        if (!match_copy_record(m, entry, i, &r) || r.kind != LK_WHOLE)
            return false;
        if (lk_print_distance(&r.print, print) <= SAME_PICTURE_BITS)
            return true;
    }
    return false;
}

static bool is_same(const struct matcher *m, const struct picture *a, const struct picture *b)
{
    return lk_print_distance(&a->own, &b->own) <= SAME_PICTURE_BITS ||
           shows(m, &a->entry, &b->own) || shows(m, &b->entry, &a->own);
}

/* Whether found[0..n), of one anchor and entry by entry, belongs to MUTE_PICTURES pictures within
 * the radius. An entry without a whole print of its own is a picture by itself. */
static bool is_crowd(const struct matcher *m, const struct found *found, size_t n,
                     unsigned radius_bits)
{
    struct picture pictures[MUTE_PICTURES];
    unsigned n_pictures = 0, n_known = 0; /* known: those of them that have a whole print */
    const struct found *last = NULL;
    for (size_t i = 0; i < n; i++) {
        struct lk_record own;
        bool is_known = false;
        if (found[i].dist_bits > radius_bits || (last != NULL && match_same_entry(&found[i], last)))
            continue;
        last = &found[i];
        if (!match_copy_record(m, last, 0, &own))
            continue;
        if (own.kind == LK_WHOLE) {
            const struct picture picture = {own.print, *last};
            for (unsigned k = 0; k < n_known && !is_known; k++)
                is_known = is_same(m, &pictures[k], &picture);
            if (!is_known)
                pictures[n_known++] = picture;
        }
        n_pictures += !is_known;
        if (n_pictures == MUTE_PICTURES)
            return true;
    }
    return false;
}

static int by_probe_and_entry(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->probe != y->probe)
        return x->probe < y->probe ? -1 : 1;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

void match_mute(struct matcher *m, size_t from, unsigned evidence_bits)
{
    struct found *found = (struct found *)m->found.p + from;
    struct probe *probes = m->probes.p;
    size_t n = m->found.n - from, n_kept = 0;
    unsigned radius_bits = match_mute_radius(m->n_items);
    if (n > 1)
        qsort(found, n, sizeof *found, by_probe_and_entry);
    for (size_t i = 0, k; i < n; i += k) {
        for (k = 1; i + k < n && found[i + k].probe == found[i].probe; k++)
            ;
        struct probe *probe = &probes[found[i].probe];
        probe->muted = k >= MUTE_PICTURES && is_crowd(m, &found[i], k, radius_bits);
        m->n_muted += probe->muted;
        for (size_t j = i; j < i + k && !probe->muted; j++)
            if (found[j].dist_bits <= evidence_bits)
                found[n_kept++] = found[j];
    }
    m->found.n = from + n_kept;
}
