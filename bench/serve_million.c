/* A service over a bank of N random prints, for bench_match.sh and node/bench_node.py.
 *
 * usage: serve_million DIR [N]
 * Prints "seeded N SECONDS", "key KEY" and "listening PORT". */
#include "base/err.h"
#include "cases/partner.h"
#include "service/service.h"
#include "sys/clock.h"
#include "sys/rand.h"

#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 10000 };

static void ready(void *ctx, const char *host, uint16_t port)
{
    (void)ctx, (void)host;
    printf("listening %u\n", port);
    fflush(stdout);
}

static enum lk_status seed(struct registry *r, size_t n, struct lk_error *err)
{
    struct lk_record *records = calloc(BATCH, sizeof *records);
    struct lk_sequence *sequences = calloc(BATCH, sizeof *sequences);
    enum lk_status status = records == NULL || sequences == NULL ? LK_NOMEM : LK_OK;
    for (size_t done = 0; done < n && status == LK_OK; done += BATCH) {
        size_t batch = n - done < BATCH ? n - done : BATCH, imported;
        for (size_t i = 0; i < batch; i++) {
            records[i] = (struct lk_record){.frame = {128, 128, 255, 0},
                                            .kind = LK_WHOLE,
                                            .front_end = LK_FULLRES,
                                            .quality = 100};
            sequences[i] =
                (struct lk_sequence){.medium = LK_IMAGE, .records = &records[i], .n_records = 1};
            do
                rand_bytes(&records[i].print, sizeof records[i].print);
            while (registry_refusal(&sequences[i], NULL) != LK_OK);
        }
        status = registry_import(r, sequences, batch, &imported, err);
    }
    free(records);
    free(sequences);
    return status;
}

static enum lk_status prepare(const struct registry_config *config, size_t n, struct lk_error *err)
{
    struct registry *r;
    struct partner partner;
    char key[PARTNER_KEY_CHARS + 1];
    TRY(registry_open(config, &r, err));
    int64_t start_ns = clock_monotonic_ns();
    enum lk_status status = seed(r, n, err);
    if (status == LK_OK)
        status = partner_add(r, "bench", PARTNER_PLATFORM, key, &partner, err);
    if (status == LK_OK)
        printf("seeded %zu %.1f\nkey %s\n", n, (double)(clock_monotonic_ns() - start_ns) / 1e9,
               key);
    registry_close(r);
    return status;
}

int main(int argc, char **argv)
{
    char store[4096];
    struct lk_error err = {0};
    if (argc < 2)
        return 2;
    snprintf(store, sizeof store, "%s/likeness.db", argv[1]);
    struct service_config config = service_config_standard();
    config.http.host = "127.0.0.1";
    config.registry.store_url = store;
    for (unsigned limit = 0; limit < N_LIMITS; limit++)
        config.limits.by[limit].per_minute = 0; /* measured is the work, not the limit */
    config.on_ready = ready;
    enum lk_status status =
        prepare(&config.registry, argc > 2 ? strtoul(argv[2], NULL, 10) : 1000000, &err);
    if (status == LK_OK)
        status = service_run(&config, &err);
    if (status != LK_OK)
        fprintf(stderr, "serve_million: %s\n", err.text);
    return lk_status_exit(status);
}
