#include "made_text.h"

#include "inspect/generator.h"

static const char *outcome_words(enum inspect_outcome outcome)
{
    switch (outcome) {
    case INSPECT_FOUND_SIGNED:
        return "found, signed: a sealed statement of how this file was made";
    case INSPECT_FOUND_UNSIGNED:
        return "found, unsigned: traces of how this file was made, without a seal that was found "
               "to "
               "hold";
    case INSPECT_NOT_FOUND:
        return "not found: the file does not say how it was made";
    default:
        return "cannot tell: not all of the file could be read";
    }
}

static const char *source_words(const char *word)
{
    static const char *const words[SOURCE_TYPE_N] = {
        [SOURCE_TYPE_OTHER] = "",
        [SOURCE_TYPE_AI] = "made with AI",
        [SOURCE_TYPE_AI_PART] = "in part made or changed with AI",
        [SOURCE_TYPE_PROGRAM] = "made or changed by a program, not by trained AI",
        [SOURCE_TYPE_CAMERA] = "taken with a camera or scanned",
        [SOURCE_TYPE_PERSON] = "made or edited by a person",
        [SOURCE_TYPE_SCREEN] = "recorded from a screen",
    };
    return words[inspect_source_type(word)];
}

static const char *reason_words(enum inspect_reason reason)
{
    static const char *const words[INSPECT_N_REASONS] = {
        [INSPECT_NO_REASON] = "no reason",
        [INSPECT_ALGORITHM] = "its kind is not known here",
        [INSPECT_NO_KEY] = "there is no certificate that can be read",
        [INSPECT_BINDING] =
            "it is bound to the content in a way that is not read here, or not at all",
        [INSPECT_OLDER] = "it is about an earlier state of the file",
        [INSPECT_DAMAGED] = "it is missing or damaged",
        [INSPECT_TOO_LARGE] = "it is larger than what is read here",
    };
    return words[reason];
}

static void put_check(struct buf *out, const char *name, enum inspect_check check,
                      enum inspect_reason why, const char *holds, const char *fails)
{
    if (check == INSPECT_NOT_CHECKED)
        buf_fmt(out, "    %snot verified: %s\n", name, reason_words(why));
    else
        buf_fmt(out, "    %s%s\n", name, check == INSPECT_HOLDS ? holds : fails);
}

static void put_tool(struct buf *out, const char *tool)
{
    const char *ai = tool != NULL ? generator_named(tool) : NULL;
    buf_str(out, tool != NULL ? tool : "not named");
    if (ai != NULL)
        buf_fmt(out, " (names %s, which makes media with AI)", ai);
}

static void put_source(struct buf *out, const char *word)
{
    const char *words = source_words(word);
    buf_str(out, word);
    if (words[0] != '\0')
        buf_fmt(out, " = %s", words);
}

static void put_actions(struct buf *out, const struct inspect_action *a)
{
    for (; a != NULL; a = a->next) {
        buf_fmt(out, "    action      %s", a->name);
        if (a->source != NULL) {
            buf_str(out, ", ");
            put_source(out, a->source);
        }
        if (a->tool != NULL) {
            buf_str(out, ", by ");
            put_tool(out, a->tool);
        }
        buf_char(out, '\n');
    }
}

static void put_credential(struct buf *out, const struct inspect_credential *c)
{
    buf_fmt(out, "  content credentials (C2PA), %s\n",
            c->is_active ? "of the file as it is" : "of an earlier state or a part");
    buf_str(out, "    made by     ");
    put_tool(out, c->generator);
    buf_fmt(out, "\n    signer      %s", c->signer != NULL ? c->signer : "not named");
    if (c->signer != NULL)
        buf_fmt(out, ", says a certificate of %s; on no list that we check",
                c->issuer != NULL ? c->issuer : "nobody named");
    buf_char(out, '\n');
    if (c->signed_at != NULL)
        buf_fmt(out, "    time        %s, says a time stamp that was not verified\n", c->signed_at);
    put_check(out, "signature   ", c->signature, c->signature_why,
              "valid: it fits the signer's key", "wrong: it does not fit the signer's key");
    put_check(out, "statements  ", c->assertions, c->assertions_why, "as they were signed",
              "changed since they were signed, or missing");
    put_check(out, "content     ", c->content, c->content_why, "as it was signed",
              "changed since it was signed");
    if (c->uncovered_bytes > 0)
        buf_fmt(out,
                "    not covered %llu bytes of the file may be changed without breaking the seal\n",
                (unsigned long long)c->uncovered_bytes);
    put_actions(out, c->actions);
    if (c->n_ingredients > 0)
        buf_fmt(out, "    made from   %u other file%s\n", c->n_ingredients,
                c->n_ingredients == 1 ? "" : "s");
}

static size_t count_characters(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

/* Lines of a text stand under each other. */
static void put_lines(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        buf_char(out, *text);
        if (*text == '\n')
            buf_str(out, "      ");
    }
}

static void put_fact(struct buf *out, const struct inspect_fact *f, bool with_prompts)
{
    static const char *const names[INSPECT_N_KINDS] = {
        "origin      ", "program     ", "AI model    ", "device      ",
        "credit      ", "prompt      ", "prompt by   "};
    bool is_delicate = f->kind == INSPECT_PROMPT || f->kind == INSPECT_PERSON;
    buf_fmt(out, "    %s%s: ", names[f->kind], f->where);
    if (is_delicate && !with_prompts)
        buf_fmt(out, "hidden, %zu characters", count_characters(f->text));
    else if (f->kind == INSPECT_SOURCE)
        put_source(out, f->text);
    else
        put_lines(out, f->text);
    if (f->ai != NULL)
        buf_fmt(out, " (names %s, which makes media with AI)", f->ai);
    buf_char(out, '\n');
}

static void put_notes(struct buf *out, unsigned notes)
{
    if (notes & INSPECT_NOTE_UNKNOWN)
        buf_str(out, "  note: this kind of file, or a part of it, is not read here\n");
    if (notes & INSPECT_NOTE_DAMAGED)
        buf_str(out, "  note: a part of the file is damaged\n");
    if (notes & INSPECT_NOTE_TOO_LARGE)
        buf_str(out, "  note: a part of the file is larger than what is read here\n");
    if (notes & INSPECT_NOTE_UNREADABLE)
        buf_str(out, "  note: a part of the file could not be read\n");
}

void made_text(struct buf *out, const struct inspect_report *report, bool with_prompts)
{
    buf_fmt(out, "  %s\n", outcome_words(inspect_outcome(report)));
    if (inspect_seal_is_broken(report))
        buf_str(
            out,
            "  its seal is broken: something was changed after signing, or the seal is false\n");
    if (inspect_says_ai(report))
        buf_str(out, "  it says that AI was used, or names a program that makes media with AI\n");
    for (const struct inspect_credential *c = report->credentials; c != NULL; c = c->next)
        put_credential(out, c);
    if (report->facts != NULL)
        buf_str(out, "  traces that anybody can write or take out\n");
    for (const struct inspect_fact *f = report->facts; f != NULL; f = f->next)
        put_fact(out, f, with_prompts);
    put_notes(out, report->notes);
}

void made_text_reminders(struct buf *out)
{
    buf_str(out,
            "That nothing is found is no proof of anything: most apps and sites take traces out.\n"
            "A trace can be forged. A valid credential tells who signed a statement, not that it "
            "is true.\n"
            "Some makers mark media invisibly (SynthID and others); only their own checkers read "
            "that,\nand they want the file to be uploaded. This reads no such mark.\n");
}
