/* kill -9 at random moments. A child changes a bank without pause and says through a pipe what it
 * begins and what was acknowledged; the parent kills it, opens the bank and compares. Speaks TAP.
 *
 * usage: bank_kill N_KILLS */
#include "bank/bank_file.h"
#include "base/buf.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/rand.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N_NUMBERS = 24, MAX_ENTRIES = 4, N_RECORDS = 8 };
enum op { OP_ADD, OP_REMOVE, OP_TIER, OP_COMPACT, N_OPS };

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

static char dir[64], log_path[80], new_path[88];

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

static enum lk_status change(struct bank_file *file, const struct word *word, struct lk_error *err)
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
        return bank_file_add(file, entries, word->n, err);
    case OP_REMOVE:
        return bank_file_remove(file, (const void *)ids, word->n, err);
    case OP_TIER:
        return bank_file_set_tier(file, ids[0], word->after.tier, err);
    default:
        return bank_file_compact(file, err);
    }
}

/* Something that is possible now: adds what is absent, changes what is there. */
static struct word choose(const struct known *known, uint32_t generation)
{
    unsigned dice = (unsigned)rand_below(20);
    enum op op = dice < 9 ? OP_ADD : dice < 17 ? OP_REMOVE : dice < 19 ? OP_TIER : OP_COMPACT;
    struct word word = {.op = op};
    unsigned limit = op == OP_COMPACT ? 0 : op == OP_TIER ? 1 : 1 + (unsigned)rand_below(4);
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

static void run_child(int pipe_fd, struct known *known, uint32_t generation)
{
    struct bank_file *file;
    struct lk_error err;
    if (bank_file_open(lk_alloc_heap(), dir, BANK_WRITE, &file, &err) != LK_OK) {
        fprintf(stderr, "# the child cannot open: %s\n", err.text);
        _exit(3);
    }
    for (;;) {
        struct word word = choose(known, generation++);
        if (word.n == 0 && word.op != OP_COMPACT)
            continue;
        say(pipe_fd, &word, false);
        if (change(file, &word, &err) != LK_OK) {
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
    unsigned n_lost, n_revived, n_unwiped, n_in_change;
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

/* Any print in the file that is of no generation in force. Every generation has its own. */
static void look_for_prints(struct check *c, uint32_t generations)
{
    struct buf log;
    buf_init(&log, lk_alloc_heap(), 1 << 28);
    if (file_read_all(log_path, &log, NULL) != LK_OK || access(new_path, F_OK) == 0)
        die("cannot read the log, or another is beside it");
    uint32_t from = generations > 200 ? generations - 200 : 1;
    for (uint32_t g = from; g < generations; g++)
        for (unsigned i = 0; i < N_NUMBERS; i++) {
            uint8_t print[LK_PRINT_BYTES];
            struct lk_print p = print_of(i, g);
            lk_print_to_bytes(&p, print);
            if (c->found[i].generation != g && memmem(log.p, log.n, print, sizeof print) != NULL) {
                printf("# number %u: generation %u is in the file still\n", i, g);
                c->n_unwiped++;
            }
        }
    buf_fini(&log);
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
    struct bank_file *file;
    struct lk_error err;
    if (bank_file_open(lk_alloc_heap(), dir, BANK_WRITE, &file, &err) != LK_OK)
        die(err.text);
    struct check c = {.known = known, .open = in_change ? &open : NULL};
    if (bank_each(bank_file_bank(file), take_in, &c, NULL) != LK_OK)
        die("cannot list");
    bank_file_close(file);
    compare(&c);
    look_for_prints(&c, *generation);
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
    if (mkdtemp(dir) == NULL || bank_file_create(dir, NULL) != LK_OK)
        die("cannot make a bank");
    snprintf(log_path, sizeof log_path, "%s/bank.log", dir);
    snprintf(new_path, sizeof new_path, "%s.new", log_path);
    struct known known[N_NUMBERS] = {{0}};
    uint32_t generation = 1;
    struct check totals = {.n_lost = 0};
    for (int i = 0; i < n_kills; i++)
        round_of(known, &generation, &totals);
    printf("# %u generations; %u kills in the middle of a change\n", generation,
           totals.n_in_change);
    int failed = point(1, totals.n_lost == 0, "no acknowledged entry is lost", n_kills);
    failed += point(2, totals.n_revived == 0, "no withdrawn entry comes back", n_kills);
    failed += point(3, totals.n_unwiped == 0, "no withdrawn print stays in the file", n_kills);
    failed += point(4, totals.n_in_change > 0, "some kills hit the middle of a change", n_kills);
    printf("1..4\n");
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command) != 0 || failed > 0;
}
