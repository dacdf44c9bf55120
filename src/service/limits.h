/* service/limits.h - how often: token buckets in memory, for what is dear or could be guessed.
 *
 * A bucket belongs to a limit and a key: a keyed hash of an address, or a partner's number. The key
 * of the hash is drawn when the process starts and never leaves it, so nothing here can be joined
 * with anything, and all of it is gone when the process ends. The table has a fixed size; when it
 * is crowded the fullest bucket gives way, which only ever forgives.
 *
 * Checking a code takes Argon2's memory, so how many run at once is limited too.
 * Threads: all functions from any. */
#ifndef SERVICE_LIMITS_H
#define SERVICE_LIMITS_H

#include <likeness/status.h>
#include <stddef.h>
#include <stdint.h>

struct limits;
struct service;
struct request;
struct response;

enum limit {
    LIMIT_CASE_OPEN,
    LIMIT_CODE_TRY,    /* by address */
    LIMIT_CODE_PREFIX, /* by the first digits: guesses at one case, from wherever they come */
    LIMIT_CODE_ALL,    /* wrong codes of everyone together */
    LIMIT_KEY_TRY,
    LIMIT_STAFF_TRY, /* signing in at the desk, by address */
    LIMIT_API_CALL,
    N_LIMITS
};

struct limits_config {
    struct {
        unsigned burst;      /* so many at once */
        unsigned per_minute; /* and then so many a minute; 0: no limit */
    } by[N_LIMITS];
    unsigned argon_at_once;
};

struct limits_config limits_config_standard(void);

enum lk_status limits_new(const struct limits_config *config, struct limits **out,
                          struct lk_error *err) LK_MUST_CHECK;
void limits_free(struct limits *l); /* NULL is fine */

/* The keyed hash of an address. */
uint64_t limits_peer_key(const struct limits *l, const void *bytes, size_t n);

/* Takes one token at the time now_ns. Errors: LK_BUSY, with the seconds to wait. */
enum lk_status limits_take(struct limits *l, enum limit limit, uint64_t key, int64_t now_ns,
                           unsigned *wait_s, struct lk_error *err) LK_MUST_CHECK;

/* Takes one token for the peer, or the partner, of a request; when there is none the response gets
 * Retry-After. Errors: LK_BUSY. */
enum lk_status limits_request(struct service *service, enum limit limit, const struct request *req,
                              struct response *res, struct lk_error *err) LK_MUST_CHECK;

/* Gives back the token that limits_request() took for the peer: what was tried was right, or
 * nothing was tried. */
void limits_give_back(struct service *service, enum limit limit, const struct request *req);

/* Around what runs Argon2: trying a code, opening a case. begin takes a token of the limit and a
 * place among those at once; end, only after a begin that was LK_OK, gives the place back, and the
 * token too when a code was right. Errors: LK_BUSY. */
enum lk_status limits_code_begin(struct service *service, const struct request *req,
                                 struct response *res, const char *code,
                                 struct lk_error *err) LK_MUST_CHECK;
void limits_code_end(struct service *service, const struct request *req, const char *code,
                     enum lk_status status);
enum lk_status limits_staff_begin(struct service *service, const struct request *req,
                                  struct response *res, struct lk_error *err) LK_MUST_CHECK;
void limits_staff_end(struct service *service, const struct request *req, enum lk_status status);
enum lk_status limits_open_begin(struct service *service, const struct request *req,
                                 struct response *res, struct lk_error *err) LK_MUST_CHECK;
void limits_open_end(struct service *service);

#endif
