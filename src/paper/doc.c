/* Two walks over the lines: the first counts blocks, so that their array is made once; the second
 * fills it. A block's lines are joined in memory of their own: they never need more than they take
 * in the description. */
#include "doc.h"

#include "base/err.h"
#include "base/utf8.h"

#include <string.h>

static const char *const kinds[DOC_N_KINDS] = {
    [DOC_TITLE] = "title",
    [DOC_SUBTITLE] = "subtitle",
    [DOC_HEADING] = "heading",
    [DOC_SUBHEADING] = "subheading",
    [DOC_PARAGRAPH] = "paragraph",
    [DOC_SMALL] = "small",
    [DOC_NOTE] = "note",
    [DOC_CODE] = "code",
    [DOC_ROW] = "row",
    [DOC_CODE_ROW] = "code-row",
    [DOC_PAGE] = "page",
};

const char *doc_kind_name(unsigned kind)
{
    return kind < DOC_N_KINDS ? kinds[kind] : NULL;
}

struct line {
    const char *p;
    size_t n;
};

struct reading {
    struct arena *arena;
    struct doc *doc;
    struct lk_error *err;
    unsigned line_number;
    struct doc_block *blocks;
    size_t n_blocks;
    const char *lang; /* of what follows */
    enum doc_dir dir;
    bool in_value; /* of the last block */
    char *room;    /* where lines are joined */
};

static enum lk_status wrong(const struct reading *r, const char *what)
{
    return FAIL(r->err, LK_INVALID, "line %u of the document: %s", r->line_number, what);
}

static bool next_line(const char *text, size_t n, size_t *at, struct line *out)
{
    if (*at >= n)
        return false;
    const char *end = memchr(text + *at, '\n', n - *at);
    out->p = text + *at;
    out->n = end != NULL ? (size_t)(end - out->p) : n - *at;
    *at += out->n + 1;
    return true;
}

static bool starts(struct line line, const char *word)
{
    size_t n = strlen(word);
    return line.n > n && memcmp(line.p, word, n) == 0;
}

static bool is_text(struct line line)
{
    for (size_t i = 0; i < line.n; i++)
        if ((unsigned char)line.p[i] < 32 || line.p[i] == 127)
            return false;
    return utf8_valid(line.p, line.n);
}

static unsigned kind_of(struct line line)
{
    unsigned kind = 0;
    while (kind < DOC_N_KINDS &&
           (strlen(kinds[kind]) != line.n || memcmp(kinds[kind], line.p, line.n) != 0))
        kind++;
    return kind;
}

static enum lk_status take_word(struct reading *r, struct line word, const char **out)
{
    if (word.n > DOC_MAX_ID_BYTES)
        return wrong(r, "an id or a time has at most 64 bytes");
    *out = arena_copy(r->arena, word.p, word.n);
    return *out != NULL ? LK_OK : FAIL(r->err, LK_NOMEM, "no memory for the document");
}

/* "ar rtl" */
static enum lk_status take_lang(struct reading *r, struct line words)
{
    static const char *const names[] = {"ltr", "rtl", "auto"};
    const char *gap = memchr(words.p, ' ', words.n);
    size_t n_lang = gap != NULL ? (size_t)(gap - words.p) : 0;
    if (n_lang == 0 || n_lang > DOC_MAX_LANG_BYTES)
        return wrong(r, "a language is a code and ltr, rtl or auto");
    struct line dir = {gap + 1, words.n - n_lang - 1};
    for (size_t i = 0; i < n_lang; i++) {
        char c = words.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            c != '-')
            return wrong(r, "a language is a code and ltr, rtl or auto");
    }
    for (unsigned i = 0; i < 3; i++)
        if (strlen(names[i]) == dir.n && memcmp(names[i], dir.p, dir.n) == 0) {
            if (r->lang == NULL)
                r->doc->is_rtl = i == DOC_RTL;
            r->dir = (enum doc_dir)i;
            r->lang = arena_copy(r->arena, words.p, n_lang);
            return r->lang != NULL ? LK_OK : FAIL(r->err, LK_NOMEM, "no memory for the document");
        }
    return wrong(r, "a language is a code and ltr, rtl or auto");
}

/* Appends a line to the text (or value) of the block that was begun last. Texts are joined where
 * they stand in r->room: a value begins only after its text has ended. */
static enum lk_status take_text(struct reading *r, struct line line, bool is_value)
{
    struct doc_block *block = r->n_blocks > 0 ? &r->blocks[r->n_blocks - 1] : NULL;
    if (block == NULL || block->kind == DOC_PAGE)
        return wrong(r, "text that belongs to no block");
    if (is_value && block->kind != DOC_ROW && block->kind != DOC_CODE_ROW)
        return wrong(r, "a value that belongs to no row");
    if (!is_value && r->in_value)
        return wrong(r, "the key of a row behind its value");
    r->in_value = is_value;
    const char **text = is_value ? &block->value : &block->text;
    size_t *n = is_value ? &block->n_value : &block->n_text;
    if (*n == 0)
        *text = r->room;
    else
        r->room[-1] = '\n';
    memcpy(r->room, line.p, line.n);
    r->room += line.n;
    *r->room++ = '\0';
    *n = (size_t)(r->room - 1 - *text);
    return LK_OK;
}

static enum lk_status take_line(struct reading *r, struct line line)
{
    if (!is_text(line))
        return wrong(r, "not plain UTF-8 text");
    if (starts(line, "id "))
        return take_word(r, (struct line){line.p + 3, line.n - 3}, &r->doc->id);
    if (starts(line, "made "))
        return take_word(r, (struct line){line.p + 5, line.n - 5}, &r->doc->made);
    if (starts(line, "lang "))
        return take_lang(r, (struct line){line.p + 5, line.n - 5});
    if (line.n > 0 && (line.p[0] == '>' || line.p[0] == '='))
        return take_text(r, (struct line){line.p + 1, line.n - 1}, line.p[0] == '=');
    unsigned kind = kind_of(line);
    if (kind == DOC_N_KINDS)
        return wrong(r, "neither a block nor text");
    if (r->lang == NULL)
        return wrong(r, "a block before the first language");
    r->in_value = false;
    r->blocks[r->n_blocks++] = (struct doc_block){
        .kind = (enum doc_kind)kind, .dir = r->dir, .lang = r->lang, .text = "", .value = ""};
    return LK_OK;
}

static enum lk_status count_blocks(struct reading *r, const char *text, size_t n, size_t *n_blocks)
{
    struct line line;
    size_t at = 0;
    if (n > DOC_MAX_BYTES)
        return FAIL(r->err, LK_LIMIT, "a document has at most %u bytes", DOC_MAX_BYTES);
    r->line_number = 1;
    if (!next_line(text, n, &at, &line) || line.n != 16 ||
        memcmp(line.p, "likeness-paper 1", 16) != 0)
        return wrong(r, "it does not begin with 'likeness-paper 1'");
    *n_blocks = 0;
    while (next_line(text, n, &at, &line))
        *n_blocks += kind_of(line) < DOC_N_KINDS;
    if (*n_blocks > DOC_MAX_BLOCKS)
        return FAIL(r->err, LK_LIMIT, "a document has at most %d blocks", DOC_MAX_BLOCKS);
    return LK_OK;
}

enum lk_status doc_parse(struct arena *arena, const char *text, size_t n, struct doc *out,
                         struct lk_error *err)
{
    struct reading r = {.arena = arena, .doc = out, .err = err};
    struct line line;
    size_t at = 0, n_blocks = 0;
    *out = (struct doc){.id = "", .made = ""};
    TRY(count_blocks(&r, text, n, &n_blocks));
    r.blocks = arena_zalloc(arena, n_blocks + 1, sizeof *r.blocks);
    r.room = arena_alloc(arena, n + 1);
    if (r.blocks == NULL || r.room == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the document");
    (void)next_line(text, n, &at, &line);
    while (next_line(text, n, &at, &line)) {
        r.line_number++;
        TRY(take_line(&r, line));
    }
    out->blocks = r.blocks;
    out->n_blocks = r.n_blocks;
    return LK_OK;
}
