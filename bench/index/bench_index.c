/* The benchmarks of the index: what docs/performance.md, section "Index", quotes.
 *
 *   bench_index photos DIR N TURNS SEED OUT
 *   bench_index static [--n N] [--prints FILE --held FILE] [--radii A,B] [--engines A,B]
 *                      [--single N] [--batch N] [--truth N] [--seconds S]
 *
 *   bench_index recall [--n N] [--engine NAME] [--radius BITS] [--queries N]
 *   bench_index live [--n N] [--seconds S]
 *
 * Exits 1 when any answer was wrong, doubled or missing. */
#include "engine.h"
#include "live_index.h"
#include "measure.h"
#include "photos.h"
#include "recall.h"
#include "static.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The value of --name, or `otherwise`. */
static const char *option(int argc, char **argv, const char *name, const char *otherwise)
{
    for (int i = 2; i + 1 < argc; i += 2)
        if (strncmp(argv[i], "--", 2) == 0 && strcmp(argv[i] + 2, name) == 0)
            return argv[i + 1];
    return otherwise;
}

static size_t number(int argc, char **argv, const char *name, const char *otherwise)
{
    return (size_t)strtod(option(argc, argv, name, otherwise), NULL);
}

/* Cuts a list at its commas. */
static size_t cut(char *text, const char *out[], size_t room)
{
    size_t n = 0;
    for (char *word = strtok(text, ","); word != NULL && n < room; word = strtok(NULL, ","))
        out[n++] = word;
    return n;
}

static void load(int argc, char **argv, const char **name, struct prints *base, struct prints *held)
{
    size_t n = number(argc, argv, "n", "1e6");
    const char *path = option(argc, argv, "prints", NULL);
    const char *held_path = option(argc, argv, "held", NULL);
    if ((path == NULL) != (held_path == NULL))
        die("--prints and --held come together");
    *name = path == NULL ? "uniform" : "of photographs";
    *base = path == NULL ? prints_uniform(n, 1) : prints_load(path, n);
    *held = held_path == NULL ? prints_uniform(200000, 77) : prints_load(held_path, SIZE_MAX);
}

static int run_static(int argc, char **argv)
{
    struct static_plan plan = {.n_single = number(argc, argv, "single", "20000"),
                               .n_batch = number(argc, argv, "batch", "65536"),
                               .n_truth = number(argc, argv, "truth", "1000"),
                               .seconds = (double)number(argc, argv, "seconds", "6")};
    char *engines = strdup(option(argc, argv, "engines", "ours"));
    char *radii = strdup(option(argc, argv, "radii", "31"));
    const char *radius[MAX_RADII];
    load(argc, argv, &plan.data_name, &plan.base, &plan.held);
    plan.n_engines = cut(engines, plan.engines, MAX_ENGINES);
    plan.n_radii = cut(radii, radius, MAX_RADII);
    for (size_t i = 0; i < plan.n_radii; i++)
        plan.radii[i] = (unsigned)strtoul(radius[i], NULL, 10);
    size_t n_bad = static_run(&plan);
    prints_fini(&plan.base);
    prints_fini(&plan.held);
    free(engines);
    free(radii);
    return n_bad > 0;
}

static int run_recall(int argc, char **argv)
{
    size_t n_queries = number(argc, argv, "queries", "20000");
    struct prints base = prints_uniform(number(argc, argv, "n", "1e6"), 1);
    struct prints held = prints_uniform(n_queries / 2, 77);
    size_t n_bad = recall_run(base, held, option(argc, argv, "engine", "lean"),
                              (unsigned)number(argc, argv, "radius", "40"), n_queries);
    prints_fini(&base);
    prints_fini(&held);
    return n_bad > 0;
}

static int run_live(int argc, char **argv)
{
    const double per_second = 50000;
    struct live_plan plan = {.ops = &live_index,
                             .live = live_index_new(),
                             .base = prints_uniform(number(argc, argv, "n", "1e6"), 1),
                             .per_second = per_second,
                             .seconds = (double)number(argc, argv, "seconds", "10")};
    plan.extra = prints_uniform((size_t)(per_second * (plan.seconds + 1)), 2);
    plan.n_removed = plan.base.n / 10;
    size_t n_bad = live_run(&plan);
    live_index_free(plan.live);
    prints_fini(&plan.base);
    prints_fini(&plan.extra);
    return n_bad > 0;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "photos") == 0 && argc == 7) {
        photos_write(argv[2], (size_t)strtod(argv[3], NULL), (unsigned)strtoul(argv[4], NULL, 10),
                     strtoull(argv[5], NULL, 10), argv[6]);
        return 0;
    }
    if (strcmp(what, "static") == 0)
        return run_static(argc, argv);
    if (strcmp(what, "live") == 0)
        return run_live(argc, argv);
    if (strcmp(what, "recall") == 0)
        return run_recall(argc, argv);
    fprintf(stderr, "usage: see the head of bench/index/bench_index.c\n");
    return 2;
}
