/* What a pack must be, checked in the order of an archive: first its form, then the manifest, then
 * each file against it. tools/verify_pack.py does the same from docs/formats/pack.md. */
#include "exchange/pack_inside.h"

#include "base/err.h"
#include "base/hex.h"
#include "exchange/tar.h"
#include "sys/json_read.h"

#include <stdlib.h>
#include <string.h>

struct checking {
    struct tar_file *files;
    size_t n;
    const struct tar_file *manifest, *signature;
    const uint8_t *key;
    struct pack_found *out;
    struct lk_error *err;
};

static enum lk_status read_archive(struct checking *c, const char *archive, size_t n)
{
    size_t at = 0;
    for (bool more = true;;) {
        struct tar_file *file = &c->files[c->n];
        if (c->n == TAR_MAX_FILES)
            return FAIL(c->err, LK_CORRUPT, "the pack holds more than %d files", TAR_MAX_FILES);
        TRY(tar_take(archive, n, &at, file, &more, c->err));
        if (!more)
            break;
        if (c->n > 0 && strcmp(file[-1].name, file->name) >= 0)
            return FAIL(c->err, LK_CORRUPT, "'%s' stands twice or out of order", file->name);
        if (c->n > 0 && file[-1].time_s != file->time_s)
            return FAIL(c->err, LK_CORRUPT, "'%s' has another time than the rest", file->name);
        c->n++;
        if (strcmp(file->name, PACK_MANIFEST) == 0)
            c->manifest = file;
        if (strcmp(file->name, PACK_SIGNED) == 0)
            c->signature = file;
    }
    if (c->manifest == NULL)
        return FAIL(c->err, LK_CORRUPT, "the pack has no " PACK_MANIFEST);
    return LK_OK;
}

static bool take_hex(const struct json_tree *v, const char *key, uint8_t *out, size_t n_out)
{
    size_t n = 0;
    const char *text = json_get_text(v, key, &n);
    if (text == NULL || n != 2 * n_out)
        return false;
    for (size_t i = 0; i < n; i++)
        if (text[i] >= 'A' && text[i] <= 'F')
            return false;
    return hex_decode(text, out, n_out);
}

static enum lk_status check_file(struct checking *c, const struct json_tree *entry,
                                 const struct tar_file *file)
{
    static const char *const members[] = {"name", "size", "sha256"};
    uint8_t wanted[32], digest[32];
    int64_t size = 0;
    const char *name = json_get_text(entry, "name", NULL);
    TRY(json_only(entry, "a file of the manifest", members, 3, c->err));
    if (name == NULL || strcmp(name, file->name) != 0)
        return FAIL(c->err, LK_CORRUPT, "the manifest lists '%.100s' where the pack holds '%s'",
                    name != NULL ? name : "", file->name);
    if (!json_as_int(json_get(entry, "size"), 0, INT64_MAX, &size) || (size_t)size != file->n)
        return FAIL(c->err, LK_CORRUPT, "'%s' is not as long as the manifest says", name);
    seal_sha256(&(struct seal_part){file->bytes, file->n}, 1, digest);
    if (!take_hex(entry, "sha256", wanted, sizeof wanted) ||
        !seal_equal(wanted, digest, sizeof digest))
        return FAIL(c->err, LK_CORRUPT, "'%s' was changed: its digest is another", name);
    return LK_OK;
}

static enum lk_status check_files(struct checking *c, const struct json_tree *list)
{
    size_t n = 0;
    bool has_case = false, has_summary = false, has_readme = false;
    for (size_t i = 0; i < c->n; i++) {
        const struct tar_file *file = &c->files[i];
        if (file == c->manifest || file == c->signature)
            continue;
        TRY(check_file(c, json_at(list, n++), file));
        has_case |= strcmp(file->name, PACK_CASE) == 0;
        has_summary |= strcmp(file->name, PACK_SUMMARY) == 0;
        has_readme |= strcmp(file->name, PACK_README) == 0;
    }
    if (n != json_array_length(list))
        return FAIL(c->err, LK_CORRUPT, "the manifest lists files that the pack does not hold");
    if (!has_case || !has_summary || !has_readme)
        return FAIL(c->err, LK_CORRUPT, "the pack lacks one of its parts");
    c->out->n_files = n;
    return LK_OK;
}

static enum lk_status check_signature(struct checking *c, const struct json_tree *manifest)
{
    struct pack_found *out = c->out;
    bool is_null =
        json_get(manifest, "signed_by") != NULL && json_is_null(json_get(manifest, "signed_by"));
    if (is_null && c->signature == NULL) {
        if (c->key != NULL)
            return FAIL(c->err, LK_DENIED, "the pack is not signed");
        return LK_OK;
    }
    if (c->signature == NULL ||
        !take_hex(manifest, "signed_by", out->signed_by, sizeof out->signed_by))
        return FAIL(c->err, LK_CORRUPT, "the manifest and " PACK_SIGNED " do not belong together");
    if (c->signature->n != SEAL_SIGNATURE_BYTES ||
        !seal_sign_check(out->signed_by, c->manifest->bytes, c->manifest->n,
                         (const uint8_t *)c->signature->bytes))
        return FAIL(c->err, LK_CORRUPT, "the signature is not of this manifest");
    if (c->key != NULL && !seal_equal(c->key, out->signed_by, sizeof out->signed_by))
        return FAIL(c->err, LK_DENIED, "the pack is signed by another key than the one given");
    out->signature = c->key != NULL ? PACK_SIGNED_BY_KEY : PACK_SIGNED_UNKNOWN;
    return LK_OK;
}

/* The time of the files says when, once more. */
static enum lk_status check_head(struct checking *c, const struct json_tree *m)
{
    static const char *const members[] = {"schema", "pack",     "made_at",   "for",
                                          "tool",   "law_date", "signed_by", "files"};
    size_t n_id = 0, n_made = 0;
    char made[32];
    const char *schema = json_get_text(m, "schema", NULL);
    if (schema != NULL && strcmp(schema, PACK_SCHEMA) != 0)
        return FAIL(c->err, LK_UNSUPPORTED, "'%.60s' is no form of a pack that is known here",
                    schema);
    TRY(json_only(m, PACK_MANIFEST, members, sizeof members / sizeof *members, c->err));
    const char *id = json_get_text(m, "pack", &n_id);
    const char *at = json_get_text(m, "made_at", &n_made);
    clock_format_time(c->manifest->time_s * 1000, made);
    c->out->whom = pack_for_of(json_get_text(m, "for", NULL));
    if (schema == NULL || id == NULL || n_id != PACK_ID_CHARS || at == NULL || c->out->whom == 0)
        return FAIL(c->err, LK_CORRUPT, PACK_MANIFEST " lacks one of its members");
    if (n_made >= sizeof made || strcmp(made, at) != 0)
        return FAIL(c->err, LK_CORRUPT, "the time of the files is not that of the manifest");
    memcpy(c->out->id, id, PACK_ID_CHARS);
    memcpy(c->out->made_at, at, n_made);
    return LK_OK;
}

static enum lk_status check_manifest(struct checking *c)
{
    struct json_tree *manifest = NULL;
    struct lk_error why;
    if (json_tree_parse(c->manifest->bytes, c->manifest->n, &manifest, &why) != LK_OK)
        return FAIL(c->err, LK_CORRUPT, PACK_MANIFEST " is not JSON: %s", why.text);
    enum lk_status status = check_head(c, manifest);
    if (status == LK_OK)
        status = check_files(c, json_get(manifest, "files"));
    if (status == LK_OK)
        status = check_signature(c, manifest);
    json_tree_free(manifest);
    if (status == LK_INVALID)
        c->err->status = status = LK_CORRUPT;
    return status;
}

enum lk_status pack_check(const char *archive, size_t n, const uint8_t *key, struct pack_found *out,
                          struct lk_error *err)
{
    struct lk_error unheard;
    struct checking c = {.key = key, .out = out, .err = err != NULL ? err : &unheard};
    *out = (struct pack_found){.whom = 0};
    TRY(seal_init(err));
    c.files = calloc(TAR_MAX_FILES + 1, sizeof *c.files);
    if (c.files == NULL)
        return FAIL(err, LK_NOMEM, "no memory to check a pack");
    enum lk_status status = read_archive(&c, archive, n);
    if (status == LK_OK)
        status = check_manifest(&c);
    free(c.files);
    return status;
}
