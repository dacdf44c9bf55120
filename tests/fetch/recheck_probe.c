/* Notices about the addresses given, two rounds of looks a week apart, and what is known then.
 * usage: recheck_probe ADDRESS:PORT REMOVED URL...
 * The address is allowed; the notice of number REMOVED is said to be removed. */
#include "../unit/recheck_kit.h"

#include "service/rechecker.h"

#include <stdio.h>
#include <stdlib.h>

static void run_round(struct recheck_kit *t, const struct rechecker_config *config)
{
    struct rechecker_counts counts;
    struct lk_error err;
    enum lk_status status = rechecker_round(config, &counts, &err);
    if (status != LK_OK)
        fail_msg("%s", err.text);
    printf("round up %zu gone %zu unclear %zu\n", counts.n[RECHECK_UP], counts.n[RECHECK_GONE],
           counts.n[RECHECK_UNCLEAR]);
    t->kit.now_ms += 60 * RECHECK_ROUND_S * 1000;
}

int main(int argc, char **argv)
{
    static struct recheck_kit t;
    struct recheck_view *views;
    size_t n = 0;
    if (argc < 4)
        return 1;
    const struct log log = {.fd = 2};
    const char *const allow[] = {argv[1]};
    recheck_kit_init(&t, (const char *const *)argv + 3, (size_t)argc - 3);
    const struct rechecker_config config = {
        .registry = t.kit.r,
        .fetch = {.allow = allow, .n_allow = 1},
        .log = &log,
        .every_ms = 7 * CLOCK_DAY_MS,
    };
    if (atoi(argv[2]) > 0)
        assert_int_equal(notice_mark(t.kit.r, t.id, (unsigned)atoi(argv[2]), NOTICE_REMOVED, NULL),
                         LK_OK);
    for (int i = 3; i < argc; i++)
        run_round(&t, &config); /* one host: one address a round */
    t.kit.now_ms += 9 * CLOCK_DAY_MS;
    for (int i = 3; i < argc; i++)
        run_round(&t, &config);
    assert_int_equal(recheck_of_case(t.kit.r, t.id, &t.arena, &views, &n, NULL), LK_OK);
    for (size_t i = 0; i < n; i++)
        printf("%u %s %u\n", views[i].number, recheck_result_name(views[i].result),
               views[i].status);
    printf("back %lld\n",
           (long long)kit_sql(t.kit.store, "SELECT count(*) FROM notice WHERE state = 7"));
    recheck_kit_fini(&t);
    return 0;
}
