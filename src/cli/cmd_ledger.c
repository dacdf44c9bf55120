/* likeness ledger: what is kept of demands and answers, and whether it was kept honestly. The
 * commands that check need no store: they believe nobody but the key they are given. */
#include "commands.h"
#include "home.h"
#include "keyfile.h"

#include "base/err.h"
#include "ledger/audit.h"
#include "ledger_source.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/seal.h"

#include <string.h>

/* The ledger of a service's store, with everything published. The caller ends it. */
struct opened {
    struct registry *r;
    struct ledger *ledger;
    struct checkpoint c;
};

static void end(struct opened *o)
{
    ledger_close(o->ledger);
    registry_close(o->r);
}

static enum lk_status begin(struct cli_call *call, struct opened *o, struct lk_error *err)
{
    *o = (struct opened){.r = NULL};
    TRY(home_open(call, false, &o->r, err));
    enum lk_status status =
        ledger_open(registry_store(o->r), registry_keys(o->r), NULL, &o->ledger, err);
    if (status == LK_OK)
        status = ledger_publish(o->ledger, &o->c, err);
    if (status != LK_OK)
        end(o);
    return status;
}

static int show(struct cli_call *call)
{
    struct lk_error err;
    struct opened o;
    if (call->n_args != 0)
        return cli_usage(call, "ledger show takes no arguments");
    if (begin(call, &o, &err) != LK_OK)
        return cli_fail(&err);
    buf_fmt(&call->out, "leaves  %llu\nroot    ", (unsigned long long)o.c.size);
    buf_hex(&call->out, o.c.root.bytes, sizeof o.c.root.bytes);
    buf_str(&call->out, "\nkey     ");
    note_key_put(ledger_key(o.ledger), &call->out);
    buf_char(&call->out, '\n');
    end(&o);
    return CLI_OK;
}

static int proof(struct cli_call *call)
{
    struct lk_error err;
    struct opened o;
    uint64_t event = 0;
    if (call->n_args != 1 || !checkpoint_number(call->args[0], strlen(call->args[0]), &event) ||
        event == 0)
        return cli_usage(call, "ledger proof takes the NUMBER of an event, from 1");
    if (begin(call, &o, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = ledger_receipt(o.ledger, event - 1, &call->out, &err);
    end(&o);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}

static int export_files(struct cli_call *call)
{
    struct lk_error err;
    struct opened o;
    if (call->n_args != 1)
        return cli_usage(call, "ledger export takes a DIR");
    if (begin(call, &o, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = ledger_export(o.ledger, o.c.size, call->args[0], &err);
    if (status == LK_OK)
        cli_say("%llu leaves", (unsigned long long)o.c.size);
    end(&o);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}

/* The key of --key, a vkey or a file that holds one. */
static enum lk_status read_key(struct cli_call *call, struct note_key *key, struct lk_error *err)
{
    const char *text = cli_value(call, "key");
    struct buf file;
    TRY(seal_init(err));
    if (text == NULL)
        return FAIL(err, LK_INVALID, "--key is needed: NAME+ID+BASE64, as `ledger show` prints it");
    if (strchr(text, '+') != NULL)
        return note_key_read(key, text, strlen(text), err);
    buf_init(&file, &call->arena.alloc, 4096);
    TRY(file_read_all(text, &file, err));
    while (file.n > 0 && file.p[file.n - 1] == '\n')
        file.n--;
    return note_key_read(key, file.p, file.n, err);
}

/* A checkpoint that was kept in a file; it must be the log's. */
static enum lk_status read_kept(struct cli_call *call, const char *path, const struct note_key *key,
                                struct checkpoint *c, struct lk_error *err)
{
    struct buf text;
    struct note note;
    buf_init(&text, &call->arena.alloc, NOTE_MAX_BYTES);
    TRY(file_read_all(path, &text, err));
    TRY(note_read(&note, text.p, text.n, err));
    TRY(checkpoint_read(c, note.text, note.n_text, err));
    if (strcmp(c->origin, key->name) != 0 || !note_check(&note, key, NULL))
        return FAIL(err, LK_DENIED, "the checkpoint in '%.100s' is not signed by this log", path);
    return LK_OK;
}

static enum lk_status verify_from(struct cli_call *call, struct checkpoint *c, struct lk_error *err)
{
    struct note_key key;
    struct checkpoint since;
    struct buf note;
    struct ledger_source place;
    const char *kept = cli_value(call, "since");
    TRY(read_key(call, &key, err));
    TRY(ledger_source_init(&place, call->args[0], err));
    buf_init(&note, &call->arena.alloc, NOTE_MAX_BYTES);
    if (kept != NULL)
        TRY(read_kept(call, kept, &key, &since, err));
    TRY(audit_checkpoint(&place.source, &key, &note, c, err));
    return audit_all(&place.source, c, kept == NULL ? NULL : &since, err);
}

static int verify(struct cli_call *call)
{
    struct lk_error err;
    struct checkpoint c;
    if (call->n_args != 1)
        return cli_usage(call, "ledger verify takes a DIR or an address");
    if (verify_from(call, &c, &err) != LK_OK)
        return cli_fail(&err);
    buf_fmt(&call->out, "%llu leaves, all under the signed root\n", (unsigned long long)c.size);
    return CLI_OK;
}

static enum lk_status check_receipt(struct cli_call *call, struct leaf *leaf, struct checkpoint *c,
                                    struct lk_error *err)
{
    struct note_key key;
    struct buf text;
    struct note note;
    struct tree_hash hash;
    struct receipt *r = arena_zalloc(&call->arena, 1, sizeof *r);
    if (r == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the receipt");
    TRY(read_key(call, &key, err));
    buf_init(&text, &call->arena.alloc, RECEIPT_MAX_BYTES);
    TRY(file_read_all(call->args[0], &text, err));
    TRY(receipt_read(r, text.p, text.n, err));
    TRY(note_read(&note, r->note, r->n_note, err));
    TRY(checkpoint_read(c, note.text, note.n_text, err));
    if (strcmp(c->origin, key.name) != 0 || !note_check(&note, &key, NULL))
        return FAIL(err, LK_DENIED, "the receipt's checkpoint is not signed with this key");
    tree_leaf(r->extra, r->n_extra, &hash);
    if (!tree_check_leaf(&r->proof, r->index, c->size, &hash, &c->root))
        return FAIL(err, LK_CORRUPT, "the receipt's leaf is not under the root that is signed");
    return leaf_read(leaf, r->extra, r->n_extra, err);
}

static int receipt(struct cli_call *call)
{
    struct lk_error err;
    struct leaf leaf;
    struct checkpoint c;
    char when[32];
    if (call->n_args != 1)
        return cli_usage(call, "ledger check-receipt takes a FILE");
    if (check_receipt(call, &leaf, &c, &err) != LK_OK)
        return cli_fail(&err);
    (leaf.day_only ? clock_format_day : clock_format_time)(leaf.event_s * 1000, when);
    buf_fmt(&call->out, "event %llu of '%s': type %d, outcome %d, %s%s%s; under %llu leaves\n",
            (unsigned long long)leaf.sequence, c.origin, leaf.type, leaf.outcome, when,
            leaf.partner[0] == '\0' ? "" : ", ", leaf.partner, (unsigned long long)c.size);
    return CLI_OK;
}

/* The witness's own secret: 64 hexadecimal digits in a file that only its owner reads. */
static enum lk_status cosign(struct cli_call *call, const struct buf *note, struct lk_error *err)
{
    const char *name = cli_value(call, "name"), *path = cli_value(call, "secret");
    struct note read;
    struct note_key key;
    uint8_t seed[BANK_KEY_BYTES], public_key[SEAL_SIGN_KEY_BYTES];
    const uint8_t *given = NULL;
    if (name == NULL || path == NULL)
        return FAIL(err, LK_INVALID, "a witness needs --name and --secret");
    TRY(keyfile_read(call, "secret", true, seed, &given, err));
    seal_sign_public(seed, public_key);
    enum lk_status status = note_key_init(&key, name, NOTE_COSIGNATURE, public_key, err);
    if (status == LK_OK)
        status = note_read(&read, note->p, note->n, err);
    if (status == LK_OK) {
        const struct clock clock = clock_real();
        buf_put(&call->out, note->p, note->n);
        note_sign(&key, seed, read.text, read.n_text, clock_now_ms(&clock) / 1000, &call->out);
    }
    keyfile_forget(seed);
    return status;
}

static enum lk_status witness_once(struct cli_call *call, struct lk_error *err)
{
    struct note_key key;
    struct checkpoint before, c;
    struct buf note;
    struct ledger_source place;
    const char *kept = cli_value(call, "keep");
    if (kept == NULL)
        return FAIL(err, LK_INVALID, "a witness needs --keep, where the last checkpoint stands");
    TRY(read_key(call, &key, err));
    TRY(ledger_source_init(&place, call->args[0], err));
    buf_init(&note, &call->arena.alloc, NOTE_MAX_BYTES);
    TRY(audit_checkpoint(&place.source, &key, &note, &c, err));
    enum lk_status status = read_kept(call, kept, &key, &before, err);
    if (status == LK_OK)
        TRY(audit_growth(&place.source, &before, &c, err));
    else if (status != LK_NOT_FOUND)
        return status;
    /* Kept before it is signed: what a witness signed it can never forget. */
    TRY(file_replace(kept, note.p, note.n, 0600, err));
    return cosign(call, &note, err);
}

static int witness(struct cli_call *call)
{
    struct lk_error err;
    if (call->n_args != 1)
        return cli_usage(call, "ledger witness takes a DIR or an address");
    enum lk_status status = witness_once(call, &err);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}

#define KEY_OPTION                                                                                 \
    {                                                                                              \
        "key", "KEY", "the log's key, or a file that holds it"                                     \
    }
static const struct cli_option home_options[] = {
    HOME_OPTIONS, {"config", "FILE", "read settings from FILE"}, {NULL, NULL, NULL}};
static const struct cli_option verify_options[] = {
    KEY_OPTION,
    {"since", "FILE", "a checkpoint kept from before, or that somebody else was shown"},
    {NULL, NULL, NULL}};
static const struct cli_option receipt_options[] = {KEY_OPTION, {NULL, NULL, NULL}};
static const struct cli_option witness_options[] = {
    KEY_OPTION,
    {"keep", "FILE", "where the last checkpoint that was seen is kept"},
    {"name", "NAME", "of the witness, as witness.example"},
    {"secret", "FILE", "the witness's secret key; made when it is missing"},
    {NULL, NULL, NULL}};

const struct cli_command cmd_ledger_table[] = {
    {.name = "show",
     .arguments = "",
     .summary = "how many leaves, their root, and the key for whoever checks",
     .options = home_options,
     .run = show},
    {.name = "proof",
     .arguments = "NUMBER",
     .summary = "write the receipt of an event",
     .options = home_options,
     .run = proof},
    {.name = "export",
     .arguments = "DIR",
     .summary = "write the ledger's files, as the service serves them",
     .options = home_options,
     .run = export_files},
    {.name = "verify",
     .arguments = "DIR|URL",
     .summary = "compute a ledger anew from its files and hold it to its signature",
     .options = verify_options,
     .run = verify},
    {.name = "check-receipt",
     .arguments = "FILE",
     .summary = "check a receipt, without the ledger",
     .options = receipt_options,
     .run = receipt},
    {.name = "witness",
     .arguments = "DIR|URL",
     .summary = "check that a ledger only grew since last time, and sign what was seen",
     .options = witness_options,
     .run = witness},
    {.name = NULL},
};
