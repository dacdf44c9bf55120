#include "service/feeder.h"

#include "cases/feed.h"
#include "service/context.h"
#include "sys/pulse.h"

enum { LOOK_MS = REGISTRY_POLL_MS };

static void round_of(void *ctx, const atomic_bool *stop)
{
    struct service *service = ctx;
    uint64_t seen = registry_stats(service->registry).last_change;
    while (!atomic_load(stop)) {
        uint64_t last = registry_wait(service->registry, seen, LOOK_MS);
        if (last != seen)
            http_wake(service->http);
        seen = last;
    }
}

enum lk_status feeder_start(struct service *service, struct pulse **out, struct lk_error *err)
{
    const struct pulse_config config = {
        .what = "the feed", .every_ms = LOOK_MS, .round = round_of, .ctx = service};
    return pulse_start(&config, out, err);
}
