#include "law/terms.h"

#include "base/err.h"
#include "law/law_file.h"

#include <stdlib.h>
#include <string.h>

/* The place of a member's text in a list of words; 0 when it is none of them. */
static size_t place_of(const struct json_tree *v, const char *key, const char *const words[],
                       size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (law_text_is(v, key, words[i]))
            return i;
    return 0;
}

static void copy(const struct json_tree *v, const char *key, char *out, size_t n_out)
{
    size_t n = 0;
    const char *text = json_get_text(v, key, &n);
    if (text != NULL && n < n_out)
        memcpy(out, text, n + 1);
}

/* A date, a month or a year: its first or its last day. false: none is given. */
static bool read_day(const struct json_tree *v, const char *key, bool last, int64_t *out)
{
    char text[] = "0000-01-01";
    size_t n = 0;
    struct civil_date date;
    const char *given = json_get_text(v, key, &n);
    if (given == NULL || n >= sizeof text)
        return false;
    memcpy(text, given, n);
    if (!civil_parse_date(text, &date))
        return false;
    if (last && n < sizeof "0000-00")
        date.month = n < sizeof "0000-0" ? 12 : date.month;
    if (last && n < sizeof "0000-00-0")
        date.day = civil_days_in_month(date.year, date.month);
    *out = civil_day(date);
    return true;
}

static void read_regime(const struct json_tree *v, struct law_terms *out)
{
    const char *const states[] = {"", "in_force", "enacted_not_in_force"};
    const enum law_status status[] = {LAW_PROPOSED, LAW_IN_FORCE, LAW_NOT_YET_IN_FORCE};
    out->status = status[place_of(v, "status", states, 3)];
    out->from_day = LAW_ALWAYS_FROM;
    out->until_day = LAW_ALWAYS_UNTIL;
    (void)read_day(v, "in_force_from", true, &out->from_day);
    (void)read_day(v, "in_force_until", false, &out->until_day);
    out->is_checked = law_is_checked(v, "confidence") &&
                      law_is_checked(json_get(v, "notice"), "deadline_confidence");
}

static unsigned read_weekend(const struct json_tree *rest_days, const char *country)
{
    static const char *const names[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    unsigned weekend = 0;
    const struct json_tree *list = json_get(rest_days, country);
    if (list == NULL)
        list = json_get(rest_days, "default");
    for (size_t i = 0; i < json_array_length(list); i++) {
        const char *name = json_as_text(json_at(list, i), NULL);
        for (unsigned d = 0; d < 7; d++)
            weekend |= (unsigned)(name != NULL && strcmp(name, names[d]) == 0) << d;
    }
    return weekend;
}

static void read_rule(const struct json_tree *rules, const char *regime, struct law_terms *out)
{
    static const char *const units[] = {"hours", "days", "business_days", "months"};
    const struct json_tree *v = json_get(json_get(rules, "regimes"), regime);
    int64_t count = 0;
    (void)json_as_int(json_get(v, "count"), 1, 10000, &count);
    out->count = (unsigned)count;
    out->starts_at = law_event_of(json_get_text(v, "starts_at", NULL));
    out->unit = (enum law_unit)place_of(v, "unit", units, sizeof units / sizeof units[0]);
    (void)json_as_bool(json_get(v, "binding"), &out->is_binding);
    (void)json_as_bool(json_get(v, "ends_on_business_day"), &out->ends_on_workday);
    out->weekend = read_weekend(json_get(rules, "rest_days"), out->country);
    copy(v, "zone", out->zone, sizeof out->zone);
}

static enum lk_status open_file(const char *code, struct json_tree **out, struct lk_error *err)
{
    const struct law_file *file = law_file_find(code);
    return json_tree_parse(file->json, file->n, out, err);
}

static const struct json_tree *find_regime(const struct json_tree *file, const char *regime)
{
    const struct json_tree *list = json_get(file, "regimes");
    for (size_t i = 0; i < json_array_length(list); i++)
        if (law_text_is(json_at(list, i), "id", regime))
            return json_at(list, i);
    return NULL;
}

enum lk_status law_terms(const char *regime, struct law_terms *out, bool *found,
                         struct lk_error *err)
{
    struct json_tree *file, *rules;
    *out = (struct law_terms){0};
    *found = false;
    size_t n = regime == NULL ? 0 : strcspn(regime, "-");
    if (n == 0 || n >= sizeof out->country)
        return LK_OK;
    memcpy(out->country, regime, n);
    if (law_file_find(out->country) == NULL)
        return LK_OK;
    TRY(open_file(out->country, &file, err));
    const struct json_tree *v = find_regime(file, regime);
    *found = v != NULL;
    if (v != NULL) {
        read_regime(v, out);
        copy(file, "last_checked", out->law_date, sizeof out->law_date);
    }
    json_tree_free(file);
    TRY(open_file("clock-rules", &rules, err));
    read_rule(rules, regime, out);
    json_tree_free(rules);
    return LK_OK;
}
