#include "sys/pulse.h"

#include "base/err.h"
#include "sys/clock.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

struct pulse {
    struct pulse_config config;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_bool stop; /* also written under lock, for the wait */
};

static void wait_for_next(struct pulse *p)
{
    int64_t until_ns = clock_monotonic_ns() + (int64_t)p->config.every_ms * 1000000;
    struct timespec until = {.tv_sec = until_ns / 1000000000, .tv_nsec = until_ns % 1000000000};
    pthread_mutex_lock(&p->lock);
    while (!atomic_load(&p->stop) && pthread_cond_timedwait(&p->wake, &p->lock, &until) == 0)
        continue;
    pthread_mutex_unlock(&p->lock);
}

static void *pulse_main(void *ctx)
{
    struct pulse *p = ctx;
    while (!atomic_load(&p->stop)) {
        p->config.round(p->config.ctx, &p->stop);
        wait_for_next(p);
    }
    return NULL;
}

static void free_pulse(struct pulse *p)
{
    pthread_cond_destroy(&p->wake);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

enum lk_status pulse_start(const struct pulse_config *config, struct pulse **out,
                           struct lk_error *err)
{
    struct pulse *p = calloc(1, sizeof *p);
    if (p == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %s", config->what);
    p->config = *config;
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&p->wake, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&p->lock, NULL);
    if (pthread_create(&p->thread, NULL, pulse_main, p) != 0) {
        free_pulse(p);
        return FAIL(err, LK_INTERNAL, "%s cannot start a thread", config->what);
    }
    *out = p;
    return LK_OK;
}

void pulse_stop(struct pulse *p)
{
    if (p == NULL)
        return;
    pthread_mutex_lock(&p->lock);
    atomic_store(&p->stop, true);
    pthread_cond_signal(&p->wake);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
    free_pulse(p);
}
