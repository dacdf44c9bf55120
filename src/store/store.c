/* Group commit by leader and followers:
 *
 *     queue:  job - job - job        (jobs live on their callers' stacks)
 *     leader: BEGIN  [SAVEPOINT fn RELEASE] x n  COMMIT, then all are done
 *
 * While a leader syncs, the next jobs gather; the first of them to wake leads them. */
#include "store/store.h"

#include "base/err.h"
#include "store/sql.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BATCH = 256, MAX_READERS = 64, DEFAULT_READERS = 4 };

struct job {
    store_fn *fn;
    void *ctx;
    enum lk_status status;
    struct lk_error err;
    bool done;
    struct job *next;
};

struct store {
    const struct store_ops *ops;
    struct store_conn *writer; /* the leader's */

    pthread_mutex_t queue_lock;
    pthread_cond_t queue_moved;
    struct job *head, **tail;
    bool leading;

    pthread_mutex_t readers_lock;
    pthread_cond_t reader_free;
    struct store_conn *readers[MAX_READERS]; /* the first n_free are free */
    unsigned n_readers, n_free;

    atomic_uint_least64_t n_writes, n_commits;
};

static enum lk_status migrate_in(const struct store_ops *ops, struct store_conn *conn,
                                 struct lk_error *err)
{
    int version = 0;
    TRY(ops->get_version(conn, &version, err));
    int newest = 0;
    for (const struct store_schema *s = ops->schemas; s->version != 0; s++)
        newest = s->version;
    if (version > newest)
        return FAIL(err, LK_UNSUPPORTED,
                    "the store has schema %d, this program knows up to %d: use the newer program",
                    version, newest);
    for (const struct store_schema *s = ops->schemas; s->version != 0; s++)
        if (s->version > version)
            TRY(ops->exec(conn, s->sql, err));
    return version == newest ? LK_OK : ops->set_version(conn, newest, err);
}

static enum lk_status migrate(struct store *store, struct lk_error *err)
{
    TRY(store->ops->begin(store->writer, true, err));
    enum lk_status status = migrate_in(store->ops, store->writer, err);
    if (status == LK_OK)
        status = store->ops->commit(store->writer, err);
    if (status != LK_OK)
        store->ops->rollback(store->writer);
    return status;
}

static enum lk_status open_conns(struct store *store, const struct store_config *config,
                                 struct lk_error *err)
{
    TRY(store->ops->open(config->url, true, &store->writer, err));
    TRY(migrate(store, err));
    unsigned n = config->n_readers == 0 ? DEFAULT_READERS : config->n_readers;
    for (unsigned i = 0; i < n && i < MAX_READERS; i++) {
        TRY(store->ops->open(config->url, false, &store->readers[i], err));
        store->n_readers = store->n_free = i + 1;
    }
    return LK_OK;
}

enum lk_status store_open(const struct store_config *config, struct store **out,
                          struct lk_error *err)
{
    if (strstr(config->url, "://") != NULL)
        return FAIL(err, LK_UNSUPPORTED, "a store is given as the path of a file: '%s' is not one",
                    config->url);
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the store");
    store->ops = &store_sqlite;
    store->tail = &store->head;
    pthread_mutex_init(&store->queue_lock, NULL);
    pthread_cond_init(&store->queue_moved, NULL);
    pthread_mutex_init(&store->readers_lock, NULL);
    pthread_cond_init(&store->reader_free, NULL);
    enum lk_status status = open_conns(store, config, err);
    if (status != LK_OK) {
        store_close(store);
        return status;
    }
    *out = store;
    return LK_OK;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    for (unsigned i = 0; i < store->n_readers; i++)
        store->ops->close(store->readers[i]);
    store->ops->close(store->writer);
    pthread_cond_destroy(&store->reader_free);
    pthread_mutex_destroy(&store->readers_lock);
    pthread_cond_destroy(&store->queue_moved);
    pthread_mutex_destroy(&store->queue_lock);
    free(store);
}

static void fail_job(struct job *job, const struct lk_error *err)
{
    job->status = err->status;
    job->err = *err;
}

/* Runs one function in its savepoint. An error of the savepoint itself is the batch's. */
static enum lk_status run_job(struct store *store, struct store_tx *tx, struct job *job,
                              struct lk_error *err)
{
    const struct store_ops *ops = store->ops;
    TRY(ops->savepoint(tx->conn, err));
    job->status = job->fn(tx, job->ctx, &job->err);
    if (!ops->in_transaction(tx->conn)) {
        *err = job->err;
        return job->status == LK_OK ? FAIL(err, LK_INTERNAL, "a transaction ended by itself")
                                    : job->status;
    }
    if (job->status == LK_OK)
        return ops->release(tx->conn, err);
    return ops->rollback_savepoint(tx->conn, err);
}

/* A job alone needs no savepoint: the transaction is rolled back for it. This matters for bulk
 * imports, since SQLite walks an open savepoint's journal at the end of every statement. */
static enum lk_status run_alone(struct store *store, struct store_tx *tx, struct job *job,
                                struct lk_error *err)
{
    atomic_fetch_add_explicit(&store->n_writes, 1, memory_order_relaxed);
    job->status = job->fn(tx, job->ctx, &job->err);
    if (job->status != LK_OK)
        *err = job->err;
    return job->status;
}

static enum lk_status run_all(struct store *store, struct job *batch, struct lk_error *err)
{
    struct store_tx tx = {store->ops, store->writer};
    TRY(store->ops->begin(store->writer, true, err));
    if (batch->next == NULL)
        TRY(run_alone(store, &tx, batch, err));
    else
        for (struct job *job = batch; job != NULL; job = job->next) {
            TRY(run_job(store, &tx, job, err));
            atomic_fetch_add_explicit(&store->n_writes, 1, memory_order_relaxed);
        }
    TRY(store->ops->commit(store->writer, err));
    atomic_fetch_add_explicit(&store->n_commits, 1, memory_order_relaxed);
    return LK_OK;
}

static void run_batch(struct store *store, struct job *batch)
{
    struct lk_error err;
    if (run_all(store, batch, &err) == LK_OK)
        return;
    store->ops->rollback(store->writer);
    for (struct job *job = batch; job != NULL; job = job->next)
        if (job->status == LK_OK)
            fail_job(job, &err);
}

/* Cuts up to MAX_BATCH jobs off the front of the queue. */
static struct job *take_batch(struct store *store)
{
    struct job *batch = store->head, *last = batch;
    for (unsigned n = 1; n < MAX_BATCH && last->next != NULL; n++)
        last = last->next;
    store->head = last->next;
    if (store->head == NULL)
        store->tail = &store->head;
    last->next = NULL;
    return batch;
}

static void lead(struct store *store)
{
    struct job *batch = take_batch(store);
    store->leading = true;
    pthread_mutex_unlock(&store->queue_lock);
    run_batch(store, batch);
    pthread_mutex_lock(&store->queue_lock);
    store->leading = false;
    while (batch != NULL) {
        struct job *next = batch->next; /* once done, a job's stack may be gone */
        batch->done = true;
        batch = next;
    }
    pthread_cond_broadcast(&store->queue_moved);
}

enum lk_status store_write(struct store *store, store_fn *fn, void *ctx, struct lk_error *err)
{
    struct job job = {.fn = fn, .ctx = ctx};
    pthread_mutex_lock(&store->queue_lock);
    *store->tail = &job;
    store->tail = &job.next;
    while (!job.done) {
        if (store->leading)
            pthread_cond_wait(&store->queue_moved, &store->queue_lock);
        else
            lead(store);
    }
    pthread_mutex_unlock(&store->queue_lock);
    if (job.status != LK_OK && err != NULL)
        *err = job.err;
    return job.status;
}

static struct store_conn *borrow_reader(struct store *store)
{
    pthread_mutex_lock(&store->readers_lock);
    while (store->n_free == 0)
        pthread_cond_wait(&store->reader_free, &store->readers_lock);
    struct store_conn *conn = store->readers[--store->n_free];
    pthread_mutex_unlock(&store->readers_lock);
    return conn;
}

static void return_reader(struct store *store, struct store_conn *conn)
{
    pthread_mutex_lock(&store->readers_lock);
    store->readers[store->n_free++] = conn;
    pthread_cond_signal(&store->reader_free);
    pthread_mutex_unlock(&store->readers_lock);
}

enum lk_status store_read(struct store *store, store_fn *fn, void *ctx, struct lk_error *err)
{
    struct store_tx tx = {store->ops, borrow_reader(store)};
    enum lk_status status = store->ops->begin(tx.conn, false, err);
    if (status == LK_OK) {
        status = fn(&tx, ctx, err);
        store->ops->rollback(tx.conn);
    }
    return_reader(store, tx.conn);
    return status;
}

enum lk_status store_scrub(struct store *store, struct lk_error *err)
{
    pthread_mutex_lock(&store->queue_lock);
    while (store->leading)
        pthread_cond_wait(&store->queue_moved, &store->queue_lock);
    store->leading = true;
    pthread_mutex_unlock(&store->queue_lock);
    enum lk_status status = store->ops->scrub(store->writer, err);
    pthread_mutex_lock(&store->queue_lock);
    store->leading = false;
    pthread_cond_broadcast(&store->queue_moved);
    pthread_mutex_unlock(&store->queue_lock);
    return status;
}

struct store_stats store_stats(struct store *store)
{
    return (struct store_stats){
        .n_writes = atomic_load_explicit(&store->n_writes, memory_order_relaxed),
        .n_commits = atomic_load_explicit(&store->n_commits, memory_order_relaxed),
    };
}
