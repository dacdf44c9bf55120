/* settings.json and state.json, each replaced as a whole. */
#include "exchange/source_inside.h"

#include "base/err.h"
#include "base/json.h"
#include "sys/file.h"
#include "sys/json_read.h"

#include <string.h>

enum { MAX_FILE_BYTES = 1 << 16, MODE = 0600 };

static enum lk_status write_file(const char *dir, const char *file, struct buf *text,
                                 struct lk_error *err)
{
    char path[SOURCE_ROOM];
    buf_char(text, '\n');
    enum lk_status status = buf_status(text, file, err);
    if (status == LK_OK)
        status = source_path(dir, file, path, err);
    if (status == LK_OK)
        status = file_replace(path, text->p, text->n, MODE, err);
    buf_fini(text);
    return status;
}

enum lk_status source_write_settings(const char *dir, const struct source_settings *s,
                                     struct lk_error *err)
{
    struct buf text;
    struct json j;
    buf_init(&text, lk_alloc_heap(), MAX_FILE_BYTES);
    json_init(&j, &text);
    json_object(&j);
    json_put_text(&j, "kind", source_kind_name(s->kind));
    json_put_text(&j, "url", s->url);
    json_put_text(&j, "tier", lk_tier_name(s->tier));
    json_put_u64(&j, "max_distance", s->max_distance);
    json_put_text(&j, "credentials", s->credentials);
    json_put_text(&j, "allow", s->allow);
    json_end_object(&j);
    return write_file(dir, "settings.json", &text, err);
}

enum lk_status source_write_state(const char *dir, const struct source_state *s,
                                  struct lk_error *err)
{
    struct buf text;
    struct json j;
    buf_init(&text, lk_alloc_heap(), MAX_FILE_BYTES);
    json_init(&j, &text);
    json_object(&j);
    json_put_i64(&j, "since", s->since_s);
    json_put_i64(&j, "until", s->until_s);
    json_put_text(&j, "next", s->next);
    json_put_text(&j, "bank", s->bank);
    json_put_i64(&j, "pulled_ms", s->pulled_ms);
    json_put_i64(&j, "tried_ms", s->tried_ms);
    json_put_u64(&j, "entries", s->n_entries);
    json_put_u64(&j, "added", s->n_added);
    json_put_u64(&j, "withdrawn", s->n_withdrawn);
    json_put_u64(&j, "dropped", s->n_dropped);
    json_put_text(&j, "failure", s->failure);
    json_end_object(&j);
    return write_file(dir, "state.json", &text, err);
}

static enum lk_status read_file(const char *dir, const char *file, struct json_tree **out,
                                struct lk_error *err)
{
    char path[SOURCE_ROOM];
    struct buf text;
    TRY(source_path(dir, file, path, err));
    buf_init(&text, lk_alloc_heap(), MAX_FILE_BYTES);
    enum lk_status status = file_read_all(path, &text, err);
    if (status == LK_OK && json_tree_parse(text.p == NULL ? "" : text.p, text.n, out, err) != LK_OK)
        status = FAIL(err, LK_CORRUPT, "'%s' is damaged", path);
    buf_fini(&text);
    return status;
}

static bool get_text(const struct json_tree *v, const char *key, char *out, size_t room)
{
    size_t n;
    const char *text = json_get_text(v, key, &n);
    if (text == NULL || n >= room)
        return false;
    memcpy(out, text, n + 1);
    return true;
}

static bool get_count(const struct json_tree *v, const char *key, uint64_t *out)
{
    int64_t value;
    bool good = json_as_int(json_get(v, key), 0, INT64_MAX, &value);
    *out = good ? (uint64_t)value : 0;
    return good;
}

static bool get_settings(const struct json_tree *v, struct source_settings *out)
{
    size_t n_kind = 0, n_tier = 0;
    int64_t distance;
    const char *kind = json_get_text(v, "kind", &n_kind), *tier = json_get_text(v, "tier", &n_tier);
    *out = (struct source_settings){0};
    if (kind == NULL || tier == NULL ||
        !json_as_int(json_get(v, "max_distance"), 0, LK_NEAR_RADIUS, &distance))
        return false;
    out->kind = (uint8_t)source_kind_from_name(kind, n_kind);
    out->tier = (uint8_t)lk_tier_from_name(tier, n_tier);
    out->max_distance = (uint8_t)distance;
    return out->kind != 0 && out->tier != 0 && get_text(v, "url", out->url, sizeof out->url) &&
           get_text(v, "credentials", out->credentials, sizeof out->credentials) &&
           get_text(v, "allow", out->allow, sizeof out->allow);
}

static bool get_state(const struct json_tree *v, struct source_state *out)
{
    *out = (struct source_state){0};
    return json_as_int(json_get(v, "since"), 0, INT64_MAX, &out->since_s) &&
           json_as_int(json_get(v, "until"), 0, INT64_MAX, &out->until_s) &&
           json_as_int(json_get(v, "pulled_ms"), 0, INT64_MAX, &out->pulled_ms) &&
           json_as_int(json_get(v, "tried_ms"), 0, INT64_MAX, &out->tried_ms) &&
           get_text(v, "next", out->next, sizeof out->next) &&
           get_text(v, "bank", out->bank, sizeof out->bank) &&
           get_text(v, "failure", out->failure, sizeof out->failure) &&
           get_count(v, "entries", &out->n_entries) && get_count(v, "added", &out->n_added) &&
           get_count(v, "withdrawn", &out->n_withdrawn) && get_count(v, "dropped", &out->n_dropped);
}

enum lk_status source_read_settings(const char *dir, struct source_settings *out,
                                    struct lk_error *err)
{
    struct json_tree *v;
    enum lk_status status = read_file(dir, "settings.json", &v, err);
    if (status == LK_NOT_FOUND)
        return FAIL(err, LK_NOT_FOUND, "there is no such source (see: likeness exchange list)");
    TRY(status);
    bool good = get_settings(v, out);
    json_tree_free(v);
    return good ? LK_OK : FAIL(err, LK_CORRUPT, "'%s/settings.json' is damaged", dir);
}

enum lk_status source_read_state(const char *dir, struct source_state *out, struct lk_error *err)
{
    struct json_tree *v;
    TRY(read_file(dir, "state.json", &v, err));
    bool good = get_state(v, out);
    json_tree_free(v);
    return good ? LK_OK : FAIL(err, LK_CORRUPT, "'%s/state.json' is damaged", dir);
}
