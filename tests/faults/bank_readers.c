/* One process changes a bank, merges its segments and removes their files, while others open it
 * again and again: each opening must succeed and show every entry that is never withdrawn, whole.
 * Speaks TAP.
 *
 * usage: bank_readers SECONDS */
#include "bank/bank.h"
#include "sys/clock.h"
#include "sys/rand.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N_NUMBERS = 60, N_STEADY = 20, N_READERS = 2 };

static char dir[64];

static struct bank_entry entry_of(unsigned number, struct lk_record *record)
{
    *record = (struct lk_record){.print = {{number + 1, ~(uint64_t)number, number * 77u, 5}},
                                 .frame = {128, 128, 255, 0},
                                 .kind = LK_WHOLE,
                                 .front_end = LK_FULLRES,
                                 .quality = 80};
    struct bank_entry entry = {.tier = LK_TIER_SELF,
                               .scope = number,
                               .sequence = {.medium = LK_IMAGE, .records = record, .n_records = 1}};
    snprintf((char *)entry.id, sizeof entry.id, "n%u", number);
    return entry;
}

static struct bank *open_bank(enum bank_mode mode)
{
    const struct bank_config config = {.mode = mode, .table_prints = 8};
    struct bank *bank = NULL;
    struct lk_error err;
    if (bank_open(dir, &config, &bank, &err) == LK_OK)
        return bank;
    printf("# %s cannot open: %s\n", mode == BANK_READ ? "a reader" : "the writer", err.text);
    fflush(stdout);
    _exit(1);
}

static void must(enum lk_status status, const struct lk_error *err)
{
    if (status == LK_OK)
        return;
    printf("# the writer failed: %s\n", err->text);
    fflush(stdout);
    _exit(1);
}

static void write_for_ever(void)
{
    struct bank *bank = open_bank(BANK_WRITE);
    bool in[N_NUMBERS] = {false};
    for (unsigned step = 0;; step++) {
        struct lk_error err = {.text = ""};
        struct lk_record record;
        unsigned i = N_STEADY + (unsigned)rand_below(N_NUMBERS - N_STEADY);
        struct bank_entry entry = entry_of(i, &record);
        if (in[i])
            must(bank_remove(bank, &entry.id, 1, &err), &err);
        else
            must(bank_add(bank, &entry, 1, 0, &err), &err);
        in[i] = !in[i];
        if (step % 100 == 99)
            must(bank_compact(bank, &err), &err);
    }
}

static enum lk_status take_in(void *ctx, const struct bank_entry *entry, struct lk_error *err)
{
    (void)err;
    bool *found = ctx;
    struct lk_record want;
    if (entry->scope >= N_NUMBERS || found[entry->scope])
        return LK_CONFLICT;
    struct bank_entry as_added = entry_of(entry->scope, &want);
    if (entry->sequence.n_records != 1 || memcmp(entry->id, as_added.id, BANK_ID_BYTES) != 0 ||
        memcmp(&entry->sequence.records[0].print, &want.print, sizeof want.print) != 0)
        return LK_CORRUPT;
    found[entry->scope] = true;
    return LK_OK;
}

/* Returns how many times it was opened, or -1. */
static int read_until(int64_t end_ns)
{
    int n = 0;
    for (; clock_monotonic_ns() < end_ns; n++) {
        struct bank *bank = open_bank(BANK_READ);
        bool found[N_NUMBERS] = {false};
        enum lk_status status = bank_each(bank, take_in, found, NULL);
        unsigned n_steady = 0, n_damaged = bank_stats(bank).n_damaged;
        for (unsigned i = 0; i < N_STEADY; i++)
            n_steady += found[i];
        bank_close(bank);
        if (status != LK_OK || n_steady != N_STEADY || n_damaged != 0) {
            printf("# %s; %u of %u are there; %u segments damaged\n", lk_status_name(status),
                   n_steady, (unsigned)N_STEADY, n_damaged);
            fflush(stdout);
            return -1;
        }
    }
    return n;
}

static pid_t start(int64_t end_ns, bool writes)
{
    fflush(stdout);
    pid_t child = fork();
    if (child != 0)
        return child;
    if (writes)
        write_for_ever();
    int n = read_until(end_ns);
    _exit(n > 20 ? 0 : 2);
}

int main(int argc, char **argv)
{
    int64_t end_ns = clock_monotonic_ns() + (argc > 1 ? atoi(argv[1]) : 2) * INT64_C(1000000000);
    bool in_memory = access("/dev/shm", W_OK) == 0;
    snprintf(dir, sizeof dir, "%s/bank_readers.XXXXXX", in_memory ? "/dev/shm" : "/tmp");
    if (mkdtemp(dir) == NULL || bank_create(dir, NULL, NULL) != LK_OK) {
        printf("Bail out! cannot make a bank\n");
        return 1;
    }
    struct bank *bank = open_bank(BANK_WRITE);
    struct lk_record records[N_STEADY];
    struct bank_entry steady[N_STEADY];
    for (unsigned i = 0; i < N_STEADY; i++)
        steady[i] = entry_of(i, &records[i]);
    struct lk_error err = {.text = ""};
    must(bank_add(bank, steady, N_STEADY, 0, &err), &err);
    bank_close(bank);

    pid_t writer = start(end_ns, true), readers[N_READERS];
    for (int i = 0; i < N_READERS; i++)
        readers[i] = start(end_ns, false);
    int n_failed = 0, status;
    for (int i = 0; i < N_READERS; i++) {
        waitpid(readers[i], &status, 0);
        bool ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        printf("%sok %d - reader %d always found what was there\n", ok ? "" : "not ", i + 1, i + 1);
        n_failed += !ok;
    }
    bool writes_still = waitpid(writer, &status, WNOHANG) == 0;
    printf("%sok 3 - the writer was writing to the end\n1..3\n", writes_still ? "" : "not ");
    if (writes_still) {
        kill(writer, SIGKILL);
        waitpid(writer, &status, 0);
    }
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command) != 0 || n_failed > 0 || !writes_still;
}
