#include "law/letter_elements.h"

#include "law/letter_text.h"

#include <string.h>

static bool is_set(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static bool by_desk(const struct law_letter_order *order)
{
    return order->author == LAW_BY_REPRESENTATIVE;
}

static bool said(bool there, enum law_lack why, enum law_lack *lack)
{
    if (!there)
        *lack = why;
    return there;
}

/* The jurisdiction of a rule is the beginning of its id: "au-osa-iba". */
static bool lives_there(const struct law_letter_order *order, enum law_lack *lack)
{
    const char *country = order->answers->country;
    if (!is_set(country))
        return said(false, LAW_LACK_ANSWER, lack);
    bool same = order->rule == NULL || strncmp(order->rule->id, country, strlen(country)) == 0;
    return said(same, LAW_LACK_SAME, lack);
}

static bool sender_there(const struct law_letter_order *order, const char *element,
                         enum law_lack *lack)
{
    const struct law_answers *a = order->answers;
    const struct law_sender *s = order->sender;
    if (!by_desk(order)) {
        bool is_name = strcmp(element, "signature") == 0 || strcmp(element, "name") == 0;
        return said(is_set(is_name ? a->person : a->person_contact), LAW_LACK_ANSWER, lack);
    }
    const char *value = strcmp(element, "signature") == 0 ? s->signer
                        : strcmp(element, "name") == 0    ? s->organisation
                        : strcmp(element, "email") == 0   ? s->email
                                                          : s->contact;
    return said(is_set(value) && is_set(s->organisation), LAW_LACK_SENDER, lack);
}

static const struct {
    const char *element;
    enum { OF_SENDER, OF_SITUATION, OF_URLS, OF_COUNTRY, OF_FORM, ALWAYS } need;
} needs[] = {
    {"signature", OF_SENDER},
    {"name", OF_SENDER},
    {"contact", OF_SENDER},
    {"email", OF_SENDER},
    {"identify_content", OF_SITUATION},
    {"reason_illegal", OF_SITUATION},
    {"locate_content", OF_URLS},
    {"residence_nexus", OF_COUNTRY},
    {"official_form", OF_FORM},
    {"local_law_reference", ALWAYS},
    {"case_number", ALWAYS},
};
enum { N_NEEDS = sizeof needs / sizeof needs[0] };

static bool answer_there(const struct law_letter_order *order, const char *element,
                         enum law_lack *lack)
{
    const struct law_answers *a = order->answers;
    const struct {
        const char *element;
        bool there;
        enum law_lack lack;
    } answers[] = {
        {"statement_nonconsent", a->no_consent, LAW_LACK_CONFIRMED},
        {"statement_good_faith", a->good_faith, LAW_LACK_CONFIRMED},
        {"statement_accuracy", a->accurate, LAW_LACK_CONFIRMED},
        {"supporting_info", is_set(a->facts), LAW_LACK_ANSWER},
        {"declaration_present", is_set(a->seen), LAW_LACK_ANSWER},
        {"declaration_subject", is_set(a->authority) || !by_desk(order), LAW_LACK_ANSWER},
        {"authority_to_act", is_set(a->authority) || !by_desk(order), LAW_LACK_ANSWER},
        {"identity_proof", a->identity_checked || !by_desk(order), LAW_LACK_CONFIRMED},
        {"age", a->age_known && a->situation.ages == LAW_ADULT, LAW_LACK_ANSWER},
        {"evidence", is_set(a->evidence), LAW_LACK_ANSWER},
        {"prior_report", is_set(a->prior), LAW_LACK_ANSWER},
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        if (strcmp(answers[i].element, element) == 0)
            return said(answers[i].there, answers[i].lack, lack);
    return said(false, LAW_LACK_ANSWER, lack);
}

bool letter_element_is_there(const struct law_letter_order *order, const char *element,
                             enum law_lack *lack)
{
    for (size_t i = 0; i < N_NEEDS; i++) {
        if (strcmp(needs[i].element, element) != 0)
            continue;
        switch (needs[i].need) {
        case OF_SENDER:
            return sender_there(order, element, lack);
        case OF_SITUATION:
            return said(order->answers->situation.kind != LAW_KIND_UNSAID, LAW_LACK_ANSWER, lack);
        case OF_URLS:
            return said(order->n_urls > 0, LAW_LACK_ANSWER, lack);
        case OF_COUNTRY:
            return lives_there(order, lack);
        case OF_FORM:
            return said(order->by_form, LAW_LACK_FORM, lack);
        case ALWAYS:
            return true;
        }
    }
    return answer_there(order, element, lack);
}

const char *letter_voice(const struct law_letter_order *order, const char *first,
                         const char *second)
{
    const char *text = NULL;
    if (order->author == LAW_BY_MAKER)
        text = letter_text_find(order->lang, first, second, ".copyright");
    if (text == NULL && !by_desk(order))
        text = letter_text_find(order->lang, first, second, ".self");
    return text != NULL ? text : letter_text_find(order->lang, first, second, "");
}

/* ", " between; the list lives in the arena. */
static const char *joined(struct arena *arena, const char *const *texts, size_t n)
{
    struct buf list;
    buf_init(&list, &arena->alloc, 4096);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&list, "%s%s", i > 0 ? "; " : "", texts[i]);
    return buf_text(&list);
}

static const char *offences_text(struct arena *arena, const struct law_letter_order *order)
{
    struct buf out;
    if (order->n_offences == 0)
        return "";
    const struct letter_slot slot = {"list", joined(arena, order->offences, order->n_offences)};
    buf_init(&out, &arena->alloc, 8192);
    letter_text_fill(&out, letter_text_find(order->lang, "el.", "offences", ""), &slot, 1);
    return buf_text(&out);
}

static const char *word_text(const struct law_letter_order *order, const char *prefix,
                             const char *word)
{
    const char *text = word[0] == '\0' ? NULL : letter_text_find(order->lang, prefix, word, "");
    return text == NULL ? "" : text;
}

static void put_urls(const struct law_letter_order *order, struct buf *out)
{
    for (size_t i = 0; i < order->n_urls; i++)
        buf_fmt(out, "%s%s", i > 0 ? "\n" : "", order->urls[i]);
}

void letter_element_put(struct arena *arena, const struct law_letter_order *order,
                        const char *element, struct buf *out)
{
    const struct law_answers *a = order->answers;
    const struct law_sender *s = order->sender;
    enum law_lack lack;
    if (strcmp(element, "locate_content") == 0) {
        put_urls(order, out);
        return;
    }
    const char *text = letter_voice(order, "el.", element);
    if (text == NULL || !letter_element_is_there(order, element, &lack))
        return;
    const struct letter_slot slots[] = {
        {"signer", s->signer},
        {"organisation", s->organisation},
        {"email", by_desk(order) ? s->email : a->person_contact},
        {"contact", by_desk(order) ? s->contact : a->person_contact},
        {"person", a->person},
        {"date", order->day},
        {"kind", word_text(order, "kind.", law_kind_word(a->situation.kind))},
        {"medium", word_text(order, "medium.", law_medium_word(a->situation.medium))},
        {"origin", word_text(order, "origin.", law_origin_word(a->situation.origin))},
        {"shows", a->shows},
        {"offences", offences_text(arena, order)},
        {"facts", a->facts},
        {"seen", a->seen},
        {"authority", a->authority},
        {"country", order->country_name},
        {"evidence", a->evidence},
        {"law", order->rule == NULL ? NULL : order->rule->citation},
        {"reference", order->reference},
        {"prior", a->prior},
    };
    letter_text_fill(out, text, slots, sizeof slots / sizeof slots[0]);
}
