/* The addresses of Hasher-Matcher-Actioner's hasher and matcher, so that a caller of those switches
 * by changing an address. The three tiers are three banks, LIKENESS_SELF, _CHECKED and _CONFIRMED;
 * the number of a bank's content is made of the entry's id. What is for review alone is left out:
 * these answers have no room to say so. Distances are texts there, and so they are here. */
#include "node/api.h"

#include "base/err.h"
#include "base/hex.h"
#include "base/json.h"
#include "exchange/query_read.h"
#include "http/parts.h"
#include "media/query.h"
#include "node/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_CHARS = 13, MD5_BYTES = 16 };

struct hma_query {
    struct lk_record record;
    struct lk_sequence sequence;
    bool by_file; /* then the answer is under the name of the signal */
};

static const char *const bank_names[] = {[LK_TIER_SELF] = "LIKENESS_SELF",
                                         [LK_TIER_CHECKED] = "LIKENESS_CHECKED",
                                         [LK_TIER_CONFIRMED] = "LIKENESS_CONFIRMED"};

static enum lk_status read_signal(const char *type, const char *signal, struct hma_query *out,
                                  struct lk_error *err)
{
    if (type == NULL || signal == NULL)
        return FAIL(err, LK_INVALID, "signal_type and signal are needed: this node fetches no url");
    if (strcmp(type, "pdq") == 0) {
        out->record = query_bare_record();
        out->sequence =
            (struct lk_sequence){.medium = LK_IMAGE, .records = &out->record, .n_records = 1};
        return lk_print_from_hex(&out->record.print, signal, strlen(signal), err);
    }
    if (strcmp(type, "video_md5") != 0)
        return FAIL(err, LK_UNSUPPORTED, "signal_type is pdq or video_md5, not '%s'", type);
    out->sequence = (struct lk_sequence){.medium = LK_VIDEO, .n_digests = 1};
    out->sequence.digests[0].type = LK_DIGEST_MD5;
    if (strlen(signal) != 2 * MD5_BYTES ||
        !hex_decode(signal, out->sequence.digests[0].bytes, MD5_BYTES))
        return FAIL(err, LK_INVALID, "a video_md5 has %d hexadecimal digits", 2 * MD5_BYTES);
    return LK_OK;
}

static enum lk_status read_file(struct node *node, const struct request *req, struct hma_query *out,
                                struct lk_error *err)
{
    struct part parts[PARTS_MAX];
    size_t n;
    TRY(parts_read(req->headers[HEADER_CONTENT_TYPE], req->body, req->n_body, req->arena, parts, &n,
                   err));
    const struct part *file = parts_get(parts, n, "photo");
    if (file == NULL)
        file = parts_get(parts, n, "video");
    if (file == NULL)
        return FAIL(err, LK_INVALID, "a part named photo or video is needed");
    if (node->media == NULL)
        return FAIL(err, LK_UNSUPPORTED, "this node was started without --files");
    out->by_file = true;
    return media_query(node->media, file->bytes, file->n, &req->arena->alloc, &out->sequence, err);
}

static enum lk_status read_query(struct node *node, const struct request *req,
                                 struct hma_query *out, struct lk_error *err)
{
    *out = (struct hma_query){.by_file = false};
    if (req->body_kind == BODY_PARTS)
        return read_file(node, req, out, err);
    if (req->body_kind != BODY_JSON) {
        const struct form *form = req->body_kind == BODY_FORM ? &req->form : &req->query;
        return read_signal(form_get(form, "signal_type"), form_get(form, "signal"), out, err);
    }
    struct json_tree *tree;
    TRY(json_tree_parse(req->body, req->n_body, &tree, err));
    enum lk_status status = read_signal(json_get_text(tree, "signal_type", NULL),
                                        json_get_text(tree, "signal", NULL), out, err);
    json_tree_free(tree);
    return status;
}

/* HMA's numbers are of a database; ours are 48 bits of the id, which a double holds. */
static uint64_t number_of(const struct match *match)
{
    char digits[NUMBER_CHARS];
    memcpy(digits, match->entry, NUMBER_CHARS - 1);
    digits[NUMBER_CHARS - 1] = '\0';
    return strtoull(digits, NULL, 16);
}

static void write_match(struct json *j, const struct match *match)
{
    char distance[8];
    snprintf(distance, sizeof distance, "%u", (unsigned)match->dist_bits);
    json_object(j);
    json_put_u64(j, "bank_content_id", number_of(match));
    json_put_text(j, "distance", distance);
    json_end_object(j);
}

static bool is_shown(const struct match *match)
{
    return match->grade != LK_REVIEW && match->brake == 0 && match->effect != MATCH_ALLOWED &&
           match->effect != MATCH_QUARANTINED;
}

static void write_banks(struct json *j, const struct match_result *result)
{
    json_object(j);
    for (unsigned tier = LK_TIER_SELF; tier <= LK_TIER_CONFIRMED; tier++) {
        bool begun = false;
        for (size_t i = 0; i < result->n; i++) {
            const struct match *match = &result->matches[i];
            if (match->tier != tier || !is_shown(match))
                continue;
            if (!begun) {
                json_key(j, bank_names[tier]);
                json_array(j);
            }
            begun = true;
            write_match(j, match);
        }
        if (begun)
            json_end_array(j);
    }
    json_end_object(j);
}

enum lk_status node_hma_lookup(struct node *node, const struct request *req, struct response *res,
                               struct lk_error *err)
{
    struct hma_query query;
    struct match_result *results;
    struct json j;
    TRY(read_query(node, req, &query, err));
    TRY(node_match(node, &query.sequence, NULL, 1, req->arena, &results, err));
    res->content_type = "application/json";
    json_init(&j, &res->body);
    if (query.by_file) {
        json_object(&j);
        json_key(&j, "pdq");
    }
    write_banks(&j, results);
    if (query.by_file)
        json_end_object(&j);
    return LK_OK;
}

enum lk_status node_hma_raw_lookup(struct node *node, const struct request *req,
                                   struct response *res, struct lk_error *err)
{
    struct hma_query query;
    struct match_result *results;
    struct json j;
    const char *wish = form_get(&req->query, "include_distance");
    bool with_distance = wish != NULL && strcmp(wish, "true") == 0;
    TRY(read_query(node, req, &query, err));
    TRY(node_match(node, &query.sequence, NULL, 1, req->arena, &results, err));
    res->content_type = "application/json";
    json_init(&j, &res->body);
    json_object(&j);
    json_key(&j, "matches");
    json_array(&j);
    for (size_t i = 0; i < results->n; i++) {
        if (!is_shown(&results->matches[i]))
            continue;
        if (with_distance)
            write_match(&j, &results->matches[i]);
        else
            json_u64(&j, number_of(&results->matches[i]));
    }
    json_end_array(&j);
    json_end_object(&j);
    return LK_OK;
}

enum lk_status node_hma_hash(struct node *node, const struct request *req, struct response *res,
                             struct lk_error *err)
{
    const struct media_request how = {.front_end = LK_FULLRES};
    struct part parts[PARTS_MAX];
    struct media_image image;
    struct lk_image_prints prints;
    char hex[LK_PRINT_HEX_CHARS + 1];
    struct json j;
    size_t n;
    TRY(parts_read(req->headers[HEADER_CONTENT_TYPE], req->body, req->n_body, req->arena, parts, &n,
                   err));
    const struct part *photo = parts_get(parts, n, "photo");
    if (photo == NULL)
        return FAIL(err, LK_INVALID, "a part named photo is needed: other media have no PDQ hash");
    TRY(media_decode_bytes(node->media, photo->bytes, photo->n, &how, &image, err));
    enum lk_status status =
        lk_image_print(lk_alloc_heap(), &image.pixels, LK_FULLRES, &prints, err);
    media_image_fini(&image);
    TRY(status);
    lk_print_to_hex(&prints.turn[0], hex);
    res->content_type = "application/json";
    json_init(&j, &res->body);
    json_object(&j);
    json_put_text(&j, "pdq", hex);
    json_end_object(&j);
    return LK_OK;
}

enum lk_status node_hma_status(struct node *node, const struct request *req, struct response *res,
                               struct lk_error *err)
{
    (void)node, (void)req, (void)err;
    static const char alive[] = "I-AM-ALIVE";
    res->content_type = "text/plain; charset=utf-8";
    res->fixed = alive;
    res->n_fixed = sizeof alive - 1;
    return LK_OK;
}
