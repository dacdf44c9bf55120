/* A letter is put together from paragraphs: who writes, on what law, the elements as titled fields,
 * what is asked, by when, how to answer. */
#include "law/letter.h"

#include "base/err.h"
#include "law/letter_elements.h"
#include "law/letter_text.h"

#include <string.h>

enum { MAX_LETTER_BYTES = 1 << 20, MAX_SUBJECT_BYTES = 512, MAX_ELEMENTS = 24 };

static const char *const target_names[LAW_N_TARGETS] = {
    "",          "platform",  "host",   "network", "search", "app-store", "advertising",
    "registrar", "regulator", "police", "hotline",
};

const char *law_target_name(unsigned target)
{
    return target < LAW_N_TARGETS ? target_names[target] : "";
}

enum law_target law_target_of(const char *name)
{
    for (unsigned i = 1; name != NULL && i < LAW_N_TARGETS; i++)
        if (strcmp(target_names[i], name) == 0)
            return (enum law_target)i;
    return LAW_TARGET_NONE;
}

const char *law_lack_words(enum law_lack lack)
{
    /* in the catalogues */
    switch (lack) {
    case LAW_LACK_SENDER:
        return "The operator has not set who signs the letters and how to reach them.";
    case LAW_LACK_FORM:
        return "This law asks for a form: copy the letter into it.";
    case LAW_LACK_CONFIRMED:
        return "Nobody has confirmed this yet: tick it in the facts of the case.";
    case LAW_LACK_SAME:
        return "This law needs a link to its country, and the person lives in another one.";
    default:
        return "It is not among the facts of the case yet.";
    }
}

bool law_may_represent(const struct law_rule *rule, const struct law_sender *sender)
{
    if (rule == NULL || rule->n_senders == 0)
        return true;
    for (size_t i = 0; i < rule->n_senders; i++) {
        const char *who = rule->senders[i];
        if (strcmp(who, "any_person") == 0 || strcmp(who, "authorised_representative") == 0 ||
            (sender->is_trusted_flagger && strcmp(who, "trusted_flagger") == 0) ||
            (sender->is_designated && strcmp(who, "designated_body") == 0))
            return true;
    }
    return false;
}

/* ---- which elements ---- */

struct elements {
    const char *ids[MAX_ELEMENTS];
    bool required[MAX_ELEMENTS];
    size_t n;
};

static void add_element(struct elements *list, const char *id, bool required)
{
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->ids[i], id) == 0) {
            list->required[i] |= required;
            return;
        }
    }
    if (list->n < MAX_ELEMENTS) {
        list->ids[list->n] = id;
        list->required[list->n++] = required;
    }
}

/* What every letter of a kind holds, whatever its law says. A law adds what it asks for. */
static void add_common(struct elements *list, const struct law_letter_order *order)
{
    static const char *const always[] = {"locate_content", "identify_content"};
    static const char *const usual[] = {"declaration_subject", "statement_nonconsent",
                                        "statement_good_faith", "supporting_info"};
    static const char *const copyright[] = {"signature",         "name",
                                            "contact",           "identify_content",
                                            "locate_content",    "statement_good_faith",
                                            "statement_accuracy"};
    if (order->author == LAW_BY_MAKER) {
        for (size_t i = 0; i < sizeof copyright / sizeof copyright[0]; i++)
            add_element(list, copyright[i], true);
        return;
    }
    add_element(list, always[0], true);
    if (order->target == LAW_TARGET_HOTLINE)
        return;
    add_element(list, always[1], true);
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        add_element(list, usual[i], i == 0 && order->author == LAW_BY_REPRESENTATIVE);
    add_element(list, "contact", true);
}

static void list_elements(const struct law_letter_order *order, struct elements *list)
{
    add_common(list, order);
    for (size_t i = 0; order->rule != NULL && i < order->rule->n_elements; i++)
        add_element(list, order->rule->elements[i].id, order->rule->elements[i].is_required);
}

static const char *label_of(const char *id)
{
    for (size_t i = 0; law_element_label_at(i) != NULL; i++)
        if (strcmp(law_element_id_at(i), id) == 0)
            return law_element_label_at(i);
    return id;
}

static enum lk_status find_missing(struct arena *arena, const struct law_letter_order *order,
                                   const struct elements *list, struct law_letter *out,
                                   struct lk_error *err)
{
    struct law_missing *missing = arena_zalloc(arena, MAX_ELEMENTS, sizeof *missing);
    if (missing == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a letter");
    out->missing = missing;
    for (size_t i = 0; i < list->n; i++) {
        enum law_lack lack;
        if (list->required[i] && !letter_element_is_there(order, list->ids[i], &lack))
            missing[out->n_missing++] =
                (struct law_missing){list->ids[i], label_of(list->ids[i]), lack};
    }
    return LK_OK;
}

/* ---- the paragraphs ---- */

struct writing {
    struct arena *arena;
    const struct law_letter_order *order;
    struct buf out;
    char hours[16];
};

static void put_text(struct writing *w, const char *text)
{
    const struct law_letter_order *o = w->order;
    const struct letter_slot slots[] = {
        {"recipient", o->recipient},
        {"reference", o->reference},
        {"organisation", o->sender->organisation},
        {"signer", o->sender->signer},
        {"contact", o->sender->contact},
        {"person", o->answers->person},
        {"date", o->day},
        {"law", o->rule == NULL ? NULL : o->rule->citation},
        {"hours", w->hours},
    };
    letter_text_fill(&w->out, text, slots, sizeof slots / sizeof slots[0]);
    buf_str(&w->out, "\n\n");
}

static void put(struct writing *w, const char *first, const char *second)
{
    put_text(w, letter_voice(w->order, first, second));
}

static const char *subject_key(const struct law_letter_order *order)
{
    if (order->target == LAW_TARGET_HOTLINE)
        return "hotline";
    if (order->target == LAW_TARGET_REGULATOR && order->n_past > 0)
        return "complaint";
    if (order->target == LAW_TARGET_SEARCH)
        return "search";
    switch (order->answers->situation.kind) {
    case LAW_FAKE_ACCOUNT:
        return "account";
    case LAW_TOOL:
        return "tool";
    default:
        return "content";
    }
}

static void put_who(struct writing *w)
{
    static const char *const routes[] = {[LAW_BY_REPRESENTATIVE] = "representative",
                                         [LAW_BY_PERSON] = "self",
                                         [LAW_BY_MAKER] = "maker"};
    put(w, "who.", w->order->target == LAW_TARGET_HOTLINE ? "hotline" : routes[w->order->author]);
}

static void put_basis(struct writing *w)
{
    const struct law_letter_order *o = w->order;
    const struct law_rule *rule = o->rule;
    if (o->target == LAW_TARGET_HOTLINE)
        put(w, "basis.", "hotline");
    else if (o->author == LAW_BY_MAKER)
        put(w, "basis.", "copyright");
    else if (rule == NULL)
        put(w, "basis.", "none");
    else if (letter_text_find(o->lang, "basis.", rule->id, "") != NULL)
        put(w, "basis.", rule->id);
    else
        put(w, "basis.", rule->status == LAW_IN_FORCE ? "law" : "law-later");
}

static void put_elements(struct writing *w, const struct elements *list)
{
    for (size_t i = 0; i < list->n; i++) {
        size_t before = w->out.n;
        buf_fmt(&w->out, "%s:\n", letter_text_find(w->order->lang, "label.", list->ids[i], ""));
        size_t after = w->out.n;
        letter_element_put(w->arena, w->order, list->ids[i], &w->out);
        if (w->out.n > after)
            buf_str(&w->out, "\n\n");
        else
            w->out.n = before;
    }
}

static const char *state_text(const char *lang, const char *state)
{
    const char *text = letter_text_find(lang, "state.", state, "");
    return text != NULL ? text : letter_text_find(lang, "state.", "other", "");
}

static void put_annex(struct writing *w)
{
    const struct law_letter_order *o = w->order;
    if (o->n_past == 0)
        return;
    buf_fmt(&w->out, "%s:\n", letter_text_find(o->lang, "annex", "", ""));
    for (size_t i = 0; i < o->n_past; i++) {
        const struct law_past *past = &o->past[i];
        const struct letter_slot slots[] = {{"url", past->url},
                                            {"sent", past->sent},
                                            {"recipient", past->recipient},
                                            {"due", past->due == NULL ? "-" : past->due},
                                            {"state", state_text(o->lang, past->state)}};
        letter_text_fill(&w->out, letter_text_find(o->lang, "annex", ".line", ""), slots,
                         sizeof slots / sizeof slots[0]);
        buf_str(&w->out, "\n");
    }
    buf_str(&w->out, "\n");
}

static void put_hours(struct writing *w)
{
    const struct law_letter_order *o = w->order;
    unsigned hours = o->law_hours > 0 ? o->law_hours : o->own_hours;
    if (hours == 0 || o->target >= LAW_TARGET_REGULATOR)
        return;
    size_t n = 0;
    for (unsigned rest = hours; rest > 0; rest /= 10)
        n++;
    w->hours[n] = '\0';
    for (; n > 0; hours /= 10)
        w->hours[--n] = (char)('0' + hours % 10);
    put(w, "clock.", o->law_hours > 0 ? "law" : "own");
}

static void put_ask(struct writing *w)
{
    const struct law_letter_order *o = w->order;
    bool is_account =
        o->target == LAW_TARGET_PLATFORM && o->answers->situation.kind == LAW_FAKE_ACCOUNT;
    put(w, "ask.", is_account ? "account" : law_target_name(o->target));
    put_hours(w);
    if (o->wants_preserved && o->target < LAW_TARGET_REGULATOR && o->target != LAW_TARGET_SEARCH)
        put(w, "preserve", "");
    if (o->target < LAW_TARGET_REGULATOR)
        put(w, "answer", "");
}

static enum lk_status write_letter(struct writing *w, const struct elements *list,
                                   struct law_letter *out, struct lk_error *err)
{
    buf_init(&w->out, &w->arena->alloc, MAX_SUBJECT_BYTES);
    put(w, "subject.", subject_key(w->order));
    TRY(buf_status(&w->out, "the subject of a letter", err));
    out->subject = arena_copy(w->arena, w->out.p, w->out.n - 2);
    buf_init(&w->out, &w->arena->alloc, MAX_LETTER_BYTES);
    put(w, "to", "");
    put_who(w);
    put_basis(w);
    put_elements(w, list);
    put_annex(w);
    put_ask(w);
    put(w, "closing", "");
    TRY(buf_status(&w->out, "a letter", err));
    out->body = arena_copy(w->arena, w->out.p, w->out.n - 1);
    if (out->subject == NULL || out->body == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a letter");
    return LK_OK;
}

static enum lk_status check(const struct law_letter_order *order, struct lk_error *err)
{
    const struct law_answers *a = order->answers;
    bool is_adult = a->age_known && a->situation.ages == LAW_ADULT;
    if (!is_adult && order->target != LAW_TARGET_HOTLINE)
        return FAIL(err, LK_DENIED,
                    "the person is, or may be, under 18: such a case goes to the child hotline, "
                    "and to nobody else from here");
    if (!law_letter_has_lang(order->lang))
        return FAIL(err, LK_INVALID, "letters are not written in the language '%s'", order->lang);
    if (order->recipient == NULL || order->recipient[0] == '\0')
        return FAIL(err, LK_INVALID, "the letter has no recipient");
    if (order->target == LAW_TARGET_NONE || order->target == LAW_TARGET_POLICE ||
        order->target >= LAW_N_TARGETS)
        return FAIL(err, LK_INVALID, "no letters are written to such a recipient");
    if (order->author == LAW_BY_REPRESENTATIVE && !law_may_represent(order->rule, order->sender))
        return FAIL(err, LK_UNSUPPORTED,
                    "under this law only the person may write: make the letter for the person to "
                    "send");
    return LK_OK;
}

enum lk_status law_letter_make(struct arena *arena, const struct law_letter_order *order,
                               struct law_letter *out, struct lk_error *err)
{
    struct elements list = {.n = 0};
    struct writing w = {.arena = arena, .order = order};
    *out = (struct law_letter){0};
    TRY(check(order, err));
    list_elements(order, &list);
    TRY(find_missing(arena, order, &list, out, err));
    return out->n_missing > 0 ? LK_OK : write_letter(&w, &list, out, err);
}
