#include "exchange/dsa_statement.h"

#include "cases/match_state.h"
#include "law/situation.h"
#include "sys/clock.h"
#include "sys/json_time.h"

#include <stdio.h>

bool dsa_statement_is_owed(unsigned outcome)
{
    return outcome == MATCH_REMOVED || outcome == MATCH_LIMITED;
}

static void put_one(struct json *j, const char *key, const char *value)
{
    json_key(j, key);
    json_array(j);
    json_text(j, value);
    json_end_array(j);
}

static void put_visibility(struct json *j, const struct dsa_statement *s)
{
    const char *value = "DECISION_VISIBILITY_CONTENT_REMOVED";
    bool is_other = s->outcome == MATCH_LIMITED;
    if (is_other && s->reason == REASON_AGE_RESTRICTED) {
        value = "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED";
        is_other = false;
    } else if (is_other && s->reason == REASON_REACH_REDUCED) {
        value = "DECISION_VISIBILITY_CONTENT_DEMOTED";
        is_other = false;
    } else if (is_other) {
        value = "DECISION_VISIBILITY_OTHER";
    }
    put_one(j, "decision_visibility", value);
    if (is_other)
        json_put_text(j, "decision_visibility_other", "Fewer people can see the content.");
}

static const char *type_of(unsigned medium)
{
    switch (medium) {
    case LAW_PICTURE:
        return "CONTENT_TYPE_IMAGE";
    case LAW_VIDEO:
        return "CONTENT_TYPE_VIDEO";
    case LAW_VOICE:
        return "CONTENT_TYPE_AUDIO";
    case LAW_OTHER_MEDIUM:
        return "CONTENT_TYPE_OTHER";
    default:
        return NULL;
    }
}

static void put_types(struct json *j, const struct dsa_statement *s)
{
    const char *type = type_of(s->medium);
    if (type == NULL && !s->is_synthetic)
        return;
    json_key(j, "content_type");
    json_array(j);
    if (type != NULL)
        json_text(j, type);
    if (s->is_synthetic)
        json_text(j, "CONTENT_TYPE_SYNTHETIC_MEDIA");
    json_end_array(j);
    if (s->medium == LAW_OTHER_MEDIUM)
        json_put_text(j, "content_type_other", "Several kinds of content, or an account.");
}

/* Of the keywords of cyber violence; the ones about women are for the platform to choose, for
 * nothing here says who is shown. */
static const char *keyword(const struct dsa_statement *s)
{
    if (s->is_synthetic)
        return "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE";
    if (s->kind == LAW_INTIMATE || s->kind == LAW_EXTORTION || s->kind == LAW_KIND_UNSAID)
        return "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING";
    return s->kind == LAW_HARASSMENT ? "KEYWORD_CYBER_HARASSMENT" : "KEYWORD_OTHER";
}

static void put_category(struct json *j, const struct dsa_statement *s)
{
    const char *word = keyword(s);
    json_put_text(j, "category", "STATEMENT_CATEGORY_CYBER_VIOLENCE");
    put_one(j, "category_specification", word);
    if (word[8] == 'O') /* KEYWORD_OTHER */
        json_put_text(j, "category_specification_other",
                      "The likeness of a person, used against that person's will.");
}

static void put_source(struct json *j, const struct dsa_statement *s)
{
    bool is_notice = s->notifier != NULL;
    json_put_text(j, "source_type",
                  !is_notice              ? "SOURCE_VOLUNTARY"
                  : s->is_trusted_flagger ? "SOURCE_TRUSTED_FLAGGER"
                                          : "SOURCE_ARTICLE_16");
    if (is_notice && s->notifier[0] != '\0')
        json_put_text(j, "source_identity", s->notifier);
    json_put_text(j, "automated_detection", is_notice ? "No" : "Yes");
}

static void put_facts(struct json *j, const struct dsa_statement *s)
{
    char day[32], text[512];
    clock_format_day(s->notified_ms, day);
    if (s->notifier != NULL)
        snprintf(text, sizeof text,
                 "A notice on behalf of the person concerned reached us on %s. It says that the "
                 "content %s and that this person did not agree to it being made available.",
                 day,
                 s->is_synthetic ? "was edited or made by a computer to look or sound like a person"
                                 : "shows or concerns an identifiable person");
    else
        snprintf(text, sizeof text,
                 "A fingerprint of the content agrees (%s) with one that the person concerned "
                 "registered as shared, or about to be shared, without that person's agreement.",
                 lk_grade_name(s->grade));
    json_put_text(j, "decision_facts", text);
    json_put_text(j, "incompatible_content_explanation",
                  "The content was made available without the agreement of the person concerned.");
}

static void put_missing(struct json *j, const char *member, const char *why)
{
    json_object(j);
    json_put_text(j, "member", member);
    json_put_text(j, "why", why);
    json_end_object(j);
}

void dsa_statement_write(struct json *j, const struct dsa_statement *s)
{
    json_object(j);
    json_key(j, "statement");
    json_object(j);
    put_visibility(j, s);
    json_put_text(j, "decision_ground", "DECISION_GROUND_INCOMPATIBLE_CONTENT");
    put_types(j, s);
    put_category(j, s);
    json_put_day(j, "application_date", s->decided_ms);
    put_facts(j, s);
    put_source(j, s);
    json_put_text(j, "puid", s->puid);
    json_end_object(j);
    json_key(j, "missing");
    json_array(j);
    put_missing(j, "incompatible_content_ground",
                "Which of your rules it broke. If you decided by a law instead: decision_ground "
                "DECISION_GROUND_ILLEGAL_CONTENT with illegal_content_legal_ground and "
                "illegal_content_explanation.");
    put_missing(j, "content_date", "The day on which it was posted.");
    put_missing(j, "automated_decision",
                "AUTOMATED_DECISION_FULLY, AUTOMATED_DECISION_PARTIALLY or "
                "AUTOMATED_DECISION_NOT_AUTOMATED.");
    if (type_of(s->medium) == NULL)
        put_missing(j, "content_type", "What kind of content it is.");
    json_end_array(j);
    json_end_object(j);
}
