#include "exchange/threat_updates.h"

#include "base/err.h"
#include "base/json.h"
#include "sys/json_read.h"

#include <string.h>

enum { TOKEN_DIGITS = 8, TOKEN_SECRET = 20 };

static const char video_tag[] = "media_type_video";

/* A type with its prefix for videos first: what we write. */
static const struct {
    const char *name;
    uint8_t type;
    bool is_video;
} types[] = {{"HASH_PDQ", FOREIGN_PDQ, false},
             {"HASH_VIDEO_MD5", FOREIGN_MD5, true},
             {"HASH_MD5", FOREIGN_MD5, false},
             {"HASH_SHA1", FOREIGN_SHA1, false}};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool has_tag(const struct foreign_record *r, const char *tag)
{
    for (size_t i = 0; i < r->n_tags; i++)
        if (strcmp(r->tags[i], tag) == 0)
            return true;
    return false;
}

/* Adds the tags of one descriptor. */
static enum lk_status read_tags(const struct json_tree *descriptor, const char **tags,
                                struct arena *arena, struct foreign_record *r, struct lk_error *err)
{
    const struct json_tree *list = json_get(json_get(descriptor, "tags"), "data");
    for (size_t i = 0; i < json_array_length(list) && r->n_tags < FOREIGN_MAX_TAGS; i++) {
        const char *tag = json_get_text(json_at(list, i), "text", NULL);
        if (!foreign_text_fits(tag) || has_tag(r, tag))
            continue;
        tags[r->n_tags] = arena_copy(arena, tag, strlen(tag));
        if (tags[r->n_tags++] == NULL)
            return FAIL(err, LK_NOMEM, "no memory for the tags of a record");
    }
    return LK_OK;
}

static enum lk_status read_descriptors(const struct json_tree *list, struct arena *arena,
                                       struct foreign_record *r, struct lk_error *err)
{
    const char **tags = arena_zalloc(arena, FOREIGN_MAX_TAGS, sizeof *tags);
    if (tags == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the tags of a record");
    r->tags = tags;
    size_t n = json_array_length(list), n_harmless = 0;
    for (size_t i = 0; i < n; i++) {
        const struct json_tree *d = json_at(list, i);
        const char *status = json_get_text(d, "status", NULL);
        const char *owner = json_get_text(json_get(d, "owner"), "id", NULL);
        n_harmless += status != NULL && strcmp(status, "NON_MALICIOUS") == 0;
        if (r->owner[0] == '\0' && foreign_text_fits(owner) &&
            (r->owner = arena_copy(arena, owner, strlen(owner))) == NULL)
            return FAIL(err, LK_NOMEM, "no memory for the owner of a record");
        TRY(read_tags(d, tags, arena, r, err));
    }
    r->is_withdrawn |= n > 0 && n_harmless == n;
    return LK_OK;
}

static bool read_print(const char *type, const char *hex, struct foreign_record *r)
{
    for (size_t i = 0; i < COUNT(types); i++)
        if (strcmp(type, types[i].name) == 0) {
            r->is_video = types[i].is_video || has_tag(r, video_tag);
            r->n_prints = foreign_print_read(types[i].type, hex, &r->prints[0]);
            return r->n_prints == 1 && !(r->is_video && types[i].type == FOREIGN_PDQ);
        }
    return false;
}

/* *known: it is one that can be used here. Of what is gone the id is enough. */
static enum lk_status read_item(const struct json_tree *v, struct arena *arena,
                                struct foreign_record *r, bool *known, struct lk_error *err)
{
    const char *id = json_get_text(v, "id", NULL), *type = json_get_text(v, "type", NULL);
    const char *hash = json_get_text(v, "indicator", NULL);
    *r = (struct foreign_record){.owner = ""};
    json_as_bool(json_get(v, "should_delete"), &r->is_withdrawn);
    *known = foreign_text_fits(id) && id[0] != '\0' &&
             json_as_int(json_get(v, "last_updated"), 0, INT64_MAX, &r->modified_s);
    if (!*known)
        return LK_OK;
    r->id = arena_copy(arena, id, strlen(id));
    if (r->id == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the id of a record");
    TRY(read_descriptors(json_get(json_get(v, "descriptors"), "data"), arena, r, err));
    bool has_print = type != NULL && hash != NULL && read_print(type, hash, r);
    *known = has_print || r->is_withdrawn;
    return LK_OK;
}

static enum lk_status read_page(const struct json_tree *root, struct arena *arena,
                                struct foreign_page *out, struct lk_error *err)
{
    const struct json_tree *list = json_get(root, "data");
    size_t n = json_array_length(list), n_next = 0;
    if (!json_is_array(list))
        return FAIL(err, LK_INVALID, "data is missing or not a list");
    out->records = arena_zalloc(arena, n, sizeof *out->records);
    if (out->records == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %zu records", n);
    for (size_t i = 0; i < n; i++) {
        struct foreign_record *r = &out->records[out->n_records];
        bool known;
        TRY(read_item(json_at(list, i), arena, r, &known, err));
        if (r->modified_s > out->until_s)
            out->until_s = r->modified_s;
        out->n_records += known;
        out->n_dropped += !known;
    }
    const char *next = json_get_text(json_get(root, "paging"), "next", &n_next);
    if (n_next > 0 && (out->next = arena_copy(arena, next, n_next)) == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the address of a page");
    out->has_more = out->next != NULL;
    return LK_OK;
}

enum lk_status threat_updates_read(const char *text, size_t n, struct arena *arena,
                                   struct foreign_page *out, struct lk_error *err)
{
    struct json_tree *root;
    *out = (struct foreign_page){0};
    TRY(json_tree_parse(text, n, &root, err));
    enum lk_status status = read_page(root, arena, out, err);
    json_tree_free(root);
    return status;
}

static void write_descriptor(struct json *j, const struct foreign_record *r)
{
    json_key(j, "descriptors");
    json_object(j);
    json_key(j, "data");
    json_array(j);
    json_object(j);
    json_put_text(j, "id", r->id);
    json_key(j, "owner");
    json_object(j);
    json_put_text(j, "id", r->owner);
    json_end_object(j);
    json_put_text(j, "status", "MALICIOUS");
    json_put_i64(j, "added_on", r->modified_s);
    json_key(j, "tags");
    json_object(j);
    json_key(j, "data");
    json_array(j);
    for (size_t i = 0; i < r->n_tags; i++) {
        json_object(j);
        json_put_text(j, "text", r->tags[i]);
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
    json_end_object(j);
    json_end_array(j);
    json_end_object(j);
}

static void write_item(struct json *j, const struct foreign_record *r)
{
    for (size_t i = 0; i < COUNT(types); i++) {
        const struct foreign_print *print = foreign_print_of(r, types[i].type);
        if (r->is_video != types[i].is_video || print == NULL)
            continue;
        json_object(j);
        json_put_text(j, "id", r->id);
        json_key(j, "indicator");
        json_hex(j, print->bytes, foreign_print_bytes(print->type));
        json_put_text(j, "type", types[i].name);
        json_put_i64(j, "last_updated", r->modified_s);
        json_put_bool(j, "should_delete", r->is_withdrawn);
        if (!r->is_withdrawn)
            write_descriptor(j, r);
        json_end_object(j);
        return; /* an item has one indicator */
    }
}

void threat_updates_write(struct buf *out, const struct foreign_page *page)
{
    struct json j;
    json_init(&j, out);
    json_object(&j);
    json_key(&j, "data");
    json_array(&j);
    for (size_t i = 0; i < page->n_records; i++)
        write_item(&j, &page->records[i]);
    json_end_array(&j);
    if (page->next != NULL) {
        json_key(&j, "paging");
        json_object(&j);
        json_put_text(&j, "next", page->next);
        json_end_object(&j);
    }
    json_end_object(&j);
}

const char *threat_updates_secret(const char *token)
{
    size_t n = 0, n_secret = 0;
    while (token[n] >= '0' && token[n] <= '9')
        n++;
    if (n < TOKEN_DIGITS || token[n] != '|')
        return NULL;
    const char *secret = token + n + 1;
    n_secret = strspn(secret, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-");
    return n_secret >= TOKEN_SECRET && secret[n_secret] == '\0' ? secret : NULL;
}
