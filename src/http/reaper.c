/* A list under one mutex; the deadlines are atomic, so that moving one takes no lock. */
#include "reaper.h"

#include "base/err.h"
#include "sys/clock.h"
#include "sys/pulse.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>

struct reaper_conn {
    struct reaper_conn *prev, *next;
    int fd;
    atomic_bool mid_body;
    _Atomic int64_t deadline_ns;
};

struct reaper {
    struct pulse *pulse;
    pthread_mutex_t lock;    /* guards the list */
    struct reaper_conn head; /* of the ring */
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

static void reap_all(void *ctx, const atomic_bool *stop)
{
    struct reaper *r = ctx;
    int64_t now_ns = clock_monotonic_ns();
    (void)stop;
    pthread_mutex_lock(&r->lock);
    for (struct reaper_conn *c = r->head.next; c != &r->head; c = c->next)
        reap(c, now_ns);
    pthread_mutex_unlock(&r->lock);
}

enum lk_status reaper_start(unsigned tick_ms, struct reaper **out, struct lk_error *err)
{
    struct reaper *r = calloc(1, sizeof *r);
    if (r == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the connection reaper");
    r->head.prev = r->head.next = &r->head;
    pthread_mutex_init(&r->lock, NULL);
    const struct pulse_config pulse = {
        .what = "the connection reaper", .every_ms = tick_ms, .round = reap_all, .ctx = r};
    enum lk_status status = pulse_start(&pulse, &r->pulse, err);
    if (status != LK_OK) {
        pthread_mutex_destroy(&r->lock);
        free(r);
        return status;
    }
    *out = r;
    return LK_OK;
}

void reaper_stop(struct reaper *r)
{
    if (r == NULL)
        return;
    pulse_stop(r->pulse);
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
