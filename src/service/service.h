/* service/service.h - the whole service: pages, API, and the registry behind them, in one process.
 */
#ifndef SERVICE_SERVICE_H
#define SERVICE_SERVICE_H

#include "cases/registry.h"
#include "http/http.h"
#include "service/limits.h"
#include "sys/fetch.h"
#include "sys/log.h"
#include "sys/mail.h"

struct service_config {
    struct http_config http;
    struct registry_config registry;
    struct limits_config limits;
    struct log log;
    struct mail_server mail;      /* url NULL: no mails */
    const char *letters_from;     /* whom the desk's letters come from; NULL: none go by mail */
    const char *bounce_address;   /* where letters come back to, name@domain; NULL: letters_from */
    unsigned mail_every_s;        /* how often it is looked for mails that are due */
    unsigned recheck_hours;       /* between two looks at an address of a notice; 0: none */
    bool looks_at_watches;        /* at the pages that cases watch, when they are due */
    struct fetch_config fetch;    /* how such looks are made */
    struct fetch_config webhooks; /* whereto webhooks may go */
    const char *snapshots;        /* where files of `partner snapshot` can be had; NULL: nowhere */
    const char *ledger_name;      /* of the log that checkpoints bear; NULL: the one before */
    const char *site_name;        /* on every page; neutral */
    const char *operator_name;    /* who runs it, as people read it; NULL: not said */
    const char *operator_contact; /* a mailto:, tel: or https: address; NULL: none */
    const char *languages;        /* codes of catalogues, apart by spaces or commas; NULL: all */
    const char *icon;             /* the text of an SVG; NULL: our own */
    size_t n_icon;
    const char *leave_url;        /* where the exit leads */
    bool is_authorised_under_18;  /* the operator may lawfully hold prints of material under 18 */
    const char *security_contact; /* a mailto: or https: address for security.txt; NULL: none */
    /* Called once, when requests are answered: with the port, which may have been 0. May be NULL.
     */
    void (*on_ready)(void *ctx, const char *host, uint16_t port);
    void *on_ready_ctx;
};

/* Sensible values for all but the addresses and paths: set http.host, http.port, registry.store_url
 * and, if wanted, registry.key_path. */
struct service_config service_config_standard(void);

/* Opens the registry, serves until SIGINT or SIGTERM, then lets requests in flight finish and
 * closes. Call it from the main thread, before others are started. Prints nothing.
 * Errors: those of registry_open() and http_start(). */
enum lk_status service_run(const struct service_config *config, struct lk_error *err) LK_MUST_CHECK;

#endif
