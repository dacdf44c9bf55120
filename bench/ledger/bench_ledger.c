/* How fast events become leaves, how fast leaves become a signed tree, and how long a proof takes.
 *
 * usage: bench_ledger STORE N_EVENTS   (STORE: a path where nothing is yet) */
#include "ledger/ledger.h"
#include "store/event_rows.h"
#include "store/keys.h"
#include "store/store.h"
#include "sys/clock.h"

#include <likeness/alloc.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 256, N_PROOFS = 10000, START_S = 1790000000 };

static void must(enum lk_status status, const struct lk_error *err)
{
    if (status != LK_OK) {
        fprintf(stderr, "%s\n", err->text);
        exit(3);
    }
}

static double seconds_since(int64_t ns)
{
    return (double)(clock_monotonic_ns() - ns) / 1e9;
}

/* As many events as share a commit when callers queue up. */
static enum lk_status put_batch(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    uint64_t *n = ctx;
    for (unsigned i = 0; i < BATCH; i++) {
        const struct event event = {.type = EVENT_NOTICE,
                                    .regime = "us-tida",
                                    .clock_kind = 1,
                                    .event_ms = (START_S + (int64_t)++ * n) * 1000,
                                    .due_ms = (START_S + (int64_t)*n + 172800) * 1000,
                                    .outcome = 1};
        enum lk_status status = event_put(tx, &event, NULL, err);
        if (status != LK_OK)
            return status;
    }
    return LK_OK;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure_proofs(struct ledger *ledger, uint64_t n)
{
    static double ms[N_PROOFS];
    struct lk_error err;
    struct buf receipt;
    uint64_t index = 0;
    buf_init(&receipt, lk_alloc_heap(), RECEIPT_MAX_BYTES);
    for (unsigned i = 0; i < N_PROOFS; i++) {
        index = (index + UINT64_C(0x9e3779b97f4a7c15)) % n;
        buf_clear(&receipt);
        int64_t start = clock_monotonic_ns();
        must(ledger_receipt(ledger, index, &receipt, &err), &err);
        ms[i] = seconds_since(start) * 1000;
    }
    qsort(ms, N_PROOFS, sizeof ms[0], by_size);
    printf("receipt: p50 %.3f ms, p99 %.3f ms, longest %.3f ms, %zu bytes\n", ms[N_PROOFS / 2],
           ms[N_PROOFS * 99 / 100], ms[N_PROOFS - 1], receipt.n);
    buf_fini(&receipt);
}

int main(int argc, char **argv)
{
    struct lk_error err;
    struct store *store;
    struct keys *keys;
    struct ledger *ledger;
    struct checkpoint c;
    char key_file[1024];
    if (argc != 3) {
        fprintf(stderr, "usage: bench_ledger STORE N_EVENTS\n");
        return 2;
    }
    uint64_t n_events = strtoull(argv[2], NULL, 10), n = 0;
    snprintf(key_file, sizeof key_file, "%s.key", argv[1]);
    const struct store_config config = {.url = argv[1]};
    must(keys_load(key_file, true, &keys, &err), &err);
    must(store_open(&config, &store, &err), &err);
    must(ledger_open(store, keys, NULL, &ledger, &err), &err);
    int64_t start = clock_monotonic_ns();
    while (n < n_events)
        must(store_write(store, put_batch, &n, &err), &err);
    printf("append: %llu events, %.0f a second, %d a commit\n", (unsigned long long)n,
           (double)n / seconds_since(start), BATCH);
    start = clock_monotonic_ns();
    must(ledger_publish(ledger, &c, &err), &err);
    printf("publish: %llu leaves, %.0f a second\n", (unsigned long long)c.size,
           (double)c.size / seconds_since(start));
    measure_proofs(ledger, c.size);
    ledger_close(ledger);
    store_close(store);
    keys_free(keys);
    return 0;
}
