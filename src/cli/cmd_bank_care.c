/* likeness bank info, check, compact: looking after a bank as a whole. */
#include "commands.h"
#include "keyfile.h"

static enum lk_status say_damage(void *ctx, const char *what, struct lk_error *err)
{
    (void)ctx;
    (void)err;
    cli_say("damaged: %s", what);
    return LK_OK;
}

enum lk_status cmd_bank_say_damage(struct bank *bank, struct lk_error *err)
{
    return bank_damage(bank, say_damage, NULL, err);
}

static void write_json(struct cli_call *call, const struct bank_stats *stats, uint64_t n_prints)
{
    struct json j;
    json_init(&j, &call->out);
    json_object(&j);
    json_put_u64(&j, "entries", stats->n_entries);
    json_put_u64(&j, "prints", n_prints);
    json_put_u64(&j, "file_bytes", stats->n_file_bytes);
    json_put_u64(&j, "memory_bytes", stats->n_bytes);
    json_put_u64(&j, "mapped_bytes", stats->n_mapped);
    json_put_u64(&j, "segments", stats->n_segments);
    json_put_u64(&j, "withdrawn", stats->n_withdrawn);
    json_put_u64(&j, "damaged", stats->n_damaged);
    json_put_text(&j, "mode", stats->sealed ? "sealed" : "plain");
    json_put_bool(&j, "keyed", stats->keyed);
    json_put_text(&j, "structure", stats->structure);
    json_put_text(&j, "kernel", stats->kernel);
    json_end_object(&j);
    buf_char(&call->out, '\n');
}

static void write_human(struct cli_call *call, const struct bank_stats *stats, uint64_t n_prints)
{
    buf_fmt(
        &call->out,
        "entries   %llu\nprints    %llu\nfiles     %llu bytes, %s%s\n"
        "memory    %llu bytes, and %llu mapped\nsegments  %u\nwithdrawn %llu, not given back yet\n"
        "search    %s, %s\n",
        (unsigned long long)stats->n_entries, (unsigned long long)n_prints,
        (unsigned long long)stats->n_file_bytes, stats->sealed ? "sealed" : "plain",
        stats->keyed ? ", prints keyed" : "", (unsigned long long)stats->n_bytes,
        (unsigned long long)stats->n_mapped, stats->n_segments,
        (unsigned long long)stats->n_withdrawn, stats->structure, stats->kernel);
}

int cmd_bank_info(struct cli_call *call)
{
    struct lk_error err;
    struct bank *bank;
    if (call->n_args != 1)
        return cli_usage(call, "bank info takes one PATH");
    if (keyfile_open_bank(call, call->args[0], BANK_READ, &bank, &err) != LK_OK)
        return cli_fail(&err);
    struct bank_stats stats = bank_stats(bank);
    uint64_t n_prints = 0;
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        n_prints += stats.n_prints[kind];
    if (cli_has(call, "json"))
        write_json(call, &stats, n_prints);
    else
        write_human(call, &stats, n_prints);
    enum lk_status status = cmd_bank_say_damage(bank, &err);
    bank_close(bank);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}

int cmd_bank_check(struct cli_call *call)
{
    struct lk_error err;
    struct bank *bank;
    if (call->n_args != 1)
        return cli_usage(call, "bank check takes one PATH");
    if (keyfile_open_bank(call, call->args[0], BANK_READ, &bank, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = bank_verify(bank, &err);
    if (status == LK_OK)
        status = cmd_bank_say_damage(bank, &err);
    bool is_damaged = bank_stats(bank).n_damaged > 0;
    bank_close(bank);
    if (status != LK_OK)
        return cli_fail(&err);
    return is_damaged ? lk_status_exit(LK_CORRUPT) : CLI_OK;
}

int cmd_bank_compact(struct cli_call *call)
{
    struct lk_error err;
    struct bank *bank;
    if (call->n_args != 1)
        return cli_usage(call, "bank compact takes one PATH");
    if (keyfile_open_bank(call, call->args[0], BANK_WRITE, &bank, &err) != LK_OK)
        return cli_fail(&err);
    enum lk_status status = bank_compact(bank, &err);
    bank_close(bank);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}
