#include "auth.h"

#include "base/err.h"
#include "cases/partner.h"
#include "exchange/threat_updates.h"
#include "service/context.h"
#include "service/route.h"
#include "sys/clock.h"
#include "sys/seal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LIFE_NS INT64_C(2000000000)
enum { N_PLACES = 256 };

struct place {
    uint8_t hash[32];
    int64_t until_ns;
    struct partner partner;
};

struct auth {
    pthread_mutex_t lock;
    struct place places[N_PLACES]; /* by the first byte of the hash */
};

enum lk_status auth_new(struct auth **out, struct lk_error *err)
{
    struct auth *a = calloc(1, sizeof *a);
    if (a == NULL)
        return FAIL(err, LK_NOMEM, "no memory for partners' logins");
    pthread_mutex_init(&a->lock, NULL);
    *out = a;
    return LK_OK;
}

void auth_free(struct auth *a)
{
    if (a == NULL)
        return;
    pthread_mutex_destroy(&a->lock);
    free(a);
}

static bool recall(struct auth *a, const uint8_t hash[32], struct partner *out)
{
    struct place *place = &a->places[hash[0]];
    pthread_mutex_lock(&a->lock);
    bool known = place->until_ns > clock_monotonic_ns() && memcmp(place->hash, hash, 32) == 0;
    if (known)
        *out = place->partner;
    pthread_mutex_unlock(&a->lock);
    return known;
}

static void remember(struct auth *a, const uint8_t hash[32], const struct partner *partner)
{
    struct place *place = &a->places[hash[0]];
    pthread_mutex_lock(&a->lock);
    memcpy(place->hash, hash, 32);
    place->until_ns = clock_monotonic_ns() + LIFE_NS;
    place->partner = *partner;
    pthread_mutex_unlock(&a->lock);
}

static enum lk_status unauthorised(struct response *res, struct lk_error *err, const char *why)
{
    res->status = 401;
    response_header(res, "WWW-Authenticate", "Bearer");
    return FAIL(err, LK_DENIED, "%s", why);
}

static enum lk_status login(struct service *service, struct request *req, struct response *res,
                            const char *key, struct partner *out, struct lk_error *err)
{
    uint8_t hash[32];
    size_t n = strlen(key);
    registry_hash(key, n, hash);
    if (recall(service->auth, hash, out))
        return LK_OK;
    TRY(limits_request(service, LIMIT_KEY_TRY, req, res, err));
    enum lk_status status = partner_login(service->registry, key, n, out, err);
    if (status == LK_DENIED)
        return unauthorised(res, err, "no partner has this key");
    if (status == LK_OK) {
        remember(service->auth, hash, out);
        limits_give_back(service, LIMIT_KEY_TRY, req); /* only wrong keys count */
    }
    return status;
}

/* The key in the Authorization header, or NULL. */
static const char *sent_key(const struct request *req)
{
    static const char scheme[] = "Bearer ";
    const char *header = req->headers[HEADER_AUTHORIZATION];
    return header != NULL && strncasecmp(header, scheme, sizeof scheme - 1) == 0
               ? header + sizeof scheme - 1
               : NULL;
}

enum lk_status auth_header(const struct request *req, struct response *res, struct lk_error *err)
{
    return sent_key(req) != NULL
               ? LK_OK
               : unauthorised(res, err,
                              "a partner's key is needed, as in 'Authorization: Bearer lk_...'");
}

/* Logs in whoever has the key. */
static enum lk_status auth_key(struct service *service, struct request *req, struct response *res,
                               const char *key, struct lk_error *err)
{
    struct partner *partner = arena_zalloc(req->arena, 1, sizeof *partner);
    if (partner == NULL)
        return request_no_memory(err);
    TRY(login(service, req, res, key, partner, err));
    req->partner = partner;
    return limits_request(service, LIMIT_API_CALL, req, res, err);
}

enum lk_status auth_partner(struct service *service, struct request *req, struct response *res,
                            struct lk_error *err)
{
    TRY(auth_header(req, res, err));
    return auth_key(service, req, res, sent_key(req), err);
}

/* The password of HTTP Basic, in the arena; NULL: there is none. */
static const char *basic_password(const struct request *req)
{
    static const char scheme[] = "Basic ";
    char text[256];
    size_t n = 0;
    const char *header = req->headers[HEADER_AUTHORIZATION];
    if (header == NULL || strncasecmp(header, scheme, sizeof scheme - 1) != 0 ||
        !seal_base64_read(header + sizeof scheme - 1, text, sizeof text - 1, &n))
        return NULL;
    text[n] = '\0';
    const char *colon = strchr(text, ':');
    const char *password =
        colon == NULL ? NULL : arena_copy(req->arena, colon + 1, strlen(colon + 1));
    seal_wipe(text, sizeof text);
    return password;
}

enum lk_status auth_foreign(struct service *service, struct request *req, struct response *res,
                            struct lk_error *err)
{
    const char *token = form_get(&req->query, "access_token");
    const char *key = req->headers[HEADER_FUNCTIONS_KEY];
    if (key == NULL)
        key = basic_password(req);
    if (key == NULL && token != NULL)
        key = threat_updates_secret(token);
    if (key != NULL)
        return auth_key(service, req, res, key, err);
    return unauthorised(res, err, "a partner's key is needed");
}
