/* summary.pdf: what a police officer, a clerk or the person reads. The same facts as case.json, in
 * the language of the order; what others wrote stays in theirs. */
#include "exchange/pack_inside.h"

#include "base/hex.h"
#include "cases/notice.h"
#include "paper/paper.h"

#include <stdio.h>
#include <string.h>

struct writing {
    const struct pack_order *order;
    const struct pack_source *source;
    struct buf *out;
    struct buf line; /* where texts are put together */
};

static const char *say(const struct writing *w, const char *english)
{
    return pack_say(w->order, english);
}

/* What follows is ours: in the language of the order. */
static void speak_own(struct writing *w)
{
    paper_lang(w->out, w->order->speech.lang, w->order->speech.is_rtl ? DOC_RTL : DOC_LTR);
}

/* What follows was written by somebody: its direction is found out. */
static void speak_theirs(struct writing *w, const char *lang)
{
    paper_lang(w->out, lang != NULL && lang[0] != '\0' ? lang : w->order->speech.lang, DOC_AUTO);
}

static void put(struct writing *w, enum doc_kind kind, const char *english)
{
    paper_put(w->out, kind, say(w, english), NULL);
}

static void row(struct writing *w, const char *key, const char *value)
{
    if (value != NULL && value[0] != '\0')
        paper_put(w->out, DOC_ROW, say(w, key), value);
}

static void their_row(struct writing *w, const char *key, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    speak_theirs(w, NULL);
    paper_put(w->out, DOC_ROW, say(w, key), value);
    speak_own(w);
}

static void code_row(struct writing *w, const char *key, const char *value)
{
    if (value != NULL && value[0] != '\0')
        paper_put(w->out, DOC_CODE_ROW, say(w, key), value);
}

static void number_row(struct writing *w, const char *key, size_t n)
{
    char text[24];
    snprintf(text, sizeof text, "%zu", n);
    row(w, key, text);
}

/* "2026-11-24 10:20 UTC": the same digits in every language. */
static void format_minute(int64_t time_ms, char text[40])
{
    char iso[32];
    clock_format_time(time_ms, iso);
    snprintf(text, 40, "%.10s %.5s UTC", iso, iso + 11);
}

static void time_row(struct writing *w, const char *key, int64_t time_ms)
{
    char text[40];
    format_minute(time_ms, text);
    row(w, key, time_ms > 0 ? text : NULL);
}

static void day_row(struct writing *w, const char *key, int64_t time_ms)
{
    char text[32];
    clock_format_day(time_ms, text);
    row(w, key, time_ms > 0 ? text : NULL);
}

/* ---- the head ---- */

static const char *title_of(enum pack_for whom)
{
    static const char *const titles[PACK_N_FOR] = {
        [PACK_POLICE] = N_("Evidence pack for the police"),
        [PACK_REGULATOR] = N_("Evidence pack for the regulator"),
        [PACK_PERSON] = N_("Evidence pack for the person"),
    };
    return titles[whom];
}

static size_t count_notices(const struct pack_source *source)
{
    size_t n = 0;
    for (size_t i = 0; i < source->n_places; i++)
        n += source->places[i].n_notices;
    return n;
}

static void put_head(struct writing *w)
{
    const struct pack_source *s = w->source;
    char made[40];
    format_minute(w->order->made_ms, made);
    put(w, DOC_TITLE, title_of(w->order->whom));
    buf_clear(&w->line);
    pack_fill(w->order, &w->line, N_("Made on %time%"), "time", made, (char *)NULL);
    paper_put(w->out, DOC_SUBTITLE, buf_text(&w->line), NULL);
    put(w, DOC_NOTE,
        N_("No picture, video or recording is in this pack, and no fingerprint of one. It says "
           "what was demanded, of whom, when, and what was answered. It does not say who is "
           "guilty."));
    put(w, DOC_HEADING, N_("Summary"));
    code_row(w, N_("Pack"), w->order->id);
    row(w, N_("State of the case"), say(w, pack_case_words(s->state)));
    day_row(w, N_("Case opened"), s->opened_day_ms);
    day_row(w, N_("Case closed"), s->closed_day_ms);
    number_row(w, N_("Addresses"), s->n_places);
    number_row(w, N_("Notices"), count_notices(s));
    number_row(w, N_("Found by platforms"), s->n_copies);
    number_row(w, N_("Items registered"), s->n_items);
    their_row(w, N_("Made by"), s->operator_name);
    code_row(w, N_("Contact"), s->operator_contact);
    row(w, N_("Facts of the law as of"), s->law_date);
    if (w->order->without_texts)
        put(w, DOC_SMALL, N_("Addresses, letters and notes were left out of this pack."));
}

/* ---- addresses and their notices ---- */

static void join(struct writing *w, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    if (w->line.n > 0)
        buf_str(&w->line, "\n");
    buf_str(&w->line, text);
}

static void put_step(struct writing *w, const struct pack_step *step)
{
    char at[40];
    format_minute(step->at_ms, at);
    const char *alarm = pack_alarm_words(step->alarm);
    buf_clear(&w->line);
    if (step->actor == NOTICE_BY_CLOCK && alarm[0] != '\0')
        buf_str(&w->line, say(w, alarm));
    else
        buf_fmt(&w->line, "%s, %s", say(w, pack_notice_words(step->state)),
                say(w, pack_actor_words(step->actor)));
    join(w, say(w, pack_reason_words(step->reason)));
    if (!w->order->without_texts)
        join(w, step->note);
    speak_theirs(w, NULL);
    paper_put(w->out, DOC_ROW, at, buf_text(&w->line));
    speak_own(w);
}

static void put_limit(struct writing *w, const struct pack_notice *notice)
{
    char due[40];
    buf_clear(&w->line);
    if (notice->due_ms > 0) {
        format_minute(notice->due_ms, due);
        buf_str(&w->line, due);
        if (notice->is_overdue) {
            buf_str(&w->line, " \xc2\xb7 ");
            buf_str(&w->line, say(w, N_("The time limit has passed")));
        }
        join(w, say(w, pack_clock_words(notice->clock_kind)));
    }
    row(w, N_("Answer due"), buf_text(&w->line));
}

static void put_notice(struct writing *w, const struct pack_notice *notice)
{
    char letter[PACK_NAME_BYTES];
    buf_clear(&w->line);
    pack_fill(w->order, &w->line, N_("Notice to %name%"), "name", notice->recipient, (char *)NULL);
    paper_put(w->out, DOC_SUBHEADING, buf_text(&w->line), NULL);
    buf_clear(&w->line);
    join(w, notice->regime_title != NULL ? say(w, notice->regime_title) : notice->regime);
    join(w, notice->regime_citation);
    row(w, N_("Rests on"), buf_text(&w->line));
    time_row(w, N_("Sent"), notice->sent_ms);
    put_limit(w, notice);
    buf_clear(&w->line);
    join(w, say(w, pack_notice_words(notice->state)));
    join(w, say(w, pack_reason_words(notice->reason)));
    row(w, N_("State"), buf_text(&w->line));
    time_row(w, N_("Since"), notice->changed_ms);
    if (notice->letter > 0 && !w->order->without_texts) {
        pack_letter_name(notice->letter - 1, letter);
        code_row(w, N_("Letter"), letter);
    }
    if (notice->n_steps > 0)
        put(w, DOC_SMALL, N_("What happened, in order:"));
    for (size_t i = 0; i < notice->n_steps; i++)
        put_step(w, &notice->steps[i]);
}

static void put_places(struct writing *w)
{
    if (w->source->n_places > 0)
        put(w, DOC_HEADING, N_("Addresses"));
    for (size_t i = 0; i < w->source->n_places; i++) {
        const struct pack_place *place = &w->source->places[i];
        char number[16], day[32];
        snprintf(number, sizeof number, "%u", place->number);
        clock_format_day(place->day_ms, day);
        buf_clear(&w->line);
        pack_fill(w->order, &w->line, N_("Address %number%, written down on %day%"), "number",
                  number, "day", day, (char *)NULL);
        paper_put(w->out, DOC_SUBHEADING, buf_text(&w->line), NULL);
        if (!w->order->without_texts && place->text != NULL)
            paper_put(w->out, DOC_CODE, place->text, NULL);
        if (place->n_notices == 0)
            put(w, DOC_PARAGRAPH, N_("No notice was sent about this address."));
        for (size_t k = 0; k < place->n_notices; k++)
            put_notice(w, &place->notices[k]);
    }
}

/* ---- what platforms found, and what was registered ---- */

static void put_copy(struct writing *w, const struct pack_copy *copy)
{
    char item[16];
    paper_put(w->out, DOC_SUBHEADING, copy->partner, NULL);
    snprintf(item, sizeof item, "%u", copy->item);
    row(w, N_("Item"), item);
    time_row(w, N_("Found on"), copy->found_ms);
    row(w, N_("What agrees"), say(w, pack_grade_words(copy->grade)));
    buf_clear(&w->line);
    join(w, say(w, pack_copy_words(copy->state)));
    join(w, say(w, pack_reason_words(copy->reason)));
    row(w, N_("Answer"), buf_text(&w->line));
    time_row(w, N_("Answered on"), copy->answered_ms);
    time_row(w, N_("Answer due"), copy->due_ms);
    if (copy->is_overdue)
        put(w, DOC_SMALL, N_("The time limit has passed"));
    if (copy->is_again)
        put(w, DOC_SMALL, N_("The same platform had removed an earlier copy."));
    if (!w->order->without_texts)
        their_row(w, N_("The platform wrote"), copy->note);
}

static void put_copies(struct writing *w)
{
    if (w->source->n_copies == 0)
        return;
    put(w, DOC_HEADING, N_("Found by platforms"));
    put(w, DOC_PARAGRAPH,
        N_("A platform compared an upload with what the person registered. The platform says "
           "what it did."));
    for (size_t i = 0; i < w->source->n_copies; i++)
        put_copy(w, &w->source->copies[i]);
}

static void put_brake(struct writing *w, const struct pack_brake *brake)
{
    char item[16];
    snprintf(item, sizeof item, "%u", brake->item);
    put(w, DOC_SUBHEADING, N_("A refusal that the helpline accepted"));
    row(w, N_("Item"), item);
    row(w, N_("Where"), brake->partner != NULL ? brake->partner : say(w, N_("Every platform")));
    row(w, N_("Reason"), say(w, pack_reason_words(brake->reason)));
    time_row(w, N_("Since"), brake->since_ms);
    time_row(w, N_("Until"), brake->lifted_ms);
}

static void put_items(struct writing *w)
{
    if (w->source->n_items == 0)
        return;
    put(w, DOC_HEADING, N_("Items registered"));
    put(w, DOC_PARAGRAPH,
        N_("The person registered fingerprints of these. The files themselves never left the "
           "device of the person."));
    for (size_t i = 0; i < w->source->n_items; i++) {
        const struct pack_item *item = &w->source->items[i];
        char number[16];
        snprintf(number, sizeof number, "%u", item->number);
        buf_clear(&w->line);
        join(w, say(w, pack_medium_words(item->medium)));
        join(w, say(w, pack_tier_words(item->tier)));
        if (!item->in_force)
            join(w, say(w, N_("Withdrawn")));
        paper_put(w->out, DOC_ROW, number, buf_text(&w->line));
    }
    for (size_t i = 0; i < w->source->n_brakes; i++)
        put_brake(w, &w->source->brakes[i]);
}

/* ---- letters ---- */

static void put_letter(struct writing *w, const struct pack_letter *letter, size_t i)
{
    char name[PACK_NAME_BYTES];
    pack_letter_name(i, name);
    buf_clear(&w->line);
    pack_fill(w->order, &w->line, N_("Letter to %name%"), "name", letter->recipient, (char *)NULL);
    paper_put(w->out, DOC_HEADING, buf_text(&w->line), NULL);
    code_row(w, N_("File"), name);
    code_row(w, N_("Reference"), letter->id);
    time_row(w, N_("Made on"), letter->made_ms);
    row(w, N_("How it went"), say(w, pack_channel_words(letter->channel)));
    code_row(w, N_("To"), letter->address);
    their_row(w, N_("Subject"), letter->subject);
    speak_theirs(w, letter->lang);
    paper_put(w->out, DOC_PARAGRAPH, letter->body, NULL);
    speak_own(w);
}

static void put_letters(struct writing *w)
{
    if (w->source->n_letters == 0 || w->order->without_texts)
        return;
    paper_put(w->out, DOC_PAGE, NULL, NULL);
    for (size_t i = 0; i < w->source->n_letters; i++)
        put_letter(w, &w->source->letters[i], i);
}

/* ---- the end ---- */

static void put_check(struct writing *w, const uint8_t *sign_key)
{
    char key[2 * SEAL_SIGN_KEY_BYTES + 1];
    put(w, DOC_HEADING, N_("How to check this pack"));
    put(w, DOC_PARAGRAPH,
        N_("To check the pack, run verify_pack.py on the archive. It needs only Python, and comes "
           "with the software."));
    put(w, DOC_PARAGRAPH, N_("It compares each file with the digest in manifest.json (SHA-256)."));
    if (sign_key != NULL) {
        put(w, DOC_PARAGRAPH,
            N_("The digests are signed with the key below. Ask the organisation for its key in "
               "another way than this pack, and compare."));
        hex_encode(sign_key, SEAL_SIGN_KEY_BYTES, key);
        key[2 * SEAL_SIGN_KEY_BYTES] = '\0';
        code_row(w, N_("Key of the signature"), key);
    }
    put(w, DOC_SMALL,
        N_("All times are in UTC. A deadline is set when a notice goes out and is not moved "
           "later."));
    put(w, DOC_SMALL,
        N_("That nothing more is listed does not mean that there is nothing more: only what was "
           "found and said is in it."));
}

void pack_put_summary(const struct pack_order *order, const struct pack_source *source,
                      const uint8_t *sign_key, struct buf *out)
{
    struct writing w = {.order = order, .source = source, .out = out};
    buf_init(&w.line, out->alloc, DOC_MAX_BYTES);
    paper_begin(out, order->id, order->made_ms);
    speak_own(&w);
    put_head(&w);
    put_places(&w);
    put_copies(&w);
    put_items(&w);
    put_check(&w, sign_key);
    put_letters(&w);
    if (w.line.status != LK_OK)
        out->status = w.line.status;
    buf_fini(&w.line);
}
