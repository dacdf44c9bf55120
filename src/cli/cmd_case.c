/* likeness case: evidence packs of a case: made, checked, opened. */
#include "commands.h"
#include "home.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/desk_act.h"
#include "cases/desk_case.h"
#include "exchange/pack.h"
#include "exchange/pack_collect.h"
#include "sys/file.h"
#include "sys/rand.h"

#include <stdio.h>
#include <string.h>

enum { MAX_RECIPIENTS = 8, MAX_IDENTITY_BYTES = 64 * 1024 };

/* --recipient takes one, or several apart by commas. */
static enum lk_status read_recipients(const char *text, struct age_recipient *out, size_t *n,
                                      struct lk_error *err)
{
    *n = 0;
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, ",");
        if (*n == MAX_RECIPIENTS)
            return FAIL(err, LK_LIMIT, "at most %d recipients", MAX_RECIPIENTS);
        TRY(age_recipient_parse(text, length, &out[(*n)++], err));
        text += length + (text[length] == ',');
    }
    return LK_OK;
}

struct packing {
    struct cli_call *call;
    struct registry *r;
    struct age_recipient recipients[MAX_RECIPIENTS];
    size_t n_recipients;
    struct pack_order order;
    struct law_sender sender;
    struct buf out;
};

static enum lk_status make_pack(struct packing *p, struct lk_error *err)
{
    struct staff_hand hand;
    struct desk_view view;
    struct pack_source source;
    uint8_t id[PACK_ID_CHARS / 2];
    size_t n_missing = 0;
    staff_console(p->r, &hand);
    enum lk_status status =
        desk_case_open(p->r, &hand, p->call->args[0], &p->call->arena, &view, err);
    staff_hand_wipe(&hand);
    TRY(status);
    p->order.made_ms = registry_now_ms(p->r);
    rand_bytes(id, sizeof id);
    hex_encode(id, sizeof id, p->order.id);
    p->order.sign_seed = registry_pack_seed(p->r);
    TRY(pack_collect(&p->call->arena, &view, p->order.made_ms, &p->sender, &source, err));
    if (p->n_recipients > 0)
        TRY(pack_write(&p->order, &source, p->recipients, p->n_recipients, &p->out, &n_missing,
                       err));
    else
        TRY(pack_make(&p->order, &source, &p->out, &n_missing, err));
    staff_console(p->r, &hand);
    status = desk_case_took_pack(p->r, &hand, &view, err);
    staff_hand_wipe(&hand);
    TRY(status);
    if (n_missing > 0)
        cli_say("%zu letters have no font on this machine and stand as numbers", n_missing);
    return LK_OK;
}

static enum lk_status write_pack(struct packing *p, struct lk_error *err)
{
    const char *path = cli_value(p->call, "output");
    if (path != NULL)
        return file_replace(path, p->out.p, p->out.n, 0600, err);
    buf_put(&p->call->out, p->out.p, p->out.n);
    return buf_status(&p->call->out, "the pack", err);
}

static int pack(struct cli_call *call)
{
    struct lk_error err;
    unsigned whom = pack_for_of(cli_value(call, "for"));
    struct packing p = {.call = call};
    if (call->n_args != 1 || whom == 0)
        return cli_usage(call, "case pack takes a CASE and --for police, regulator or person");
    if (!cli_has(call, "recipient") && !cli_has(call, "plain"))
        return cli_usage(call, "a pack is sealed: give --recipient age1..., or --plain if it stays "
                               "in the person's own hands");
    if (read_recipients(cli_value(call, "recipient"), p.recipients, &p.n_recipients, &err) != LK_OK)
        return cli_fail(&err);
    p.order.whom = (enum pack_for)whom;
    p.order.tool_version = LIKENESS_VERSION;
    p.order.speech = pack_english();
    p.order.without_texts = cli_has(call, "without-texts");
    p.sender.organisation = cli_value(call, "organisation");
    p.sender.contact = cli_value(call, "contact");
    if (home_open(call, false, &p.r, &err) != LK_OK)
        return cli_fail(&err);
    buf_init(&p.out, lk_alloc_heap(), PACK_MAX_BYTES + (1 << 20));
    enum lk_status status = make_pack(&p, &err);
    if (status == LK_OK)
        status = write_pack(&p, &err);
    buf_fini(&p.out);
    registry_close(p.r);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}

/* The archive, opened with --identity if it is sealed. */
static enum lk_status read_archive(struct cli_call *call, struct buf *out, struct lk_error *err)
{
    struct buf file, keys;
    struct age_identity identities[AGE_MAX_IDENTITIES];
    size_t n = 0;
    buf_init(&file, &call->arena.alloc, PACK_MAX_BYTES + (1 << 20));
    buf_init(&keys, &call->arena.alloc, MAX_IDENTITY_BYTES);
    buf_init(out, &call->arena.alloc, PACK_MAX_BYTES + (1 << 20));
    TRY(file_read_all(call->args[0], &file, err));
    if (!age_is_sealed(file.p, file.n)) {
        *out = file;
        return LK_OK;
    }
    if (!cli_has(call, "identity"))
        return FAIL(err, LK_INVALID,
                    "the pack is sealed: give --identity FILE, as age-keygen made it");
    TRY(file_read_all(cli_value(call, "identity"), &keys, err));
    TRY(age_identities_parse(buf_text(&keys), keys.n, identities, &n, err));
    enum lk_status status = age_open(identities, n, file.p, file.n, out, err);
    explicit_bzero(identities, sizeof identities);
    explicit_bzero(keys.p, keys.n);
    return status;
}

static int verify(struct cli_call *call)
{
    struct lk_error err;
    struct buf archive;
    struct pack_found found;
    uint8_t key[SEAL_SIGN_KEY_BYTES];
    const char *text = cli_value(call, "key");
    if (call->n_args != 1)
        return cli_usage(call, "case verify takes one FILE");
    if (text != NULL && (strlen(text) != 2 * sizeof key || !hex_decode(text, key, sizeof key)))
        return cli_usage(call, "--key takes 64 hexadecimal digits");
    enum lk_status status = read_archive(call, &archive, &err);
    if (status == LK_OK)
        status = pack_check(archive.p, archive.n, text == NULL ? NULL : key, &found, &err);
    if (status != LK_OK)
        return cli_fail(&err);
    buf_fmt(&call->out, "pack %s, made %s for the %s: %zu files, as the manifest lists them\n",
            found.id, found.made_at, pack_for_name(found.whom), found.n_files);
    if (found.signature == PACK_UNSIGNED) {
        buf_str(&call->out, "not signed\n");
    } else {
        buf_str(&call->out, found.signature == PACK_SIGNED_BY_KEY ? "signed by the key given\n"
                                                                  : "signed by the key ");
        if (found.signature == PACK_SIGNED_UNKNOWN) {
            buf_hex(&call->out, found.signed_by, sizeof found.signed_by);
            buf_str(&call->out, ": whose that is, its owner has to tell you\n");
        }
    }
    return CLI_OK;
}

static int unpack(struct cli_call *call)
{
    struct lk_error err;
    struct buf archive;
    if (call->n_args != 1)
        return cli_usage(call, "case unpack takes one FILE");
    enum lk_status status = read_archive(call, &archive, &err);
    if (status == LK_OK && cli_has(call, "output"))
        status = file_replace(cli_value(call, "output"), archive.p, archive.n, 0600, &err);
    else if (status == LK_OK)
        buf_put(&call->out, archive.p, archive.n);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}

static int pack_key(struct cli_call *call)
{
    struct lk_error err;
    struct registry *r;
    uint8_t key[SEAL_SIGN_KEY_BYTES];
    if (call->n_args != 0)
        return cli_usage(call, "case pack-key takes no arguments");
    if (home_open(call, false, &r, &err) != LK_OK)
        return cli_fail(&err);
    seal_sign_public(registry_pack_seed(r), key);
    buf_hex(&call->out, key, sizeof key);
    buf_char(&call->out, '\n');
    registry_close(r);
    return CLI_OK;
}

#define CONFIG_OPTION                                                                              \
    {                                                                                              \
        "config", "FILE", "read settings from FILE"                                                \
    }
static const struct cli_option pack_options[] = {
    {"for", "WHOM", "police, regulator or person"},
    {"recipient", "AGE1...", "who can open it: what age-keygen prints; several apart by commas"},
    {"plain", NULL, "not sealed"},
    {"output", "FILE", "where to write it (default: standard output)"},
    {"without-texts", NULL, "no address, letter or note: only who did what, and when"},
    {"organisation", "TEXT", "who made it"},
    {"contact", "TEXT", "how to reach them"},
    HOME_OPTIONS,
    CONFIG_OPTION,
    {NULL, NULL, NULL}};
static const struct cli_option verify_options[] = {
    {"identity", "FILE", "the key that opens it, as age-keygen made it"},
    {"key", "HEX", "whose signature it must be: what case pack-key prints"},
    {NULL, NULL, NULL}};
static const struct cli_option unpack_options[] = {
    {"identity", "FILE", "the key that opens it, as age-keygen made it"},
    {"output", "FILE", "where to write the archive (default: standard output)"},
    {NULL, NULL, NULL}};
static const struct cli_option home_options[] = {HOME_OPTIONS, CONFIG_OPTION, {NULL, NULL, NULL}};

const struct cli_command cmd_case_table[] = {
    {.name = "pack",
     .arguments = "CASE",
     .summary = "evidence of a case, without pictures, for police, regulator or the person",
     .options = pack_options,
     .run = pack},
    {.name = "verify",
     .arguments = "FILE",
     .summary = "check a pack: its files, its manifest, its signature",
     .options = verify_options,
     .run = verify},
    {.name = "unpack",
     .arguments = "FILE",
     .summary = "open a sealed pack",
     .options = unpack_options,
     .run = unpack},
    {.name = "pack-key",
     .arguments = "",
     .summary = "the public key that signs this operator's packs",
     .options = home_options,
     .run = pack_key},
    {.name = NULL},
};
