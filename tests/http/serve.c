/* The service with settings that a test chooses: short deadlines, small limits, cheap Argon2.
 *
 * usage: serve DIR [NAME=NUMBER]...
 *        serve DIR revoke PARTNER      beside a running one, as another process would
 *        serve DIR letter PARTNER      likewise: opens a case with two addresses and writes to that
 *                                      partner about them; prints the case's code
 * Adds the partners acme and other, prints "key NAME KEY" for each, then
 * "listening on http://127.0.0.1:PORT". */
#include "../store/letter_kit.h"
#include "cases/partner.h"
#include "service/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const partners[] = {"acme", "other", "helpline"};

static void ready(void *ctx, const char *host, uint16_t port)
{
    (void)ctx;
    printf("listening on http://%s:%u\n", host, port);
    fflush(stdout);
}

/* To a receiver on this machine. */
static void allow_webhooks(struct service_config *c, unsigned long port)
{
    static char address[32];
    static const char *const allow[] = {address};
    snprintf(address, sizeof address, "127.0.0.1:%lu", port);
    c->webhooks = (struct fetch_config){.allow = allow, .n_allow = 1};
}

static void name_snapshots(struct service_config *c, unsigned long port)
{
    static char url[48];
    snprintf(url, sizeof url, "http://127.0.0.1:%lu", port);
    c->snapshots = url;
}

static bool set(struct service_config *c, const char *name, unsigned long n)
{
    const struct {
        const char *name;
        unsigned *place;
    } numbers[] = {
        {"head_ms", &c->http.head_ms},
        {"body_ms", &c->http.body_ms},
        {"idle_ms", &c->http.idle_ms},
        {"drain_ms", &c->http.drain_ms},
        {"tick_ms", &c->http.tick_ms},
        {"min_bytes_per_s", &c->http.min_bytes_per_s},
        {"connections_max", &c->http.connections_max},
        {"per_address_max", &c->http.per_address_max},
        {"n_workers", &c->http.n_workers},
        {"queue_max", &c->http.queue_max},
        {"case_burst", &c->limits.by[LIMIT_CASE_OPEN].burst},
        {"code_burst", &c->limits.by[LIMIT_CODE_TRY].burst},
        {"key_burst", &c->limits.by[LIMIT_KEY_TRY].burst},
        {"key_per_minute", &c->limits.by[LIMIT_KEY_TRY].per_minute},
        {"api_burst", &c->limits.by[LIMIT_API_CALL].burst},
        {"api_per_minute", &c->limits.by[LIMIT_API_CALL].per_minute},
        {"argon_at_once", &c->limits.argon_at_once},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (strcmp(name, numbers[i].name) == 0) {
            *numbers[i].place = (unsigned)n;
            return true;
        }
    if (strcmp(name, "argon_ops") == 0)
        c->registry.argon_ops = n;
    else if (strcmp(name, "memory_max") == 0)
        c->http.memory_max = n;
    else if (strcmp(name, "authorised_under_18") == 0)
        c->is_authorised_under_18 = n != 0;
    else if (strcmp(name, "trusted_proxy") == 0)
        c->http.trusted_proxy = n != 0;
    else if (strcmp(name, "debug") == 0)
        c->log.level = n != 0 ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO;
    else if (strcmp(name, "webhook_port") == 0)
        allow_webhooks(c, n);
    else if (strcmp(name, "snapshot_port") == 0)
        name_snapshots(c, n);
    else if (strcmp(name, "both_families") == 0)
        c->http.host = n != 0 ? "::" : c->http.host;
    else
        return false;
    return true;
}

static enum lk_status add_partners(const struct registry_config *config, struct lk_error *err)
{
    struct registry *r;
    enum lk_status status = registry_open(config, &r, err);
    if (status != LK_OK)
        return status;
    for (size_t i = 0; i < sizeof partners / sizeof partners[0] && status == LK_OK; i++) {
        char key[PARTNER_KEY_CHARS + 1];
        struct partner partner;
        status =
            partner_add(r, partners[i],
                        strcmp(partners[i], "helpline") == 0 ? PARTNER_HELPLINE : PARTNER_PLATFORM,
                        key, &partner, err);
        if (status == LK_OK)
            printf("key %s %s\n", partners[i], key);
    }
    registry_close(r);
    return status == LK_CONFLICT ? LK_OK : status; /* a directory used before */
}

static enum lk_status revoke(const struct registry_config *config, const char *name,
                             struct lk_error *err)
{
    struct registry *r;
    enum lk_status status = registry_open(config, &r, err);
    if (status != LK_OK)
        return status;
    status = partner_revoke(r, name, err);
    registry_close(r);
    return status;
}

static enum lk_status letter(struct registry_config *config, const char *partner,
                             struct lk_error *err)
{
    static const char *const urls[] = {"https://video.example/p/1", "https://video.example/p/2"};
    struct registry *r;
    struct case_opened opened;
    char id[DESK_CASE_CHARS + 1];
    config->sender = letter_kit_sender();
    enum lk_status status = registry_open(config, &r, err);
    if (status != LK_OK)
        return status;
    status = letter_kit_case(r, urls, 2, &opened, id, err);
    if (status == LK_OK)
        status = letter_kit_send(r, id, partner, 2, NULL, err);
    if (status == LK_OK)
        printf("%s\n", opened.code);
    registry_close(r);
    return status;
}

int main(int argc, char **argv)
{
    char store[4096];
    if (argc < 2)
        return 2;
    snprintf(store, sizeof store, "%s/likeness.db", argv[1]);
    struct service_config config = service_config_standard();
    config.http.host = "127.0.0.1";
    config.registry.store_url = store;
    config.registry.argon_ops = 1;
    config.registry.argon_bytes = 8 << 20;
    config.security_contact = "mailto:security@example.org";
    config.on_ready = ready;
    struct lk_error err = {0};
    if (argc == 4 && strcmp(argv[2], "revoke") == 0)
        return lk_status_exit(revoke(&config.registry, argv[3], &err));
    if (argc == 4 && strcmp(argv[2], "letter") == 0)
        return lk_status_exit(letter(&config.registry, argv[3], &err));
    for (int i = 2; i < argc; i++) {
        char *equal = strchr(argv[i], '=');
        if (equal == NULL)
            return 2;
        *equal = '\0';
        if (!set(&config, argv[i], strtoul(equal + 1, NULL, 10)))
            return 2;
    }
    enum lk_status status = add_partners(&config.registry, &err);
    if (status == LK_OK)
        status = service_run(&config, &err);
    if (status != LK_OK)
        fprintf(stderr, "serve: %s\n", err.text);
    return lk_status_exit(status);
}
