#include "exchange/source_inside.h"

#include "base/err.h"
#include "base/hex.h"
#include "sys/file.h"
#include "sys/seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_JUDGED = LK_NEAR_RADIUS };

static const char *const kind_names[] = {"unknown", "stopncii", "ncmec", "threatexchange"};

const char *source_kind_name(unsigned kind)
{
    return kind_names[kind <= SOURCE_THREATEXCHANGE ? kind : 0];
}

unsigned source_kind_from_name(const char *name, size_t n)
{
    for (unsigned kind = SOURCE_STOPNCII; kind <= SOURCE_THREATEXCHANGE; kind++)
        if (n == strlen(kind_names[kind]) && memcmp(name, kind_names[kind], n) == 0)
            return kind;
    return 0;
}

enum lk_status source_name_check(const char *name, struct lk_error *err)
{
    size_t n = strnlen(name, SOURCE_MAX_NAME + 1);
    size_t good = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (n > 0 && n <= SOURCE_MAX_NAME && good == n && name[0] != '-')
        return LK_OK;
    return FAIL(err, LK_INVALID,
                "the name of a source has up to %d of a-z, 0-9 and -, and no - in front, unlike "
                "'%.48s'",
                SOURCE_MAX_NAME, name);
}

enum lk_status source_path(const char *dir, const char *file, char out[SOURCE_ROOM],
                           struct lk_error *err)
{
    if (strlen(dir) > SOURCE_MAX_PATH)
        return FAIL(err, LK_LIMIT, "the path of a source has more than %d bytes", SOURCE_MAX_PATH);
    snprintf(out, SOURCE_ROOM, "%s/%s", dir, file);
    return LK_OK;
}

static void derive(const struct keys *keys, const char *name, const char *use, uint8_t out[32])
{
    const struct seal_part parts[] = {SEAL_TEXT(name), SEAL_TEXT(use)};
    keys_hash(keys, KEY_SOURCE, parts, 2, out, 32);
}

static enum lk_status check_settings(const struct source_settings *s, struct lk_error *err)
{
    bool is_http = strncmp(s->url, "http://", 7) == 0,
         is_https = strncmp(s->url, "https://", 8) == 0;
    if (s->kind < SOURCE_STOPNCII || s->kind > SOURCE_THREATEXCHANGE)
        return FAIL(err, LK_INVALID, "a source is stopncii, ncmec or threatexchange");
    if (!is_https && !(is_http && s->allow[0] != '\0'))
        return FAIL(err, LK_INVALID, "the address of a source begins with https://");
    if (strpbrk(s->url, "?# \t\r\n") != NULL)
        return FAIL(err, LK_INVALID, "the address of a source has no query and no spaces");
    if (s->tier < LK_TIER_SELF || s->tier > LK_TIER_CONFIRMED)
        return FAIL(err, LK_INVALID, "a tier is self, checked or confirmed");
    if (s->max_distance > MAX_JUDGED)
        return FAIL(err, LK_INVALID, "the distance of a match is at most %d bits, not %u",
                    MAX_JUDGED, s->max_distance);
    return LK_OK;
}

enum lk_status source_make(const char *dir, const char *name, const struct keys *keys,
                           const struct source_settings *settings, struct lk_error *err)
{
    char bank[SOURCE_ROOM], file[SOURCE_ROOM];
    uint8_t key[BANK_KEY_BYTES];
    TRY(source_name_check(name, err));
    TRY(check_settings(settings, err));
    TRY(source_path(dir, "settings.json", file, err));
    TRY(source_path(dir, "bank", bank, err));
    if (access(file, F_OK) == 0)
        return FAIL(err, LK_CONFLICT, "there is a source '%s' already; remove it first", name);
    TRY(file_make_dirs(dir, 0700, err));
    TRY(bank_destroy(bank, err)); /* of one that was half made or half removed */
    derive(keys, name, "bank", key);
    enum lk_status status = bank_create(bank, key, err);
    seal_wipe(key, sizeof key);
    TRY(status);
    const struct source_state none = {0};
    TRY(source_write_state(dir, &none, err));
    return source_write_settings(dir, settings, err);
}

/* The bank goes first: nobody may be reading into it. Without settings there is no source. */
enum lk_status source_destroy(const char *dir, struct lk_error *err)
{
    struct source_settings settings;
    char path[SOURCE_ROOM];
    TRY(source_read_settings(dir, &settings, err));
    TRY(source_path(dir, "bank", path, err));
    TRY(bank_destroy(path, err));
    TRY(source_path(dir, "settings.json", path, err));
    TRY(file_remove(path, err));
    TRY(source_path(dir, "state.json", path, err));
    TRY(file_remove(path, err));
    if (rmdir(dir) != 0)
        return FAIL(err, LK_IO, "the directory '%s' holds files that are not the source's", dir);
    return LK_OK;
}

static enum lk_status open_bank(struct source *s, struct lk_error *err)
{
    char path[SOURCE_ROOM];
    const struct bank_config config = {.mode = s->mode, .key = s->bank_key, .by_caller = true};
    TRY(source_path(s->dir, "bank", path, err));
    return bank_open(path, &config, &s->bank, err);
}

static void bank_name(const struct source *s, char out[2 * BANK_ID_BYTES + 1])
{
    uint8_t id[BANK_ID_BYTES];
    bank_id(s->bank, id);
    hex_encode(id, sizeof id, out);
    out[sizeof id * 2] = '\0';
}

enum lk_status source_reset(struct source *s, struct lk_error *err)
{
    char path[SOURCE_ROOM];
    struct source_state blank = {.pulled_ms = s->state.pulled_ms,
                                 .tried_ms = s->state.tried_ms,
                                 .n_added = s->state.n_added,
                                 .n_withdrawn = s->state.n_withdrawn,
                                 .n_dropped = s->state.n_dropped};
    TRY(source_path(s->dir, "bank", path, err));
    s->state = blank;
    TRY(source_write_state(s->dir, &s->state, err)); /* first: then whatever happens is repaired */
    bank_close(s->bank);
    s->bank = NULL;
    TRY(bank_destroy(path, err));
    TRY(bank_create(path, s->bank_key, err));
    TRY(open_bank(s, err));
    bank_name(s, s->state.bank);
    return source_write_state(s->dir, &s->state, err);
}

/* A state belongs to one bank: of another, or of none, nothing was read yet. */
static enum lk_status fit_state(struct source *s, struct lk_error *err)
{
    char name[2 * BANK_ID_BYTES + 1], path[SOURCE_ROOM];
    TRY(source_path(s->dir, "bank", path, err));
    if (s->mode == BANK_WRITE && access(path, F_OK) != 0)
        TRY(bank_create(path, s->bank_key, err));
    TRY(open_bank(s, err));
    bank_name(s, name);
    if (strcmp(name, s->state.bank) == 0 || s->mode == BANK_READ)
        return LK_OK;
    s->state.since_s = s->state.until_s = 0;
    s->state.next[0] = '\0';
    memcpy(s->state.bank, name, sizeof name);
    return LK_OK;
}

enum lk_status source_open(const char *dir, const char *name, const struct keys *keys,
                           enum bank_mode mode, struct source **out, struct lk_error *err)
{
    char path[SOURCE_ROOM];
    TRY(source_name_check(name, err));
    TRY(source_path(dir, "", path, err));
    struct source *s = calloc(1, sizeof *s);
    if (s == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a source");
    s->mode = mode;
    snprintf(s->name, sizeof s->name, "%s", name);
    snprintf(s->dir, sizeof s->dir, "%s", dir);
    derive(keys, name, "bank", s->bank_key);
    derive(keys, name, "id", s->id_key);
    enum lk_status status = source_read_settings(dir, &s->settings, err);
    if (status == LK_OK)
        status = source_read_state(dir, &s->state, err);
    if (status == LK_OK)
        status = fit_state(s, err);
    if (status != LK_OK) {
        source_close(s);
        return status;
    }
    *out = s;
    return LK_OK;
}

void source_close(struct source *s)
{
    if (s == NULL)
        return;
    bank_close(s->bank);
    seal_wipe(s, sizeof *s);
    free(s);
}

const struct source_settings *source_settings_of(const struct source *s)
{
    return &s->settings;
}

const struct source_state *source_state_of(const struct source *s)
{
    return &s->state;
}

struct bank_stats source_stats(const struct source *s)
{
    return bank_stats(s->bank);
}

enum lk_status source_match(const struct source *s, const struct lk_sequence *queries, size_t n,
                            const struct lk_alloc *results, struct bank_matches *out,
                            struct lk_error *err)
{
    TRY(bank_match(s->bank, queries, n, results, out, err));
    size_t kept = 0;
    for (size_t i = 0; i < out->n; i++)
        if (out->p[i].verdict.dist_bits <= s->settings.max_distance)
            out->p[kept++] = out->p[i];
    out->n = kept;
    return LK_OK;
}
