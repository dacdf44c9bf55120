/* Measuring, for the benchmarks alone: whatever fails ends the program. */
#include "measure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

static double seconds_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double wall_seconds(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

double cpu_seconds(void)
{
    return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

double thread_cpu_seconds(void)
{
    return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}

uint64_t random_next(uint64_t *state)
{
    uint64_t x = (*state += 0x9e3779b97f4a7c15u);
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

void samples_put(struct samples *s, double seconds)
{
    if (s->n == s->room) {
        s->room = s->room ? 2 * s->room : 1024;
        s->p = realloc(s->p, s->room * sizeof *s->p);
        if (s->p == NULL)
            die("no memory for %zu samples", s->room);
    }
    s->p[s->n++] = seconds;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double samples_at(struct samples *s, double share)
{
    qsort(s->p, s->n, sizeof *s->p, by_size);
    size_t at = (size_t)(share * (double)s->n);
    return s->p[at < s->n ? at : s->n - 1];
}

void samples_fini(struct samples *s)
{
    free(s->p);
    *s = (struct samples){0};
}

uint64_t resident_bytes(void)
{
    char line[256];
    unsigned long long kib = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (sscanf(line, "RssAnon: %llu", &kib) == 1)
            break;
    if (f != NULL)
        fclose(f);
    return kib * 1024;
}

size_t peak_resident_mib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (size_t)usage.ru_maxrss / 1024;
}

double load_average(void)
{
    double load[1] = {0};
    return getloadavg(load, 1) == 1 ? load[0] : 0;
}

struct memory_speed memory_speed(void)
{
    enum { LINE = 64, AHEAD = 48 };
    const size_t bytes = (size_t)512 << 20, n_reads = 4000000;
    uint32_t *order = must_alloc(n_reads + AHEAD, sizeof *order);
    char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        die("no memory to measure memory with");
    madvise(p, bytes, MADV_HUGEPAGE);
    memset(p, 1, bytes);
    uint64_t state = 1, sum = 0;
    for (size_t i = 0; i < n_reads + AHEAD; i++)
        order[i] = (uint32_t)(random_next(&state) % (bytes / LINE));
    double start = wall_seconds();
    for (size_t i = 0; i < n_reads; i++) {
        __builtin_prefetch(p + (size_t)order[i + AHEAD] * LINE);
        sum += (unsigned char)p[(size_t)order[i] * LINE];
    }
    double random = wall_seconds() - start;
    start = wall_seconds();
    for (size_t i = 0; i < bytes / sizeof(uint64_t); i++)
        sum += ((const uint64_t *)(const void *)p)[i];
    double stream = wall_seconds() - start;
    munmap(p, bytes);
    free(order);
    if (sum == 0)
        die("memory holds nothing");
    return (struct memory_speed){random / (double)n_reads * 1e9, (double)bytes / stream};
}

void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

void must(enum lk_status status, const struct lk_error *err)
{
    if (status != LK_OK)
        die("%s", err->text);
}

void *must_alloc(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);
    if (p == NULL)
        die("no memory for %zu of %zu bytes", n, size);
    return p;
}
