#include "made_json.h"

#include "inspect/generator.h"

#include <string.h>

static void put_source(struct json *j, const char *word)
{
    json_put_text(j, "source", inspect_source_type_name(inspect_source_type(word)));
}

static void put_fact(struct json *j, const struct inspect_fact *f, bool with_prompts)
{
    bool is_delicate = f->kind == INSPECT_PROMPT || f->kind == INSPECT_PERSON;
    json_object(j);
    json_put_text(j, "kind", inspect_kind_name(f->kind));
    json_put_text(j, "where", f->where);
    if (is_delicate && !with_prompts)
        json_put_bool(j, "hidden", true);
    else
        json_put_text(j, "text", f->text);
    if (f->kind == INSPECT_SOURCE)
        put_source(j, f->text);
    if (f->ai != NULL)
        json_put_text(j, "ai", f->ai);
    json_end_object(j);
}

static void put_tool(struct json *j, const char *key, const char *tool)
{
    json_put_text(j, key, tool);
    if (tool != NULL && generator_named(tool) != NULL)
        json_put_text(j, "ai", generator_named(tool));
}

static void put_actions(struct json *j, const struct inspect_action *action)
{
    json_key(j, "actions");
    json_array(j);
    for (; action != NULL; action = action->next) {
        json_object(j);
        json_put_text(j, "action", action->name);
        if (action->source != NULL) {
            json_put_text(j, "source_type", action->source);
            put_source(j, action->source);
        }
        if (action->tool != NULL)
            put_tool(j, "tool", action->tool);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_check(struct json *j, const char *name, enum inspect_check check,
                      enum inspect_reason why)
{
    json_key(j, name);
    json_object(j);
    json_put_text(j, "result", inspect_check_name(check));
    if (check == INSPECT_NOT_CHECKED)
        json_put_text(j, "why", inspect_reason_name(why));
    json_end_object(j);
}

static void put_credential(struct json *j, const struct inspect_credential *c)
{
    json_object(j);
    json_put_bool(j, "current", c->is_active);
    put_tool(j, "generator", c->generator);
    json_put_text(j, "signer", c->signer);
    json_put_text(j, "issuer", c->issuer);
    json_put_bool(j, "signer_is_on_a_list", false);
    json_put_text(j, "signed_at", c->signed_at);
    put_check(j, "signature", c->signature, c->signature_why);
    put_check(j, "statements", c->assertions, c->assertions_why);
    json_put_u64(j, "n_statements", c->n_assertions);
    json_put_u64(j, "n_changed", c->n_wrong);
    put_check(j, "content", c->content, c->content_why);
    json_put_u64(j, "uncovered_bytes", c->uncovered_bytes);
    put_actions(j, c->actions);
    json_put_u64(j, "n_ingredients", c->n_ingredients);
    json_end_object(j);
}

static void put_notes(struct json *j, unsigned notes)
{
    static const struct {
        unsigned note;
        const char *name;
    } names[] = {
        {INSPECT_NOTE_DAMAGED, "damaged"},
        {INSPECT_NOTE_TOO_LARGE, "too_large"},
        {INSPECT_NOTE_UNKNOWN, "unknown_format"},
        {INSPECT_NOTE_UNREADABLE, "unreadable"},
    };
    json_key(j, "notes");
    json_array(j);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if ((notes & names[i].note) != 0)
            json_text(j, names[i].name);
    json_end_array(j);
}

void made_json(struct json *j, const struct inspect_report *report, bool with_prompts)
{
    json_put_text(j, "format", inspect_format_name(report->format));
    json_put_text(j, "outcome", inspect_outcome_name(inspect_outcome(report)));
    json_put_bool(j, "seal_is_broken", inspect_seal_is_broken(report));
    json_put_bool(j, "says_ai", inspect_says_ai(report));
    json_key(j, "credentials");
    json_array(j);
    for (const struct inspect_credential *c = report->credentials; c != NULL; c = c->next)
        put_credential(j, c);
    json_end_array(j);
    json_key(j, "traces");
    json_array(j);
    for (const struct inspect_fact *f = report->facts; f != NULL; f = f->next)
        put_fact(j, f, with_prompts);
    json_end_array(j);
    put_notes(j, report->notes);
}
