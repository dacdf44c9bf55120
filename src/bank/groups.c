/* Union and find: each member points towards the smallest id of its group, and every walk halves
 * the path it takes (Tarjan and van Leeuwen, 1984), which is all but constant time a pair. */
#include "groups.h"
#include "base/err.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_ROOM = 64 };

static uint64_t hash_of_id(const uint8_t id[BANK_ID_BYTES])
{
    uint64_t head;
    memcpy(&head, id, sizeof head);
    return refset_mix(head);
}

static uint64_t hash_of(const void *ctx, uint32_t ref)
{
    const struct groups *groups = ctx;
    return hash_of_id(groups->p[ref].id);
}

void groups_init(struct groups *groups, const struct lk_alloc *alloc)
{
    *groups = (struct groups){.alloc = alloc};
    refset_init(&groups->by_id, alloc, hash_of, groups);
}

void groups_fini(struct groups *groups)
{
    refset_fini(&groups->by_id);
    groups->alloc->free(groups->alloc->ctx, groups->p, groups->room * sizeof *groups->p);
    *groups = (struct groups){0};
}

static enum lk_status make_room(struct groups *groups, struct lk_error *err)
{
    if (groups->n >= REFSET_NONE)
        return FAIL(err, LK_LIMIT, "more than %u entries are alike", REFSET_NONE - 1);
    if (groups->n == groups->room) {
        size_t room = groups->room ? 2 * groups->room : LEAST_ROOM;
        struct groups_member *p = groups->alloc->resize(groups->alloc->ctx, groups->p,
                                                        groups->room * sizeof *p, room * sizeof *p);
        if (p == NULL)
            return FAIL(err, LK_NOMEM, "no memory for %zu entries that are alike", room);
        groups->p = p;
        groups->room = room;
    }
    if (!refset_reserve(&groups->by_id, 1))
        return FAIL(err, LK_NOMEM, "no memory for %zu entries that are alike", groups->n + 1);
    return LK_OK;
}

static enum lk_status member(struct groups *groups, const uint8_t id[BANK_ID_BYTES],
                             unsigned dist_bits, uint32_t *out, struct lk_error *err)
{
    size_t at = SIZE_MAX;
    uint64_t hash = hash_of_id(id);
    uint32_t ref;
    while ((ref = refset_next(&groups->by_id, hash, &at)) != REFSET_NONE)
        if (memcmp(groups->p[ref].id, id, BANK_ID_BYTES) == 0)
            break;
    if (ref == REFSET_NONE) {
        TRY(make_room(groups, err));
        ref = (uint32_t)groups->n++;
        groups->p[ref] = (struct groups_member){.parent = ref, .nearest_bits = UINT16_MAX};
        memcpy(groups->p[ref].id, id, BANK_ID_BYTES);
        refset_put(&groups->by_id, ref);
    }
    if (dist_bits < groups->p[ref].nearest_bits)
        groups->p[ref].nearest_bits = (uint16_t)dist_bits;
    *out = ref;
    return LK_OK;
}

static uint32_t root_of(struct groups *groups, uint32_t ref)
{
    struct groups_member *p = groups->p;
    while (p[ref].parent != ref) {
        p[ref].parent = p[p[ref].parent].parent;
        ref = p[ref].parent;
    }
    return ref;
}

enum lk_status groups_pair(struct groups *groups, const uint8_t a[BANK_ID_BYTES],
                           const uint8_t b[BANK_ID_BYTES], unsigned dist_bits, struct lk_error *err)
{
    uint32_t x, y;
    TRY(member(groups, a, dist_bits, &x, err));
    TRY(member(groups, b, dist_bits, &y, err));
    x = root_of(groups, x);
    y = root_of(groups, y);
    if (memcmp(groups->p[x].id, groups->p[y].id, BANK_ID_BYTES) < 0)
        groups->p[y].parent = x;
    else
        groups->p[x].parent = y;
    return LK_OK;
}

static int in_order(const void *a, const void *b)
{
    const struct groups_member *x = a, *y = b;
    if (x->n_members != y->n_members)
        return x->n_members > y->n_members ? -1 : 1;
    int group = memcmp(x->group, y->group, BANK_ID_BYTES);
    if (group != 0)
        return group;
    if (x->nearest_bits != y->nearest_bits)
        return x->nearest_bits < y->nearest_bits ? -1 : 1;
    return memcmp(x->id, y->id, BANK_ID_BYTES);
}

void groups_sort(struct groups *groups)
{
    for (size_t i = 0; i < groups->n; i++)
        groups->p[root_of(groups, (uint32_t)i)].n_members++;
    for (size_t i = 0; i < groups->n; i++) {
        const struct groups_member *root = &groups->p[root_of(groups, (uint32_t)i)];
        groups->p[i].n_members = root->n_members;
        memcpy(groups->p[i].group, root->id, BANK_ID_BYTES);
    }
    if (groups->n > 0)
        qsort(groups->p, groups->n, sizeof *groups->p, in_order);
}
