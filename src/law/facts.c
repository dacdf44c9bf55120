/* A country's own file first, then its parent's (the European Union). */
#include "law/facts.h"

#include "base/err.h"
#include "law/facts_read.h"

#include <stdlib.h>
#include <string.h>

static enum lk_status parse(const char *code, struct json_tree **out, struct lk_error *err)
{
    const struct law_file *file = law_file_find(code);
    if (file == NULL)
        return FAIL(err, LK_INTERNAL, "the facts of the law lack a file");
    return json_tree_parse(file->json, file->n, out, err);
}

static enum lk_status begin(struct facts_reading *r, struct lk_error *err)
{
    r->rules = arena_zalloc(r->arena, FACTS_MAX_RULES, sizeof *r->rules);
    r->offences = arena_zalloc(r->arena, FACTS_MAX_OFFENCES, sizeof *r->offences);
    r->gaps = arena_zalloc(r->arena, FACTS_MAX_GAPS, sizeof *r->gaps);
    r->sources = arena_zalloc(r->arena, FACTS_MAX_SOURCES, sizeof *r->sources);
    if (r->rules == NULL || r->offences == NULL || r->gaps == NULL || r->sources == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the facts of the law");
    return LK_OK;
}

/* How directly a kind of rule gets something taken down. */
static int distance(const char *kind)
{
    static const char *const kinds[] = {"platform_takedown", "regulator_takedown", "court_order",
                                        "data_protection", "platform_duty"};
    enum { N_KINDS = sizeof kinds / sizeof kinds[0] };
    int i = 0;
    while (i < N_KINDS && strcmp(kinds[i], kind) != 0)
        i++;
    return i;
}

/* Fits before misses, what is in force before what is not, then the shortest way, then a number of
 * hours before none. */
static int rank(const struct law_rule *rule)
{
    return (rule->miss != LAW_FITS) * 1000 + (int)rule->status * 100 + distance(rule->kind) * 2 +
           (rule->deadline_hours == 0);
}

/* Stable by hand: lists are short. */
static void sort_rules(struct law_rule *rules, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct law_rule moved = rules[i];
        size_t k = i;
        for (; k > 0 && rank(&rules[k - 1]) > rank(&moved); k--)
            rules[k] = rules[k - 1];
        rules[k] = moved;
    }
}

static enum lk_status read_own(struct facts_reading *r, const char *code, struct law_facts *out,
                               struct lk_error *err)
{
    struct json_tree *tree;
    TRY(parse(code, &tree, err));
    enum lk_status status = facts_read_file(r, tree, err);
    if (status == LK_OK)
        status = facts_read_police(r, tree, &out->police, err);
    out->last_checked = law_copy_text(r->arena, tree, "last_checked");
    json_tree_free(tree);
    return status;
}

static enum lk_status read_risk(struct facts_reading *r, const char *code,
                                struct law_police *police, struct lk_error *err)
{
    struct json_tree *tree;
    TRY(parse("police-risks", &tree, err));
    police->risk = law_copy_text(r->arena, json_get(tree, "countries"), code);
    json_tree_free(tree);
    return LK_OK;
}

static enum lk_status read_parent(struct facts_reading *r, const char *code, struct lk_error *err)
{
    struct json_tree *tree;
    TRY(parse(code, &tree, err));
    enum lk_status status = facts_read_file(r, tree, err);
    json_tree_free(tree);
    return status;
}

static enum lk_status read_all(struct facts_reading *r, const struct law_file *file,
                               struct law_facts *out, struct lk_error *err)
{
    struct json_tree *fields, *clocks;
    TRY(parse("regime-topics", &fields, err));
    enum lk_status status = parse("clock-rules", &clocks, err);
    if (status == LK_OK) {
        r->fields = json_get(fields, "regimes");
        r->clocks = json_get(clocks, "regimes");
        status = read_own(r, file->code, out, err);
        if (status == LK_OK && file->parent != NULL)
            status = read_parent(r, file->parent, err);
        if (status == LK_OK)
            status = read_risk(r, file->code, &out->police, err);
        json_tree_free(clocks);
    }
    json_tree_free(fields);
    return status;
}

enum lk_status law_facts(struct arena *arena, const char *country, const struct law_situation *s,
                         struct law_facts *out, struct lk_error *err)
{
    const struct law_file *file = law_file_find(country);
    *out = (struct law_facts){0};
    if (file == NULL || !file->is_country)
        return LK_OK;
    struct facts_reading r = {.arena = arena, .situation = s};
    TRY(begin(&r, err));
    TRY(read_all(&r, file, out, err));
    sort_rules(r.rules, r.n_rules);
    out->country = file->name;
    out->rules = r.rules;
    out->n_rules = r.n_rules;
    out->offences = r.offences;
    out->n_offences = r.n_offences;
    out->gaps = r.gaps;
    out->n_gaps = r.n_gaps;
    out->sources = r.sources;
    out->n_sources = r.n_sources;
    return LK_OK;
}

static enum lk_status read_rule_of(struct facts_reading *r, const struct law_file *file,
                                   const char **last_checked, struct lk_error *err)
{
    struct json_tree *tree;
    TRY(json_tree_parse(file->json, file->n, &tree, err));
    enum lk_status status = facts_read_rules(r, tree, err);
    if (status == LK_OK && r->n_rules > 0 && last_checked != NULL)
        *last_checked = law_copy_text(r->arena, tree, "last_checked");
    json_tree_free(tree);
    return status;
}

enum lk_status law_rule_of(struct arena *arena, const char *regime, const struct law_situation *s,
                           struct law_rule *out, const char **last_checked, struct lk_error *err)
{
    struct facts_reading r = {.arena = arena, .situation = s, .only = regime};
    TRY(begin(&r, err));
    for (size_t i = 0; i < n_law_files && r.n_rules == 0; i++) {
        size_t n = strlen(law_files[i].code);
        if (strncmp(law_files[i].code, regime, n) == 0 && regime[n] == '-')
            TRY(read_rule_of(&r, &law_files[i], last_checked, err));
    }
    if (r.n_rules == 0)
        return FAIL(err, LK_INVALID, "there is no regime of that id in data/law");
    *out = r.rules[0];
    return LK_OK;
}
