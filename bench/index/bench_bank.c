/* The durable bank: loading, queries while it changes, removing, opening, checking.
 *
 *   bench_bank DIR [N] [plain|sealed]     DIR must not hold a bank; it is left as it ends
 *
 * Inserting waits for the device, so what the device takes for a sync alone is measured first. */
#include "bank/bank.h"
#include "live_bank.h"
#include "measure.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void measure_device(const char *dir)
{
    enum { TIMES = 200, BYTES = 100000 };
    char path[4096];
    static char zeros[BYTES];
    struct samples samples = {0};
    snprintf(path, sizeof path, "%s.sync", dir);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    for (int i = 0; i < TIMES; i++) {
        double start = wall_seconds();
        if (fd < 0 || write(fd, zeros, BYTES) != BYTES || fdatasync(fd) != 0)
            die("cannot write '%s'", path);
        samples_put(&samples, wall_seconds() - start);
    }
    close(fd);
    unlink(path);
    printf("\ndevice: %d bytes appended and synced: median %.2f ms, 99 %% %.2f ms\n", BYTES,
           samples_at(&samples, 0.5) * 1e3, samples_at(&samples, 0.99) * 1e3);
    samples_fini(&samples);
}

/* Drops the page cache where that is permitted. */
static bool make_cold(void)
{
    sync();
    int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);
    bool is_done = fd >= 0 && write(fd, "3", 1) == 1;
    if (fd >= 0)
        close(fd);
    return is_done;
}

static struct bank *open_bank(const char *dir, const uint8_t *key, enum bank_mode mode)
{
    struct lk_error err;
    struct bank *bank;
    struct bank_config config = {.mode = mode, .key = key};
    must(bank_open(dir, &config, &bank, &err), &err);
    return bank;
}

/* From nothing to the first answer, which must be there. */
static void measure_opening(const char *dir, const uint8_t *key, const char *what,
                            const struct lk_print *print, size_t number)
{
    struct found_list found = {0};
    uint64_t before = resident_bytes();
    double start = wall_seconds();
    struct bank *bank = open_bank(dir, key, BANK_READ);
    double opened = wall_seconds() - start;
    live_bank.search(bank, print, &found);
    double answered = wall_seconds() - start;
    if (found.n == 0 || found.p[0].row != number)
        die("the first answer of the bank opened is not right");
    struct bank_stats stats = bank_stats(bank);
    double n = (double)stats.n_entries;
    printf("| opened, %s: open, with first answer, ms | %.1f, %.1f |\n", what, opened * 1e3,
           answered * 1e3);
    if (key != NULL)
        printf("| its files, unsealed, GB/s | %.2f |\n",
               (double)stats.n_file_bytes / opened * 1e-9);
    printf("| its memory: resident, mapped, files, bytes an entry | %.1f, %.1f, %.1f |\n",
           ((double)resident_bytes() - (double)before) / n, (double)stats.n_mapped / n,
           (double)stats.n_file_bytes / n);
    fflush(stdout);
    found_fini(&found);
    bank_close(bank);
}

static void measure_rest(const char *dir, const uint8_t *key, const struct prints *base)
{
    struct lk_error err;
    struct bank *bank = open_bank(dir, key, BANK_WRITE);
    double start = wall_seconds();
    must(bank_compact(bank, &err), &err);
    must(bank_settle(bank, &err), &err);
    struct bank_stats stats = bank_stats(bank);
    printf("\n| | |\n|---|---|\n| made one segment of %llu entries, s | %.1f |\n",
           (unsigned long long)stats.n_entries, wall_seconds() - start);
    start = wall_seconds();
    must(bank_verify(bank, &err), &err);
    printf("| verified, GB/s | %.2f (%u damaged) |\n",
           (double)stats.n_file_bytes / (wall_seconds() - start) * 1e-9, stats.n_damaged);
    bank_close(bank);
    size_t last = base->n - 1; /* the first ones are removed */
    measure_opening(dir, key, "warm", &base->p[last], last);
    measure_opening(dir, key, "warm again", &base->p[last], last);
    if (make_cold())
        measure_opening(dir, key, "cold", &base->p[last], last);
}

int main(int argc, char **argv)
{
    const double per_second = 50000, seconds = 10;
    if (argc < 2)
        die("usage: see the head of bench/index/bench_bank.c");
    struct lk_error err;
    uint8_t key[BANK_KEY_BYTES] = {1};
    bool is_sealed = argc > 3 && strcmp(argv[3], "sealed") == 0;
    struct live_plan plan = {.ops = &live_bank, .per_second = per_second, .seconds = seconds};
    plan.base = prints_uniform(argc > 2 ? (size_t)strtod(argv[2], NULL) : 1000000, 1);
    plan.extra = prints_uniform((size_t)(per_second * (seconds + 1)), 2);
    plan.n_removed = plan.base.n / 10;
    measure_device(argv[1]);
    must(bank_create(argv[1], is_sealed ? key : NULL, &err), &err);
    plan.live = open_bank(argv[1], is_sealed ? key : NULL, BANK_WRITE);
    size_t n_bad = live_run(&plan);
    double start = wall_seconds();
    bank_close(plan.live);
    printf("closed in %.2f s\n", wall_seconds() - start);
    measure_rest(argv[1], is_sealed ? key : NULL, &plan.base);
    prints_fini(&plan.base);
    prints_fini(&plan.extra);
    return n_bad > 0;
}
