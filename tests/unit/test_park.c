/* Requests that wait for something to happen. */
#include "../cmocka_all.h"

#include "http/park.h"
#include "sys/clock.h"

#include <stdatomic.h>
#include <stddef.h>
#include <time.h>

#define LONG_NS INT64_C(3600000000000)

struct waiter {
    struct pool_job job;
    struct parked parked;
    atomic_int n_runs;
};

static void run(struct pool_job *job)
{
    struct waiter *w = (struct waiter *)(void *)((char *)job - offsetof(struct waiter, job));
    atomic_fetch_add(&w->n_runs, 1);
}

struct place {
    struct pool *pool;
    struct park *park;
};

static void open_place(struct place *p, unsigned queue_max)
{
    assert_int_equal(pool_start(2, queue_max, &p->pool, NULL), LK_OK);
    assert_int_equal(park_start(p->pool, &p->park, NULL), LK_OK);
}

static void close_place(struct place *p)
{
    park_stop(p->park);
    pool_stop(p->pool);
    park_free(p->park);
    pool_free(p->pool);
}

static bool put(struct place *p, struct waiter *w, int64_t for_ns, uint64_t generation)
{
    w->job.run = run;
    w->parked.job = &w->job;
    w->parked.until_ns = clock_monotonic_ns() + for_ns;
    return park_put(p->park, &w->parked, generation);
}

static void wait_for(const struct waiter *w, int n)
{
    while (atomic_load(&w->n_runs) < n)
        nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
}

static void whoever_waits_runs_when_something_happens(void **state)
{
    (void)state;
    struct place p;
    struct waiter w[3] = {0};
    open_place(&p, 8);
    for (int i = 0; i < 3; i++)
        assert_true(put(&p, &w[i], LONG_NS, park_generation(p.park)));
    assert_int_equal(park_waiting(p.park), 3);
    park_wake(p.park);
    for (int i = 0; i < 3; i++)
        wait_for(&w[i], 1);
    assert_int_equal(park_waiting(p.park), 0);
    close_place(&p);
    for (int i = 0; i < 3; i++)
        assert_int_equal(atomic_load(&w[i].n_runs), 1);
}

static void whoever_waits_runs_when_the_time_is_over(void **state)
{
    (void)state;
    struct place p;
    struct waiter brief = {0}, other = {0};
    open_place(&p, 8);
    assert_true(put(&p, &other, LONG_NS, park_generation(p.park)));
    assert_true(put(&p, &brief, 1000000, park_generation(p.park)));
    wait_for(&brief, 1);
    assert_int_equal(atomic_load(&other.n_runs), 0);
    close_place(&p);
    assert_int_equal(atomic_load(&other.n_runs), 1);
}

static void what_happens_between_looking_and_waiting_is_not_missed(void **state)
{
    (void)state;
    struct place p;
    struct waiter w = {0};
    open_place(&p, 8);
    uint64_t before = park_generation(p.park);
    park_wake(p.park);
    assert_true(put(&p, &w, LONG_NS, before));
    wait_for(&w, 1);
    close_place(&p);
}

static void more_than_the_pool_takes_at_once_run_all_the_same(void **state)
{
    (void)state;
    struct place p;
    struct waiter w[40] = {0};
    open_place(&p, 1);
    for (int i = 0; i < 40; i++)
        assert_true(put(&p, &w[i], LONG_NS, park_generation(p.park)));
    park_wake(p.park);
    for (int i = 0; i < 40; i++)
        wait_for(&w[i], 1);
    close_place(&p);
}

static void nobody_waits_after_the_end(void **state)
{
    (void)state;
    struct place p;
    struct waiter w = {0};
    open_place(&p, 8);
    park_stop(p.park);
    assert_false(put(&p, &w, LONG_NS, park_generation(p.park)));
    pool_stop(p.pool);
    park_free(p.park);
    pool_free(p.pool);
    assert_int_equal(atomic_load(&w.n_runs), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_waits_runs_when_something_happens),
        cmocka_unit_test(whoever_waits_runs_when_the_time_is_over),
        cmocka_unit_test(what_happens_between_looking_and_waiting_is_not_missed),
        cmocka_unit_test(more_than_the_pool_takes_at_once_run_all_the_same),
        cmocka_unit_test(nobody_waits_after_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
