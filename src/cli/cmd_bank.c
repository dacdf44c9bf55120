/* likeness bank: a bank of prints in a directory. */
#include "base/err.h"
#include "base/hex.h"
#include "commands.h"
#include "inputs.h"
#include "keyfile.h"
#include "sys/clock.h"
#include "sys/rand.h"

#include <stdlib.h>
#include <string.h>

enum { ADD_BATCH = 256, ADD_EVERY_NS = 200000000 };

static int create(struct cli_call *call)
{
    struct lk_error err;
    if (call->n_args != 1)
        return cli_usage(call, "bank create takes one PATH");
    uint8_t bytes[BANK_KEY_BYTES], seed_bytes[BANK_KEY_BYTES];
    const uint8_t *key, *seed;
    enum lk_status status = keyfile_read(call, "key-file", true, bytes, &key, &err);
    if (status == LK_OK)
        status = keyfile_read(call, "print-key", true, seed_bytes, &seed, &err);
    if (status == LK_OK)
        status = bank_create_keyed(call->args[0], key, seed, &err);
    keyfile_forget(bytes);
    keyfile_forget(seed_bytes);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}

/* Entries wait here until a batch is full or a moment has gone by: one sync serves them all. */
struct adding {
    struct cli_call *call;
    struct bank *bank;
    bool json;
    size_t n;
    int64_t said_ns; /* when the last batch was written */
    enum lk_status first_failure;
    struct bank_entry entries[ADD_BATCH];
    struct lk_record *records[ADD_BATCH]; /* of the entries, from malloc() */
    const char *paths[ADD_BATCH];
};

static void say_added(struct adding *a, size_t i)
{
    struct buf *out = &a->call->out;
    if (!a->json) {
        buf_hex(out, a->entries[i].id, BANK_ID_BYTES);
        buf_fmt(out, " %s\n", a->paths[i]);
        return;
    }
    struct json j;
    json_init(&j, out);
    json_object(&j);
    json_key(&j, "entry");
    json_hex(&j, a->entries[i].id, BANK_ID_BYTES);
    json_put_text(&j, "path", a->paths[i]);
    json_end_object(&j);
    buf_char(out, '\n');
}

static enum lk_status add_batch(struct adding *a, struct lk_error *err)
{
    if (a->n == 0)
        return LK_OK;
    enum lk_status status = bank_add(a->bank, a->entries, a->n, 0, err);
    for (size_t i = 0; i < a->n; i++) {
        if (status == LK_OK)
            say_added(a, i);
        free(a->records[i]);
    }
    a->n = 0;
    TRY(status);
    a->said_ns = clock_monotonic_ns();
    return cli_flush(a->call, err);
}

static enum lk_status on_result(void *ctx, const struct input_result *result, struct lk_error *err)
{
    struct adding *a = ctx;
    struct lk_error why;
    enum lk_status status = input_refusal(result, &why);
    if (status != LK_OK) {
        if (a->first_failure == LK_OK)
            a->first_failure = status;
        cli_say("%s", why.text);
        return LK_OK;
    }
    const struct lk_sequence *seq = &result->sequence;
    const size_t n_bytes = seq->n_records * sizeof *seq->records;
    size_t i = a->n;
    a->records[i] = malloc(n_bytes);
    if (a->records[i] == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the prints of '%s'", result->path);
    a->n++;
    memcpy(a->records[i], seq->records, n_bytes);
    a->paths[i] = result->path;
    a->entries[i] = (struct bank_entry){.tier = LK_TIER_SELF, .sequence = *seq};
    a->entries[i].sequence.records = a->records[i];
    rand_bytes(a->entries[i].id, BANK_ID_BYTES);
    bool is_due = clock_monotonic_ns() - a->said_ns > ADD_EVERY_NS;
    return a->n == ADD_BATCH || is_due ? add_batch(a, err) : LK_OK;
}

static int add(struct cli_call *call)
{
    struct lk_error err;
    struct inputs inputs;
    struct input_options options = {.verb = "added", .purpose = LK_REGISTRATION};
    if (call->n_args < 1)
        return cli_usage(call, "bank add takes a PATH and files");
    if (inputs_options(call, &options, &err) != LK_OK)
        return cli_usage(call, "%s", err.text);
    enum lk_status status = inputs_gather(call, 1, &inputs, &err);
    if (status == LK_INVALID)
        return cli_usage(call, "%s", err.text);
    struct adding *a = status == LK_OK ? arena_zalloc(&call->arena, 1, sizeof *a) : NULL;
    if (status == LK_OK && a == NULL)
        status = FAIL(&err, LK_NOMEM, "no memory for a batch of entries");
    if (status == LK_OK) {
        a->call = call;
        a->json = cli_has(call, "json");
        status = keyfile_open_bank(call, call->args[0], BANK_WRITE, &a->bank, &err);
    }
    if (status == LK_OK) {
        status = inputs_run(&inputs, &options, on_result, a, &err);
        if (status == LK_OK)
            status = add_batch(a, &err);
        if (status == LK_OK)
            status = bank_maintain(a->bank, &err);
        bank_close(a->bank);
    }
    if (status != LK_OK)
        return cli_fail(&err);
    return lk_status_exit(a->first_failure);
}

struct listing {
    struct cli_call *call;
    bool json;
};

static enum lk_status list_entry(void *ctx, const struct bank_entry *entry, struct lk_error *err)
{
    (void)err;
    struct listing *l = ctx;
    struct buf *out = &l->call->out;
    const struct lk_sequence *seq = &entry->sequence;
    unsigned quality = seq->n_records > 0 ? seq->records[0].quality : 0;
    if (!l->json) {
        buf_hex(out, entry->id, BANK_ID_BYTES);
        buf_fmt(out, "  %s  tier %s  quality %u  %zu prints\n", lk_medium_name(seq->medium),
                lk_tier_name(entry->tier), quality, seq->n_records);
        return LK_OK;
    }
    struct json j;
    json_init(&j, out);
    json_object(&j);
    json_key(&j, "entry");
    json_hex(&j, entry->id, BANK_ID_BYTES);
    json_put_text(&j, "medium", lk_medium_name(seq->medium));
    json_put_text(&j, "tier", lk_tier_name(entry->tier));
    json_put_u64(&j, "quality", quality);
    json_put_u64(&j, "prints", seq->n_records);
    json_end_object(&j);
    buf_char(out, '\n');
    return LK_OK;
}

static int list(struct cli_call *call)
{
    struct lk_error err;
    struct bank *bank;
    if (call->n_args != 1)
        return cli_usage(call, "bank list takes one PATH");
    if (keyfile_open_bank(call, call->args[0], BANK_READ, &bank, &err) != LK_OK)
        return cli_fail(&err);
    struct listing l = {call, cli_has(call, "json")};
    enum lk_status status = bank_each(bank, list_entry, &l, &err);
    bank_close(bank);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}

static int remove_entries(struct cli_call *call)
{
    struct lk_error err;
    if (call->n_args < 2)
        return cli_usage(call, "bank remove takes a PATH and entry ids");
    size_t n = call->n_args - 1;
    uint8_t(*ids)[BANK_ID_BYTES] = arena_zalloc(&call->arena, n, sizeof *ids);
    if (ids == NULL)
        return cli_usage(call, "%zu ids are too many for one call", n);
    for (size_t i = 0; i < n; i++) {
        const char *text = call->args[i + 1];
        if (strlen(text) != 2 * BANK_ID_BYTES || !hex_decode(text, ids[i], BANK_ID_BYTES))
            return cli_usage(call, "'%s' is not an entry id (32 hexadecimal digits)", text);
    }
    struct bank *bank;
    if (keyfile_open_bank(call, call->args[0], BANK_WRITE, &bank, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = bank_remove(bank, (const void *)ids, n, &err);
    if (status == LK_OK)
        status = bank_maintain(bank, &err);
    bank_close(bank);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}

static const struct cli_option create_options[] = {
    {"key-file", "FILE", "seal the bank under the key in FILE, which is made when missing"},
    {"print-key", "FILE", "key its prints by the key in FILE, which is made when missing"},
    {NULL, NULL, NULL},
};
static const struct cli_option key_options[] = {
    KEYFILE_OPTION, PRINT_KEY_OPTION, {NULL, NULL, NULL}};
static const struct cli_option json_options[] = {
    {"json", NULL, "as JSON"},
    KEYFILE_OPTION,
    PRINT_KEY_OPTION,
    {NULL, NULL, NULL},
};
static const struct cli_option add_options[] = {
    {"json", NULL, "one JSON object a file"},
    {"front-end", "NAME", "fullres (default), ref512 or scaled"},
    {"ignore-orientation", NULL, "leave the picture as it is stored, without its EXIF turn"},
    {"files-from", "LIST", "read paths from LIST, one a line; - is standard input"},
    KEYFILE_OPTION,
    PRINT_KEY_OPTION,
    {NULL, NULL, NULL},
};

const struct cli_command cmd_bank_table[] = {
    {.name = "create",
     .arguments = "PATH",
     .summary = "make an empty bank",
     .options = create_options,
     .run = create},
    {.name = "add",
     .arguments = "PATH FILE...",
     .summary =
         "register pictures, videos and recordings; prints \"id path\" for each, once safe on disk",
     .options = add_options,
     .run = add,
     .notes =
         "A file that cannot be decoded, or says nothing, is refused with the reason; the others\n"
         "are added. exit: 0 all were added, 2 usage, 3 and up by what went wrong first"},
    {.name = "list",
     .arguments = "PATH",
     .summary = "the entries in force",
     .options = json_options,
     .run = list},
    {.name = "remove",
     .arguments = "PATH ID...",
     .summary = "withdraw entries: gone from search and from the disk",
     .options = key_options,
     .run = remove_entries},
    {.name = "info",
     .arguments = "PATH",
     .summary = "how much is in it",
     .options = json_options,
     .run = cmd_bank_info},
    {.name = "check",
     .arguments = "PATH",
     .summary = "read everything and compare it with its checks",
     .options = key_options,
     .run = cmd_bank_check,
     .notes = "exit: 0 all is as it was written, 5 something is damaged; it says which file and\n"
              "which part of it. A damaged part is left out or served as far as it goes; it is\n"
              "never written over: restore the file from a copy."},
    {.name = "compact",
     .arguments = "PATH",
     .summary = "make one segment of everything, without what was withdrawn",
     .options = key_options,
     .run = cmd_bank_compact},
    {.name = "dedupe",
     .arguments = "PATH",
     .summary = "which entries are alike",
     .options = cmd_bank_dedupe_options,
     .run = cmd_bank_dedupe,
     .notes = cmd_bank_dedupe_notes},
    {.name = NULL},
};
