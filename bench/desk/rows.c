/* Of a hundred cases: 12 nobody looked at yet, 60 have a caseworker, 65 a letter, 8 a notice that
 * is late; each has one to six addresses, and up to four messages. */
#include "rows.h"

#include "base/err.h"
#include "cases/desk_act.h"
#include "cases/letter.h"
#include "cases/notice_change.h"
#include "cases/place.h"
#include "law/target.h"
#include "store/desk_rows.h"
#include "store/letter_rows.h"
#include "sys/rand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LINKS = 6, MAX_OWN_BYTES = 400 };

#define HOUR_MS INT64_C(3600000)
#define YEAR_MS (365 * CLOCK_DAY_MS)

static const char *const langs[] = {"en", "en", "es", "es", "fr", "hi", "ko", "ar", "pt", "de"};
static const char *const sites[] = {"facebook", "instagram", "x", "tiktok", "reddit", "telegram"};
static const char *const regimes[] = {"us-tida", "", "in-32b", "eu-dsa16", "", "kr-tba"};
enum { N_LANGS = 10, N_SITES = 6 };

static uint64_t draw(struct rows *rows, uint64_t below)
{
    uint64_t z = (rows->drawn += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % below;
}

static bool happens(struct rows *rows, unsigned percent)
{
    return draw(rows, 100) < percent;
}

static struct rows_box make_box(const struct rows *rows, const char *text)
{
    size_t n = strlen(text);
    struct rows_box box = {malloc(n + SEAL_BOX_OVERHEAD_BYTES), n + SEAL_BOX_OVERHEAD_BYTES};
    if (box.p == NULL)
        abort();
    seal_box_put(rows->r->desk_public, text, n, box.p);
    return box;
}

void rows_begin(struct rows *rows)
{
    static const char *const countries[] = {"us", "in", "fr", "kr", "mx", "gb", "de", "br"};
    static const char sentence[] = "Please take this down as soon as you can, and tell us. ";
    for (size_t i = 0; i < ROWS_N_WORDS; i++) {
        char text[600];
        snprintf(text, sizeof text, "Someone put pictures of me online, number %zu. %s%s%s", i,
                 sentence, i % 2 == 0 ? sentence : "", i % 3 == 0 ? sentence : "");
        rows->notes[i] = make_box(rows, text);
        rows->messages[i] = make_box(rows, text + i % 20);
        snprintf(
            text, sizeof text,
            "what=intimate\norigin=made\nmedium=picture\nstage=shared\nage=adult\ncountry=%s\n",
            countries[i % 8]);
        rows->situations[i] = make_box(rows, text);
        snprintf(text + strlen(text), sizeof text - strlen(text),
                 "lang=%s\nplatform=%s\nshows=a picture made by a computer\nfacts=never allowed\n"
                 "authority=in the case, by message\nno-consent=yes\ngood-faith=yes\n"
                 "accurate=yes\nidentity=yes\n",
                 langs[i % N_LANGS], sites[i % N_SITES]);
        rows->facts[i] = make_box(rows, text);
    }
    for (size_t n = 0; n + sizeof sentence < sizeof rows->body; n += sizeof sentence - 1)
        memcpy(rows->body + n, sentence, sizeof sentence);
}

void rows_end(struct rows *rows)
{
    for (size_t i = 0; i < ROWS_N_WORDS; i++) {
        free(rows->notes[i].p);
        free(rows->situations[i].p);
        free(rows->facts[i].p);
        free(rows->messages[i].p);
    }
}

/* A case in the making. */
struct making {
    struct rows *rows;
    struct store_tx *tx;
    struct case_row row;
    uint8_t key[SEAL_KEY_BYTES];
    int64_t opened_ms, last_ms;
    int64_t staff; /* 0: nobody has it */
    size_t n_links;
    unsigned numbers[MAX_LINKS];
    char urls[MAX_LINKS][96];
    struct rows_made *made;
};

static enum lk_status put_text(struct making *m, unsigned kind, unsigned author,
                               struct rows_box box, unsigned *number, struct lk_error *err)
{
    static const uint8_t own[MAX_OWN_BYTES]; /* the person's own copy: the desk cannot open it */
    struct text_row text = {.case_row = m->row.row,
                            .kind = kind,
                            .author = author,
                            .form = TEXT_IN_BOX,
                            .day_ms = clock_day_start_ms(m->last_ms),
                            .own = own,
                            .n_own = box.n < sizeof own ? box.n : sizeof own,
                            .desk = box.p,
                            .n_desk = box.n};
    TRY(text_row_add(m->tx, &text, err));
    if (number != NULL)
        *number = text.number;
    return LK_OK;
}

/* One in fifty addresses stands in other cases as well. */
static enum lk_status put_links(struct making *m, struct lk_error *err)
{
    m->n_links = 1 + draw(m->rows, MAX_LINKS) * draw(m->rows, 2);
    for (size_t i = 0; i < m->n_links; i++) {
        uint8_t box[sizeof m->urls[0] + SEAL_BOX_OVERHEAD_BYTES];
        uint64_t post = happens(m->rows, 2) ? draw(m->rows, 500) : draw(m->rows, UINT32_MAX);
        int n = snprintf(m->urls[i], sizeof m->urls[i], "https://www.%s.com/p/%llu/photo",
                         sites[draw(m->rows, N_SITES)], (unsigned long long)post);
        seal_box_put(m->rows->r->desk_public, m->urls[i], (size_t)n, box);
        TRY(put_text(m, CASE_LOCATION, TEXT_BY_PERSON,
                     (struct rows_box){box, (size_t)n + SEAL_BOX_OVERHEAD_BYTES}, &m->numbers[i],
                     err));
    }
    return LK_OK;
}

static enum lk_status put_texts(struct making *m, bool is_new, struct lk_error *err)
{
    struct rows *rows = m->rows;
    size_t word = draw(rows, ROWS_N_WORDS);
    TRY(put_text(m, CASE_SITUATION, TEXT_BY_PERSON, rows->situations[word], NULL, err));
    TRY(put_links(m, err));
    if (happens(rows, 60))
        TRY(put_text(m, CASE_NOTE, TEXT_BY_PERSON, rows->notes[word], NULL, err));
    if (is_new)
        return LK_OK;
    TRY(put_text(m, CASE_FACTS, TEXT_BY_DESK, rows->facts[word], NULL, err));
    for (size_t i = draw(rows, 5); i > 0; i--)
        TRY(put_text(m, CASE_MESSAGE, happens(rows, 50) ? TEXT_BY_PERSON : TEXT_BY_DESK,
                     rows->messages[draw(rows, ROWS_N_WORDS)], NULL, err));
    return LK_OK;
}

static size_t seal_under(const struct making *m, const char *label, const uint8_t *id,
                         const char *text, uint8_t *out)
{
    seal_put(m->key, label, (struct seal_part){id, STORE_ID_BYTES}, text, strlen(text), out);
    return strlen(text) + SEAL_OVERHEAD_BYTES;
}

static enum lk_status put_letter(struct making *m, size_t site, int64_t *letter_row,
                                 struct lk_error *err)
{
    uint8_t recipient[128], subject[128], body[sizeof m->rows->body + SEAL_OVERHEAD_BYTES];
    struct letter_row letter = {
        .case_row = m->row.row,
        .staff = m->staff,
        .target = LAW_TARGET_PLATFORM,
        .channel = happens(m->rows, 60) ? LETTER_FORM : LETTER_BY_HAND,
        .state = LETTER_GIVEN,
        .lang = "en",
        .law_date = "2026-11-22",
        .recipient = recipient,
        .subject = subject,
        .body = body,
        .made_ms = m->last_ms,
        .changed_ms = m->last_ms,
    };
    if (letter.channel == LETTER_FORM && happens(m->rows, 1))
        letter.state = LETTER_READY; /* waits for somebody to hand it in */
    rand_bytes(letter.public_id, sizeof letter.public_id);
    snprintf(letter.platform, sizeof letter.platform, "%s", sites[site]);
    snprintf(letter.regime, sizeof letter.regime, "%s", regimes[site]);
    letter.n_recipient =
        seal_under(m, LABEL_LETTER_RECIPIENT, letter.public_id, sites[site], recipient);
    letter.n_subject = seal_under(m, LABEL_LETTER_SUBJECT, letter.public_id,
                                  "Request to remove content [LK-0000-0000-0000]", subject);
    letter.n_body = seal_under(m, LABEL_LETTER_BODY, letter.public_id, m->rows->body, body);
    TRY(letter_row_add(m->tx, &letter, err));
    memcpy(m->made->letter_id, letter.public_id, sizeof letter.public_id);
    m->made->has_letter = true;
    *letter_row = letter.row;
    return LK_OK;
}

static enum lk_status put_step(struct making *m, const struct notice_row *notice, unsigned state,
                               struct lk_error *err)
{
    const struct notice_step step = {
        .notice = notice->row,
        .at_ms = m->last_ms,
        .due_ms = notice->due_ms,
        .state = state,
        .alarm = notice->alarm,
        .actor = state == NOTICE_SENT ? NOTICE_BY_DESK : NOTICE_BY_PARTNER,
        .staff = state == NOTICE_SENT ? m->staff : 0,
    };
    return notice_step_add(m->tx, &step, err);
}

static unsigned draw_state(struct rows *rows)
{
    static const uint8_t states[] = {
        NOTICE_REMOVED, NOTICE_REMOVED, NOTICE_REMOVED,        NOTICE_REMOVED, NOTICE_REMOVED,
        NOTICE_REMOVED, NOTICE_REFUSED, NOTICE_NOT_ACTIONABLE, NOTICE_SENT,    NOTICE_IN_REVIEW};
    return states[draw(rows, sizeof states)];
}

/* Sent, and most of them answered; a clock runs only where an answer is waited for. */
static enum lk_status put_notice(struct making *m, size_t i, size_t site, int64_t letter,
                                 struct lk_error *err)
{
    uint8_t recipient[128], place[sizeof m->urls[0] + SEAL_OVERHEAD_BYTES];
    struct notice_row notice = {
        .case_row = m->row.row,
        .letter = letter,
        .text_number = m->numbers[i],
        .recipient = recipient,
        .place = place,
        .state = draw_state(m->rows),
        .sent_ms = m->last_ms,
        .changed_ms = m->last_ms,
        .span_ms = 48 * HOUR_MS,
        .by_law = site == 0,
        .clock_kind = site == 0 ? 1 : 5,
    };
    snprintf(notice.regime, sizeof notice.regime, "%s", regimes[site]);
    notice.n_recipient = seal_under(m, LABEL_RECIPIENT, m->row.public_id, sites[site], recipient);
    notice.n_place = seal_under(m, LABEL_PLACE, m->row.public_id, m->urls[i], place);
    place_hash(m->rows->r, m->urls[i], notice.place_hash);
    if (notice_is_waiting(notice.state)) {
        bool is_late = happens(m->rows, 15);
        int64_t away_ms = (int64_t)draw(m->rows, 96) * HOUR_MS;
        notice.due_ms = m->rows->now_ms + (is_late ? -away_ms : away_ms) + 1;
        notice.alarm = is_late ? NOTICE_OVERDUE : NOTICE_CALM;
    }
    TRY(notice_row_add(m->tx, &notice, err));
    TRY(put_step(m, &notice, NOTICE_SENT, err));
    return notice.state == NOTICE_SENT ? LK_OK : put_step(m, &notice, notice.state, err);
}

static enum lk_status put_letters(struct making *m, struct lk_error *err)
{
    size_t done = 0;
    while (done < m->n_links) {
        size_t site = draw(m->rows, N_SITES);
        size_t until = done + 1 + draw(m->rows, m->n_links - done);
        int64_t letter;
        TRY(put_letter(m, site, &letter, err));
        for (; done < until; done++)
            TRY(put_notice(m, done, site, letter, err));
    }
    return LK_OK;
}

static enum lk_status put_acts(struct making *m, struct lk_error *err)
{
    static const uint8_t acts[] = {ACT_READ_CASE, ACT_NOTED_FACTS, ACT_READ_CASE, ACT_SENT_LETTER};
    for (size_t i = 0; i < sizeof acts; i++)
        TRY(act_row_add(
            m->tx,
            &(struct act_row){
                .staff = m->staff, .case_row = m->row.row, .at_ms = m->last_ms, .act = acts[i]},
            err));
    if (!happens(m->rows, 30))
        return LK_OK;
    struct rows_box box = m->rows->notes[draw(m->rows, ROWS_N_WORDS)];
    const struct desk_note_row note = {
        .staff = m->staff, .at_ms = m->last_ms, .note = box.p, .n_note = box.n};
    return desk_note_add(m->tx, m->row.row, &note, err);
}

static enum lk_status put_all(struct making *m, struct lk_error *err)
{
    struct rows *rows = m->rows;
    bool is_new = happens(rows, 12);
    TRY(case_row_add(m->tx, &m->row, err));
    TRY(put_texts(m, is_new, err));
    if (!is_new && happens(rows, 75))
        TRY(put_letters(m, err));
    TRY(desk_row_refresh(m->tx, m->row.row, m->last_ms, err));
    if (is_new)
        return LK_OK;
    TRY(put_acts(m, err));
    TRY(desk_row_sort(m->tx, m->row.row, langs[draw(rows, N_LANGS)], 1 + (unsigned)draw(rows, 4),
                      err));
    return desk_row_assign(m->tx, m->row.row, happens(rows, 68) ? m->staff : 0, err);
}

enum lk_status rows_add_case(struct store_tx *tx, struct rows *rows, struct rows_made *out,
                             struct lk_error *err)
{
    struct making m = {.rows = rows, .tx = tx, .made = out};
    *out = (struct rows_made){0};
    rand_bytes(m.key, sizeof m.key);
    case_row_begin(rows->r, &m.row);
    case_wrap(rows->r, &m.row, NULL, m.key);
    m.opened_ms = rows->now_ms - (int64_t)draw(rows, (uint64_t)YEAR_MS);
    m.last_ms = m.opened_ms + (int64_t)draw(rows, (uint64_t)(rows->now_ms - m.opened_ms) + 1);
    m.row.opened_day_ms = clock_day_start_ms(m.opened_ms);
    m.staff = rows->staff[draw(rows, rows->n_staff)];
    memcpy(out->case_id, m.row.public_id, sizeof out->case_id);
    enum lk_status status = put_all(&m, err);
    seal_wipe(m.key, sizeof m.key);
    return status;
}
