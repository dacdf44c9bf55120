/* What a client of many platforms expects (docs/formats/foreign.md), not what a specification says:
 * there is none in public. */
#include "exchange/stopncii.h"

#include "base/err.h"
#include "base/json.h"
#include "sys/json_read.h"

#include <string.h>

static const char prefix[] = "StopNCIISignalType.";

static const struct {
    const char *name;
    uint8_t type;
    bool is_video;
} signals[] = {{"ImagePDQ", FOREIGN_PDQ, false}, {"VideoMD5", FOREIGN_MD5, true}};

static const struct {
    const char *name;
    bool is_withdrawn;
} statuses[] = {{"Active", false}, {"Received", false}, {"Withdrawn", true}, {"Deleted", true}};

/* The first of each opinion is what we write. */
static const struct {
    const char *name;
    uint8_t opinion;
} values[] = {{"None", FOREIGN_NO_OPINION},      {"PendingReview", FOREIGN_PENDING},
              {"Blocked", FOREIGN_AGREES},       {"NotBlocked", FOREIGN_DISAGREES},
              {"Unknown", FOREIGN_NO_OPINION},   {"QualityUnknown", FOREIGN_NO_OPINION},
              {"Withdrawn", FOREIGN_NO_OPINION}, {"Deleted", FOREIGN_NO_OPINION}};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool read_signal(const char *text, const char *hash, struct foreign_record *r)
{
    if (strncmp(text, prefix, sizeof prefix - 1) == 0)
        text += sizeof prefix - 1;
    for (size_t i = 0; i < COUNT(signals); i++)
        if (strcmp(text, signals[i].name) == 0) {
            r->is_video = signals[i].is_video;
            r->n_prints = 1;
            return foreign_print_read(signals[i].type, hash, &r->prints[0]);
        }
    return false;
}

static bool read_status(const char *text, struct foreign_record *r)
{
    for (size_t i = 0; i < COUNT(statuses); i++)
        if (strcmp(text, statuses[i].name) == 0) {
            r->is_withdrawn = statuses[i].is_withdrawn;
            return true;
        }
    return false;
}

static bool read_value(const struct json_tree *v, uint8_t *opinion)
{
    const char *text = json_get_text(v, "feedbackValue", NULL);
    for (size_t i = 0; text != NULL && i < COUNT(values); i++)
        if (strcmp(text, values[i].name) == 0) {
            *opinion = values[i].opinion;
            return true;
        }
    return false;
}

static enum lk_status read_tags(const struct json_tree *list, struct arena *arena,
                                const char *const **out, uint8_t *n, struct lk_error *err)
{
    size_t length = json_array_length(list);
    *n = 0;
    const char **tags =
        arena_zalloc(arena, length < FOREIGN_MAX_TAGS ? length : FOREIGN_MAX_TAGS, sizeof *tags);
    if (tags == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the tags of a record");
    for (size_t i = 0; i < length && *n < FOREIGN_MAX_TAGS; i++) {
        const char *tag = json_as_text(json_at(list, i), NULL);
        if (!foreign_text_fits(tag))
            continue;
        tags[*n] = arena_copy(arena, tag, strlen(tag));
        if (tags[(*n)++] == NULL)
            return FAIL(err, LK_NOMEM, "no memory for the tags of a record");
    }
    *out = tags;
    return LK_OK;
}

/* *known: it is one that can be used here. */
static enum lk_status read_record(const struct json_tree *v, bool is_page, struct arena *arena,
                                  struct foreign_record *r, bool *known, struct lk_error *err)
{
    const char *signal = json_get_text(v, "signalType", NULL);
    const char *hash = json_get_text(v, "hashValue", NULL);
    const char *status = json_get_text(v, "hashStatus", NULL);
    const struct json_tree *feedback = json_at(json_get(v, "CSPFeedbacks"), 0);
    *r = (struct foreign_record){.id = "", .owner = ""};
    *known = signal != NULL && hash != NULL && read_signal(signal, hash, r) &&
             json_as_int(json_get(v, "lastModtimestamp"), 0, INT64_MAX, &r->modified_s) &&
             (!is_page || (status != NULL && read_status(status, r))) &&
             (is_page || feedback == NULL || read_value(feedback, &r->opinion));
    return *known ? read_tags(json_get(feedback, "tags"), arena, &r->tags, &r->n_tags, err) : LK_OK;
}

static enum lk_status read_records(const struct json_tree *root, bool is_page, struct arena *arena,
                                   struct foreign_page *out, struct lk_error *err)
{
    int64_t count;
    const struct json_tree *list = json_get(root, "hashRecords");
    if (!json_as_int(json_get(root, "count"), 0, INT64_MAX, &count))
        return FAIL(err, LK_INVALID, "count is missing or not a number");
    if (!json_is_array(list))
        return FAIL(err, LK_INVALID, "hashRecords is missing or not a list");
    size_t n = json_array_length(list);
    out->records = arena_zalloc(arena, n, sizeof *out->records);
    if (out->records == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %zu records", n);
    for (size_t i = 0; i < n; i++) {
        bool known;
        TRY(read_record(json_at(list, i), is_page, arena, &out->records[out->n_records], &known,
                        err));
        out->n_records += known;
        out->n_dropped += !known;
    }
    return LK_OK;
}

static enum lk_status read_page(const struct json_tree *root, struct arena *arena,
                                struct foreign_page *out, struct lk_error *err)
{
    const struct json_tree *token = json_get(root, "nextPageToken");
    size_t n = 0;
    const char *text = json_as_text(token, &n);
    TRY(read_records(root, true, arena, out, err));
    if (!json_as_int(json_get(root, "nextSetTimestamp"), 0, INT64_MAX, &out->until_s))
        return FAIL(err, LK_INVALID, "nextSetTimestamp is missing or not a number");
    if (!json_as_bool(json_get(root, "hasMoreRecords"), &out->has_more))
        return FAIL(err, LK_INVALID, "hasMoreRecords is missing or neither true nor false");
    if (!json_is_null(token) && text == NULL)
        return FAIL(err, LK_INVALID, "nextPageToken is neither a text nor null");
    if (n > 0 && (out->next = arena_copy(arena, text, n)) == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the token of a page");
    return LK_OK;
}

enum lk_status stopncii_page_read(const char *text, size_t n, struct arena *arena,
                                  struct foreign_page *out, struct lk_error *err)
{
    struct json_tree *root;
    *out = (struct foreign_page){0};
    TRY(json_tree_parse(text, n, &root, err));
    enum lk_status status = read_page(root, arena, out, err);
    json_tree_free(root);
    return status;
}

enum lk_status stopncii_hashes_read(const char *text, size_t n, struct arena *arena,
                                    struct foreign_page *out, struct lk_error *err)
{
    struct json_tree *root;
    *out = (struct foreign_page){0};
    TRY(json_tree_parse(text, n, &root, err));
    size_t length = json_array_length(json_get(root, "hashRecords"));
    enum lk_status status = LK_OK;
    if (length > STOPNCII_MAX_RECORDS)
        status = FAIL(err, LK_LIMIT, "%zu hashes at once; the limit is %d", length,
                      STOPNCII_MAX_RECORDS);
    else
        status = read_records(root, false, arena, out, err);
    json_tree_free(root);
    return status;
}

static enum lk_status read_feedbacks(const struct json_tree *root, struct arena *arena,
                                     struct foreign_feedback **out, size_t *n_out,
                                     size_t *n_dropped, struct lk_error *err)
{
    const struct json_tree *list = json_get(root, "hashFeedbacks");
    size_t n = json_array_length(list);
    if (!json_is_array(list))
        return FAIL(err, LK_INVALID, "hashFeedbacks is missing or not a list");
    if (n > STOPNCII_MAX_RECORDS)
        return FAIL(err, LK_LIMIT, "%zu answers at once; the limit is %d", n, STOPNCII_MAX_RECORDS);
    struct foreign_feedback *found = arena_zalloc(arena, n, sizeof *found);
    if (found == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %zu answers", n);
    *out = found;
    *n_out = *n_dropped = 0;
    for (size_t i = 0; i < n; i++) {
        const struct json_tree *v = json_at(list, i);
        const char *hash = json_get_text(v, "hashValue", NULL);
        struct foreign_feedback *f = &found[*n_out];
        bool known =
            hash != NULL && foreign_print_guess(hash, &f->print) && read_value(v, &f->opinion);
        *n_out += known;
        *n_dropped += !known;
        if (known)
            TRY(read_tags(json_get(v, "tags"), arena, &f->tags, &f->n_tags, err));
    }
    return LK_OK;
}

enum lk_status stopncii_feedback_read(const char *text, size_t n, struct arena *arena,
                                      struct foreign_feedback **out, size_t *n_out,
                                      size_t *n_dropped, struct lk_error *err)
{
    struct json_tree *root;
    TRY(json_tree_parse(text, n, &root, err));
    enum lk_status status = read_feedbacks(root, arena, out, n_out, n_dropped, err);
    json_tree_free(root);
    return status;
}

static void write_print(struct json *j, const struct foreign_print *print)
{
    json_key(j, "hashValue");
    json_hex(j, print->bytes, foreign_print_bytes(print->type));
}

static void write_feedback(struct json *j, unsigned opinion, const char *const *tags, size_t n)
{
    json_key(j, "tags");
    json_array(j);
    for (size_t i = 0; i < n; i++)
        json_text(j, tags[i]);
    json_end_array(j);
    json_put_text(j, "feedbackValue", values[opinion].name);
}

/* false: the protocol has no word for it. */
static bool write_signal(struct json *j, const struct foreign_record *r)
{
    for (size_t i = 0; i < COUNT(signals); i++) {
        const struct foreign_print *print = foreign_print_of(r, signals[i].type);
        if (r->is_video != signals[i].is_video || print == NULL)
            continue;
        json_object(j);
        json_put_i64(j, "lastModtimestamp", r->modified_s);
        json_put_text(j, "signalType", signals[i].name);
        write_print(j, print);
        return true;
    }
    return false;
}

static size_t count_writable(const struct foreign_record *records, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count +=
            foreign_print_of(&records[i], records[i].is_video ? FOREIGN_MD5 : FOREIGN_PDQ) != NULL;
    return count;
}

/* No case stands behind a hash for a partner: caseNumbers, which clients need, is always empty. */
void stopncii_page_write(struct buf *out, const struct foreign_page *page)
{
    struct json j;
    json_init(&j, out);
    json_object(&j);
    json_put_u64(&j, "count", count_writable(page->records, page->n_records));
    json_put_text(&j, "nextPageToken", page->next);
    json_put_i64(&j, "nextSetTimestamp", page->until_s);
    json_put_bool(&j, "hasMoreRecords", page->has_more);
    json_key(&j, "hashRecords");
    json_array(&j);
    for (size_t i = 0; i < page->n_records; i++) {
        if (!write_signal(&j, &page->records[i]))
            continue;
        json_put_text(&j, "hashStatus", page->records[i].is_withdrawn ? "Withdrawn" : "Active");
        json_key(&j, "caseNumbers");
        json_object(&j);
        json_end_object(&j);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
}

void stopncii_hashes_write(struct buf *out, const struct foreign_record *records, size_t n)
{
    struct json j;
    json_init(&j, out);
    json_object(&j);
    json_put_u64(&j, "count", count_writable(records, n));
    json_key(&j, "hashRecords");
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        if (!write_signal(&j, &records[i]))
            continue;
        json_key(&j, "CSPFeedbacks");
        json_array(&j);
        json_object(&j);
        write_feedback(&j, records[i].opinion, records[i].tags, records[i].n_tags);
        json_end_object(&j);
        json_end_array(&j);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
}

void stopncii_feedback_write(struct buf *out, const struct foreign_feedback *list, size_t n)
{
    struct json j;
    json_init(&j, out);
    json_object(&j);
    json_put_u64(&j, "count", n);
    json_key(&j, "hashFeedbacks");
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        json_object(&j);
        write_feedback(&j, list[i].opinion, list[i].tags, list[i].n_tags);
        write_print(&j, &list[i].print);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
}
