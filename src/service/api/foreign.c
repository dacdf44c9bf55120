#include "foreign.h"

#include "base/err.h"
#include "base/hex.h"
#include "body.h"

#include <string.h>

_Static_assert((int)LISTING_PDQ == (int)FOREIGN_PDQ && (int)LISTING_MD5 == (int)FOREIGN_MD5 &&
                   (int)LISTING_SHA1 == (int)FOREIGN_SHA1,
               "types are types");

static enum lk_status fill(struct arena *arena, const struct listing_item *item,
                           struct foreign_record *out, struct lk_error *err)
{
    char id[2 * LISTING_ID_BYTES + 1];
    const char **tags = arena_alloc(arena, sizeof *tags);
    hex_encode(item->id, sizeof item->id, id);
    *out = (struct foreign_record){
        .id = arena_copy(arena, id, sizeof id - 1),
        .owner = "1",
        .is_video = item->is_video,
        .is_withdrawn = item->is_withdrawn,
        .modified_s = item->at_s,
        .n_tags = 1,
        .n_prints = item->n_prints,
        .tags = tags,
    };
    if (out->id == NULL || tags == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the list");
    tags[0] = lk_tier_name(item->tier);
    for (size_t i = 0; i < item->n_prints; i++) {
        out->prints[i].type = item->prints[i].type;
        memcpy(out->prints[i].bytes, item->prints[i].bytes, sizeof out->prints[i].bytes);
    }
    return LK_OK;
}

enum lk_status foreign_records(struct arena *arena, const struct listing_item *items, size_t n,
                               struct foreign_record **out, struct lk_error *err)
{
    *out = arena_alloc(arena, (n + 1) * sizeof **out);
    if (*out == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the list");
    for (size_t i = 0; i < n; i++)
        TRY(fill(arena, &items[i], &(*out)[i], err));
    return LK_OK;
}

bool foreign_to_listing(const struct foreign_print *print, struct listing_print *out)
{
    *out = (struct listing_print){.type = print->type};
    memcpy(out->bytes, print->bytes, sizeof out->bytes);
    return print->type >= LISTING_PDQ && print->type <= LISTING_SHA1;
}

enum lk_status foreign_query_number(const struct request *req, const char *name, int64_t missing,
                                    int64_t *out, struct lk_error *err)
{
    uint64_t number;
    *out = missing;
    if (form_get(&req->query, name) == NULL)
        return LK_OK;
    TRY(body_query_number(req, name, INT64_MAX / 1000, &number, err));
    *out = (int64_t)number;
    return LK_OK;
}
