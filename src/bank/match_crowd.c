/* Anchors that say nothing: the frame of an app, a sticker, a letter of a font are on many
 * pictures, which have nothing else in common. An anchor of a query that meets more than
 * mute_limit() different pictures of the bank is muted for this query.
 *
 * The same picture may have been registered many times, by several people or in several forms, and
 * must not mute itself. The bank does not know which entries belong to one case, so entries count
 * as one picture when the own whole print of one lies within SAME_PICTURE_BITS of a whole print of
 * the other under any of its turns. */
#include "match_inside.h"

#include <likeness/image.h>
#include <stdlib.h>

enum { SAME_PICTURE_BITS = 40, MUTE_BASE = 8, MUTE_MOST = 24 };

struct picture {
    struct lk_print turn[LK_N_TURNS];
    unsigned n;
};

/* Chance alone lets an anchor meet some pictures of a large bank: one more for each doubling beyond
 * a thousand. */
static unsigned mute_limit(uint64_t n_items)
{
    unsigned limit = MUTE_BASE;
    for (; n_items > 1000 && limit < MUTE_MOST; n_items /= 2)
        limit++;
    return limit;
}

static bool is_of(const struct picture *p, const struct lk_print *print)
{
    for (unsigned i = 0; i < p->n; i++)
        if (lk_print_distance(&p->turn[i], print) <= SAME_PICTURE_BITS)
            return true;
    return false;
}

/* The entry's own whole print and those of its turns, which come first; none when it has no whole
 * print or is no longer in force. */
static void load(const struct matcher *m, const struct found *f, struct picture *out)
{
    struct lk_record r;
    for (out->n = 0; out->n < LK_N_TURNS; out->n++) {
        if (!match_copy_record(m, f, out->n, &r) || r.kind != LK_WHOLE)
            return;
        out->turn[out->n] = r.print;
    }
}

/* Whether found[0..n), of one anchor and entry by entry, belongs to more than `limit` pictures. */
static bool is_crowd(const struct matcher *m, const struct found *found, size_t n, unsigned limit)
{
    struct picture pictures[MUTE_MOST];
    unsigned n_pictures = 0;
    for (size_t i = 0; i < n; i++) {
        struct lk_record own;
        bool is_known = false;
        if (i > 0 && match_same_entry(&found[i], &found[i - 1]))
            continue;
        if (match_copy_record(m, &found[i], 0, &own) && own.kind == LK_WHOLE)
            for (unsigned k = 0; k < n_pictures && !is_known; k++)
                is_known = is_of(&pictures[k], &own.print);
        if (is_known)
            continue;
        if (n_pictures == limit)
            return true;
        load(m, &found[i], &pictures[n_pictures++]);
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

void match_mute(struct matcher *m, size_t from)
{
    struct found *found = (struct found *)m->found.p + from;
    struct probe *probes = m->probes.p;
    size_t n = m->found.n - from, n_kept = 0;
    unsigned limit = mute_limit(m->n_items);
    if (n > 1)
        qsort(found, n, sizeof *found, by_probe_and_entry);
    for (size_t i = 0, k; i < n; i += k) {
        for (k = 1; i + k < n && found[i + k].probe == found[i].probe; k++)
            ;
        struct probe *probe = &probes[found[i].probe];
        probe->muted = k > limit && is_crowd(m, &found[i], k, limit);
        for (size_t j = i; j < i + k && !probe->muted; j++)
            found[n_kept++] = found[j];
    }
    m->found.n = from + n_kept;
}
