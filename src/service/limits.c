/* Token buckets in one table of fixed size, found by SipHash-2-4 (Aumasson and Bernstein, 2012). */
#include "limits.h"

#include "base/err.h"
#include "cases/code.h"
#include "cases/partner.h"
#include "service/context.h"
#include "service/route.h"
#include "sys/clock.h"
#include "sys/rand.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { N_BUCKETS = 1 << 14, PROBES = 8 };

struct bucket {
    uint64_t key; /* 0: never used */
    int64_t at_ns;
    double tokens; /* at the time at_ns */
    enum limit limit;
};

struct limits {
    struct limits_config config;
    uint64_t secret[2];
    pthread_mutex_t lock; /* guards all below */
    unsigned n_argon;
    struct bucket buckets[N_BUCKETS];
};

static uint64_t rotate(uint64_t v, int n)
{
    return v << n | v >> (64 - n);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1], v[1] = rotate(v[1], 13) ^ v[0], v[0] = rotate(v[0], 32);
    v[2] += v[3], v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3], v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1], v[1] = rotate(v[1], 17) ^ v[2], v[2] = rotate(v[2], 32);
}

static uint64_t siphash(const uint64_t secret[2], const uint8_t *p, size_t n)
{
    uint64_t v[4] = {secret[0] ^ 0x736f6d6570736575u, secret[1] ^ 0x646f72616e646f6du,
                     secret[0] ^ 0x6c7967656e657261u, secret[1] ^ 0x7465646279746573u};
    for (size_t at = 0;; at += 8) {
        uint64_t word = 0;
        size_t left = n - at < 8 ? n - at : 8;
        for (size_t i = 0; i < left; i++)
            word |= (uint64_t)p[at + i] << (8 * i);
        if (left < 8)
            word |= (uint64_t)n << 56;
        v[3] ^= word;
        sip_round(v), sip_round(v);
        v[0] ^= word;
        if (left < 8)
            break;
    }
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

struct limits_config limits_config_standard(void)
{
    return (struct limits_config){
        .by =
            {
                [LIMIT_CASE_OPEN] = {100, 20}, /* a shelter is one address, too */
                [LIMIT_CODE_TRY] = {20, 4},
                [LIMIT_CODE_PREFIX] = {30, 6},
                [LIMIT_CODE_ALL] = {600, 120},
                [LIMIT_KEY_TRY] = {300, 600},
                [LIMIT_STAFF_TRY] = {20, 4},
                [LIMIT_API_CALL] = {10000, 120000},
            },
        .argon_at_once = 4,
    };
}

enum lk_status limits_new(const struct limits_config *config, struct limits **out,
                          struct lk_error *err)
{
    struct limits *l = calloc(1, sizeof *l);
    if (l == NULL)
        return FAIL(err, LK_NOMEM, "no memory for limits");
    l->config = *config;
    rand_bytes(l->secret, sizeof l->secret);
    pthread_mutex_init(&l->lock, NULL);
    *out = l;
    return LK_OK;
}

void limits_free(struct limits *l)
{
    if (l == NULL)
        return;
    pthread_mutex_destroy(&l->lock);
    free(l);
}

uint64_t limits_peer_key(const struct limits *l, const void *bytes, size_t n)
{
    return siphash(l->secret, bytes, n);
}

/* Tokens there are now. */
static double level(const struct limits *l, const struct bucket *b, int64_t now_ns)
{
    double per_ns = l->config.by[b->limit].per_minute / 60e9;
    double tokens = b->tokens + (double)(now_ns - b->at_ns) * per_ns;
    double burst = l->config.by[b->limit].burst;
    return tokens < burst ? tokens : burst;
}

/* How much of its burst a bucket misses: what would be forgiven by dropping it. */
static double debt(const struct limits *l, const struct bucket *b, int64_t now_ns)
{
    if (b->key == 0)
        return -1;
    return 1 - level(l, b, now_ns) / l->config.by[b->limit].burst;
}

static struct bucket *find(struct limits *l, enum limit limit, uint64_t key, int64_t now_ns)
{
    uint64_t input[2] = {key, limit};
    uint64_t hash = siphash(l->secret, (const uint8_t *)input, sizeof input) | 1;
    struct bucket *least = NULL;
    for (unsigned i = 0; i < PROBES; i++) {
        struct bucket *b = &l->buckets[(hash / 2 + i) % N_BUCKETS];
        if (b->key == hash && b->limit == limit)
            return b;
        if (least == NULL || debt(l, b, now_ns) < debt(l, least, now_ns))
            least = b;
    }
    *least = (struct bucket){
        .key = hash, .at_ns = now_ns, .tokens = l->config.by[limit].burst, .limit = limit};
    return least;
}

enum lk_status limits_take(struct limits *l, enum limit limit, uint64_t key, int64_t now_ns,
                           unsigned *wait_s, struct lk_error *err)
{
    unsigned per_minute = l->config.by[limit].per_minute;
    if (per_minute == 0)
        return LK_OK;
    pthread_mutex_lock(&l->lock);
    struct bucket *b = find(l, limit, key, now_ns);
    double tokens = level(l, b, now_ns);
    bool good = tokens >= 1;
    b->tokens = good ? tokens - 1 : tokens;
    b->at_ns = now_ns;
    pthread_mutex_unlock(&l->lock);
    if (good)
        return LK_OK;
    *wait_s = 1 + (unsigned)((1 - tokens) * 60 / per_minute);
    return FAIL(err, LK_BUSY, "too many in a short time; try again in %u seconds", *wait_s);
}

enum lk_status limits_request(struct service *service, enum limit limit, const struct request *req,
                              struct response *res, struct lk_error *err)
{
    unsigned wait_s = 0;
    uint64_t key =
        limit == LIMIT_API_CALL && req->partner != NULL ? (uint64_t)req->partner->id : req->peer;
    enum lk_status status =
        limits_take(service->limits, limit, key, clock_monotonic_ns(), &wait_s, err);
    if (status != LK_OK)
        response_retry_after(res, req, wait_s);
    return status;
}

static void give_back(struct limits *l, enum limit limit, uint64_t key)
{
    pthread_mutex_lock(&l->lock);
    find(l, limit, key, clock_monotonic_ns())->tokens += 1;
    pthread_mutex_unlock(&l->lock);
}

void limits_give_back(struct service *service, enum limit limit, const struct request *req)
{
    give_back(service->limits, limit, req->peer);
}

static enum lk_status argon_begin(struct service *service, enum limit limit,
                                  const struct request *req, struct response *res,
                                  struct lk_error *err)
{
    struct limits *l = service->limits;
    TRY(limits_request(service, limit, req, res, err));
    pthread_mutex_lock(&l->lock);
    bool good = l->n_argon < l->config.argon_at_once;
    l->n_argon += good;
    pthread_mutex_unlock(&l->lock);
    if (good)
        return LK_OK;
    limits_give_back(service, limit, req); /* nothing was tried */
    response_retry_after(res, req, 1);
    return FAIL(err, LK_BUSY, "many codes are being checked at this moment; try again in a second");
}

/* Of the digits by which a case is found, however they are grouped. */
static uint64_t prefix_key(const struct limits *l, const char *code)
{
    uint8_t digits[CODE_FIND_DIGITS] = {0};
    size_t n = 0;
    for (; *code != '\0' && n < CODE_FIND_DIGITS; code++)
        if (*code >= '0' && *code <= '9')
            digits[n++] = (uint8_t)*code;
    return siphash(l->secret, digits, sizeof digits);
}

static enum lk_status take_for_code(struct service *service, const struct request *req,
                                    struct response *res, const char *code, struct lk_error *err)
{
    struct limits *l = service->limits;
    unsigned wait_s = 0;
    uint64_t prefix = prefix_key(l, code);
    enum lk_status status =
        limits_take(l, LIMIT_CODE_PREFIX, prefix, clock_monotonic_ns(), &wait_s, err);
    if (status == LK_OK) {
        status = limits_take(l, LIMIT_CODE_ALL, 0, clock_monotonic_ns(), &wait_s, err);
        if (status != LK_OK)
            give_back(l, LIMIT_CODE_PREFIX, prefix);
    }
    if (status != LK_OK)
        response_retry_after(res, req, wait_s);
    return status;
}

static void give_back_code(struct service *service, const char *code)
{
    give_back(service->limits, LIMIT_CODE_PREFIX, prefix_key(service->limits, code));
    give_back(service->limits, LIMIT_CODE_ALL, 0);
}

enum lk_status limits_code_begin(struct service *service, const struct request *req,
                                 struct response *res, const char *code, struct lk_error *err)
{
    TRY(take_for_code(service, req, res, code, err));
    enum lk_status status = argon_begin(service, LIMIT_CODE_TRY, req, res, err);
    if (status != LK_OK)
        give_back_code(service, code); /* nothing was tried */
    return status;
}

enum lk_status limits_open_begin(struct service *service, const struct request *req,
                                 struct response *res, struct lk_error *err)
{
    return argon_begin(service, LIMIT_CASE_OPEN, req, res, err);
}

void limits_open_end(struct service *service)
{
    struct limits *l = service->limits;
    pthread_mutex_lock(&l->lock);
    l->n_argon--;
    pthread_mutex_unlock(&l->lock);
}

enum lk_status limits_staff_begin(struct service *service, const struct request *req,
                                  struct response *res, struct lk_error *err)
{
    return argon_begin(service, LIMIT_STAFF_TRY, req, res, err);
}

void limits_staff_end(struct service *service, const struct request *req, enum lk_status status)
{
    limits_open_end(service);
    if (status == LK_OK)
        limits_give_back(service, LIMIT_STAFF_TRY, req);
}

void limits_code_end(struct service *service, const struct request *req, const char *code,
                     enum lk_status status)
{
    limits_open_end(service);
    if (status == LK_OK)
        limits_give_back(service, LIMIT_CODE_TRY, req);
    if (status == LK_OK || status == LK_INVALID) /* mistyped: no guess at any case */
        give_back_code(service, code);
}
