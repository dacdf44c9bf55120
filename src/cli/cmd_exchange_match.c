/* likeness exchange match: are files in the lists of others?
 *
 * A record of such a list has one print, of the picture as it was. So the file brings all its turns
 * and crops, as it would to be registered; and it brings the digests that such lists have. */
#include "commands.h"
#include "config.h"
#include "home.h"
#include "inputs.h"
#include "sources.h"

#include "base/err.h"
#include "sys/digest.h"

#include <string.h>

struct opened {
    const char *name;
    struct source *source;
};

struct matching {
    struct cli_call *call;
    struct opened *sources;
    size_t n_sources;
    bool json, any;
    enum lk_status first_failure;
};

static enum lk_status make_query(const struct input_result *result, struct lk_sequence *out,
                                 struct lk_error *err)
{
    *out = result->sequence;
    if (out->medium == LK_IMAGE)
        for (size_t i = 0; i < out->n_records; i++)
            if (out->records[i].kind != LK_WHOLE)
                out->n_records = i; /* whole prints come first */
    if (strcmp(result->path, "-") == 0)
        return LK_OK;
    out->digests[0] = (struct lk_digest){.type = LK_DIGEST_MD5};
    out->digests[1] = (struct lk_digest){.type = LK_DIGEST_SHA1};
    out->n_digests = 2;
    return digest_file(result->path, out->digests[0].bytes, out->digests[1].bytes, err);
}

static void write_json(struct buf *out, const char *path, const char *name,
                       const struct bank_match *match)
{
    struct json j;
    json_init(&j, out);
    json_object(&j);
    json_put_text(&j, "path", path);
    json_put_text(&j, "source", name);
    json_key(&j, "entry");
    json_hex(&j, match->id, sizeof match->id);
    json_put_text(&j, "grade", lk_grade_name(match->verdict.grade));
    json_put_text(&j, "tier", lk_tier_name(match->tier));
    json_put_text(&j, "action", lk_action_name(match->action));
    json_put_u64(&j, "distance", match->verdict.dist_bits);
    json_end_object(&j);
    buf_char(out, '\n');
}

static void write_human(struct buf *out, const char *path, const char *name,
                        const struct bank_match *match)
{
    buf_fmt(out, "%s: %s match in %s, %u of 256 bits differ, entry ", path,
            lk_grade_name(match->verdict.grade), name, match->verdict.dist_bits);
    buf_hex(out, match->id, sizeof match->id);
    buf_fmt(out, " (tier %s: %s)\n", lk_tier_name(match->tier), lk_action_name(match->action));
}

static enum lk_status match_one(struct matching *m, const struct opened *opened, const char *path,
                                const struct lk_sequence *query, size_t *n, struct lk_error *err)
{
    struct bank_matches matches;
    TRY(source_match(opened->source, query, 1, lk_alloc_heap(), &matches, err));
    for (size_t i = 0; i < matches.n; i++) {
        if (m->json)
            write_json(&m->call->out, path, opened->name, &matches.p[i]);
        else
            write_human(&m->call->out, path, opened->name, &matches.p[i]);
    }
    *n += matches.n;
    bank_matches_free(lk_alloc_heap(), &matches);
    return LK_OK;
}

static enum lk_status on_result(void *ctx, const struct input_result *result, struct lk_error *err)
{
    struct matching *m = ctx;
    struct lk_error why;
    struct lk_sequence query;
    size_t n = 0;
    enum lk_status status = input_refusal(result, &why);
    if (status == LK_OK)
        status = make_query(result, &query, &why);
    if (status != LK_OK) {
        if (m->first_failure == LK_OK)
            m->first_failure = status;
        cli_say("%s", why.text);
        return LK_OK;
    }
    for (size_t i = 0; i < m->n_sources; i++)
        TRY(match_one(m, &m->sources[i], result->path, &query, &n, err));
    if (n == 0 && !m->json)
        buf_fmt(&m->call->out, "%s: no match\n", result->path);
    m->any |= n > 0;
    return cli_flush(m->call, err);
}

static enum lk_status open_all(struct matching *m, const struct sources *sources,
                               struct lk_error *err)
{
    const char *const *names, *one = cli_value(m->call, "source"), *dir;
    size_t n;
    TRY(sources_names(m->call, sources, &one, one != NULL, &names, &n, err));
    if (n == 0)
        return FAIL(err, LK_NOT_FOUND, "no sources yet (see: likeness exchange add --help)");
    m->sources = arena_zalloc(&m->call->arena, n, sizeof *m->sources);
    if (m->sources == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %zu sources", n);
    for (size_t i = 0; i < n; i++) {
        struct opened *o = &m->sources[i];
        o->name = names[i];
        TRY(sources_dir(m->call, sources, names[i], &dir, err));
        TRY(source_open(dir, names[i], sources->keys, BANK_READ, &o->source, err));
        m->n_sources++;
    }
    return LK_OK;
}

int cmd_exchange_match(struct cli_call *call)
{
    struct lk_error err;
    struct inputs inputs;
    struct sources sources;
    const struct input_options options = {
        .verb = "looked up", .purpose = LK_REGISTRATION, .front_end = LK_FULLRES};
    struct matching m = {.call = call, .json = cli_has(call, "json")};
    enum lk_status status = inputs_gather(call, 0, &inputs, &err);
    if (status == LK_INVALID)
        return cli_usage(call, "%s", err.text);
    if (status != LK_OK)
        return cli_fail(&err);
    status = sources_open(call, false, &sources, &err);
    if (status == LK_OK)
        status = open_all(&m, &sources, &err);
    if (status == LK_OK)
        status = inputs_run(&inputs, &options, on_result, &m, &err);
    for (size_t i = 0; i < m.n_sources; i++)
        source_close(m.sources[i].source);
    sources_close(&sources);
    if (status != LK_OK)
        return cli_fail(&err);
    if (m.first_failure != LK_OK)
        return lk_status_exit(m.first_failure);
    return m.any ? CLI_OK : CLI_NO_MATCH;
}
