#include "report.h"

#include "inspect/generator.h"

#include <string.h>

enum inspect_source_type inspect_source_type(const char *word)
{
    /* https://cv.iptc.org/newscodes/digitalsourcetype/, retired words included */
    static const struct {
        const char *word;
        enum inspect_source_type type;
    } words[] = {
        {"trainedAlgorithmicMedia", SOURCE_TYPE_AI},
        {"compositeWithTrainedAlgorithmicMedia", SOURCE_TYPE_AI_PART},
        {"compositeSynthetic", SOURCE_TYPE_AI_PART},
        {"algorithmicMedia", SOURCE_TYPE_PROGRAM},
        {"dataDrivenMedia", SOURCE_TYPE_PROGRAM},
        {"algorithmicallyEnhanced", SOURCE_TYPE_PROGRAM},
        {"digitalCapture", SOURCE_TYPE_CAMERA},
        {"computationalCapture", SOURCE_TYPE_CAMERA},
        {"compositeCapture", SOURCE_TYPE_CAMERA},
        {"negativeFilm", SOURCE_TYPE_CAMERA},
        {"positiveFilm", SOURCE_TYPE_CAMERA},
        {"print", SOURCE_TYPE_CAMERA},
        {"digitalCreation", SOURCE_TYPE_PERSON},
        {"digitalArt", SOURCE_TYPE_PERSON},
        {"softwareImage", SOURCE_TYPE_PERSON},
        {"humanEdits", SOURCE_TYPE_PERSON},
        {"minorHumanEdits", SOURCE_TYPE_PERSON},
        {"screenCapture", SOURCE_TYPE_SCREEN},
        {"virtualRecording", SOURCE_TYPE_SCREEN},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].type;
    return SOURCE_TYPE_OTHER;
}

static bool is_ai(const char *source)
{
    enum inspect_source_type type = inspect_source_type(source);
    return type == SOURCE_TYPE_AI || type == SOURCE_TYPE_AI_PART;
}

static bool names_ai(const char *tool)
{
    return tool != NULL && generator_named(tool) != NULL;
}

bool inspect_says_ai(const struct inspect_report *report)
{
    for (const struct inspect_fact *f = report->facts; f != NULL; f = f->next)
        if (f->ai != NULL || f->kind == INSPECT_PROMPT || f->kind == INSPECT_MODEL ||
            (f->kind == INSPECT_SOURCE && is_ai(f->text)))
            return true;
    for (const struct inspect_credential *c = report->credentials; c != NULL; c = c->next) {
        if (names_ai(c->generator))
            return true;
        for (const struct inspect_action *a = c->actions; a != NULL; a = a->next)
            if (names_ai(a->tool) || (a->source != NULL && is_ai(a->source)))
                return true;
    }
    return false;
}

enum inspect_outcome inspect_outcome(const struct inspect_report *report)
{
    for (const struct inspect_credential *c = report->credentials; c != NULL; c = c->next)
        if (c->is_active && c->signature == INSPECT_HOLDS && c->assertions == INSPECT_HOLDS &&
            c->content == INSPECT_HOLDS)
            return INSPECT_FOUND_SIGNED;
    if (report->facts != NULL || report->credentials != NULL)
        return INSPECT_FOUND_UNSIGNED;
    return report->notes != 0 ? INSPECT_CANNOT_TELL : INSPECT_NOT_FOUND;
}

bool inspect_seal_is_broken(const struct inspect_report *report)
{
    for (const struct inspect_credential *c = report->credentials; c != NULL; c = c->next)
        if (c->is_active && (c->signature == INSPECT_FAILS || c->assertions == INSPECT_FAILS ||
                             c->content == INSPECT_FAILS))
            return true;
    return false;
}

const char *inspect_outcome_name(enum inspect_outcome outcome)
{
    static const char *const names[] = {"found_signed", "found_unsigned", "not_found",
                                        "cannot_tell"};
    return names[outcome];
}

const char *inspect_format_name(enum inspect_format format)
{
    static const char *const names[INSPECT_N_FORMATS] = {"unknown", "jpeg", "png", "webp", "gif",
                                                         "tiff",    "mp4",  "wav", "mp3"};
    return names[format];
}

const char *inspect_kind_name(enum inspect_kind kind)
{
    static const char *const names[INSPECT_N_KINDS] = {"source", "tool",   "model", "camera",
                                                       "credit", "prompt", "person"};
    return names[kind];
}

const char *inspect_check_name(enum inspect_check check)
{
    static const char *const names[INSPECT_N_CHECKS] = {"not_checked", "holds", "fails"};
    return names[check];
}

const char *inspect_reason_name(enum inspect_reason reason)
{
    static const char *const names[INSPECT_N_REASONS] = {
        "none", "algorithm", "no_key", "binding", "older", "damaged", "too_large"};
    return names[reason];
}

const char *inspect_source_type_name(enum inspect_source_type type)
{
    static const char *const names[SOURCE_TYPE_N] = {"other",  "ai",     "ai_part", "program",
                                                     "camera", "person", "screen"};
    return names[type];
}
