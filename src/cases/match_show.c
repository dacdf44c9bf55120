#include "cases/match_show.h"

#include "cases/entry_name.h"

#include "base/err.h"
#include "base/hex.h"

#include <string.h>

void match_link(const struct registry *r, const uint8_t public_id[STORE_ID_BYTES],
                char link[MATCH_LINK_CHARS + 1])
{
    uint8_t token[16];
    const struct seal_part part = {public_id, STORE_ID_BYTES};
    keys_hash(r->keys, KEY_VIEW, &part, 1, token, sizeof token);
    hex_encode(public_id, STORE_ID_BYTES, link);
    link[MATCH_ID_CHARS] = '.';
    seal_text_put(token, sizeof token, link + MATCH_ID_CHARS + 1,
                  MATCH_LINK_CHARS + 1 - (MATCH_ID_CHARS + 1));
}

enum lk_status match_from_row(const struct registry *r, const struct match_row *row,
                              struct match *out, struct lk_error *err)
{
    uint8_t name[STORE_ID_BYTES];
    *out = (struct match){
        .medium = (uint8_t)row->medium,
        .grade = (uint8_t)row->grade,
        .tier = (uint8_t)row->tier,
        .action = (uint8_t)(row->brake != 0 ? LK_ACT_QUEUE : row->action),
        .brake = (uint8_t)row->brake,
        .turn = (uint8_t)row->turn,
        .coverage_percent = (uint8_t)row->coverage,
        .dist_bits = (uint16_t)row->dist_bits,
        .n_votes = (uint16_t)row->n_votes,
        .from_ms = row->from_ms,
        .to_ms = row->to_ms,
        .found_ms = row->found_ms,
        .state = (uint8_t)row->state,
        .reason = (uint8_t)row->reason,
        .answered_ms = row->answered_ms,
        .withdrawn = !row->in_force,
        .seq = (uint64_t)row->row,
    };
    hex_encode(row->public_id, sizeof row->public_id, out->id);
    match_link(r, row->public_id, out->link);
    TRY(entry_name(r, row->partner_row, row->entry_id, name, err));
    hex_encode(name, sizeof name, out->entry);
    return LK_OK;
}

enum lk_status match_read_id(const char *id, size_t n_id, uint8_t public_id[STORE_ID_BYTES],
                             struct lk_error *err)
{
    if (n_id != MATCH_ID_CHARS || !hex_decode(id, public_id, STORE_ID_BYTES))
        return FAIL(err, LK_NOT_FOUND, "no match with this id");
    return LK_OK;
}
