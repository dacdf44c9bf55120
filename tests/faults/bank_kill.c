/* kill -9 at random moments, and at random writes, syncs, openings and renamings. A child changes a
 * bank without pause, while the bank's own thread makes segments and merges them, and says through
 * a pipe what it begins and what was acknowledged; the parent kills it, or waits until it dies,
 * opens the bank and compares. Speaks TAP.
 *
 * usage: bank_kill N_KILLS [sealed] */
#include "bank/bank.h"
#include "base/buf.h"
#include "core/index/config.h"
#include "sys/clock.h"
#include "sys/fault.h"
#include "sys/file.h"
#include "sys/rand.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N_NUMBERS = 24, MAX_ENTRIES = 4, N_RECORDS = 8 };
enum op { OP_ADD, OP_REMOVE, OP_TIER, OP_COMPACT, OP_FLUSH };

/* What is known of each number: which generation of it is in force (0: none), and its tier. */
struct known {
    uint32_t generation;
    uint8_t tier;
};

/* What the child says, in one write. */
struct word {
    bool acknowledged; /* else: about to begin */
    enum op op;
    unsigned n;
    unsigned numbers[MAX_ENTRIES];
    struct known after;
};

static char dir[64];
static const uint8_t *key; /* NULL: plain */

static void die(const char *what)
{
    printf("Bail out! %s\n", what);
    exit(1);
}

static struct lk_print print_of(unsigned number, uint32_t generation)
{
    return (struct lk_print){{number * 0x9e3779b97f4a7c15u, generation * 0xbf58476d1ce4e5b9u,
                              ~(uint64_t)number, generation}};
}

static struct bank_entry entry_of(unsigned number, uint32_t generation,
                                  struct lk_record records[N_RECORDS])
{
    for (unsigned i = 0; i < N_RECORDS; i++)
        records[i] = (struct lk_record){.print = print_of(number, generation),
                                        .frame = {128, 128, 255, (uint8_t)i},
                                        .kind = LK_WHOLE,
                                        .front_end = LK_FULLRES,
                                        .quality = 80};
    struct bank_entry entry = {
        .tier = LK_TIER_SELF,
        .scope = generation,
        .sequence = {.medium = LK_IMAGE, .records = records, .n_records = N_RECORDS}};
    snprintf((char *)entry.id, sizeof entry.id, "n%u", number);
    return entry;
}

static void say(int pipe_fd, struct word *word, bool acknowledged)
{
    word->acknowledged = acknowledged;
    if (write(pipe_fd, word, sizeof *word) != sizeof *word)
        _exit(2);
}

static enum lk_status change(struct bank *bank, const struct word *word, struct lk_error *err)
{
    static struct lk_record records[MAX_ENTRIES][N_RECORDS];
    struct bank_entry entries[MAX_ENTRIES];
    uint8_t ids[MAX_ENTRIES][BANK_ID_BYTES];
    for (unsigned i = 0; i < word->n; i++) {
        entries[i] = entry_of(word->numbers[i], word->after.generation, records[i]);
        memcpy(ids[i], entries[i].id, BANK_ID_BYTES);
    }
    switch (word->op) {
    case OP_ADD:
        return bank_add(bank, entries, word->n, 0, err);
    case OP_REMOVE:
        return bank_remove(bank, (const void *)ids, word->n, err);
    case OP_TIER:
        return bank_set_tier(bank, ids[0], word->after.tier, err);
    case OP_FLUSH:
        return bank_flush(bank, err);
    default:
        return bank_compact(bank, err);
    }
}

/* Something that is possible now: adds what is absent, changes what is there. */
static struct word choose(const struct known *known, uint32_t generation)
{
    unsigned dice = (unsigned)rand_below(40);
    enum op op = dice < 18   ? OP_ADD
                 : dice < 34 ? OP_REMOVE
                 : dice < 38 ? OP_TIER
                 : dice < 39 ? OP_FLUSH
                             : OP_COMPACT;
    struct word word = {.op = op};
    unsigned limit = op == OP_COMPACT || op == OP_FLUSH ? 0
                     : op == OP_TIER                    ? 1
                                                        : 1 + (unsigned)rand_below(4);
    unsigned first = (unsigned)rand_below(N_NUMBERS);
    for (unsigned i = 0; i < N_NUMBERS && word.n < limit; i++) {
        unsigned number = (first + i) % N_NUMBERS;
        if ((known[number].generation == 0) == (op == OP_ADD))
            word.numbers[word.n++] = number;
    }
    if (op == OP_ADD)
        word.after = (struct known){generation, LK_TIER_SELF};
    else if (op == OP_TIER && word.n == 1)
        word.after = (struct known){known[word.numbers[0]].generation,
                                    (uint8_t)(LK_TIER_SELF + rand_below(3))};
    return word;
}

/* With the bank's own thread at work, tables of a few entries, and segments that are soon due. */
static enum lk_status open_bank(bool by_caller, struct bank **out, struct lk_error *err)
{
    const struct bank_config config = {.mode = BANK_WRITE,
                                       .key = key,
                                       .by_caller = by_caller,
                                       .table_prints = 6 * N_RECORDS,
                                       .close_prints = 1,
                                       .reseal_s = 1};
    return bank_open(dir, &config, out, err);
}

/* Every other child dies by a call of its own rather than by the parent. */
static void maybe_arm(void)
{
    static const enum fault_op ops[] = {FAULT_WRITE, FAULT_SYNC, FAULT_OPEN, FAULT_RENAME};
    if (rand_below(2) == 0)
        fault_arm(ops[rand_below(4)], 1 + rand_below(200), FAULT_KILL, false, rand_below(2) == 0);
}

static void run_child(int pipe_fd, struct known *known, uint32_t generation)
{
    struct bank *bank;
    struct lk_error err;
    maybe_arm();
    if (open_bank(false, &bank, &err) != LK_OK) {
        fprintf(stderr, "# the child cannot open: %s\n", err.text);
        _exit(3);
    }
    for (;;) {
        struct word word = choose(known, generation++);
        if (word.n == 0 && word.op != OP_COMPACT && word.op != OP_FLUSH)
            continue;
        say(pipe_fd, &word, false);
        if (change(bank, &word, &err) != LK_OK) {
            fprintf(stderr, "# the child failed: %s\n", err.text);
            _exit(4);
        }
        for (unsigned i = 0; i < word.n; i++)
            known[word.numbers[i]] = word.after;
        say(pipe_fd, &word, true);
    }
}

struct check {
    const struct known *known;
    const struct word *open; /* begun and not acknowledged; NULL if none */
    struct known found[N_NUMBERS];
    unsigned n_lost, n_revived, n_unwiped, n_in_change, n_segments;
};

static enum lk_status take_in(void *ctx, const struct bank_entry *entry, struct lk_error *err)
{
    (void)err;
    struct check *c = ctx;
    unsigned number = (unsigned)atoi((const char *)entry->id + 1);
    struct lk_print want = print_of(number, entry->scope);
    if (number < N_NUMBERS && entry->sequence.n_records == N_RECORDS &&
        memcmp(&entry->sequence.records[N_RECORDS - 1].print, &want, sizeof want) == 0)
        c->found[number] = (struct known){entry->scope, entry->tier};
    return LK_OK;
}

static bool same(struct known a, struct known b)
{
    return a.generation == b.generation && (a.generation == 0 || a.tier == b.tier);
}

static bool is_open(const struct check *c, unsigned number)
{
    for (unsigned i = 0; c->open != NULL && i < c->open->n; i++)
        if (c->open->numbers[i] == number)
            return true;
    return false;
}

static void compare(struct check *c)
{
    unsigned n_done = 0;
    for (unsigned i = 0; i < N_NUMBERS; i++) {
        if (is_open(c, i) && same(c->found[i], c->open->after)) {
            n_done++;
        } else if (!same(c->found[i], c->known[i])) {
            bool lost = c->known[i].generation != 0;
            c->n_lost += lost;
            c->n_revived += !lost;
            printf("# number %u: generation %u tier %u is found, %u tier %u was acknowledged\n", i,
                   c->found[i].generation, c->found[i].tier, c->known[i].generation,
                   c->known[i].tier);
        }
    }
    if (c->open != NULL && c->open->op == OP_ADD && n_done != 0 && n_done != c->open->n) {
        printf("# a batch of %u is there by %u\n", c->open->n, n_done);
        c->n_lost++;
    }
}

/* Prints say themselves which they are. */
static void look_at(struct check *c, const struct lk_print *p, const char *name)
{
    uint64_t number = ~p->w[2], generation = p->w[3];
    if (number >= N_NUMBERS || generation >= UINT32_MAX)
        return;
    struct lk_print want = print_of((unsigned)number, (uint32_t)generation);
    if (memcmp(p, &want, sizeof want) != 0 || c->found[number].generation == generation)
        return;
    printf("# number %u: generation %u is in %s still\n", (unsigned)number, (unsigned)generation,
           name);
    c->n_unwiped++;
}

static void look_in(struct check *c, const char *name)
{
    char path[400];
    struct buf file;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    buf_init(&file, lk_alloc_heap(), 1 << 28);
    if (file_read_all(path, &file, NULL) != LK_OK)
        die("cannot read a file of the bank");
    for (size_t at = 0; at + LK_PRINT_BYTES <= file.n; at++) {
        struct lk_print p, row;
        lk_print_from_bytes(&p, (const uint8_t *)file.p + at);
        look_at(c, &p, name);
        memcpy(&row, file.p + at, sizeof row);
        if (at % 8 != 0 || (row.w[0] == 0 && row.w[1] == 0))
            continue;
        p = index_out_of_order(index_config_of(LK_WHOLE)->order, &row);
        look_at(c, &p, name);
    }
    buf_fini(&file);
}

/* Any print in the files that is of no generation in force. Every generation has its own. */
static void look_for_prints(struct check *c)
{
    DIR *d = opendir(dir);
    const struct dirent *entry;
    if (d == NULL)
        die("cannot list the bank's directory");
    while ((entry = readdir(d)) != NULL)
        if (entry->d_name[0] != '.')
            look_in(c, entry->d_name);
    closedir(d);
}

/* Hears what the child says, and kills it at a random moment of its life. What it said before is
 * heard to the end. Returns whether the last thing was the beginning of a change, which is *open.
 */
static bool hear(int fd, pid_t child, struct known *known, uint32_t *generation, struct word *open)
{
    bool in_change = false, killed = false;
    int64_t left_us = (int64_t)rand_below(40000), born_ns = 0;
    for (;;) {
        if (!killed && born_ns != 0) {
            int64_t wait_us = left_us - (clock_monotonic_ns() - born_ns) / 1000;
            struct pollfd ready = {.fd = fd, .events = POLLIN};
            struct timespec wait = {.tv_nsec = wait_us > 0 ? wait_us * 1000 : 0};
            if (wait_us <= 0 || ppoll(&ready, 1, &wait, NULL) == 0) {
                kill(child, SIGKILL);
                killed = true;
            }
        }
        struct word word;
        if (read(fd, &word, sizeof word) != sizeof word)
            return in_change;
        if (born_ns == 0)
            born_ns = clock_monotonic_ns();
        in_change = !word.acknowledged;
        *open = word;
        for (unsigned i = 0; word.acknowledged && i < word.n; i++)
            known[word.numbers[i]] = word.after;
        if (word.after.generation >= *generation)
            *generation = word.after.generation + 1;
    }
}

/* One child, one kill. known is brought up to what is found. */
static void round_of(struct known *known, uint32_t *generation, struct check *totals)
{
    int fds[2];
    if (pipe(fds) != 0)
        die("pipe");
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        close(fds[0]);
        run_child(fds[1], known, *generation);
    }
    close(fds[1]);
    struct word open = {.n = 0};
    bool in_change = hear(fds[0], child, known, generation, &open);
    close(fds[0]);
    int status;
    waitpid(child, &status, 0);
    if (!WIFSIGNALED(status))
        die("the child ended by itself");
    struct bank *bank;
    struct lk_error err;
    if (open_bank(true, &bank, &err) != LK_OK)
        die(err.text);
    struct check c = {.known = known, .open = in_change ? &open : NULL};
    if (bank_each(bank, take_in, &c, NULL) != LK_OK)
        die("cannot list");
    totals->n_segments += bank_stats(bank).n_segments;
    if (bank_maintain(bank, &err) != LK_OK || bank_verify(bank, &err) != LK_OK)
        die(err.text);
    if (bank_stats(bank).n_damaged > 0)
        die("a segment is damaged");
    bank_close(bank);
    compare(&c);
    look_for_prints(&c);
    totals->n_lost += c.n_lost;
    totals->n_revived += c.n_revived;
    totals->n_unwiped += c.n_unwiped;
    totals->n_in_change += in_change;
    memcpy(known, c.found, sizeof c.found);
}

static int point(int number, bool ok, const char *text, int n_kills)
{
    printf("%sok %d - %s, %d kills\n", ok ? "" : "not ", number, text, n_kills);
    return !ok;
}

int main(int argc, char **argv)
{
    int n_kills = argc > 1 ? atoi(argv[1]) : 20;
    /* What a killed process has written stays, whatever the device: a fast one gives more changes.
     */
    bool in_memory = access("/dev/shm", W_OK) == 0;
    snprintf(dir, sizeof dir, "%s/bank_kill.XXXXXX", in_memory ? "/dev/shm" : "/tmp");
    if (argc > 2)
        key = (const uint8_t *)"a key of thirty-two bytes or so";
    if (mkdtemp(dir) == NULL || bank_create(dir, key, NULL) != LK_OK)
        die("cannot make a bank");
    struct known known[N_NUMBERS] = {{0}};
    uint32_t generation = 1;
    struct check totals = {.n_lost = 0};
    for (int i = 0; i < n_kills; i++)
        round_of(known, &generation, &totals);
    printf("# %u generations; %u kills in the middle of a change; %u segments met\n", generation,
           totals.n_in_change, totals.n_segments);
    int failed = point(1, totals.n_lost == 0, "no acknowledged entry is lost", n_kills);
    failed += point(2, totals.n_revived == 0, "no withdrawn entry comes back", n_kills);
    failed += point(3, totals.n_unwiped == 0, "no withdrawn print stays in the files", n_kills);
    failed += point(4, totals.n_in_change > 0, "some kills hit the middle of a change", n_kills);
    failed += point(5, totals.n_segments > 0, "there were segments", n_kills);
    printf("1..5\n");
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command) != 0 || failed > 0;
}
