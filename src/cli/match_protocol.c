#include "match_protocol.h"

#include "bank/bank.h"
#include "base/err.h"
#include "cases/match_evidence.h"
#include "explain.h"
#include "line_file.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH_QUERIES = 1024, BATCH_ENTRIES = 1024 };

/* The bank knows its entries by their place in the file. */
static void id_from_place(size_t place, uint8_t id[BANK_ID_BYTES])
{
    const uint64_t number = place;
    memset(id, 0, BANK_ID_BYTES);
    memcpy(id, &number, sizeof number);
}

static size_t place_from_id(const uint8_t id[BANK_ID_BYTES])
{
    uint64_t number;
    memcpy(&number, id, sizeof number);
    return (size_t)number;
}

static enum lk_status fill_bank(struct bank *bank, const struct line_file *entries,
                                struct lk_error *err)
{
    struct bank_entry *batch = calloc(BATCH_ENTRIES, sizeof *batch);
    if (batch == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a batch of entries");
    enum lk_status status = LK_OK;
    for (size_t from = 0; from < entries->n && status == LK_OK; from += BATCH_ENTRIES) {
        size_t n = entries->n - from < BATCH_ENTRIES ? entries->n - from : BATCH_ENTRIES;
        for (size_t i = 0; i < n; i++) {
            batch[i] = (struct bank_entry){.tier = LK_TIER_CONFIRMED,
                                           .sequence = entries->sequences[from + i]};
            id_from_place(from + i, batch[i].id);
        }
        status = bank_add(bank, batch, n, 0, err);
    }
    free(batch);
    return status;
}

static void write_match(struct buf *out, const struct bank_match *match, const char *entry,
                        const char *query)
{
    const struct lk_verdict *v = &match->verdict;
    bool by_distance = v->grade == LK_EXACT || v->grade == LK_NEAR;
    buf_fmt(out, "%s %u %s\t%s\n", lk_grade_name(v->grade), by_distance ? v->dist_bits : v->n_votes,
            entry, query);
}

/* Draws the first match of all. */
static enum lk_status explain(const struct cli_call *call, const struct bank_match *match,
                              const struct line_file *entries, const struct lk_sequence *query,
                              struct lk_error *err)
{
    const char *path = cli_value(call, "explain");
    struct lk_frame whole = match_whole_frame(&entries->sequences[place_from_id(match->id)]);
    return path == NULL ? LK_OK : explain_write(path, &match->verdict, query, &whole, err);
}

static enum lk_status match_all(struct cli_call *call, struct bank *bank,
                                const struct line_file *entries, const struct line_file *queries,
                                struct lk_error *err)
{
    bool is_drawn = false;
    for (size_t from = 0; from < queries->n; from += BATCH_QUERIES) {
        size_t n = queries->n - from < BATCH_QUERIES ? queries->n - from : BATCH_QUERIES;
        struct bank_matches matches;
        TRY(bank_match(bank, queries->sequences + from, n, lk_alloc_heap(), &matches, err));
        for (size_t i = 0; i < matches.n; i++)
            write_match(&call->out, &matches.p[i], entries->paths[place_from_id(matches.p[i].id)],
                        queries->paths[from + matches.p[i].query]);
        enum lk_status status = LK_OK;
        if (matches.n > 0 && !is_drawn)
            status = explain(call, matches.p, entries,
                             &queries->sequences[from + matches.p[0].query], err);
        is_drawn |= matches.n > 0;
        bank_matches_free(lk_alloc_heap(), &matches);
        TRY(status);
        TRY(cli_flush(call, err));
    }
    if (!is_drawn && cli_has(call, "explain"))
        cli_say("nothing matched: '%s' is not written", cli_value(call, "explain"));
    return LK_OK;
}

int match_protocol(struct cli_call *call)
{
    struct lk_error err;
    if (call->n_args != 2)
        return cli_usage(call, "--protocol takes two files: BANK QUERIES");
    int64_t as_bank_of = 0; /* as it is */
    if (cli_number(call, "as-bank-of", 1, INT64_MAX, &as_bank_of, &err) != LK_OK)
        return cli_usage(call, "%s", err.text);
    const struct bank_config config = {.mode = BANK_WRITE, .judged_as_items = (uint64_t)as_bank_of};
    struct line_file entries = {0}, queries = {0};
    struct bank *bank = NULL;
    enum lk_status status = line_file_read(call->args[0], &entries, &err);
    if (status == LK_OK)
        status = line_file_read(call->args[1], &queries, &err);
    if (status == LK_OK)
        status = bank_open(NULL, &config, &bank, &err);
    if (status == LK_OK)
        status = fill_bank(bank, &entries, &err);
    if (status == LK_OK)
        status = match_all(call, bank, &entries, &queries, &err);
    bank_close(bank);
    line_file_fini(&queries);
    line_file_fini(&entries);
    return status == LK_OK ? CLI_OK : cli_fail(&err);
}
