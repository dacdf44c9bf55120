#include "law/facts_read.h"

#include "base/err.h"

#include <string.h>

static enum lk_status no_room(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for the facts of the law");
}

static enum lk_status too_many(struct lk_error *err)
{
    return FAIL(err, LK_LIMIT, "more facts of the law than one answer holds");
}

/* "" counts as nothing. */
static const char *text_or_null(struct facts_reading *r, const struct json_tree *v, const char *key)
{
    const char *text = law_copy_text(r->arena, v, key);
    return text != NULL && text[0] != '\0' ? text : NULL;
}

static const char *https_or_null(struct facts_reading *r, const struct json_tree *v,
                                 const char *key)
{
    const char *url = text_or_null(r, v, key);
    return url != NULL && strncmp(url, "https://", 8) == 0 ? url : NULL;
}

static enum lk_status read_texts(struct facts_reading *r, const struct json_tree *list,
                                 const char *const **out, size_t *n, struct lk_error *err)
{
    size_t length = json_array_length(list);
    const char **texts = arena_zalloc(r->arena, length + 1, sizeof *texts);
    if (texts == NULL)
        return no_room(err);
    *n = 0;
    for (size_t i = 0; i < length; i++) {
        size_t n_text;
        const char *text = json_as_text(json_at(list, i), &n_text);
        if (text == NULL)
            continue;
        texts[*n] = arena_copy(r->arena, text, n_text);
        if (texts[(*n)++] == NULL)
            return no_room(err);
    }
    *out = texts;
    return LK_OK;
}

/* ---- what a statement rests on ---- */

static enum lk_status place_of_source(struct facts_reading *r, const char *id, unsigned *place,
                                      struct lk_error *err)
{
    size_t n = json_array_length(r->file_sources);
    for (size_t i = 0; i < n && i < FACTS_MAX_SOURCES; i++) {
        const struct json_tree *v = json_at(r->file_sources, i);
        if (!law_text_is(v, "id", id))
            continue;
        if (r->file_places[i] == 0) {
            if (r->n_sources == FACTS_MAX_SOURCES)
                return too_many(err);
            r->sources[r->n_sources] = (struct law_source){
                .title = law_copy_text(r->arena, v, "title"),
                .url = https_or_null(r, v, "url"),
                .as_of = text_or_null(r, v, "as_of"),
                .seen = text_or_null(r, v, "seen"),
            };
            if (r->sources[r->n_sources].title == NULL)
                return no_room(err);
            r->file_places[i] = (unsigned)++r->n_sources;
        }
        *place = r->file_places[i] - 1;
        return LK_OK;
    }
    return FAIL(err, LK_CORRUPT, "a fact of the law names a source that its file does not have");
}

static enum lk_status read_basis(struct facts_reading *r, const struct json_tree *v,
                                 struct law_basis *out, struct lk_error *err)
{
    const struct json_tree *ids = json_get(v, "sources");
    size_t n = json_array_length(ids);
    unsigned *places = arena_zalloc(r->arena, n + 1, sizeof *places);
    if (places == NULL)
        return no_room(err);
    for (size_t i = 0; i < n; i++) {
        const char *id = json_as_text(json_at(ids, i), NULL);
        TRY(place_of_source(r, id == NULL ? "" : id, &places[i], err));
    }
    *out = (struct law_basis){law_is_checked(v, "confidence"), places, n};
    return LK_OK;
}

/* ---- rules ---- */

static enum law_status read_status(const struct json_tree *v)
{
    if (law_text_is(v, "status", "in_force"))
        return LAW_IN_FORCE;
    return law_text_is(v, "status", "proposed") ? LAW_PROPOSED : LAW_NOT_YET_IN_FORCE;
}

static enum law_fakes read_fakes(const struct json_tree *v, const char *key)
{
    static const char *const words[] = {
        [LAW_FAKES_EXPRESS] = "express",
        [LAW_FAKES_INTERPRETATION] = "interpretation",
        [LAW_FAKES_NOT_COVERED] = "not_covered",
        [LAW_FAKES_NO_MATTER] = "not_applicable",
    };
    for (unsigned i = LAW_FAKES_EXPRESS; i <= LAW_FAKES_NO_MATTER; i++)
        if (law_text_is(v, key, words[i]))
            return (enum law_fakes)i;
    return LAW_FAKES_UNCLEAR;
}

/* Only an established "no" counts: null is "not established". */
static bool says_no(const struct json_tree *covers, const char *key)
{
    bool value = true;
    return json_as_bool(json_get(covers, key), &value) && !value;
}

static enum law_miss find_miss(const struct law_situation *s, const struct json_tree *covers)
{
    static const char *const media[] = {
        [LAW_PICTURE] = "image", [LAW_VIDEO] = "video", [LAW_VOICE] = "audio"};
    if (s->origin == LAW_REAL && says_no(covers, "real"))
        return LAW_MISS_REAL;
    if ((s->origin == LAW_EDITED || s->origin == LAW_MADE) && says_no(covers, "synthetic"))
        return LAW_MISS_SYNTHETIC;
    if (s->medium >= LAW_PICTURE && s->medium <= LAW_VOICE && says_no(covers, media[s->medium]))
        return LAW_MISS_MEDIUM;
    /* where the marks of both ages are "no", the rule does not speak of ages at all */
    if (says_no(covers, s->ages == LAW_ADULT ? "adult" : "under18") &&
        !says_no(covers, s->ages == LAW_ADULT ? "under18" : "adult"))
        return LAW_MISS_AGE;
    if (s->kind == LAW_INTIMATE && s->stage == LAW_STAGE_THREAT && says_no(covers, "threat"))
        return LAW_MISS_STAGE;
    if (s->kind == LAW_INTIMATE && s->stage == LAW_STAGE_MADE && says_no(covers, "creation"))
        return LAW_MISS_STAGE;
    return LAW_FITS;
}

static bool field_fits(const struct facts_reading *r, const char *id)
{
    const struct json_tree *fields = json_get(r->fields, id == NULL ? "" : id);
    for (size_t i = 0; i < json_array_length(fields); i++) {
        const char *field = json_as_text(json_at(fields, i), NULL);
        if (field != NULL && law_field_fits(r->situation, field))
            return true;
    }
    return false;
}

static const struct {
    const char *id, *label;
} vocabulary[] = {
    {"signature", "Signature"},
    {"name", "Name"},
    {"contact", "How to reach you"},
    {"email", "E-mail address"},
    {"identify_content", "What the content is"},
    {"locate_content", "Where the content is (exact web address)"},
    {"reason_illegal", "Why it is against the law"},
    {"statement_nonconsent", "Statement that you did not consent"},
    {"statement_good_faith", "Statement made in good faith"},
    {"statement_accuracy", "Statement that what you say is right and complete"},
    {"supporting_info", "Other facts that support it"},
    {"declaration_present", "Declaration that the content is on the service"},
    {"declaration_subject", "Declaration that it shows you, or that you act for the person"},
    {"authority_to_act", "Proof that someone may act for you"},
    {"identity_proof", "Proof of who you are"},
    {"residence_nexus", "Link to the country"},
    {"age", "Age"},
    {"evidence", "Evidence"},
    {"official_form", "The official form"},
    {"local_law_reference", "The law that it breaks"},
    {"case_number", "Case number"},
    {"prior_report", "Earlier report to the platform"},
};
enum { N_VOCABULARY = sizeof vocabulary / sizeof vocabulary[0] };

const char *law_element_label_at(size_t i)
{
    return i < N_VOCABULARY ? vocabulary[i].label : NULL;
}

const char *law_element_id_at(size_t i)
{
    return i < N_VOCABULARY ? vocabulary[i].id : NULL;
}

static enum lk_status read_elements(struct facts_reading *r, const struct json_tree *list,
                                    struct law_rule *rule, struct lk_error *err)
{
    struct law_element *elements =
        arena_zalloc(r->arena, json_array_length(list) + 1, sizeof *elements);
    if (elements == NULL)
        return no_room(err);
    for (size_t i = 0; i < json_array_length(list); i++) {
        const struct json_tree *v = json_at(list, i);
        for (size_t k = 0; k < N_VOCABULARY; k++) {
            if (!law_text_is(v, "id", vocabulary[k].id))
                continue;
            struct law_element *e = &elements[rule->n_elements++];
            *e = (struct law_element){vocabulary[k].id, vocabulary[k].label, false};
            (void)json_as_bool(json_get(v, "required"), &e->is_required);
        }
    }
    rule->elements = elements;
    return LK_OK;
}

static enum law_recipient read_recipient(const struct json_tree *notice)
{
    if (law_text_is(notice, "recipient", "platform"))
        return LAW_TO_PLATFORM;
    if (law_text_is(notice, "recipient", "regulator"))
        return LAW_TO_REGULATOR;
    return law_text_is(notice, "recipient", "court") ? LAW_TO_COURT : LAW_TO_UNSAID;
}

static enum lk_status read_notice(struct facts_reading *r, const struct json_tree *notice,
                                  struct law_rule *rule, struct lk_error *err)
{
    int64_t hours = 0;
    rule->has_notice = json_is_object(notice);
    if (!rule->has_notice)
        return LK_OK;
    (void)json_as_int(json_get(notice, "deadline_hours"), 0, 100000, &hours);
    rule->recipient = read_recipient(notice);
    rule->deadline_hours = (unsigned)hours;
    rule->deadline_checked = law_is_checked(notice, "deadline_confidence");
    rule->elements_checked = law_is_checked(notice, "elements_confidence");
    rule->deadline_text = text_or_null(r, notice, "deadline_text");
    rule->clock_starts = text_or_null(r, notice, "clock_starts");
    rule->appeal = text_or_null(r, notice, "appeal");
    rule->official_form = https_or_null(r, notice, "official_form");
    TRY(read_elements(r, json_get(notice, "elements"), rule, err));
    return read_texts(r, json_get(notice, "who_may_send"), &rule->senders, &rule->n_senders, err);
}

static enum lk_status read_escalations(struct facts_reading *r, const struct json_tree *list,
                                       struct law_rule *rule, struct lk_error *err)
{
    size_t n = json_array_length(list);
    struct law_escalation *steps = arena_zalloc(r->arena, n + 1, sizeof *steps);
    if (steps == NULL)
        return no_room(err);
    for (size_t i = 0; i < n; i++) {
        const struct json_tree *v = json_at(list, i);
        int64_t hours = 0;
        steps[i].has_hours = json_as_int(json_get(v, "after_hours"), 0, 100000, &hours);
        steps[i].after_hours = (unsigned)hours;
        steps[i].to = law_copy_text(r->arena, v, "to");
        steps[i].how = text_or_null(r, v, "how");
        if (steps[i].to == NULL)
            return no_room(err);
    }
    rule->escalations = steps;
    rule->n_escalations = n;
    return LK_OK;
}

static enum lk_status read_rule(struct facts_reading *r, const struct json_tree *v,
                                struct lk_error *err)
{
    const char *id = json_get_text(v, "id", NULL);
    if (r->only != NULL ? id == NULL || strcmp(id, r->only) != 0 : !field_fits(r, id))
        return LK_OK;
    if (r->n_rules == FACTS_MAX_RULES)
        return too_many(err);
    const struct json_tree *regulator = json_get(v, "regulator");
    struct law_rule *rule = &r->rules[r->n_rules++];
    *rule = (struct law_rule){
        .id = law_copy_text(r->arena, v, "id"),
        .title = law_copy_text(r->arena, v, "title"),
        .citation = law_copy_text(r->arena, v, "citation"),
        .kind = law_copy_text(r->arena, v, "kind"),
        .status = read_status(v),
        .in_force_from = text_or_null(r, v, "in_force_from"),
        .fakes = read_fakes(v, "synthetic_basis"),
        .miss = find_miss(r->situation, json_get(v, "covers")),
        .regulator = text_or_null(r, regulator, "name"),
        .regulator_url = https_or_null(r, regulator, "url"),
        .notes = text_or_null(r, v, "notes"),
    };
    if (rule->id == NULL || rule->title == NULL || rule->citation == NULL || rule->kind == NULL)
        return no_room(err);
    const struct json_tree *clock = json_get(r->clocks, rule->id);
    rule->starts_at = law_event_of(json_get_text(clock, "starts_at", NULL));
    TRY(read_escalations(r, json_get(v, "escalation"), rule, err));
    TRY(read_texts(r, json_get(v, "exclusions"), &rule->exclusions, &rule->n_exclusions, err));
    TRY(read_notice(r, json_get(v, "notice"), rule, err));
    return read_basis(r, v, &rule->basis, err);
}

/* ---- offences, gaps, police ---- */

static bool topics_fit(const struct facts_reading *r, const struct json_tree *offence)
{
    const struct json_tree *topics = json_get(offence, "topics");
    bool adult = r->situation->ages == LAW_ADULT;
    if (law_text_is(offence, "victim_age", adult ? "under18" : "adult"))
        return false;
    for (size_t i = 0; i < json_array_length(topics); i++) {
        const char *topic = json_as_text(json_at(topics, i), NULL);
        if (topic != NULL && law_topic_fits(r->situation, topic))
            return true;
    }
    return false;
}

static enum lk_status read_offence(struct facts_reading *r, const struct json_tree *v,
                                   struct lk_error *err)
{
    if (!topics_fit(r, v))
        return LK_OK;
    if (r->n_offences == FACTS_MAX_OFFENCES)
        return too_many(err);
    struct law_offence *offence = &r->offences[r->n_offences++];
    *offence = (struct law_offence){
        .title = law_copy_text(r->arena, v, "title"),
        .citation = law_copy_text(r->arena, v, "citation"),
        .status = read_status(v),
        .fakes = read_fakes(v, "synthetic"),
        .elements = text_or_null(r, v, "elements_note"),
        .notes = text_or_null(r, v, "notes"),
    };
    if (offence->title == NULL || offence->citation == NULL)
        return no_room(err);
    TRY(read_texts(r, json_get(v, "defences"), &offence->defences, &offence->n_defences, err));
    return read_basis(r, v, &offence->basis, err);
}

/* A gap speaks of an offence's topic, or of takedown, which is everyone's matter. */
static bool gap_fits(const struct facts_reading *r, const struct json_tree *v)
{
    const char *topic = json_get_text(v, "topic", NULL);
    return topic != NULL &&
           (law_topic_fits(r->situation, topic) || strcmp(topic, "takedown") == 0 ||
            (strcmp(topic, "possess") == 0 && law_field_fits(r->situation, "intimate")));
}

static enum lk_status read_gap(struct facts_reading *r, const struct json_tree *v,
                               struct lk_error *err)
{
    if (!gap_fits(r, v))
        return LK_OK;
    if (r->n_gaps == FACTS_MAX_GAPS)
        return too_many(err);
    struct law_gap *gap = &r->gaps[r->n_gaps++];
    gap->note = law_copy_text(r->arena, v, "note");
    return gap->note == NULL ? no_room(err) : read_basis(r, v, &gap->basis, err);
}

enum lk_status facts_read_police(struct facts_reading *r, const struct json_tree *file,
                                 struct law_police *out, struct lk_error *err)
{
    const struct json_tree *v = json_get(file, "police_route");
    *out = (struct law_police){
        .text = text_or_null(r, v, "text"),
        .url = https_or_null(r, v, "url"),
        .phone = law_is_checked(v, "phone_confidence") ? text_or_null(r, v, "phone") : NULL,
    };
    return read_basis(r, v, &out->basis, err);
}

static enum lk_status each(struct facts_reading *r, const struct json_tree *list,
                           enum lk_status (*read)(struct facts_reading *, const struct json_tree *,
                                                  struct lk_error *),
                           struct lk_error *err)
{
    for (size_t i = 0; i < json_array_length(list); i++)
        TRY(read(r, json_at(list, i), err));
    return LK_OK;
}

enum lk_status facts_read_rules(struct facts_reading *r, const struct json_tree *file,
                                struct lk_error *err)
{
    r->file_sources = json_get(file, "sources");
    memset(r->file_places, 0, sizeof r->file_places);
    return each(r, json_get(file, "regimes"), read_rule, err);
}

enum lk_status facts_read_file(struct facts_reading *r, const struct json_tree *file,
                               struct lk_error *err)
{
    TRY(facts_read_rules(r, file, err));
    TRY(each(r, json_get(file, "offences"), read_offence, err));
    return each(r, json_get(file, "gaps"), read_gap, err);
}
