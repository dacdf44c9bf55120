#include "http/park.h"

#include "base/err.h"
#include "sys/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define RETRY_NS INT64_C(5000000) /* when the pool's queue is full */

struct park {
    struct pool *pool;
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t wake;
    struct parked *first;
    size_t n;
    _Atomic uint64_t generation;
    bool is_awake, stopping;
};

/* Takes out what may run now; *next_ns receives when to look again. */
static struct parked *take_due(struct park *p, int64_t now_ns, int64_t *next_ns)
{
    struct parked *due = NULL;
    for (struct parked **at = &p->first; *at != NULL;) {
        struct parked *one = *at;
        if (p->is_awake || p->stopping || one->until_ns <= now_ns) {
            *at = one->next;
            one->next = due;
            due = one;
            p->n--;
            continue;
        }
        if (one->until_ns < *next_ns)
            *next_ns = one->until_ns;
        at = &one->next;
    }
    p->is_awake = false;
    return due;
}

/* Those for which the pool has no room come back and are tried again soon. */
static struct parked *submit(struct park *p, struct parked *due)
{
    struct parked *left = NULL;
    while (due != NULL) {
        struct parked *one = due;
        struct lk_error full;
        due = one->next;
        if (pool_submit(p->pool, one->job, &full) == LK_OK)
            continue; /* it is no longer ours */
        one->next = left;
        left = one;
    }
    return left;
}

static void put_back(struct park *p, struct parked *left)
{
    while (left != NULL) {
        struct parked *one = left;
        left = one->next;
        one->until_ns = clock_monotonic_ns() + RETRY_NS;
        one->next = p->first;
        p->first = one;
        p->n++;
    }
}

static void *park_main(void *ctx)
{
    struct park *p = ctx;
    pthread_mutex_lock(&p->lock);
    while (!p->stopping || p->first != NULL) {
        int64_t next_ns = clock_monotonic_ns() + INT64_C(1000000000);
        struct parked *due = take_due(p, clock_monotonic_ns(), &next_ns);
        if (due != NULL) {
            pthread_mutex_unlock(&p->lock);
            due = submit(p, due);
            pthread_mutex_lock(&p->lock);
            put_back(p, due);
            if (due == NULL)
                continue;
            next_ns = clock_monotonic_ns() + RETRY_NS;
        }
        struct timespec until = {.tv_sec = next_ns / 1000000000, .tv_nsec = next_ns % 1000000000};
        if (!p->is_awake && (!p->stopping || due != NULL))
            pthread_cond_timedwait(&p->wake, &p->lock, &until);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

enum lk_status park_start(struct pool *pool, struct park **out, struct lk_error *err)
{
    struct park *p = calloc(1, sizeof *p);
    if (p == NULL)
        return FAIL(err, LK_NOMEM, "no memory for requests that wait");
    p->pool = pool;
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&p->wake, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&p->lock, NULL);
    if (pthread_create(&p->thread, NULL, park_main, p) != 0) {
        park_free(p);
        return FAIL(err, LK_INTERNAL, "no thread for requests that wait");
    }
    *out = p;
    return LK_OK;
}

void park_stop(struct park *p)
{
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_cond_signal(&p->wake);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
}

void park_free(struct park *p)
{
    if (p == NULL)
        return;
    pthread_cond_destroy(&p->wake);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

uint64_t park_generation(const struct park *p)
{
    return atomic_load(&p->generation);
}

bool park_put(struct park *p, struct parked *parked, uint64_t generation)
{
    pthread_mutex_lock(&p->lock);
    bool takes = !p->stopping;
    if (takes) {
        if (atomic_load(&p->generation) != generation)
            parked->until_ns = 0;
        parked->next = p->first;
        p->first = parked;
        p->n++;
        pthread_cond_signal(&p->wake); /* its time may be the next to end */
    }
    pthread_mutex_unlock(&p->lock);
    return takes;
}

void park_wake(struct park *p)
{
    pthread_mutex_lock(&p->lock);
    atomic_fetch_add(&p->generation, 1);
    p->is_awake = true;
    pthread_cond_signal(&p->wake);
    pthread_mutex_unlock(&p->lock);
}

size_t park_waiting(struct park *p)
{
    pthread_mutex_lock(&p->lock);
    size_t n = p->n;
    pthread_mutex_unlock(&p->lock);
    return n;
}
