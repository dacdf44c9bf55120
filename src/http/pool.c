#include "pool.h"

#include "base/err.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct pool {
    pthread_mutex_t lock; /* guards all below but the threads */
    pthread_cond_t work;
    struct pool_job *first, **last;
    size_t n_waiting, queue_max;
    bool stopping;
    unsigned n_threads;
    pthread_t threads[];
};

static void *worker(void *ctx)
{
    struct pool *p = ctx;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (p->first == NULL && !p->stopping)
            pthread_cond_wait(&p->work, &p->lock);
        struct pool_job *job = p->first;
        if (job == NULL)
            break;
        p->first = job->next;
        if (p->first == NULL)
            p->last = &p->first;
        p->n_waiting--;
        pthread_mutex_unlock(&p->lock);
        job->run(job);
        pthread_mutex_lock(&p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

enum lk_status pool_start(unsigned n_threads, size_t queue_max, struct pool **out,
                          struct lk_error *err)
{
    struct pool *p = calloc(1, sizeof *p + n_threads * sizeof p->threads[0]);
    if (p == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %u workers", n_threads);
    p->last = &p->first;
    p->queue_max = queue_max;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    for (; p->n_threads < n_threads; p->n_threads++)
        if (pthread_create(&p->threads[p->n_threads], NULL, worker, p) != 0) {
            unsigned started = p->n_threads;
            pool_stop(p);
            pool_free(p);
            return FAIL(err, LK_INTERNAL, "only %u of %u workers could be started", started,
                        n_threads);
        }
    *out = p;
    return LK_OK;
}

void pool_stop(struct pool *p)
{
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->n_threads; i++)
        pthread_join(p->threads[i], NULL);
    p->n_threads = 0;
}

void pool_free(struct pool *p)
{
    if (p == NULL)
        return;
    pthread_cond_destroy(&p->work);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

enum lk_status pool_submit(struct pool *p, struct pool_job *job, struct lk_error *err)
{
    pthread_mutex_lock(&p->lock);
    bool full = p->n_waiting >= p->queue_max || p->stopping;
    if (!full) {
        job->next = NULL;
        *p->last = job;
        p->last = &job->next;
        p->n_waiting++;
        pthread_cond_signal(&p->work);
    }
    pthread_mutex_unlock(&p->lock);
    return full ? FAIL(err, LK_BUSY, "%zu requests wait already; try again in a moment",
                       p->queue_max)
                : LK_OK;
}

size_t pool_waiting(struct pool *p)
{
    pthread_mutex_lock(&p->lock);
    size_t n = p->n_waiting;
    pthread_mutex_unlock(&p->lock);
    return n;
}
