#include "cases/desk_letter.h"

#include "base/err.h"
#include "cases/case_seal.h"
#include "cases/desk_act.h"
#include "cases/desk_inside.h"
#include "cases/escalate.h"
#include "cases/ladder.h"
#include "cases/notice_change.h"
#include "cases/partner.h"
#include "cases/place.h"
#include "law/deadline.h"
#include "store/letter_rows.h"
#include "store/partner_rows.h"
#include "sys/rand.h"

#include <stdio.h>
#include <string.h>

enum { MAX_OFFENCES = 3, MAX_PAST = 300 };

struct drafting {
    struct registry *r;
    const struct staff_hand *by;
    const struct desk_order *order;
    struct arena *arena;
    struct desk_draft *out;
    struct desk_view view;
    uint8_t letter_id[STORE_ID_BYTES];
    const char **urls;
    size_t n_urls;
    struct law_rule rule;
    struct law_country country;
    const char *offences[MAX_OFFENCES];
    size_t n_offences;
    struct law_past *past;
    size_t n_past;
    int64_t now_ms;
    int64_t day_ms; /* of which the letter is: the day on which it goes */
};

static enum lk_status no_room(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for a letter");
}

static const struct case_written *text_of(const struct desk_view *view, unsigned number)
{
    for (size_t i = 0; i < view->n_texts; i++)
        if (view->texts[i].number == number && view->texts[i].kind == CASE_LOCATION)
            return &view->texts[i];
    return NULL;
}

static enum lk_status find_urls(struct drafting *d, struct lk_error *err)
{
    const struct desk_order *o = d->order;
    d->urls = arena_zalloc(d->arena, o->n_numbers + 1, sizeof *d->urls);
    if (d->urls == NULL)
        return no_room(err);
    for (size_t i = 0; i < o->n_numbers; i++) {
        const struct case_written *text = text_of(&d->view, o->numbers[i]);
        if (text == NULL)
            return FAIL(err, LK_INVALID, "the case has no address of number %u", o->numbers[i]);
        if (text->text == NULL)
            return FAIL(err, LK_DENIED, "address %u cannot be opened with this key", o->numbers[i]);
        d->urls[d->n_urls++] = text->text;
    }
    return LK_OK;
}

/* What happens under a law when a letter to that recipient arrives; to anyone else but the platform
 * and the regulator it is nothing that a law names. */
static enum law_event event_of(enum law_target target)
{
    if (target == LAW_TARGET_PLATFORM)
        return LAW_NOTICE_RECEIVED;
    return target == LAW_TARGET_REGULATOR ? LAW_REPORT_TO_REGULATOR : LAW_EVENT_NONE;
}

/* Offences in force whose text was read, by citation: they support a notice, they decide nothing.
 */
static enum lk_status find_law(struct drafting *d, struct lk_error *err)
{
    const struct law_answers *a = &d->view.facts.answers;
    struct law_facts facts;
    struct law_deadline clock;
    TRY(law_facts(d->arena, a->country, &a->situation, &facts, err));
    for (size_t i = 0; i < facts.n_offences && d->n_offences < MAX_OFFENCES; i++)
        if (facts.offences[i].status == LAW_IN_FORCE && facts.offences[i].basis.is_checked)
            d->offences[d->n_offences++] = facts.offences[i].citation;
    if (d->order->regime == NULL)
        return LK_OK;
    TRY(law_rule_of(d->arena, d->order->regime, &a->situation, &d->rule, &d->out->law_date, err));
    d->out->rule = &d->rule;
    TRY(law_deadline(d->order->regime, event_of(d->order->target), d->now_ms, NULL, &clock, err));
    if (clock.runs && clock.counts_publicly)
        d->out->law_hours = (unsigned)((clock.due_ms - d->now_ms) / (3600 * 1000));
    return LK_OK;
}

static const char *day_text(struct drafting *d, int64_t time_ms)
{
    char text[32];
    if (time_ms == 0)
        return NULL;
    clock_format_day(time_ms, text);
    return arena_copy(d->arena, text, strlen(text));
}

static bool is_ordered(const struct desk_order *o, unsigned number)
{
    for (size_t i = 0; i < o->n_numbers; i++)
        if (o->numbers[i] == number)
            return true;
    return false;
}

static const char *state_word(const struct desk_notice *notice)
{
    return notice_is_waiting(notice->state) && notice->state != NOTICE_IN_REVIEW &&
                   notice->state != NOTICE_BACK
               ? "waiting"
               : notice_state_name(notice->state);
}

/* What was sent about these addresses before, for the annex of a complaint. */
static enum lk_status find_past(struct drafting *d, struct lk_error *err)
{
    if (d->order->target != LAW_TARGET_REGULATOR)
        return LK_OK;
    d->past = arena_zalloc(d->arena, MAX_PAST, sizeof *d->past);
    if (d->past == NULL)
        return no_room(err);
    for (size_t i = 0; i < d->view.n_notices && d->n_past < MAX_PAST; i++) {
        const struct desk_notice *notice = &d->view.notices[i];
        if (!is_ordered(d->order, notice->number) || notice->sent_ms == 0)
            continue;
        d->past[d->n_past++] = (struct law_past){
            .url = text_of(&d->view, notice->number)->text,
            .recipient = notice->recipient,
            .sent = day_text(d, notice->sent_ms),
            .due = day_text(d, notice->sent_ms + notice->span_ms),
            .state = state_word(notice),
        };
    }
    return LK_OK;
}

static enum lk_status make_letter(struct drafting *d, struct lk_error *err)
{
    const struct desk_order *o = d->order;
    const struct law_answers *answers = &d->view.facts.answers;
    (void)law_country_find(answers->country, &d->country);
    const struct law_letter_order order = {
        .lang = o->lang,
        .rule = d->out->rule,
        .author = o->author,
        .target = o->target,
        .recipient = o->recipient,
        .reference = d->out->reference,
        .day = day_text(d, d->day_ms),
        .urls = d->urls,
        .n_urls = d->n_urls,
        .answers = answers,
        .sender = &d->r->sender,
        .country_name = d->country.name,
        .offences = d->offences,
        .n_offences = d->n_offences,
        .past = d->past,
        .n_past = d->n_past,
        .by_form = o->channel == LETTER_FORM,
        .wants_preserved = o->wants_preserved,
        .law_hours = d->out->law_hours,
        .own_hours = (unsigned)(d->r->answer_ms / (3600 * 1000)),
    };
    return law_letter_make(d->arena, &order, &d->out->letter, err);
}

static bool has_no(const char *text, const char *bad)
{
    return text[strcspn(text, bad)] == '\0';
}

static enum lk_status check_order(const struct drafting *d, struct lk_error *err)
{
    const struct desk_order *o = d->order;
    if (!d->by->has_secret)
        return FAIL(err, LK_DENIED, "the desk's key is not at hand: what people wrote stays shut");
    if (o->n_numbers == 0 || o->n_numbers > LETTER_MAX_URLS)
        return FAIL(err, LK_INVALID, "a letter is about 1 to %d addresses", LETTER_MAX_URLS);
    if (o->recipient == NULL || o->recipient[0] == '\0')
        return FAIL(err, LK_INVALID, "the recipient has no name");
    TRY(refusal_check_text(o->recipient, strlen(o->recipient), NOTICE_MAX_RECIPIENT_BYTES,
                           "the recipient's name", err));
    if (o->channel == LETTER_MAIL &&
        (o->address == NULL || strchr(o->address, '@') == NULL || !has_no(o->address, " <>\r\n,;")))
        return FAIL(err, LK_INVALID, "a mail needs one plain address, as abuse@example.org");
    if (o->address != NULL && strlen(o->address) > DESK_ADDRESS_BYTES)
        return FAIL(err, LK_LIMIT, "an address has at most %d characters", DESK_ADDRESS_BYTES);
    if (o->channel == LETTER_INBOX && o->partner == NULL)
        return FAIL(err, LK_INVALID, "the inbox of which partner?");
    return LK_OK;
}

/* Of a case that was looked at. */
static enum lk_status draft_text(struct drafting *d, struct lk_error *err)
{
    rand_bytes(d->letter_id, sizeof d->letter_id);
    letter_reference(d->letter_id, d->out->reference);
    TRY(find_urls(d, err));
    TRY(find_law(d, err));
    TRY(find_past(d, err));
    return make_letter(d, err);
}

static enum lk_status draft(struct drafting *d, struct lk_error *err)
{
    *d->out = (struct desk_draft){0};
    d->now_ms = d->day_ms = clock_now_ms(&d->r->clock);
    TRY(check_order(d, err));
    TRY(desk_case_look(d->r, d->by, d->order->case_id, d->arena, &d->view, err));
    return draft_text(d, err);
}

enum lk_status desk_letter_draft(struct registry *r, const struct staff_hand *by,
                                 const struct desk_order *order, struct arena *arena,
                                 struct desk_draft *out, struct lk_error *err)
{
    struct drafting d = {.r = r, .by = by, .order = order, .arena = arena, .out = out};
    return draft(&d, err);
}

/* ---- sending ---- */

struct sending {
    struct drafting d;
    struct case_row row;
    uint8_t key[SEAL_KEY_BYTES];
    struct letter_row letter;
    unsigned notice_state;
    const struct desk_notice *clock; /* whose end the letter waits for; NULL: it goes at once */
};

static enum lk_status missing_error(const struct law_letter *letter, struct lk_error *err)
{
    char list[160] = "";
    size_t used = 0;
    for (size_t i = 0; i < letter->n_missing && used < sizeof list - 1; i++) {
        int n = snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "",
                         letter->missing[i].label);
        used += n > 0 ? (size_t)n : 0;
    }
    return FAIL(err, LK_INVALID, "the letter lacks: %s", list);
}

/* An address about which the same recipient has the next move is not asked again. */
static enum lk_status check_not_asked(const struct drafting *d, struct lk_error *err)
{
    for (size_t i = 0; i < d->view.n_notices; i++) {
        const struct desk_notice *notice = &d->view.notices[i];
        bool open = notice_is_waiting(notice->state) || notice->state == NOTICE_READY;
        if (open && is_ordered(d->order, notice->number) &&
            strcmp(notice->recipient, d->order->recipient) == 0)
            return FAIL(err, LK_CONFLICT, "address %u: %s was asked already and has yet to answer",
                        notice->number, notice->recipient);
    }
    return LK_OK;
}

static const uint8_t *seal_text(struct sending *s, const uint8_t *key_id, const char *label,
                                const char *text, size_t *n)
{
    size_t length = text == NULL ? 0 : strlen(text);
    uint8_t *sealed = arena_alloc(s->d.arena, length + SEAL_OVERHEAD_BYTES);
    *n = 0;
    if (text == NULL || sealed == NULL)
        return NULL;
    seal_put(s->key, label, (struct seal_part){key_id, STORE_ID_BYTES}, text, length, sealed);
    *n = length + SEAL_OVERHEAD_BYTES;
    return sealed;
}

static void copy_word(char out[LETTER_WORD_BYTES], const char *word)
{
    size_t n = word == NULL ? 0 : strlen(word);
    if (n < LETTER_WORD_BYTES)
        memcpy(out, word == NULL ? "" : word, n + 1);
}

static enum lk_status put_letter(struct store_tx *tx, struct sending *s, struct lk_error *err)
{
    const struct desk_order *o = s->d.order;
    struct letter_row *l = &s->letter;
    bool by_mail = o->channel == LETTER_MAIL;
    *l = (struct letter_row){
        .case_row = s->row.row,
        .staff = s->d.by->staff,
        .target = o->target,
        .channel = o->channel,
        .state = by_mail || o->channel == LETTER_FORM ? LETTER_READY : LETTER_GIVEN,
        .made_ms = s->d.now_ms,
        .changed_ms = s->d.now_ms,
        .next_ms = by_mail ? s->d.now_ms : 0,
        .kind = s->d.view.facts.answers.situation.kind,
        .origin = s->d.view.facts.answers.situation.origin,
        .medium = s->d.view.facts.answers.situation.medium,
    };
    if (s->clock != NULL) {
        l->state = LETTER_WAITING;
        l->next_ms = 0;
    }
    memcpy(l->public_id, s->d.letter_id, sizeof l->public_id);
    copy_word(l->platform, o->platform);
    copy_word(l->regime, o->regime);
    copy_word(l->lang, o->lang);
    copy_word(l->law_date, s->d.out->law_date);
    if (o->channel == LETTER_INBOX)
        TRY(partner_row_named(tx, o->partner, PARTNER_PLATFORM, &l->partner, err));
    l->recipient =
        seal_text(s, l->public_id, LABEL_LETTER_RECIPIENT, o->recipient, &l->n_recipient);
    l->address = seal_text(s, l->public_id, LABEL_LETTER_ADDRESS, o->address, &l->n_address);
    l->subject =
        seal_text(s, l->public_id, LABEL_LETTER_SUBJECT, s->d.out->letter.subject, &l->n_subject);
    l->body = seal_text(s, l->public_id, LABEL_LETTER_BODY, s->d.out->letter.body, &l->n_body);
    if (l->recipient == NULL || l->subject == NULL || l->body == NULL)
        return no_room(err);
    return letter_row_add(tx, l, err);
}

static enum lk_status put_notice(struct store_tx *tx, struct sending *s, size_t i,
                                 struct lk_error *err)
{
    const struct desk_order *o = s->d.order;
    const struct notice_change change = {
        .state = s->notice_state,
        .actor = NOTICE_BY_DESK,
        .staff = s->d.by->staff,
        .partner = s->letter.partner,
        .now_ms = s->d.now_ms,
    };
    struct notice_row row = {
        .case_row = s->row.row,
        .letter = s->letter.row,
        .partner = s->letter.partner,
        .text_number = o->numbers[i],
        .state = s->notice_state,
        .changed_ms = s->d.now_ms,
    };
    rand_bytes(row.inbox_id, sizeof row.inbox_id);
    TRY(notice_set_clock(s->d.r, &row, o->regime, event_of(o->target), err));
    if (notice_is_waiting(row.state))
        notice_start(&row, s->d.now_ms);
    row.recipient = seal_text(s, s->row.public_id, LABEL_RECIPIENT, o->recipient, &row.n_recipient);
    row.place = seal_text(s, s->row.public_id, LABEL_PLACE, s->d.urls[i], &row.n_place);
    if (row.recipient == NULL || row.place == NULL)
        return no_room(err);
    place_hash(s->d.r, s->d.urls[i], row.place_hash);
    TRY(notice_row_add(tx, &row, err));
    return notice_began(tx, &row, s->row.public_id, &change, err);
}

static enum lk_status write_all(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct sending *s = ctx;
    TRY(case_row_get(tx, s->d.view.row, &s->row, err));
    if (!s->row.has_keys)
        return FAIL(err, LK_CONFLICT, "the case is closed");
    TRY(case_unwrap_by_master(s->d.r, s->row.public_id, s->row.key_by_master,
                              sizeof s->row.key_by_master, s->key, err));
    TRY(put_letter(tx, s, err));
    for (size_t i = 0; i < s->d.n_urls; i++)
        TRY(put_notice(tx, s, i, err));
    for (size_t i = 0; i < s->d.n_urls; i++)
        TRY(escalate_review(tx, s->d.r, s->row.row, s->d.order->numbers[i], s->d.now_ms, err));
    s->d.out->letter_row = s->letter.row;
    return desk_act_put(tx, s->d.by, ACT_SENT_LETTER, s->row.row, s->letter.row, s->d.now_ms, err);
}

static unsigned first_state(enum letter_channel channel)
{
    switch (channel) {
    case LETTER_INBOX:
        return NOTICE_DELIVERED;
    case LETTER_BY_HAND:
        return NOTICE_SENT;
    default:
        return NOTICE_READY;
    }
}

enum lk_status desk_letter_send(struct registry *r, const struct staff_hand *by,
                                const struct desk_order *order, struct arena *arena,
                                struct desk_draft *out, struct lk_error *err)
{
    struct sending s = {
        .d = {.r = r, .by = by, .order = order, .arena = arena, .out = out},
        .notice_state = first_state(order->channel),
    };
    TRY(draft(&s.d, err));
    if (out->letter.n_missing > 0)
        return missing_error(&out->letter, err);
    TRY(check_not_asked(&s.d, err));
    enum lk_status status = store_write(r->store, write_all, &s, err);
    seal_wipe(s.key, sizeof s.key);
    return status;
}

/* ---- letters that wait for a clock ---- */

enum { MAX_LETTERS = 500 }; /* of a case, with those that wait */

/* One letter an address, so that an answer about one stops what waits about that one alone. */
struct preparing {
    struct registry *r;
    struct sending *sendings;
    struct desk_order *orders;
    struct desk_draft *drafts;
    size_t n;
};

static const struct desk_notice *clock_of(const struct desk_view *view, int64_t letter,
                                          unsigned number)
{
    for (size_t i = 0; i < view->n_notices; i++)
        if (view->notices[i].letter == letter && view->notices[i].number == number)
            return &view->notices[i];
    return NULL;
}

static enum lk_status count_waiting(void *ctx, const struct letter_wait *wait, struct lk_error *err)
{
    (void)wait, (void)err;
    ++*(size_t *)ctx;
    return LK_OK;
}

/* Whether the ladder would let it go by itself, were the clock over now. */
static enum lk_status check_waits(struct store_tx *tx, struct sending *s,
                                  const struct escalate_candidate *candidate, struct lk_error *err)
{
    const char *why = NULL;
    size_t n = 0;
    if (s->clock->alarm == NOTICE_OVERDUE)
        return FAIL(err, LK_CONFLICT, "address %u: the time is over already: send it now",
                    s->clock->number);
    TRY(letter_wait_rows(tx, s->row.row, s->clock->number, count_waiting, &n, err));
    if (n >= ESCALATE_MAX_WAITING)
        return FAIL(err, LK_LIMIT, "address %u: %d letters wait already", s->clock->number,
                    ESCALATE_MAX_WAITING);
    TRY(escalate_judge(tx, s->d.r, s->row.public_id, s->key, candidate, &why, err));
    return why == NULL ? LK_OK : FAIL(err, LK_CONFLICT, "address %u: %s", s->clock->number, why);
}

static enum lk_status put_waiting(struct store_tx *tx, struct sending *s, struct lk_error *err)
{
    struct escalate_candidate candidate = {
        .wait = {.case_row = s->d.view.row,
                 .notice = s->clock->row,
                 .text_number = s->clock->number},
        .target = s->d.order->target,
        .recipient = s->d.order->recipient,
        .rule = s->d.r->escalate,
    };
    TRY(case_row_get(tx, s->d.view.row, &s->row, err));
    if (!s->row.has_keys)
        return FAIL(err, LK_CONFLICT, "the case is closed");
    TRY(case_unwrap_by_master(s->d.r, s->row.public_id, s->row.key_by_master,
                              sizeof s->row.key_by_master, s->key, err));
    TRY(check_waits(tx, s, &candidate, err));
    TRY(put_letter(tx, s, err));
    candidate.wait.letter = s->letter.row;
    TRY(letter_wait_add(tx, &candidate.wait, err));
    return desk_act_put(tx, s->d.by, ACT_PREPARED_LETTER, s->row.row, s->letter.row, s->d.now_ms,
                        err);
}

static enum lk_status put_all_waiting(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct preparing *p = ctx;
    for (size_t i = 0; i < p->n; i++)
        TRY(put_waiting(tx, &p->sendings[i], err));
    return LK_OK;
}

/* A letter to the same recipient about the same address that waits already. */
static bool waits_already(const struct desk_view *view, const char *recipient, unsigned number)
{
    for (size_t i = 0; i < view->n_letters; i++)
        if (view->letters[i].waits_about == number &&
            strcmp(view->letters[i].recipient, recipient) == 0)
            return true;
    return false;
}

static enum lk_status draft_waiting(struct preparing *p, const struct drafting *first,
                                    const struct desk_order *order, size_t i, int64_t after,
                                    struct lk_error *err)
{
    struct sending *s = &p->sendings[i];
    p->orders[i] = *order;
    p->orders[i].numbers = &order->numbers[i];
    p->orders[i].n_numbers = 1;
    s->d = *first;
    s->d.order = &p->orders[i];
    s->d.out = &p->drafts[i];
    s->clock = clock_of(&first->view, after, order->numbers[i]);
    if (s->clock == NULL)
        return FAIL(err, LK_INVALID, "address %u: no notice whose clock could be waited for",
                    order->numbers[i]);
    if (waits_already(&first->view, order->recipient, order->numbers[i]))
        return FAIL(err, LK_CONFLICT, "address %u: a letter to %s waits already", order->numbers[i],
                    order->recipient);
    s->d.day_ms = s->clock->due_ms > 0 ? s->clock->due_ms : first->now_ms + s->clock->span_ms;
    TRY(draft_text(&s->d, err));
    return p->drafts[i].letter.n_missing > 0 ? missing_error(&p->drafts[i].letter, err) : LK_OK;
}

static enum lk_status check_can_wait(const struct desk_order *order, struct lk_error *err)
{
    bool by_mail = order->channel == LETTER_MAIL && order->address != NULL;
    if (!by_mail && order->channel != LETTER_INBOX)
        return FAIL(err, LK_INVALID,
                    "only a letter by mail or to an inbox goes by itself: a form takes a person");
    return LK_OK;
}

enum lk_status desk_letter_prepare(struct registry *r, const struct staff_hand *by,
                                   const struct desk_order *order, int64_t after,
                                   struct arena *arena, struct lk_error *err)
{
    struct desk_draft none = {0};
    struct drafting first = {.r = r, .by = by, .order = order, .arena = arena, .out = &none};
    struct preparing p = {.r = r, .n = order->n_numbers};
    first.now_ms = clock_now_ms(&r->clock);
    TRY(check_order(&first, err));
    TRY(check_can_wait(order, err));
    TRY(desk_case_look(r, by, order->case_id, arena, &first.view, err));
    if (first.view.n_letters + p.n > MAX_LETTERS)
        return FAIL(err, LK_LIMIT, "a case holds %d letters, with those that wait", MAX_LETTERS);
    p.sendings = arena_zalloc(arena, p.n, sizeof *p.sendings);
    p.orders = arena_zalloc(arena, p.n, sizeof *p.orders);
    p.drafts = arena_zalloc(arena, p.n, sizeof *p.drafts);
    if (p.sendings == NULL || p.orders == NULL || p.drafts == NULL)
        return no_room(err);
    for (size_t i = 0; i < p.n; i++)
        TRY(draft_waiting(&p, &first, order, i, after, err));
    enum lk_status status = store_write(r->store, put_all_waiting, &p, err);
    for (size_t i = 0; i < p.n; i++)
        seal_wipe(p.sendings[i].key, SEAL_KEY_BYTES);
    return status;
}
