/* likeness match: look pictures up in a bank on disk. */
#include "base/err.h"
#include "cases/match_evidence.h"
#include "commands.h"
#include "exchange/evidence_json.h"
#include "explain.h"
#include "inputs.h"
#include "keyfile.h"
#include "match_protocol.h"

#include <math.h>

const struct cli_option cmd_match_options[] = {
    {"bank", "PATH", "the bank to look in"},
    {"protocol", NULL, "FILE FILE are lines of hash --register and hash --query: match these"},
    {"as-bank-of", "N", "with --protocol: judge as in a bank of N entries, where more must agree"},
    {"all-anchors", NULL, "with --protocol: look for anchors though whole prints are enough"},
    {"json", NULL, "one JSON object a file"},
    {"front-end", "NAME", "fullres (default), ref512 or scaled"},
    {"ignore-orientation", NULL, "leave the picture as it is stored, without its EXIF turn"},
    EVERY_MS_OPTION,
    {"files-from", "LIST", "read paths from LIST, one a line; - is standard input"},
    EXPLAIN_OPTION,
    KEYFILE_OPTION,
    PRINT_KEY_OPTION,
    {NULL, NULL, NULL},
};

const char cmd_match_notes[] =
    "grade    says of the upload                   may be used to\n"
    "exact    it is the same picture               block at once; appeal open\n"
    "near     the same, saved again or recoloured  block; sampled review\n"
    "partial  it shares content with the picture   hold or limit spread; a person looks first\n"
    "review   it may share content                 queue only; no effect on the uploader\n"
    "How far an entry is trusted (its tier) may allow less: what may follow before a person "
    "looked\n"
    "is said with each match: queue, hold or block. A harmless photograph of the same room or\n"
    "fabric can share content: partial and review prove nothing against the uploader.\n\n"
    "With --protocol, BANK and QUERIES are files of lines that hash --register and hash --query\n"
    "write: each path of BANK is an entry, each of QUERIES a query. Prints a line a match,\n"
    "    grade score bank-path<TAB>query-path\n"
    "with the distance in bits for exact and near, else the number of votes as score, and exits\n"
    "with 0 whenever it ran. The larger a bank, the more anchors must agree; --as-bank-of N asks\n"
    "for as many as a bank of N entries does. Anchors of a query are not looked for when an entry\n"
    "shows the same picture, which is enough for an answer; --all-anchors asks for what shares\n"
    "content with it besides.\n\n"
    "exit: 0 something matched, 1 nothing did, 2 usage, 3 and up by what went wrong first";

struct matching {
    struct cli_call *call;
    struct bank *bank;
    bool json;
    bool any;
    const char *explain; /* where to draw the best match; NULL: nowhere */
    enum lk_status first_failure;
};

static void write_json(struct matching *m, const char *path, const struct bank_matches *matches)
{
    struct json j;
    json_init(&j, &m->call->out);
    json_object(&j);
    json_put_text(&j, "path", path);
    json_key(&j, "matches");
    json_array(&j);
    for (size_t i = 0; i < matches->n; i++) {
        const struct bank_match *match = &matches->p[i];
        json_object(&j);
        json_key(&j, "entry");
        json_hex(&j, match->id, sizeof match->id);
        json_put_text(&j, "grade", lk_grade_name(match->verdict.grade));
        json_put_text(&j, "tier", lk_tier_name(match->tier));
        json_put_text(&j, "action", lk_action_name(match->action));
        json_put_text(&j, "meaning", lk_grade_meaning(match->verdict.grade, match->medium));
        json_put_text(&j, "use", lk_grade_use(match->verdict.grade));
        json_put_u64(&j, "distance", match->verdict.dist_bits);
        json_put_u64(&j, "votes", match->verdict.n_votes);
        json_put_u64(&j, "coverage", match->verdict.coverage_percent);
        json_put_u64(&j, "turn", match->verdict.turn);
        json_key(&j, "evidence");
        evidence_json_write(&j, &match->verdict);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    buf_char(&m->call->out, '\n');
}

/* Where the registered picture lies in the upload. */
static void write_place(struct buf *out, const struct lk_place *place)
{
    if (!evidence_has_place(place))
        return;
    double degrees = evidence_degrees(place);
    buf_fmt(out, "  it lies there at %.0f %% of the upload's long side",
            100 * evidence_scale(place));
    if (fabs(degrees) >= 0.5)
        buf_fmt(out, ", turned by %.0f degrees %s", fabs(degrees),
                degrees > 0 ? "clockwise" : "anticlockwise");
    buf_str(out, place->mirrored ? ", mirrored\n" : "\n");
}

static const char *entry_word(unsigned medium)
{
    return medium == LK_VIDEO ? "video" : medium == LK_AUDIO ? "recording" : "picture";
}

/* "0:03.5" */
static void put_time(struct buf *out, uint32_t ms)
{
    buf_fmt(out, "%u:%02u.%u", ms / 60000, ms / 1000 % 60, ms % 1000 / 100);
}

static void put_range(struct buf *out, const char *of, uint32_t from_ms, uint32_t to_ms)
{
    put_time(out, from_ms);
    if (to_ms > from_ms) {
        buf_str(out, " to ");
        put_time(out, to_ms);
    }
    buf_fmt(out, " of the %s", of);
}

/* Which part of the upload is which part of what was registered. */
static void write_times(struct buf *out, const struct lk_verdict *v)
{
    if (!evidence_lasts(v))
        return;
    buf_fmt(out, "  by %s: ",
            v->by_picture && v->by_sound ? "picture and sound"
            : v->by_sound                ? "sound"
                                         : "picture");
    if (v->query_lasts_ms > 0)
        put_range(out, "upload", v->query_from_ms, v->query_to_ms);
    if (v->query_lasts_ms > 0 && v->lasts_ms > 0)
        buf_str(out, " is ");
    if (v->lasts_ms > 0)
        put_range(out, "registered one", v->from_ms, v->to_ms);
    if (v->speed_percent != 100)
        buf_fmt(out, ", at %u %% of its speed", v->speed_percent);
    buf_char(out, '\n');
}

static void write_human(struct matching *m, const char *path, const struct bank_matches *matches)
{
    struct buf *out = &m->call->out;
    if (matches->n == 0)
        buf_fmt(out, "%s: no match\n", path);
    for (size_t i = 0; i < matches->n; i++) {
        const struct bank_match *match = &matches->p[i];
        const struct lk_verdict *v = &match->verdict;
        buf_fmt(out, "%s: %s match, %u of 256 bits differ, entry ", path, lk_grade_name(v->grade),
                v->dist_bits);
        buf_hex(out, match->id, sizeof match->id);
        buf_fmt(out, " (tier %s: %s)\n", lk_tier_name(match->tier), lk_action_name(match->action));
        buf_fmt(out, "  the upload %s (at most: %s)\n", lk_grade_meaning(v->grade, match->medium),
                lk_grade_use(v->grade));
        buf_fmt(out, "  votes %u, common part %u %% of the %s", v->n_votes, v->coverage_percent,
                entry_word(match->medium));
        if (v->query_percent > 0)
            buf_fmt(out, ", %u %% of the upload", v->query_percent);
        buf_char(out, '\n');
        write_place(out, &v->place);
        write_times(out, v);
    }
}

static enum lk_status see_whole(void *ctx, const struct bank_entry *entry, struct lk_error *err)
{
    (void)err;
    *(struct lk_frame *)ctx = match_whole_frame(&entry->sequence);
    return LK_OK;
}

/* Draws the best match of the file, which is the only one. */
static enum lk_status explain(struct matching *m, const struct lk_sequence *query,
                              const struct bank_matches *matches, struct lk_error *err)
{
    if (m->explain == NULL)
        return LK_OK;
    if (matches->n == 0) {
        cli_say("nothing matched: '%s' is not written", m->explain);
        return LK_OK;
    }
    struct lk_frame whole;
    TRY(bank_get(m->bank, matches->p[0].id, see_whole, &whole, err));
    return explain_write(m->explain, &matches->p[0].verdict, query, &whole, err);
}

/* A file that could not be looked up is said and remembered; the others go on. */
static enum lk_status pass_over(struct matching *m, enum lk_status status,
                                const struct lk_error *why)
{
    if (m->first_failure == LK_OK)
        m->first_failure = status;
    cli_say("%s", why->text);
    return LK_OK;
}

static enum lk_status on_result(void *ctx, const struct input_result *result, struct lk_error *err)
{
    struct matching *m = ctx;
    struct lk_error why;
    if (input_refusal(result, &why) != LK_OK)
        return pass_over(m, why.status, &why);
    const struct lk_sequence query = result->sequence;
    struct bank_matches matches;
    TRY(bank_match(m->bank, &query, 1, lk_alloc_heap(), &matches, err));
    m->any |= matches.n > 0;
    if (m->json)
        write_json(m, result->path, &matches);
    else
        write_human(m, result->path, &matches);
    enum lk_status status = explain(m, &query, &matches, err);
    bank_matches_free(lk_alloc_heap(), &matches);
    return status == LK_OK ? cli_flush(m->call, err) : status;
}

int cmd_match(struct cli_call *call)
{
    struct lk_error err;
    struct inputs inputs;
    struct input_options options = {.verb = "looked up", .purpose = LK_QUERY};
    const char *path = cli_value(call, "bank");
    if (cli_has(call, "protocol"))
        return match_protocol(call);
    if (cli_has(call, "as-bank-of") || cli_has(call, "all-anchors"))
        return cli_usage(call, "--%s goes with --protocol",
                         cli_has(call, "as-bank-of") ? "as-bank-of" : "all-anchors");
    if (path == NULL)
        return cli_usage(call, "--bank PATH is needed");
    if (inputs_options(call, &options, &err) != LK_OK ||
        inputs_interval(call, &options, &err) != LK_OK)
        return cli_usage(call, "%s", err.text);
    enum lk_status status = inputs_gather(call, 0, &inputs, &err);
    if (status == LK_INVALID)
        return cli_usage(call, "%s", err.text);
    struct matching m = {
        .call = call, .json = cli_has(call, "json"), .explain = cli_value(call, "explain")};
    if (m.explain != NULL && inputs.n != 1)
        return cli_usage(call, "--explain draws a match of one FILE, not of %zu", inputs.n);
    if (status == LK_OK)
        status = keyfile_open_bank(call, path, BANK_READ, &m.bank, &err);
    if (status == LK_OK)
        status = inputs_run(&inputs, &options, on_result, &m, &err);
    bank_close(m.bank);
    if (status != LK_OK)
        return cli_fail(&err);
    if (m.first_failure != LK_OK)
        return lk_status_exit(m.first_failure);
    return m.any ? CLI_OK : CLI_NO_MATCH;
}
