#include "law/situation.h"

#include <string.h>

static const char *const kind_words[LAW_N_KINDS] = {
    "",     "intimate", "extortion", "deception",    "false",
    "hate", "terror",   "harass",    "fake-account", "tool",
};
static const char *const origin_words[LAW_N_ORIGINS] = {"", "real", "edited", "made", "unsure"};
static const char *const medium_words[LAW_N_MEDIA] = {"", "picture", "video", "voice", "other"};
static const char *const stage_words[LAW_N_STAGES] = {
    "", "made", "shown", "threat", "shared", "recorded",
};

static unsigned place_of(const char *word, const char *const words[], unsigned n)
{
    for (unsigned i = 1; word != NULL && i < n; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return 0;
}

const char *law_kind_word(enum law_kind kind)
{
    return kind_words[kind];
}

const char *law_origin_word(enum law_origin origin)
{
    return origin_words[origin];
}

const char *law_medium_word(enum law_medium medium)
{
    return medium_words[medium];
}

const char *law_stage_word(enum law_stage stage)
{
    return stage_words[stage];
}

enum law_kind law_kind_of(const char *word)
{
    return (enum law_kind)place_of(word, kind_words, LAW_N_KINDS);
}

enum law_origin law_origin_of(const char *word)
{
    return (enum law_origin)place_of(word, origin_words, LAW_N_ORIGINS);
}

enum law_medium law_medium_of(const char *word)
{
    return (enum law_medium)place_of(word, medium_words, LAW_N_MEDIA);
}

enum law_stage law_stage_of(const char *word)
{
    return (enum law_stage)place_of(word, stage_words, LAW_N_STAGES);
}

bool law_may_be_synthetic(const struct law_situation *s)
{
    return s->origin != LAW_REAL;
}

/* Words in one text, apart by spaces. */
static bool holds(const char *words, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = words; n > 0 && (at = strstr(at, word)) != NULL; at += n)
        if ((at == words || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
            return true;
    return false;
}

static const char *intimate_topics(enum law_stage stage)
{
    switch (stage) {
    case LAW_STAGE_MADE:
        return "create record";
    case LAW_STAGE_SHOWN:
        return "create record threat";
    case LAW_STAGE_THREAT:
        return "threat";
    case LAW_STAGE_SHARED:
        return "share";
    case LAW_STAGE_RECORDED:
        return "record share";
    default:
        return "share threat create record";
    }
}

static const char *topics_of(const struct law_situation *s)
{
    switch (s->kind) {
    case LAW_INTIMATE:
        return intimate_topics(s->stage);
    case LAW_EXTORTION:
        return "threat fraud";
    case LAW_DECEPTION:
        return "fraud impersonate";
    case LAW_FALSE:
        return "false impersonate";
    case LAW_HATE:
        return "hate";
    case LAW_TERROR:
        return "terror";
    case LAW_HARASSMENT:
        return "harass threat flash";
    case LAW_FAKE_ACCOUNT:
        return "impersonate harass";
    case LAW_TOOL:
        return "tool create";
    default:
        return "share threat create record harass fraud impersonate false";
    }
}

bool law_topic_fits(const struct law_situation *s, const char *topic)
{
    if (s->ages == LAW_UNDER_18 && strcmp(topic, "under18") == 0)
        return true;
    return holds(topics_of(s), topic);
}

static const char *fields_of(const struct law_situation *s)
{
    switch (s->kind) {
    case LAW_INTIMATE:
        return s->stage == LAW_STAGE_MADE ? "any intimate tool" : "any intimate threat";
    case LAW_EXTORTION:
        return "any intimate threat";
    case LAW_DECEPTION:
        return "any likeness fraud";
    case LAW_FALSE:
    case LAW_FAKE_ACCOUNT:
        return "any likeness";
    case LAW_HATE:
        return "any hate";
    case LAW_TERROR:
        return "any terror";
    case LAW_HARASSMENT:
        return "any harass threat";
    case LAW_TOOL:
        return "tool";
    default:
        return "any intimate likeness harass";
    }
}

bool law_field_fits(const struct law_situation *s, const char *field)
{
    if (strcmp(field, "child") == 0)
        return s->ages == LAW_UNDER_18;
    if (strcmp(field, "label") == 0)
        return law_may_be_synthetic(s) && s->kind != LAW_TERROR && s->kind != LAW_HATE;
    return holds(fields_of(s), field);
}
