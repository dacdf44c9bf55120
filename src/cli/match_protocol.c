/* Batches of queries are matched side by side and their lines written in the order of the file. */
#include "match_protocol.h"

#include "bank/bank.h"
#include "base/err.h"
#include "cases/match_evidence.h"
#include "explain.h"
#include "line_file.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BATCH_QUERIES = 128, BATCH_ENTRIES = 1024, MAX_THREADS = 16 };

static const size_t batch_text_bytes = (size_t)1 << 30;

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

/* What came of one batch. */
struct batch {
    struct buf lines;
    struct bank_match first; /* of its matches, where n_matches > 0 */
    size_t n_matches;
    enum lk_status status;
    struct lk_error err;
};

struct matching {
    struct bank *bank;
    const struct line_file *entries, *queries;
    struct batch *batches;
    size_t n_batches;
    atomic_size_t next;
};

static void write_match(struct buf *out, const struct bank_match *match, const char *entry,
                        const char *query)
{
    const struct lk_verdict *v = &match->verdict;
    bool by_distance = v->grade == LK_EXACT || v->grade == LK_NEAR;
    buf_fmt(out, "%s %u %s\t%s\n", lk_grade_name(v->grade), by_distance ? v->dist_bits : v->n_votes,
            entry, query);
}

static enum lk_status match_batch(const struct matching *m, size_t from, struct batch *batch)
{
    const struct line_file *queries = m->queries;
    size_t n = queries->n - from < BATCH_QUERIES ? queries->n - from : BATCH_QUERIES;
    struct bank_matches matches;
    TRY(bank_match(m->bank, queries->sequences + from, n, lk_alloc_heap(), &matches, &batch->err));
    for (size_t i = 0; i < matches.n; i++)
        write_match(&batch->lines, &matches.p[i], m->entries->paths[place_from_id(matches.p[i].id)],
                    queries->paths[from + matches.p[i].query]);
    batch->n_matches = matches.n;
    if (matches.n > 0) {
        batch->first = matches.p[0];
        batch->first.query += from;
    }
    bank_matches_free(lk_alloc_heap(), &matches);
    return buf_status(&batch->lines, "lines of matches", &batch->err);
}

static void *work(void *arg)
{
    struct matching *m = arg;
    for (size_t i; (i = atomic_fetch_add(&m->next, 1)) < m->n_batches;)
        m->batches[i].status = match_batch(m, i * BATCH_QUERIES, &m->batches[i]);
    return NULL;
}

/* This thread works too, so that it works even where no other can be started. */
static void work_side_by_side(struct matching *m)
{
    pthread_t threads[MAX_THREADS];
    size_t n_threads = 0;
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    while (n_threads < MAX_THREADS && (long)n_threads + 1 < cpus && n_threads + 1 < m->n_batches &&
           pthread_create(&threads[n_threads], NULL, work, m) == 0)
        n_threads++;
    work(m);
    for (size_t i = 0; i < n_threads; i++)
        pthread_join(threads[i], NULL);
}

/* Draws the first match of all, where that is asked for. */
static enum lk_status explain(const struct cli_call *call, const struct matching *m,
                              struct lk_error *err)
{
    const char *path = cli_value(call, "explain");
    size_t i = 0;
    if (path == NULL)
        return LK_OK;
    while (i < m->n_batches && m->batches[i].n_matches == 0)
        i++;
    if (i == m->n_batches) {
        cli_say("nothing matched: '%s' is not written", path);
        return LK_OK;
    }
    const struct bank_match *first = &m->batches[i].first;
    struct lk_frame whole = match_whole_frame(&m->entries->sequences[place_from_id(first->id)]);
    return explain_write(path, &first->verdict, &m->queries->sequences[first->query], &whole, err);
}

static enum lk_status write_batches(struct cli_call *call, const struct matching *m,
                                    struct lk_error *err)
{
    for (size_t i = 0; i < m->n_batches; i++) {
        const struct batch *batch = &m->batches[i];
        if (batch->status != LK_OK)
            return FAIL(err, batch->status, "%s", batch->err.text);
        buf_put(&call->out, batch->lines.p, batch->lines.n);
        TRY(cli_flush(call, err));
    }
    return explain(call, m, err);
}

static enum lk_status match_all(struct cli_call *call, struct bank *bank,
                                const struct line_file *entries, const struct line_file *queries,
                                struct lk_error *err)
{
    struct matching m = {.bank = bank,
                         .entries = entries,
                         .queries = queries,
                         .n_batches = (queries->n + BATCH_QUERIES - 1) / BATCH_QUERIES};
    m.batches = calloc(m.n_batches + 1, sizeof *m.batches);
    if (m.batches == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %zu queries", queries->n);
    for (size_t i = 0; i < m.n_batches; i++)
        buf_init(&m.batches[i].lines, lk_alloc_heap(), batch_text_bytes);
    work_side_by_side(&m);
    enum lk_status status = write_batches(call, &m, err);
    for (size_t i = 0; i < m.n_batches; i++)
        buf_fini(&m.batches[i].lines);
    free(m.batches);
    return status;
}

int match_protocol(struct cli_call *call)
{
    struct lk_error err;
    if (call->n_args != 2)
        return cli_usage(call, "--protocol takes two files: BANK QUERIES");
    int64_t as_bank_of = 0; /* as it is */
    if (cli_number(call, "as-bank-of", 1, INT64_MAX, &as_bank_of, &err) != LK_OK)
        return cli_usage(call, "%s", err.text);
    const struct bank_config config = {.mode = BANK_WRITE,
                                       .judged_as_items = (uint64_t)as_bank_of,
                                       .always_anchors = cli_has(call, "all-anchors")};
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
