/* likeness bank dedupe: which entries of a bank are alike. Changes nothing. */
#include "bank/bank_pairs.h"
#include "bank/groups.h"
#include "base/err.h"
#include "commands.h"
#include "keyfile.h"

const struct cli_option cmd_bank_dedupe_options[] = {
    {"radius", "BITS",
     "how many of the 256 bits may differ, 0 to 64; default 10, the same picture"},
    {"json", NULL, "one JSON object a group"},
    KEYFILE_OPTION,
    PRINT_KEY_OPTION,
    {NULL, NULL, NULL},
};

const char cmd_bank_dedupe_notes[] =
    "Entries are alike when prints of them, in any of their turns, lie within the radius; a group\n"
    "holds what is alike directly or through others. Nothing is changed: \"bank remove\" does "
    "that.\n\n"
    "exit: 0 some are alike, 1 none are, 2 usage, 3 and up by what went wrong";

enum { MAX_RADIUS = 64 };

static enum lk_status on_pairs(void *ctx, const struct bank_pair *pairs, size_t n,
                               struct lk_error *err)
{
    for (size_t i = 0; i < n; i++)
        TRY(groups_pair(ctx, pairs[i].a, pairs[i].b, pairs[i].dist_bits, err));
    return LK_OK;
}

static void write_json(struct buf *out, const struct groups_member *p, size_t n)
{
    struct json j;
    json_init(&j, out);
    json_object(&j);
    json_key(&j, "entries");
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        json_object(&j);
        json_key(&j, "entry");
        json_hex(&j, p[i].id, BANK_ID_BYTES);
        json_put_u64(&j, "nearest", p[i].nearest_bits);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    buf_char(out, '\n');
}

static void write_human(struct buf *out, const struct groups_member *p, size_t n)
{
    buf_fmt(out, "%zu entries are alike\n", n);
    for (size_t i = 0; i < n; i++) {
        buf_str(out, "  ");
        buf_hex(out, p[i].id, BANK_ID_BYTES);
        buf_fmt(out, "  %u of 256 bits to the nearest\n", p[i].nearest_bits);
    }
}

static enum lk_status write_groups(struct cli_call *call, struct groups *groups,
                                   struct lk_error *err)
{
    groups_sort(groups);
    for (size_t i = 0; i < groups->n; i += groups->p[i].n_members) {
        (cli_has(call, "json") ? write_json : write_human)(&call->out, &groups->p[i],
                                                           groups->p[i].n_members);
        TRY(cli_flush(call, err));
    }
    return LK_OK;
}

int cmd_bank_dedupe(struct cli_call *call)
{
    struct lk_error err;
    struct bank *bank;
    struct groups groups;
    int64_t radius = LK_EXACT_RADIUS;
    if (call->n_args != 1)
        return cli_usage(call, "bank dedupe takes one PATH");
    if (cli_number(call, "radius", 0, MAX_RADIUS, &radius, &err) != LK_OK)
        return cli_usage(call, "%s", err.text);
    if (keyfile_open_bank(call, call->args[0], BANK_READ, &bank, &err) != LK_OK)
        return cli_fail(&err);
    groups_init(&groups, lk_alloc_heap());
    enum lk_status status = bank_pairs(bank, LK_WHOLE, (unsigned)radius, on_pairs, &groups, &err);
    if (status == LK_OK)
        status = write_groups(call, &groups, &err);
    if (status == LK_OK)
        status = cmd_bank_say_damage(bank, &err);
    bool any = groups.n > 0;
    groups_fini(&groups);
    bank_close(bank);
    if (status != LK_OK)
        return cli_fail(&err);
    return any ? CLI_OK : CLI_NO_MATCH;
}
