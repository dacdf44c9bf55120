/* law/situation.h - what happened, as far as a person has said it: the key to what applies.
 *
 * Each answer is one of a fixed list of words, the same in forms, tests and documents; an answer
 * that was not given is 0. Nothing here names a person. Threads: any. */
#ifndef LAW_SITUATION_H
#define LAW_SITUATION_H

#include "law/help.h"

#include <stdbool.h>
#include <stddef.h>

/* The next three are stored with letters: never renumber. */
enum law_kind {
    LAW_KIND_UNSAID,
    LAW_INTIMATE,     /* a private or sexual picture, video or recording */
    LAW_EXTORTION,    /* someone asks for money, pictures or something else */
    LAW_DECEPTION,    /* a voice or likeness used to deceive, or for fraud */
    LAW_FALSE,        /* a false message that is meant to harm */
    LAW_HATE,         /* it stirs up hatred or calls for violence */
    LAW_TERROR,       /* it supports terrorism */
    LAW_HARASSMENT,   /* again and again, until one is afraid */
    LAW_FAKE_ACCOUNT, /* an account that pretends to be the person */
    LAW_TOOL,         /* a tool or app that makes such pictures */
    LAW_N_KINDS
};

enum law_origin {
    LAW_ORIGIN_UNSAID,
    LAW_REAL,
    LAW_EDITED,
    LAW_MADE,
    LAW_ORIGIN_UNSURE,
    LAW_N_ORIGINS
};

enum law_medium {
    LAW_MEDIUM_UNSAID,
    LAW_PICTURE,
    LAW_VIDEO,
    LAW_VOICE,
    LAW_OTHER_MEDIUM, /* text, an account, several */
    LAW_N_MEDIA
};

enum law_stage {
    LAW_STAGE_UNSAID,
    LAW_STAGE_MADE,     /* made, not shown to others as far as is known */
    LAW_STAGE_SHOWN,    /* shown to the person */
    LAW_STAGE_THREAT,   /* someone threatens to share it */
    LAW_STAGE_SHARED,   /* already shared */
    LAW_STAGE_RECORDED, /* taken without the person knowing */
    LAW_N_STAGES
};

struct law_situation {
    enum law_kind kind;
    enum law_origin origin;
    enum law_medium medium;
    enum law_stage stage;
    enum law_ages ages; /* LAW_UNDER_18 also when unsure */
};

/* The word for an answer ("intimate", "made", ...); "" for the unsaid. */
const char *law_kind_word(enum law_kind kind);
const char *law_origin_word(enum law_origin origin);
const char *law_medium_word(enum law_medium medium);
const char *law_stage_word(enum law_stage stage);

/* The answer that a word stands for; the unsaid for any other text, and for NULL. */
enum law_kind law_kind_of(const char *word);
enum law_origin law_origin_of(const char *word);
enum law_medium law_medium_of(const char *word);
enum law_stage law_stage_of(const char *word);

/* May it be a fake: edited or made by a computer, or not known? */
bool law_may_be_synthetic(const struct law_situation *s);

/* Does an offence with this topic (data/law: share, threat, create ...) bear on the situation? */
bool law_topic_fits(const struct law_situation *s, const char *topic);

/* Does a regime of this field (data/law/regime-topics.json: any, intimate, child ...)? */
bool law_field_fits(const struct law_situation *s, const char *field);

#endif
