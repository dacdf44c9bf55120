/* The binary answer, little-endian:
 *
 *   0  "LKMR"   4  version = 1   5  0 0 0   8  n_queries u32  12  n_matches u32  16  n_refused u32
 *  20  0 u32
 *  24  n_matches x 64:  query u32, match id[16], entry id[16], medium, grade, tier, action,
 *                       distance u16, votes u16, coverage, turn, state, upload percent,
 *                       from_ms u32, to_ms u32, found_ms u64
 *   .  n_refused x 4:   query u32
 */
#include "exchange/match_write.h"

#include "base/hex.h"
#include "exchange/evidence_json.h"
#include "sys/json_time.h"

#include <string.h>

static void write_link(struct json *j, const char *link)
{
    char path[sizeof MATCH_PAGE + MATCH_LINK_CHARS] = MATCH_PAGE;
    strcat(path, link);
    json_put_text(j, "view", path);
}

/* Only a node has such. */
static void write_effect(struct json *j, const struct match *match)
{
    static const char *const names[] = {"", "shadow", "quarantined", "allowed"};
    if (match->effect == MATCH_NO_EFFECT)
        return;
    json_put_text(j, "effect", names[match->effect]);
    json_put_text(j, "would", lk_action_name(match->would));
}

void match_write(struct json *j, const struct match *match)
{
    bool is_kept = match->id[0] != '\0'; /* a node keeps none */
    json_object(j);
    if (is_kept)
        json_put_text(j, "id", match->id);
    json_put_text(j, "entry", match->entry);
    json_put_text(j, "medium", lk_medium_name(match->medium));
    json_put_text(j, "grade", lk_grade_name(match->grade));
    json_put_text(j, "tier", lk_tier_name(match->tier));
    json_put_text(j, "action", match->action == 0 ? "none" : lk_action_name(match->action));
    write_effect(j, match);
    if (match->brake != MATCH_REASON_NONE)
        json_put_text(j, "braked", match_reason_name(match->brake));
    json_put_text(j, "meaning", lk_grade_meaning(match->grade, match->medium));
    json_put_text(j, "use", lk_grade_use(match->grade));
    json_put_u64(j, "distance", match->dist_bits);
    json_put_u64(j, "votes", match->n_votes);
    json_put_u64(j, "coverage", match->coverage_percent);
    json_put_u64(j, "turn", match->turn);
    json_put_u64(j, "from_ms", match->from_ms);
    json_put_u64(j, "to_ms", match->to_ms);
    if (is_kept)
        json_put_time(j, "found", match->found_ms);
    if (match->state != 0)
        json_put_text(j, "state", match_state_name(match->state));
    if (match->reason != MATCH_REASON_NONE)
        json_put_text(j, "reason", match_reason_name(match->reason));
    json_put_time(j, "answered", match->answered_ms);
    if (is_kept)
        json_put_bool(j, "withdrawn", match->withdrawn);
    if (match->evidence != NULL) {
        json_key(j, "evidence");
        evidence_json_write(j, &match->evidence->verdict);
    }
    if (match->link[0] != '\0')
        write_link(j, match->link);
    json_end_object(j);
}

static void write_found(struct json *j, const struct match_result *results, size_t n)
{
    json_key(j, "results");
    json_array(j);
    for (size_t i = 0; i < n; i++) {
        if (results[i].n == 0)
            continue;
        json_object(j);
        json_put_u64(j, "index", i);
        json_key(j, "matches");
        json_array(j);
        for (size_t k = 0; k < results[i].n; k++)
            match_write(j, &results[i].matches[k]);
        json_end_array(j);
        json_end_object(j);
    }
    json_end_array(j);
}

static void write_refused(struct json *j, const struct lk_sequence *sequences,
                          const struct match_result *results, size_t n)
{
    json_key(j, "refused");
    json_array(j);
    for (size_t i = 0; i < n; i++) {
        struct lk_error why = {0};
        if (!results[i].refused || registry_refusal(&sequences[i], &why) == LK_OK)
            continue;
        json_object(j);
        json_put_u64(j, "index", i);
        json_put_text(j, "reason", why.text);
        json_end_object(j);
    }
    json_end_array(j);
}

void match_write_json(struct buf *out, const struct lk_sequence *sequences,
                      const struct match_result *results, size_t n)
{
    struct json j;
    json_init(&j, out);
    json_object(&j);
    write_found(&j, results, n);
    write_refused(&j, sequences, results, n);
    json_end_object(&j);
}

static void put_id(struct buf *out, const char id[MATCH_ID_CHARS + 1])
{
    uint8_t bytes[MATCH_ID_CHARS / 2] = {0};
    (void)hex_decode(id, bytes, sizeof bytes);
    buf_put(out, bytes, sizeof bytes);
}

static void put_match(struct buf *out, size_t query, const struct match *m)
{
    const uint8_t names[4] = {m->medium, m->grade, m->tier, m->action};
    const uint8_t upload_percent = m->evidence == NULL ? 0 : m->evidence->verdict.query_percent;
    const uint8_t more[4] = {m->coverage_percent, m->turn, m->state, upload_percent};
    buf_u32le(out, (uint32_t)query);
    put_id(out, m->id);
    put_id(out, m->entry);
    buf_put(out, names, sizeof names);
    buf_u16le(out, m->dist_bits);
    buf_u16le(out, m->n_votes);
    buf_put(out, more, sizeof more);
    buf_u32le(out, m->from_ms);
    buf_u32le(out, m->to_ms);
    buf_u64le(out, (uint64_t)m->found_ms);
}

void match_write_binary(struct buf *out, const struct match_result *results, size_t n)
{
    size_t n_matches = 0, n_refused = 0;
    for (size_t i = 0; i < n; i++) {
        n_matches += results[i].n;
        n_refused += results[i].refused;
    }
    buf_put(out, "LKMR\1\0\0\0", 8);
    buf_u32le(out, (uint32_t)n);
    buf_u32le(out, (uint32_t)n_matches);
    buf_u32le(out, (uint32_t)n_refused);
    buf_u32le(out, 0);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < results[i].n; k++)
            put_match(out, i, &results[i].matches[k]);
    for (size_t i = 0; i < n; i++)
        if (results[i].refused)
            buf_u32le(out, (uint32_t)i);
}
