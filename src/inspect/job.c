#include "job.h"

#include "base/utf8.h"
#include "inspect/generator.h"

#include <string.h>

void job_note(struct job *job, unsigned notes)
{
    job->report->notes |= notes;
}

struct span job_read(struct job *job, uint64_t offset, uint64_t n, size_t max)
{
    const struct inspect_source *s = job->source;
    if (offset > s->size || n > s->size - offset) {
        job_note(job, INSPECT_NOTE_DAMAGED);
        return (struct span){0};
    }
    if (n > max) {
        job_note(job, INSPECT_NOTE_TOO_LARGE);
        return (struct span){0};
    }
    struct span bytes = source_span(s, offset, (size_t)n, job->arena);
    if (bytes.p == NULL)
        job_note(job, INSPECT_NOTE_UNREADABLE);
    return bytes;
}

/* C1 controls, and those that turn the direction of writing: they would turn the words around too.
 */
static bool is_control(const char *c, size_t length)
{
    if (length < 2)
        return false;
    unsigned char second = (unsigned char)c[1], third = length > 2 ? (unsigned char)c[2] : 0;
    return (length == 2 && c[0] == '\xc2' && second < 0xa0) ||
           (length == 3 && c[0] == '\xe2' && second == 0x80 && third >= 0xaa && third <= 0xae) ||
           (length == 3 && c[0] == '\xe2' && second == 0x81 && third >= 0xa6 && third <= 0xa9);
}

/* Puts one character: itself, a space, or two bytes for Latin-1. Returns how many of `in` it took.
 */
static size_t put_character(char *out, size_t *n, const char *in, size_t left)
{
    unsigned char c = (unsigned char)in[0];
    size_t length = utf8_length(in, left);
    if (c < 0x20 || c == 0x7f) {
        out[(*n)++] = c == '\n' ? '\n' : ' ';
        return 1;
    }
    if (length == 0) {
        out[(*n)++] = (char)(0xc0 | c >> 6);
        out[(*n)++] = (char)(0x80 | (c & 0x3f));
        return 1;
    }
    if (is_control(in, length)) {
        out[(*n)++] = ' ';
        return length;
    }
    memcpy(out + *n, in, length);
    *n += length;
    return length;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\0' || c == '\t' || c == '\r';
}

const char *job_text(struct job *job, struct span text)
{
    static const char more[] = " ...";
    const char *in = (const char *)text.p;
    size_t left = text.n;
    while (left > 0 && is_space(in[0]))
        in++, left--;
    while (left > 0 && is_space(in[left - 1]))
        left--;
    if (left == 0)
        return NULL;
    size_t room = left < JOB_MAX_SHOWN ? left : JOB_MAX_SHOWN;
    char *out = arena_alloc(job->arena, 2 * room + sizeof more);
    if (out == NULL) {
        job_note(job, INSPECT_NOTE_TOO_LARGE);
        return NULL;
    }
    size_t n = 0;
    while (left > 0 && n < room) {
        size_t took = put_character(out, &n, in, left);
        in += took;
        left -= took;
    }
    memcpy(out + n, left > 0 ? more : "", left > 0 ? sizeof more : 1);
    return out;
}

static bool is_there(const struct inspect_report *report, enum inspect_kind kind, const char *where,
                     const char *text)
{
    for (const struct inspect_fact *f = report->facts; f != NULL; f = f->next)
        if (f->kind == kind && strcmp(f->where, where) == 0 && strcmp(f->text, text) == 0)
            return true;
    return false;
}

void job_fact(struct job *job, enum inspect_kind kind, const char *where, struct span text)
{
    struct inspect_report *report = job->report;
    const char *shown = job_text(job, text);
    if (shown == NULL || is_there(report, kind, where, shown))
        return;
    struct inspect_fact *fact =
        report->n_facts < JOB_MAX_FACTS ? arena_alloc(job->arena, sizeof *fact) : NULL;
    if (fact == NULL) {
        job_note(job, INSPECT_NOTE_TOO_LARGE);
        return;
    }
    *fact = (struct inspect_fact){.kind = kind, .where = where, .text = shown};
    if (kind == INSPECT_TOOL || kind == INSPECT_MODEL)
        fact->ai = generator_named(shown);
    else if (kind == INSPECT_CREDIT)
        fact->ai = generator_credited(shown);
    struct inspect_fact **end = &report->facts;
    while (*end != NULL)
        end = &(*end)->next;
    *end = fact;
    report->n_facts++;
    report->has_prompt |= kind == INSPECT_PROMPT || kind == INSPECT_PERSON;
}

void job_fact_text(struct job *job, enum inspect_kind kind, const char *where, const char *text)
{
    job_fact(job, kind, where, (struct span){(const uint8_t *)text, strlen(text)});
}

const char *job_join(struct job *job, const char *a, const char *b)
{
    size_t n_a = strlen(a), n_b = strlen(b);
    char *both = arena_alloc(job->arena, n_a + n_b + 1);
    if (both == NULL)
        return a;
    memcpy(both, a, n_a);
    memcpy(both + n_a, b, n_b + 1);
    return both;
}
