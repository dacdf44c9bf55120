#include "../cmocka_all.h"

#include "sys/pulse.h"

#include <pthread.h>
#include <stdbool.h>

enum { AN_HOUR_MS = 3600 * 1000 };

struct counting {
    pthread_mutex_t lock;
    pthread_cond_t more;
    unsigned n;
    bool until_stopped; /* a round lasts until it is told to end */
};

static void count(void *ctx, const atomic_bool *stop)
{
    struct counting *c = ctx;
    pthread_mutex_lock(&c->lock);
    c->n++;
    pthread_cond_signal(&c->more);
    pthread_mutex_unlock(&c->lock);
    while (c->until_stopped && !atomic_load(stop))
        continue;
}

/* Starts a pulse, waits for that many rounds and ends it. */
static unsigned rounds(unsigned every_ms, unsigned n, bool until_stopped)
{
    struct counting c = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, until_stopped};
    const struct pulse_config config = {"a count", every_ms, count, &c};
    struct pulse *pulse = NULL;
    assert_int_equal(pulse_start(&config, &pulse, NULL), LK_OK);
    pthread_mutex_lock(&c.lock);
    while (c.n < n)
        pthread_cond_wait(&c.more, &c.lock);
    pthread_mutex_unlock(&c.lock);
    pulse_stop(pulse);
    return c.n;
}

static void the_first_round_is_at_once_and_a_wait_ends_when_it_is_told(void **state)
{
    (void)state;
    assert_int_equal(rounds(AN_HOUR_MS, 1, false), 1);
}

static void rounds_come_again_and_again(void **state)
{
    (void)state;
    assert_true(rounds(1, 5, false) >= 5);
}

static void a_round_under_way_is_told_to_end(void **state)
{
    (void)state;
    assert_int_equal(rounds(1, 1, true), 1);
}

static void to_stop_none_is_fine(void **state)
{
    (void)state;
    pulse_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_round_is_at_once_and_a_wait_ends_when_it_is_told),
        cmocka_unit_test(rounds_come_again_and_again),
        cmocka_unit_test(a_round_under_way_is_told_to_end),
        cmocka_unit_test(to_stop_none_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
