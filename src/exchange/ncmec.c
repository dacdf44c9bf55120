#include "exchange/ncmec.h"

#include "base/err.h"
#include "sys/xml_read.h"

#include <string.h>

static const struct {
    const char *group, *item, *deleted;
    bool is_video;
} groups[] = {{"images", "image", "deletedImage", false},
              {"videos", "video", "deletedVideo", true}};

static const struct {
    const char *name;
    uint8_t type;
} fingerprints[] = {{"md5", FOREIGN_MD5}, {"sha1", FOREIGN_SHA1}, {"pdq", FOREIGN_PDQ}};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A PDQ of a video says nothing here: only pictures have one. */
static void read_prints(const struct xml_node *item, struct foreign_record *r)
{
    const struct xml_node *list = xml_child(item, "fingerprints");
    for (size_t i = 0; i < COUNT(fingerprints); i++) {
        const char *hex = xml_child_text(list, fingerprints[i].name);
        if (hex != NULL && (fingerprints[i].type != FOREIGN_PDQ || !r->is_video))
            r->n_prints += foreign_print_read(fingerprints[i].type, hex, &r->prints[r->n_prints]);
    }
}

static enum lk_status read_class(const struct xml_node *item, struct arena *arena,
                                 struct foreign_record *r, struct lk_error *err)
{
    const char *class = xml_child_text(item, "classification");
    if (!foreign_text_fits(class) || class[0] == '\0')
        return LK_OK;
    const char **tags = arena_zalloc(arena, 1, sizeof *tags);
    if (tags == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the tags of a record");
    tags[0] = class;
    r->tags = tags;
    r->n_tags = 1;
    return LK_OK;
}

/* *known: it is one that can be used here. */
static enum lk_status read_item(const struct xml_node *item, bool is_video, bool is_deleted,
                                struct arena *arena, struct foreign_record *r, bool *known,
                                struct lk_error *err)
{
    const struct xml_node *member = xml_child(item, "member");
    const char *time = xml_child_text(item, "timestamp");
    *r = (struct foreign_record){.id = xml_child_text(item, "id"),
                                 .owner = member == NULL ? NULL : xml_attribute(member, "id"),
                                 .is_video = is_video,
                                 .is_withdrawn = is_deleted};
    if (!is_deleted)
        read_prints(item, r);
    *known = foreign_text_fits(r->id) && r->id[0] != '\0' && foreign_text_fits(r->owner) &&
             time != NULL && foreign_time_read(time, &r->modified_s) &&
             (is_deleted || r->n_prints > 0);
    return *known ? read_class(item, arena, r, err) : LK_OK;
}

static enum lk_status read_group(const struct xml_node *group, size_t g, struct arena *arena,
                                 struct foreign_page *out, struct lk_error *err)
{
    const char *until = xml_attribute(group, "maxTimestamp");
    int64_t until_s = 0;
    if (group->child != NULL && until == NULL)
        return FAIL(err, LK_INVALID, "%s without maxTimestamp", groups[g].group);
    if (until != NULL && !foreign_time_read(until, &until_s))
        return FAIL(err, LK_INVALID, "maxTimestamp of %s is no time", groups[g].group);
    if (until_s > out->until_s)
        out->until_s = until_s;
    for (const struct xml_node *item = group->child; item != NULL; item = item->next) {
        bool is_deleted = strcmp(item->name, groups[g].deleted) == 0, known;
        if (!is_deleted && strcmp(item->name, groups[g].item) != 0)
            continue;
        TRY(read_item(item, groups[g].is_video, is_deleted, arena, &out->records[out->n_records],
                      &known, err));
        out->n_records += known;
        out->n_dropped += !known;
    }
    return LK_OK;
}

static size_t count_children(const struct xml_node *node)
{
    size_t n = 0;
    for (const struct xml_node *below = node->child; below != NULL; below = below->next)
        n++;
    return n;
}

enum lk_status ncmec_page_read(const char *text, size_t n, struct arena *arena,
                               struct foreign_page *out, struct lk_error *err)
{
    const struct xml_node *root;
    *out = (struct foreign_page){0};
    TRY(xml_parse(text, n, arena, &root, err));
    if (strcmp(root->name, "queryResult") != 0)
        return FAIL(err, LK_INVALID, "the answer is no queryResult");
    size_t n_items = 0;
    for (const struct xml_node *group = root->child; group != NULL; group = group->next)
        n_items += count_children(group);
    out->records = arena_zalloc(arena, n_items, sizeof *out->records);
    if (out->records == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %zu entries", n_items);
    for (const struct xml_node *group = root->child; group != NULL; group = group->next)
        for (size_t g = 0; g < COUNT(groups); g++)
            if (strcmp(group->name, groups[g].group) == 0)
                TRY(read_group(group, g, arena, out, err));
    const char *next = xml_child_text(xml_child(root, "paging"), "next");
    if (next != NULL && next[0] != '\0') {
        out->next = next;
        out->has_more = true;
    }
    return LK_OK;
}

enum lk_status ncmec_members_read(const char *text, size_t n, struct arena *arena,
                                  struct ncmec_name **out, size_t *n_out, struct lk_error *err)
{
    const struct xml_node *root;
    TRY(xml_parse(text, n, arena, &root, err));
    size_t n_children = count_children(root);
    struct ncmec_name *members = arena_zalloc(arena, n_children, sizeof *members);
    if (members == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %zu members", n_children);
    *n_out = 0;
    for (const struct xml_node *node = root->child; node != NULL; node = node->next) {
        const char *id = xml_attribute(node, "id");
        if (strcmp(node->name, "member") == 0 && id != NULL)
            members[(*n_out)++] = (struct ncmec_name){id, node->text};
    }
    *out = members;
    return LK_OK;
}

static enum lk_status read_reasons(const struct xml_node *negative, struct arena *arena,
                                   struct foreign_feedback *out, struct lk_error *err)
{
    const struct xml_node *ids = xml_child(negative, "reasonIds");
    const char **tags = arena_zalloc(arena, FOREIGN_MAX_TAGS, sizeof *tags);
    if (tags == NULL)
        return FAIL(err, LK_NOMEM, "no memory for reasons");
    for (const struct xml_node *id = ids == NULL ? NULL : ids->child;
         id != NULL && out->n_tags < FOREIGN_MAX_TAGS; id = id->next)
        if (strcmp(id->name, "guid") == 0 && foreign_text_fits(id->text))
            tags[out->n_tags++] = id->text;
    out->tags = tags;
    return LK_OK;
}

enum lk_status ncmec_feedback_read(const char *text, size_t n, struct arena *arena,
                                   struct foreign_feedback *out, struct lk_error *err)
{
    const struct xml_node *root;
    *out = (struct foreign_feedback){0};
    TRY(xml_parse(text, n, arena, &root, err));
    const struct xml_node *yes = xml_child(root, "affirmative"), *no = xml_child(root, "negative");
    if (strcmp(root->name, "feedbackSubmission") != 0 || (yes == NULL) == (no == NULL))
        return FAIL(err, LK_INVALID,
                    "a feedbackSubmission with affirmative or negative is expected");
    out->opinion = yes != NULL ? FOREIGN_AGREES : FOREIGN_DISAGREES;
    return no == NULL ? LK_OK : read_reasons(no, arena, out, err);
}
