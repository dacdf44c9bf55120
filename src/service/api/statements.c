/* Drafts of the statements of reasons that a platform owes for what it removed or limited. */
#include "api.h"
#include "body.h"

#include "base/err.h"
#include "cases/notice_inbox.h"
#include "exchange/dsa_statement.h"
#include "law/situation.h"
#include "service/context.h"

#include <string.h>

enum { MAX_LIST = 100 }; /* as many as the database takes in one call */

static const struct law_sender *sender_of(const struct service *service)
{
    return &service->config->registry.sender;
}

static unsigned outcome_of(unsigned state)
{
    return state == NOTICE_REMOVED ? MATCH_REMOVED : state == NOTICE_LIMITED ? MATCH_LIMITED : 0;
}

static void write_of_notice(struct json *j, const struct service *service,
                            const struct inbox_letter *letter, const struct inbox_notice *notice)
{
    const struct law_sender *sender = sender_of(service);
    dsa_statement_write(
        j, &(struct dsa_statement){
               .puid = notice->id,
               .outcome = outcome_of(notice->state),
               .reason = notice->reason,
               .decided_ms = notice->changed_ms,
               .notifier = sender->organisation == NULL ? "" : sender->organisation,
               .is_trusted_flagger = sender->is_trusted_flagger,
               .notified_ms = notice->sent_ms,
               .kind = letter->kind,
               .medium = letter->medium,
               .is_synthetic = letter->origin == LAW_MADE || letter->origin == LAW_EDITED,
           });
}

static void write_of_match(struct json *j, const struct match *match)
{
    static const unsigned media[] = {
        [LK_IMAGE] = LAW_PICTURE, [LK_VIDEO] = LAW_VIDEO, [LK_AUDIO] = LAW_VOICE};
    dsa_statement_write(j, &(struct dsa_statement){
                               .puid = match->id,
                               .outcome = match->state,
                               .reason = match->reason,
                               .decided_ms = match->answered_ms,
                               .grade = match->grade,
                               .medium = match->medium < sizeof media / sizeof media[0]
                                             ? media[match->medium]
                                             : LAW_MEDIUM_UNSAID,
                           });
}

static enum lk_status not_owed(struct lk_error *err)
{
    return FAIL(err, LK_CONFLICT, "a statement follows when something was removed or limited");
}

enum lk_status api_notice_statement(struct service *service, const struct request *req,
                                    struct response *res, struct lk_error *err)
{
    struct inbox_letter letter;
    struct json j;
    TRY(inbox_get(service->registry, req->partner, req->params[0], strlen(req->params[0]),
                  req->arena, &letter, err));
    if (!dsa_statement_is_owed(outcome_of(letter.notices[0].state)))
        return not_owed(err);
    body_answer(res, &j);
    write_of_notice(&j, service, &letter, &letter.notices[0]);
    return LK_OK;
}

enum lk_status api_match_statement(struct service *service, const struct request *req,
                                   struct response *res, struct lk_error *err)
{
    struct match match;
    struct json j;
    TRY(match_get(service->registry, req->partner, req->params[0], strlen(req->params[0]), &match,
                  NULL, err));
    if (!dsa_statement_is_owed(match.state))
        return not_owed(err);
    body_answer(res, &j);
    write_of_match(&j, &match);
    return LK_OK;
}

static enum lk_status list_notices(struct service *service, const struct request *req,
                                   uint64_t after, struct json *j, uint64_t *next,
                                   struct lk_error *err)
{
    const struct inbox_filter filter = {.after = after, .limit = INBOX_MAX_LIST};
    struct inbox_letter *letters;
    size_t n, n_written = 0;
    bool more;
    TRY(inbox_list(service->registry, req->partner, req->arena, &filter, &letters, &n, &more, err));
    for (size_t i = 0; i < n; i++) {
        size_t n_here = 0;
        for (size_t k = 0; k < letters[i].n_notices; k++)
            n_here += dsa_statement_is_owed(outcome_of(letters[i].notices[k].state));
        if (n_written > 0 && n_written + n_here > MAX_LIST) {
            more = true; /* a letter is never cut in two */
            break;
        }
        for (size_t k = 0; k < letters[i].n_notices; k++)
            if (dsa_statement_is_owed(outcome_of(letters[i].notices[k].state)))
                write_of_notice(j, service, &letters[i], &letters[i].notices[k]);
        n_written += n_here;
        *next = letters[i].seq;
    }
    *next = more ? *next : 0;
    return LK_OK;
}

static enum lk_status list_matches(struct service *service, const struct request *req,
                                   uint64_t after, struct json *j, uint64_t *next,
                                   struct lk_error *err)
{
    const struct match_filter filter = {.after = after, .limit = MAX_LIST};
    struct match *matches;
    size_t n;
    bool more;
    TRY(match_list(service->registry, req->partner, req->arena, &filter, &matches, &n, &more, err));
    for (size_t i = 0; i < n; i++)
        if (dsa_statement_is_owed(matches[i].state))
            write_of_match(j, &matches[i]);
    *next = more && n > 0 ? matches[n - 1].seq : 0;
    return LK_OK;
}

enum lk_status api_statements(struct service *service, const struct request *req,
                              struct response *res, struct lk_error *err)
{
    const char *of = form_get(&req->query, "of");
    uint64_t after, next = 0;
    struct json j;
    TRY(body_query_number(req, "after", INT64_MAX, &after, err));
    bool is_notices = of != NULL && strcmp(of, "notices") == 0;
    if (!is_notices && (of == NULL || strcmp(of, "matches") != 0))
        return FAIL(err, LK_INVALID, "say of=notices or of=matches");
    body_answer(res, &j);
    json_object(&j);
    json_key(&j, "statements");
    json_array(&j);
    TRY(is_notices ? list_notices(service, req, after, &j, &next, err)
                   : list_matches(service, req, after, &j, &next, err));
    json_end_array(&j);
    json_key(&j, "next");
    if (next > 0)
        json_u64(&j, next);
    else
        json_null(&j);
    json_end_object(&j);
    return LK_OK;
}
