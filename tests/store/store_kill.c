/* kill -9 at any moment, under load.
 *
 * A child works on the store with several threads and tells each acknowledged act through a pipe;
 * the parent kills it at a random moment, opens the store, and holds it to what was told. The same
 * store lives through all rounds.
 *
 * usage: store_kill N_KILLS   (prints TAP) */
#include "invariants.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { N_THREADS = 4, MAX_TOLD = 1 << 16 };

/* One line of the child, written in one piece. */
struct told {
    char what; /* o: will open, O opened, w: will withdraw, W withdrawn, M matched, A answered */
    uint64_t seed;
    char text[MATCH_ID_CHARS + 1]; /* match id */
};

struct worker {
    struct kit *kit;
    int fd;
    uint64_t seed; /* of the first case; each worker has its own range */
};

static void tell(int fd, char what, uint64_t seed, const char *text)
{
    struct told told = {.what = what, .seed = seed};
    if (text != NULL)
        memcpy(told.text, text, sizeof told.text);
    if (write(fd, &told, sizeof told) != sizeof told)
        _exit(3);
}

static void open_one(struct worker *w, uint64_t seed, struct case_opened *opened)
{
    struct lk_error err;
    struct kit_item item;
    static const struct case_typed place = {
        .kind = CASE_LOCATION, .text = "https://example.org/", .n = 20};
    kit_item(&item, seed);
    const struct case_request request = {
        .sequences = &item.sequence, .n_sequences = 1, .texts = &place, .n_texts = 1};
    if (case_open(w->kit->r, &request, opened, &err) != LK_OK)
        _exit(4);
    tell(w->fd, 'O', seed, NULL);
}

static void match_one(struct worker *w, uint64_t seed)
{
    struct lk_error err;
    struct arena arena;
    struct kit_item item;
    struct match_result *results = NULL;
    kit_item(&item, seed);
    arena_init(&arena, lk_alloc_heap(), 1 << 20);
    if (match_query(w->kit->r, &w->kit->partner, &arena, &item.sequence, NULL, 1, &results, &err) !=
            LK_OK ||
        results[0].n != 1)
        _exit(5);
    const char *id = results[0].matches[0].id;
    tell(w->fd, 'M', seed, id);
    const struct match_reply reply = {.outcome = MATCH_REMOVED, .note = "gone", .n_note = 4};
    if (match_answer(w->kit->r, &w->kit->partner, id, MATCH_ID_CHARS, &reply, NULL, &err) != LK_OK)
        _exit(6);
    tell(w->fd, 'A', seed, id);
    arena_fini(&arena);
}

static void withdraw_one(struct worker *w, uint64_t seed, const struct case_opened *opened)
{
    struct lk_error err;
    struct case_access access;
    if (case_login(w->kit->r, opened->code, strlen(opened->code), &access, &err) != LK_OK)
        _exit(7);
    tell(w->fd, 'w', seed, NULL);
    if (case_withdraw(w->kit->r, &access, NULL, &err) != LK_OK)
        _exit(8);
    tell(w->fd, 'W', seed, NULL);
}

static void *work(void *ctx)
{
    struct worker *w = ctx;
    for (uint64_t seed = w->seed;; seed++) {
        struct case_opened opened;
        open_one(w, seed, &opened);
        if (seed % 2 == 0)
            match_one(w, seed);
        if (seed % 3 == 0)
            withdraw_one(w, seed, &opened);
    }
    return NULL;
}

static void child(struct kit *kit, int fd, uint64_t round)
{
    struct lk_error err;
    struct worker workers[N_THREADS];
    pthread_t threads[N_THREADS];
    if (kit_reopen(kit, &err) != LK_OK)
        _exit(2);
    for (uint64_t i = 0; i < N_THREADS; i++) {
        workers[i] = (struct worker){kit, fd, (round * N_THREADS + i) << 32};
        if (pthread_create(&threads[i], NULL, work, &workers[i]) != 0)
            _exit(2);
    }
    for (;;)
        pause();
}

static bool was_told(const struct told *told, size_t n, char what, uint64_t seed)
{
    for (size_t i = 0; i < n; i++)
        if (told[i].what == what && told[i].seed == seed)
            return true;
    return false;
}

/* NULL, or what does not hold of this one. */
static const char *broken(struct kit *kit, const struct told *told, size_t n, size_t i)
{
    struct lk_error err;
    struct match match;
    const struct told *t = &told[i];
    switch (t->what) {
    case 'O':
        if (was_told(told, n, 'w', t->seed))
            return NULL; /* 'W' says more */
        return kit_matches(kit, t->seed) == 1 ? NULL : "an acknowledged entry was lost";
    case 'W':
        return kit_matches(kit, t->seed) == 0 ? NULL : "a withdrawn entry was revived";
    case 'M':
        return match_get(kit->r, &kit->partner, t->text, MATCH_ID_CHARS, &match, NULL, &err) ==
                       LK_OK
                   ? NULL
                   : "an acknowledged match was lost";
    case 'A':
        return match_get(kit->r, &kit->partner, t->text, MATCH_ID_CHARS, &match, NULL, &err) ==
                           LK_OK &&
                       match.state == MATCH_REMOVED
                   ? NULL
                   : "an acknowledged answer was lost";
    default:
        return NULL;
    }
}

static size_t read_all(int fd, struct told *told)
{
    size_t n = 0;
    while (n < MAX_TOLD && read(fd, &told[n], sizeof *told) == sizeof *told)
        n++;
    return n;
}

/* One round: the child works, is killed, and the store is held to its word. */
static const char *round_of(struct kit *kit, uint64_t round, struct told *told, size_t *n_told)
{
    struct lk_error err;
    int fds[2];
    if (pipe(fds) != 0)
        return "no pipe";
    fflush(stdout);
    registry_close(kit->r);
    kit->r = NULL;
    pid_t pid = fork();
    if (pid == 0) {
        close(fds[0]);
        child(kit, fds[1], round);
    }
    close(fds[1]);
    size_t n = read(fds[0], &told[0], sizeof *told) == sizeof *told ? 1 : 0; /* it is at work */
    const struct timespec delay = {0, (long)(random() % 40000) * 1000};
    nanosleep(&delay, NULL);
    kill(pid, SIGKILL);
    n += read_all(fds[0], told + n);
    close(fds[0]);
    int status = 0;
    waitpid(pid, &status, 0);
    if (!WIFSIGNALED(status))
        return "the child ended by itself";
    if (kit_reopen(kit, &err) != LK_OK)
        return "the store does not open";
    *n_told += n;
    for (size_t i = 0; i < n; i++) {
        const char *what = broken(kit, told, n, i);
        if (what != NULL)
            return what;
    }
    return invariants_broken(kit);
}

int main(int argc, char **argv)
{
    int n_kills = argc > 1 ? atoi(argv[1]) : 20;
    struct kit kit;
    struct told *told = calloc(MAX_TOLD + 1, sizeof *told);
    const char *what = NULL;
    size_t n_told = 0;
    kit_init(&kit);
    kit_add_partner(&kit, "Example");
    srandom((unsigned)getpid());
    printf("1..1\n");
    int done = 0;
    for (; done < n_kills && what == NULL; done++)
        what = round_of(&kit, (uint64_t)done + 1, told, &n_told);
    if (what != NULL)
        printf("# round %d: %s\n", done, what);
    printf("# %d kills, %zu acts told\n", done, n_told);
    printf("%s 1 - whatever was acknowledged before a kill holds after it\n",
           what == NULL ? "ok" : "not ok");
    free(told);
    kit_fini(&kit);
    return what == NULL ? 0 : 1;
}
