/* bench/index/measure.h - clocks, percentiles, memory and random numbers of the benchmarks. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <likeness/status.h>
#include <stddef.h>
#include <stdint.h>

double wall_seconds(void);
double cpu_seconds(void);        /* of the process, all threads */
double thread_cpu_seconds(void); /* of the calling thread */

/* splitmix64: any start is a good seed. */
uint64_t random_next(uint64_t *state);

/* Times of single calls, in seconds. */
struct samples {
    double *p;
    size_t n, room;
};
void samples_put(struct samples *s, double seconds);
/* The value below which this share (0..1) of the samples lies; sorts. n > 0. */
double samples_at(struct samples *s, double share);
void samples_fini(struct samples *s);

uint64_t resident_bytes(void);  /* anonymous memory of the process */
double load_average(void);      /* of the last minute: what else ran */
size_t peak_resident_mib(void); /* the most it ever was, files included */

/* What the cost model is made of, on this machine at this moment: nanoseconds a random 64-byte
 * line costs one thread that asks ahead, and bytes a second read in order. About a second. */
struct memory_speed {
    double line_ns, stream_bytes_per_s;
};
struct memory_speed memory_speed(void);

/* Ends the program with the reason. */
_Noreturn void die(const char *format, ...) LK_PRINTF(1, 2);
void must(enum lk_status status, const struct lk_error *err);
void *must_alloc(size_t n, size_t size); /* zeroed */

#endif
