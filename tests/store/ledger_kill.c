/* kill -9 while two processes record events and publish the ledger, again and again over one store:
 * no event without its leaf, no leaf without its event, and every checkpoint is the beginning of
 * the next.
 *
 * usage: ledger_kill N_KILLS   (prints TAP) */
#include "ledger/ledger.h"
#include "store/event_rows.h"
#include "store/keys.h"
#include "store/store.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { N_CHILDREN = 2 };

struct opened {
    struct store *store;
    struct keys *keys;
    struct ledger *ledger;
};

static bool open_all(struct opened *o, const char *dir, struct lk_error *err)
{
    char path[128], key[128];
    snprintf(path, sizeof path, "%s/a.db", dir);
    snprintf(key, sizeof key, "%s/key", dir);
    const struct store_config config = {.url = path};
    return keys_load(key, true, &o->keys, err) == LK_OK &&
           store_open(&config, &o->store, err) == LK_OK &&
           ledger_open(o->store, o->keys, NULL, &o->ledger, err) == LK_OK;
}

static void close_all(struct opened *o)
{
    ledger_close(o->ledger);
    store_close(o->store);
    keys_free(o->keys);
}

static enum lk_status put_some(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    (void)ctx;
    for (unsigned i = 0; i < 40; i++) {
        const struct event event = {.type = EVENT_NOTICE, .event_ms = INT64_C(1790000000000)};
        enum lk_status status = event_put(tx, &event, NULL, err);
        if (status != LK_OK)
            return status;
    }
    return LK_OK;
}

static void child(const char *dir, int fd)
{
    struct opened o;
    struct lk_error err;
    struct checkpoint c;
    if (!open_all(&o, dir, &err))
        _exit(2);
    for (;;) {
        enum lk_status status = store_write(o.store, put_some, NULL, &err);
        if (status == LK_OK)
            status = ledger_publish(o.ledger, &c, &err);
        if (status != LK_OK && status != LK_BUSY)
            _exit(3);
        if (write(fd, "x", 1) != 1)
            _exit(4);
    }
}

static enum lk_status add_leaf(void *ctx, uint64_t index, const struct leaf *leaf,
                               struct lk_error *err)
{
    struct tree_front *front = ctx;
    struct tree_hash hash;
    uint8_t bytes[LEAF_MAX_BYTES];
    if (index != front->n || leaf->sequence != index + 1)
        return lk_error_set(err, LK_CORRUPT, "an event is missing");
    tree_leaf(bytes, leaf_put(leaf, bytes), &hash);
    tree_front_add(front, &hash);
    return LK_OK;
}

/* NULL, or what does not hold. */
static const char *broken(struct opened *o, struct checkpoint *before)
{
    struct lk_error err;
    struct checkpoint c;
    struct tree_proof proof;
    struct tree_hash root;
    struct tree_front front = {.n = 0};
    if (ledger_publish(o->ledger, &c, &err) != LK_OK)
        return "the ledger is not signed";
    if (ledger_growth(o->ledger, before->size, c.size, &proof, &err) != LK_OK ||
        !tree_check_growth(&proof, before->size, c.size, &before->root, &c.root))
        return "the ledger did not only grow";
    if (ledger_leaves(o->ledger, 0, UINT64_MAX, add_leaf, &front, &err) != LK_OK)
        return "an event is missing";
    tree_front_root(&front, &root);
    if (front.n != c.size || !tree_equal(&root, &c.root))
        return "leaves and events differ";
    *before = c;
    return NULL;
}

static const char *round_of(const char *dir, struct checkpoint *before)
{
    int fds[2];
    char byte;
    pid_t pids[N_CHILDREN];
    struct opened o;
    struct lk_error err;
    const char *what = NULL;
    if (pipe(fds) != 0)
        return "no pipe";
    fflush(stdout);
    for (int i = 0; i < N_CHILDREN; i++)
        if ((pids[i] = fork()) == 0)
            child(dir, fds[1]);
    close(fds[1]);
    bool at_work = read(fds[0], &byte, 1) == 1;
    const struct timespec delay = {0, (long)(random() % 30000) * 1000};
    nanosleep(&delay, NULL);
    for (int i = 0; i < N_CHILDREN; i++) {
        int status = 0;
        kill(pids[i], SIGKILL);
        waitpid(pids[i], &status, 0);
        if (!at_work || !WIFSIGNALED(status))
            what = "a process ended by itself";
    }
    close(fds[0]);
    if (what != NULL)
        return what;
    if (!open_all(&o, dir, &err))
        return "the store does not open";
    what = broken(&o, before);
    close_all(&o);
    return what;
}

int main(int argc, char **argv)
{
    int n_kills = argc > 1 ? atoi(argv[1]) : 20, done = 0;
    char dir[] = "/tmp/likeness-XXXXXX", command[64];
    struct checkpoint before = {.size = 0};
    struct lk_error err;
    const char *what = NULL;
    struct opened o;
    if (mkdtemp(dir) == NULL || !open_all(&o, dir, &err))
        return 2;
    srandom((unsigned)getpid());
    what = ledger_publish(o.ledger, &before, &err) == LK_OK ? NULL : "the ledger is not signed";
    close_all(&o);
    printf("1..1\n");
    for (; done < n_kills && what == NULL; done++)
        what = round_of(dir, &before);
    if (what != NULL)
        printf("# round %d: %s\n", done, what);
    printf("# %d kills, %llu leaves\n", done, (unsigned long long)before.size);
    printf("%s 1 - events and leaves are the same after every kill\n",
           what == NULL ? "ok" : "not ok");
    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command) == 0 && what == NULL ? 0 : 1;
}
