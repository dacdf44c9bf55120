#include "cases/facts.h"

#include "base/err.h"

#include <string.h>

enum field_kind { TEXT, YES, KIND, ORIGIN, MEDIUM, STAGE, AGE, PLACE };

static const struct field {
    const char *word;
    enum field_kind kind;
    size_t offset;
} fields[] = {
#define ANSWER(member) offsetof(struct case_facts, answers.member)
    {"what", KIND, 0},
    {"origin", ORIGIN, 0},
    {"medium", MEDIUM, 0},
    {"stage", STAGE, 0},
    {"age", AGE, 0},
    {"country", PLACE, ANSWER(country)},
    {"lang", TEXT, offsetof(struct case_facts, lang)},
    {"platform", TEXT, offsetof(struct case_facts, platform)},
    {"shows", TEXT, ANSWER(shows)},
    {"facts", TEXT, ANSWER(facts)},
    {"seen", TEXT, ANSWER(seen)},
    {"authority", TEXT, ANSWER(authority)},
    {"evidence", TEXT, ANSWER(evidence)},
    {"prior", TEXT, ANSWER(prior)},
    {"no-consent", YES, ANSWER(no_consent)},
    {"good-faith", YES, ANSWER(good_faith)},
    {"accurate", YES, ANSWER(accurate)},
    {"identity", YES, ANSWER(identity_checked)},
    {"maker", YES, ANSWER(is_maker)},
    {"person", TEXT, ANSWER(person)},
    {"person-contact", TEXT, ANSWER(person_contact)},
#undef ANSWER
};
enum { N_FIELDS = sizeof fields / sizeof fields[0] };

static const char *unescaped(struct arena *arena, const char *text, size_t n)
{
    char *out = arena_copy(arena, text, n);
    char *to = out;
    if (out == NULL)
        return NULL;
    for (const char *from = out; *from != '\0'; from++) {
        char c = *from;
        if (c == '\\' && from[1] != '\0')
            c = *++from == 'n' ? '\n' : *from;
        if (c != '\r') /* forms send it before each line feed */
            *to++ = c;
    }
    *to = '\0';
    return out;
}

/* A code of the data, not what was typed. */
static const char *country_of(const char *code)
{
    struct law_country country;
    return law_country_find(code, &country) ? country.code : NULL;
}

static void set_age(struct law_answers *a, const char *value)
{
    a->age_known = strcmp(value, "adult") == 0 || strcmp(value, "minor") == 0;
    a->situation.ages = strcmp(value, "adult") == 0 ? LAW_ADULT : LAW_UNDER_18;
}

static void set_field(struct case_facts *out, const struct field *field, const char *value)
{
    char *base = (char *)out;
    struct law_situation *s = &out->answers.situation;
    switch (field->kind) {
    case TEXT:
        *(const char **)(void *)(base + field->offset) = value;
        break;
    case PLACE:
        *(const char **)(void *)(base + field->offset) = country_of(value);
        break;
    case YES:
        *(bool *)(base + field->offset) = strcmp(value, "yes") == 0;
        break;
    case KIND:
        s->kind = law_kind_of(value);
        break;
    case ORIGIN:
        s->origin = law_origin_of(value);
        break;
    case MEDIUM:
        s->medium = law_medium_of(value);
        break;
    case STAGE:
        s->stage = law_stage_of(value);
        break;
    case AGE:
        set_age(&out->answers, value);
        break;
    }
}

static enum lk_status read_line(struct arena *arena, const char *line, size_t n,
                                struct case_facts *out, struct lk_error *err)
{
    const char *equals = memchr(line, '=', n);
    if (equals == NULL)
        return LK_OK;
    size_t n_word = (size_t)(equals - line);
    for (size_t i = 0; i < N_FIELDS; i++) {
        if (strlen(fields[i].word) != n_word || memcmp(fields[i].word, line, n_word) != 0)
            continue;
        const char *value = unescaped(arena, equals + 1, n - n_word - 1);
        if (value == NULL)
            return FAIL(err, LK_NOMEM, "no memory for the facts of a case");
        set_field(out, &fields[i], value);
    }
    return LK_OK;
}

enum lk_status case_facts_read(struct arena *arena, const char *text, size_t n,
                               struct case_facts *out, struct lk_error *err)
{
    while (n > 0) {
        const char *end = memchr(text, '\n', n);
        size_t length = end == NULL ? n : (size_t)(end - text);
        TRY(read_line(arena, text, length, out, err));
        size_t used = length + (end != NULL);
        text += used;
        n -= used;
    }
    return LK_OK;
}

static void write_value(struct buf *out, const char *value)
{
    for (const char *c = value; *c != '\0'; c++) {
        if (*c == '\n')
            buf_str(out, "\\n");
        else if (*c == '\\')
            buf_str(out, "\\\\");
        else if (*c != '\r')
            buf_char(out, *c);
    }
}

static const char *value_of(const struct case_facts *facts, const struct field *field)
{
    const char *base = (const char *)facts;
    const struct law_answers *a = &facts->answers;
    switch (field->kind) {
    case TEXT:
    case PLACE:
        return *(const char *const *)(const void *)(base + field->offset);
    case YES:
        return *(const bool *)(base + field->offset) ? "yes" : NULL;
    case KIND:
        return law_kind_word(a->situation.kind);
    case ORIGIN:
        return law_origin_word(a->situation.origin);
    case MEDIUM:
        return law_medium_word(a->situation.medium);
    case STAGE:
        return law_stage_word(a->situation.stage);
    default:
        return !a->age_known ? NULL : a->situation.ages == LAW_ADULT ? "adult" : "minor";
    }
}

void case_facts_write(const struct case_facts *facts, struct buf *out)
{
    for (size_t i = 0; i < N_FIELDS; i++) {
        const char *value = value_of(facts, &fields[i]);
        if (value == NULL || value[0] == '\0')
            continue;
        buf_fmt(out, "%s=", fields[i].word);
        write_value(out, value);
        buf_char(out, '\n');
    }
}
