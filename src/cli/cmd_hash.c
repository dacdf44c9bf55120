/* likeness hash: the prints of pictures, videos and recordings, as lines for scripts, as JSON, or
 * for people. */
#include "commands.h"
#include "exchange/record_line.h"
#include "exchange/sequence_json.h"
#include "inputs.h"

#include "base/err.h"

#include <string.h>

const struct cli_option cmd_hash_options[] = {
    {"lines", NULL, "one line a picture: print, quality, path"},
    {"json", NULL, "one JSON object a file"},
    {"register", NULL, "all the prints that registering needs, one a line"},
    {"query", NULL, "all the prints that looking up needs, one a line"},
    {"bundle", NULL, "all the prints that registering needs, in one piece without any name"},
    {"front-end", "NAME", "fullres (default), ref512 or scaled"},
    {"ignore-orientation", NULL, "leave the picture as it is stored, without its EXIF turn"},
    EVERY_MS_OPTION,
    {"files-from", "LIST", "read paths from LIST, one a line; - is standard input"},
    {NULL, NULL, NULL},
};

const char cmd_hash_notes[] =
    "A print is 256 bits, shown as the PDQ reference shows it. A flat picture, or one under 5\n"
    "pixels, has quality 0, and is refused when it is registered or looked up. FILE - is standard\n"
    "input. A file that cannot be decoded gives no line, a message, and an exit code other than "
    "0;\n"
    "the others are still done.\n\n"
    "--register and --query make the prints that the two sides of a match need: of the whole\n"
    "picture, and of patches that are found again in edited copies. They write a line for each:\n"
    "    print quality kind front-end x y size turn<TAB>path\n"
    "with the time in milliseconds before the tab for a video or a recording\n"
    "(or with --json one object a file), nothing but a message for a picture that is refused, and\n"
    "exit with 0 whenever they ran. likeness match --protocol reads such lines.\n\n"
    "--bundle writes what a case holds of the files and nothing else: no path, no date, no "
    "picture. It\n"
    "is for those whose browser cannot make fingerprints: hand it to a helpline, which adds it to "
    "a\n"
    "case with likeness desk add. Redirect it to a file.\n\n"
    "exit: 0 every file gave a print, 2 usage, 3 and up by what went wrong first";

struct hashing {
    struct cli_call *call;
    bool lines, json, bundle;
    unsigned purpose; /* enum lk_purpose; 0: the print of the whole alone */
    enum lk_status first_failure;
};

static void write_json(struct hashing *h, const struct input_result *result)
{
    struct lk_record whole[LK_N_TURNS];
    struct lk_sequence seq = result->sequence;
    const bool is_picture = seq.medium == LK_IMAGE;
    if (is_picture && h->purpose == 0) {
        seq.records = whole;
        seq.n_records = lk_image_records(&result->prints, false, whole);
    }
    struct json j;
    json_init(&j, &h->call->out);
    json_object(&j);
    json_put_text(&j, "path", result->path);
    json_put_text(&j, "format", result->format);
    if (result->width > 0) {
        json_put_u64(&j, "width", result->width);
        json_put_u64(&j, "height", result->height);
    }
    if (is_picture)
        json_put_u64(&j, "quality", result->prints.quality);
    json_key(&j, "sequence");
    sequence_json_write(&j, &seq);
    json_end_object(&j);
    buf_char(&h->call->out, '\n');
}

/* The binary form (docs/formats/print.md), one behind the other. */
static void write_bundle(struct hashing *h, const struct input_result *result)
{
    size_t n = lk_sequence_encoded_bytes(&result->sequence);
    uint8_t *bytes = arena_alloc(&h->call->arena, n);
    if (bytes == NULL) {
        h->call->out.status = LK_NOMEM;
        return;
    }
    lk_sequence_encode(&result->sequence, bytes);
    buf_put(&h->call->out, bytes, n);
}

static void write_records(struct hashing *h, const struct input_result *result)
{
    const struct lk_sequence *seq = &result->sequence;
    for (size_t i = 0; i < seq->n_records; i++)
        record_line_write(&h->call->out, seq->medium, &seq->records[i], result->path);
}

/* What registering it would keep. */
static void write_timed(struct hashing *h, const struct input_result *result)
{
    struct buf *out = &h->call->out;
    const struct media_prints *t = &result->timed;
    buf_fmt(out, "%s\n  %s     %u.%u s, %s", result->path, lk_medium_name(t->sequence.medium),
            t->sequence.duration_ms / 1000, t->sequence.duration_ms % 1000 / 100, t->format);
    if (result->width > 0)
        buf_fmt(out, ", %u x %u", result->width, result->height);
    buf_fmt(out, "\n  prints    %zu, %zu bytes\n", t->sequence.n_records,
            lk_sequence_encoded_bytes(&t->sequence));
    if (t->video.n_frames > 0)
        buf_fmt(out, "  pictures  %u of %u frames kept%s\n", t->video.n_kept, t->video.n_frames,
                t->video.is_static ? " (all show the same)" : "");
    if (t->sound.n_blocks > 0)
        buf_fmt(out, "  sound     %u.%u s of %u.%u s active\n", t->sound.active_ms / 1000,
                t->sound.active_ms % 1000 / 100, t->sound.duration_ms / 1000,
                t->sound.duration_ms % 1000 / 100);
}

static void write_human(struct hashing *h, const struct input_result *result, const char *hex)
{
    struct buf *out = &h->call->out;
    buf_fmt(out, "%s\n  print    %s\n  quality  %u%s\n  picture  %u x %u, %s, front end %s\n",
            result->path, hex, result->prints.quality,
            result->prints.quality < 50 ? " (low: it would find little)" : "", result->width,
            result->height, result->format, lk_front_end_name(result->prints.front_end));
}

/* Says it, and remembers the first; the other files go on. */
static enum lk_status pass_over(struct hashing *h, enum lk_status status, const char *why)
{
    if (h->first_failure == LK_OK)
        h->first_failure = status;
    cli_say("%s", why);
    return LK_OK;
}

static enum lk_status on_result(void *ctx, const struct input_result *result, struct lk_error *err)
{
    struct hashing *h = ctx;
    if (result->status != LK_OK)
        return pass_over(h, result->status, result->err.text);
    struct lk_error why;
    if (h->purpose != 0 && input_refusal(result, &why) != LK_OK)
        return pass_over(h, why.status, why.text);
    if (h->lines && !record_line_can_name(result->path))
        return pass_over(h, LK_INVALID,
                         "a path with a tab or line break in it cannot be printed as a line (use "
                         "--json)");
    const bool is_picture = result->sequence.medium == LK_IMAGE;
    if (h->lines && h->purpose == 0 && !is_picture) {
        (void)FAIL(&why, LK_INVALID,
                   "'%s' lasts, so it has many prints: use --register, --query or --json",
                   result->path);
        return pass_over(h, why.status, why.text);
    }
    char hex[LK_PRINT_HEX_CHARS + 1];
    lk_print_to_hex(&result->prints.turn[LK_TURN_0], hex);
    if (h->json)
        write_json(h, result);
    else if (h->bundle)
        write_bundle(h, result);
    else if (h->purpose != 0)
        write_records(h, result);
    else if (!is_picture)
        write_timed(h, result);
    else if (h->lines)
        buf_fmt(&h->call->out, "%s %u %s\n", hex, result->prints.quality, result->path);
    else
        write_human(h, result, hex);
    return cli_flush(h->call, err);
}

int cmd_hash(struct cli_call *call)
{
    struct lk_error err;
    struct inputs inputs;
    struct input_options options = {.verb = "hashed"};
    if (cli_has(call, "lines") && cli_has(call, "json"))
        return cli_usage(call, "--lines and --json exclude each other");
    if (cli_has(call, "register") + cli_has(call, "query") + cli_has(call, "lines") +
            cli_has(call, "bundle") >
        1)
        return cli_usage(call, "--register, --query, --lines and --bundle exclude one another");
    if (cli_has(call, "bundle") && cli_has(call, "json"))
        return cli_usage(call, "--bundle and --json exclude each other");
    if (inputs_options(call, &options, &err) != LK_OK ||
        inputs_interval(call, &options, &err) != LK_OK)
        return cli_usage(call, "%s", err.text);
    bool bundle = cli_has(call, "bundle");
    options.purpose = bundle || cli_has(call, "register") ? LK_REGISTRATION
                      : cli_has(call, "query")            ? LK_QUERY
                                                          : 0;
    struct hashing h = {
        .call = call, .json = cli_has(call, "json"), .bundle = bundle, .purpose = options.purpose};
    h.lines = cli_has(call, "lines") || (options.purpose != 0 && !h.json && !bundle);
    enum lk_status status = inputs_gather(call, 0, &inputs, &err);
    if (status == LK_INVALID)
        return cli_usage(call, "%s", err.text);
    if (status == LK_OK)
        status = inputs_run(&inputs, &options, on_result, &h, &err);
    if (status != LK_OK)
        return cli_fail(&err);
    return options.purpose != 0 && !bundle ? CLI_OK : lk_status_exit(h.first_failure);
}
