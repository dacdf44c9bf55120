/* A list under one mutex; the deadlines are atomic, so that moving one takes no lock. */
#include "reaper.h"

#include "base/err.h"
#include "sys/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

struct reaper_conn {
    struct reaper_conn *prev, *next;
    int fd;
    atomic_bool mid_body;
    _Atomic int64_t deadline_ns;
};

struct reaper {
    pthread_t thread;
    pthread_mutex_t lock; /* guards the list and `stopping` */
    pthread_cond_t wake;
    struct reaper_conn head; /* of the ring */
    unsigned tick_ms;
    bool stopping;
};

static const char timeout_answer[] =
    "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

static void reap(struct reaper_conn *conn, int64_t now_ns)
{
    if (atomic_load(&conn->deadline_ns) > now_ns)
        return;
    if (atomic_load(&conn->mid_body))
        (void)!send(conn->fd, timeout_answer, sizeof timeout_answer - 1,
                    MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(conn->fd, SHUT_RDWR);
    atomic_store(&conn->deadline_ns, REAPER_NEVER);
}

static void *reaper_main(void *ctx)
{
    struct reaper *r = ctx;
    pthread_mutex_lock(&r->lock);
    while (!r->stopping) {
        int64_t now_ns = clock_monotonic_ns();
        for (struct reaper_conn *c = r->head.next; c != &r->head; c = c->next)
            reap(c, now_ns);
        int64_t until_ns = now_ns + (int64_t)r->tick_ms * 1000000;
        struct timespec until = {.tv_sec = until_ns / 1000000000, .tv_nsec = until_ns % 1000000000};
        pthread_cond_timedwait(&r->wake, &r->lock, &until);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

enum lk_status reaper_start(unsigned tick_ms, struct reaper **out, struct lk_error *err)
{
    struct reaper *r = calloc(1, sizeof *r);
    if (r == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the connection reaper");
    r->tick_ms = tick_ms;
    r->head.prev = r->head.next = &r->head;
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&r->wake, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&r->lock, NULL);
    if (pthread_create(&r->thread, NULL, reaper_main, r) != 0) {
        free(r);
        return FAIL(err, LK_INTERNAL, "the connection reaper cannot start a thread");
    }
    *out = r;
    return LK_OK;
}

void reaper_stop(struct reaper *r)
{
    if (r == NULL)
        return;
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    pthread_cond_destroy(&r->wake);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

struct reaper_conn *reaper_add(struct reaper *r, int fd, int64_t deadline_ns)
{
    struct reaper_conn *conn = calloc(1, sizeof *conn);
    if (conn == NULL)
        return NULL;
    conn->fd = fd;
    atomic_init(&conn->deadline_ns, deadline_ns);
    pthread_mutex_lock(&r->lock);
    conn->next = r->head.next;
    conn->prev = &r->head;
    conn->next->prev = r->head.next = conn;
    pthread_mutex_unlock(&r->lock);
    return conn;
}

void reaper_remove(struct reaper *r, struct reaper_conn *conn)
{
    if (conn == NULL)
        return;
    pthread_mutex_lock(&r->lock);
    conn->prev->next = conn->next;
    conn->next->prev = conn->prev;
    pthread_mutex_unlock(&r->lock);
    free(conn);
}

void reaper_set(struct reaper_conn *conn, int64_t deadline_ns, bool mid_body)
{
    if (conn == NULL)
        return;
    atomic_store(&conn->mid_body, mid_body);
    atomic_store(&conn->deadline_ns, deadline_ns);
}
