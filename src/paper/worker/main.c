/* likeness-paper: a description on standard input (paper/doc.h), a PDF on standard output. */
#include "jail.h"
#include "paper/said.h"
#include "set.h"
#include "sys/file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int say(const struct lk_error *err)
{
    fprintf(stderr, "likeness-paper: %s\n", err->text);
    switch (err->status) {
    case LK_INVALID:
        return SAID_BAD_DOC;
    case LK_LIMIT:
        return SAID_TOO_LONG;
    default:
        return SAID_BROKEN;
    }
}

static enum lk_status run(struct arena *arena, struct lk_error *err)
{
    struct buf in, pdf;
    struct doc doc;
    size_t n_missing = 0;
    buf_init(&in, lk_alloc_heap(), DOC_MAX_BYTES);
    buf_init(&pdf, lk_alloc_heap(), 64u << 20);
    enum lk_status status = file_read_all("-", &in, err);
    if (status == LK_OK)
        status = doc_parse(arena, in.p, in.n, &doc, err);
    if (status == LK_OK)
        status = set_document(&doc, &pdf, &n_missing, err);
    if (status == LK_OK)
        status = file_write(STDOUT_FILENO, pdf.p, pdf.n, err);
    if (n_missing > 0)
        fprintf(stderr, SAID_MISSING "%zu\n", n_missing);
    buf_fini(&in);
    buf_fini(&pdf);
    return status;
}

int main(int argc, char **argv)
{
    struct lk_error err = {0};
    struct arena arena;
    if (argc > 1) {
        fprintf(stderr,
                "%s: a description on standard input, a PDF on standard output; no "
                "arguments\n",
                argv[0]);
        return SAID_BAD_DOC;
    }
    int error = jail_enter();
    if (error != 0) {
        fprintf(stderr, "likeness-paper: cannot jail itself: %s\n", strerror(error));
        return SAID_BROKEN;
    }
    arena_init(&arena, lk_alloc_heap(), 3 * (size_t)DOC_MAX_BYTES + DOC_MAX_BLOCKS * 128);
    enum lk_status status = run(&arena, &err);
    arena_fini(&arena);
    /* Without the libraries' own endings: fontconfig and pango keep what they loaded. */
    _exit(status == LK_OK ? SAID_OK : say(&err));
}
