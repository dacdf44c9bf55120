#include "service/poster.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/letter_bounce.h"
#include "exchange/mime.h"
#include "law/target.h"
#include "service/context.h"
#include "sys/pulse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 16 << 20, MAX_MAIL_BYTES = 4 << 20, PROBLEM_BYTES = 160, WORD_BYTES = 20 };

struct poster {
    struct service *service;
    struct pulse *pulse;
    const atomic_bool *stop; /* of the round under way */
};

struct posted {
    size_t n[LETTER_N_STATES];
};

/* One letter on its way through the mail server. */
struct handing {
    struct service *service;
    const struct letter_out *letter;
    enum lk_status begun;
    struct lk_error err;
};

static bool begin(void *ctx)
{
    struct handing *h = ctx;
    h->begun = letter_out_begin(h->service->registry, h->letter->id, &h->err);
    return h->begun == LK_OK;
}

static enum lk_status write_mail(const struct service_config *config,
                                 const struct letter_out *letter, struct buf *out,
                                 struct lk_error *err)
{
    const struct law_sender *sender = &config->registry.sender;
    char hex[2 * LETTER_OUT_ID_BYTES + 1] = {0};
    char id[MIME_MAX_ADDRESS_BYTES + sizeof hex + WORD_BYTES], reference[WORD_BYTES];
    hex_encode(letter->id, sizeof letter->id, hex);
    snprintf(id, sizeof id, "letter.%s%s", hex, strchr(config->letters_from, '@'));
    snprintf(reference, sizeof reference, "LK-%.4s-%.4s-%.4s", hex, hex + 4, hex + 8);
    const struct mime_mail mail = {
        .from = config->letters_from,
        .to = letter->address,
        .reply_to = sender->email,
        .message_id = id,
        .date_ms = letter->made_ms,
        .subject = letter->subject,
        .text = letter->body,
        .lang = letter->lang,
        .is_host = letter->target == LAW_TARGET_HOST,
        .urls = letter->urls,
        .n_urls = letter->n_urls,
        .organisation = sender->organisation,
        .contact = sender->contact,
        .reference = reference,
    };
    return mime_write(out, &mail, err);
}

static unsigned state_of(enum mail_outcome outcome)
{
    static const unsigned states[] = {
        [MAIL_TAKEN] = LETTER_HANDED_OVER, [MAIL_LATER] = LETTER_RETRY,
        [MAIL_REFUSED] = LETTER_DEAD,      [MAIL_UNCLEAR] = LETTER_UNCLEAR,
        [MAIL_NOBODY] = LETTER_RETRY,
    };
    return states[outcome];
}

static const char *problem_of(const struct mail_result *result, char text[PROBLEM_BYTES])
{
    if (result->outcome == MAIL_TAKEN)
        return NULL;
    if (result->outcome == MAIL_UNCLEAR)
        return "the mail server got the letter and did not answer";
    if (result->code >= 400)
        snprintf(text, PROBLEM_BYTES, "the mail server answered %u", result->code);
    else
        snprintf(text, PROBLEM_BYTES, "the mail server did not take it: %s",
                 result->problem == NULL ? "no reason" : result->problem);
    return text;
}

static enum lk_status settle(struct poster *p, const struct letter_out *letter, unsigned outcome,
                             const char *problem, struct posted *counts, struct lk_error *err)
{
    unsigned state = outcome;
    TRY(letter_out_end(p->service->registry, letter->id, outcome, problem, &state, err));
    counts->n[state]++;
    return LK_OK;
}

/* *more: the next letter may fare better. */
static enum lk_status hand_over(struct poster *p, const struct letter_out *letter,
                                struct buf *bytes, struct posted *counts, bool *more,
                                struct lk_error *err)
{
    const struct service_config *config = p->service->config;
    struct handing h = {.service = p->service, .letter = letter, .begun = LK_OK};
    struct mail_result result;
    char problem[PROBLEM_BYTES];
    enum lk_status status = write_mail(config, letter, bytes, err);
    if (status == LK_INVALID || status == LK_LIMIT)
        return settle(p, letter, LETTER_DEAD, err->text, counts, err);
    TRY(status);
    char back[LETTER_BOUNCE_ADDRESS_BYTES];
    if (config->bounce_address != NULL)
        TRY(letter_bounce_address(p->service->registry, config->bounce_address, letter->id, back,
                                  err));
    const struct mail_post post = {
        .from = config->bounce_address != NULL ? back : config->letters_from,
        .to = letter->address,
        .bytes = bytes->p,
        .n = bytes->n,
        .on_body = begin,
        .ctx = &h,
        .stop = p->stop,
    };
    TRY(mail_post(config->mail.url, &post, &result, err));
    if (h.begun == LK_CONFLICT || h.begun == LK_NOT_FOUND)
        return LK_OK; /* settled, or gone, meanwhile: another is next */
    if (h.begun != LK_OK)
        return FAIL(err, h.begun, "%s", h.err.text);
    *more = result.outcome != MAIL_NOBODY;
    return settle(p, letter, state_of(result.outcome), problem_of(&result, problem), counts, err);
}

static enum lk_status post_next(struct poster *p, struct arena *arena, struct posted *counts,
                                bool *more, struct lk_error *err)
{
    struct letter_out letter;
    struct buf bytes;
    enum lk_status status = letter_out_next(p->service->registry, arena, &letter, err);
    *more = status != LK_NOT_FOUND;
    if (status == LK_NOT_FOUND)
        return LK_OK;
    if (status == LK_CORRUPT)
        return settle(p, &letter, LETTER_DEAD, "it does not open: the store is damaged", counts,
                      err);
    TRY(status);
    buf_init(&bytes, &arena->alloc, MAX_MAIL_BYTES);
    return hand_over(p, &letter, &bytes, counts, more, err);
}

static void post_all(void *ctx, const atomic_bool *stop)
{
    struct poster *p = ctx;
    p->stop = stop;
    const struct log *log = &p->service->config->log;
    struct posted counts = {0};
    struct lk_error err;
    enum lk_status status = LK_OK;
    for (bool more = true; more && status == LK_OK && !atomic_load(stop);) {
        struct arena arena;
        arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
        status = post_next(p, &arena, &counts, &more, &err);
        arena_fini(&arena);
    }
    if (status != LK_OK)
        LOG(log, LOG_LEVEL_ERROR, "letters", LOG_TEXT("error", err.text));
    size_t n = counts.n[LETTER_HANDED_OVER] + counts.n[LETTER_RETRY] + counts.n[LETTER_DEAD] +
               counts.n[LETTER_UNCLEAR];
    if (n > 0)
        LOG(log, LOG_LEVEL_INFO, "letters", LOG_NUMBER("handed_over", counts.n[LETTER_HANDED_OVER]),
            LOG_NUMBER("retry", counts.n[LETTER_RETRY]), LOG_NUMBER("dead", counts.n[LETTER_DEAD]),
            LOG_NUMBER("unclear", counts.n[LETTER_UNCLEAR]));
}

static enum lk_status recover(struct service *service, struct lk_error *err)
{
    size_t n = 0;
    TRY(letter_out_recover(service->registry, &n, err));
    if (n > 0)
        LOG(&service->config->log, LOG_LEVEL_WARN, "letters", LOG_NUMBER("unclear", n));
    return LK_OK;
}

enum lk_status poster_start(struct service *service, struct poster **out, struct lk_error *err)
{
    *out = NULL;
    if (service->config->mail.url == NULL || service->config->letters_from == NULL)
        return LK_OK;
    TRY(recover(service, err));
    struct poster *p = calloc(1, sizeof *p);
    if (p == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the poster of letters");
    p->service = service;
    const struct pulse_config pulse = {.what = "the poster of letters",
                                       .every_ms = service->config->mail_every_s * 1000,
                                       .round = post_all,
                                       .ctx = p};
    enum lk_status status = pulse_start(&pulse, &p->pulse, err);
    if (status != LK_OK) {
        free(p);
        return status;
    }
    *out = p;
    return LK_OK;
}

void poster_stop(struct poster *p)
{
    if (p == NULL)
        return;
    pulse_stop(p->pulse);
    free(p);
}
