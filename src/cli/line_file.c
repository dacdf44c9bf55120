/* Lines are read in order, then sorted by path, and by time, so that the records of one file lie
 * side by side; the files are handed out in the order in which their first lines came. */
#include "line_file.h"

#include "base/err.h"
#include "exchange/record_line.h"
#include "sys/file.h"

#include <stdlib.h>
#include <string.h>

static const size_t FILE_BYTES = (size_t)2 << 30;

struct line {
    const char *path;
    size_t number; /* from 0 */
    unsigned medium;
    struct lk_record record;
};

/* A run of sorted lines with one path. */
struct run {
    size_t first, n;
    size_t number; /* of its first line in the file */
};

static size_t count_lines(const struct buf *text)
{
    size_t n = 0;
    for (size_t i = 0; i < text->n; i++)
        n += text->p[i] == '\n';
    return n;
}

/* The text ends with a line break. */
static enum lk_status read_lines(struct buf *text, const char *name, struct line *lines, size_t *n,
                                 struct lk_error *err)
{
    size_t number = 0;
    *n = 0;
    for (char *p = text->p, *end = text->p + text->n, *newline; p < end; p = newline + 1) {
        newline = memchr(p, '\n', (size_t)(end - p));
        struct line *line = &lines[*n];
        size_t path;
        number++;
        if (newline == p)
            continue;
        struct lk_error why;
        if (record_line_read(p, (size_t)(newline - p), &line->record, &line->medium, &path, &why) !=
            LK_OK)
            return FAIL(err, why.status, "'%s', line %zu: %s", name, number, why.text);
        *newline = '\0';
        line->path = p + path;
        line->number = (*n)++;
    }
    return LK_OK;
}

static int by_path(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    int order = strcmp(x->path, y->path);
    if (order != 0)
        return order;
    if (x->record.time_ms != y->record.time_ms)
        return x->record.time_ms < y->record.time_ms ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

static int by_number(const void *a, const void *b)
{
    const struct run *x = a, *y = b;
    return x->number < y->number ? -1 : 1;
}

static size_t find_runs(const struct line *lines, size_t n, struct run *runs)
{
    size_t n_runs = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || strcmp(lines[i].path, lines[i - 1].path) != 0)
            runs[n_runs++] = (struct run){.first = i, .number = lines[i].number};
        struct run *run = &runs[n_runs - 1];
        run->number = lines[i].number < run->number ? lines[i].number : run->number;
        run->n++;
    }
    return n_runs;
}

/* A picture has pictures alone; sound beside frames belongs to the video. */
static enum lk_status medium_of(const struct line *lines, const struct run *run, const char *name,
                                unsigned *medium, struct lk_error *err)
{
    *medium = lines[run->first].medium;
    for (size_t i = run->first; i < run->first + run->n; i++) {
        if ((lines[i].medium == LK_IMAGE) != (*medium == LK_IMAGE))
            return FAIL(err, LK_INVALID,
                        "'%s', line %zu: some lines of one path have a time, others have none",
                        name, lines[i].number + 1);
        if (lines[i].medium == LK_VIDEO)
            *medium = LK_VIDEO;
    }
    return LK_OK;
}

static enum lk_status fill(struct line_file *file, const struct line *lines, const struct run *runs,
                           const char *name, struct lk_error *err)
{
    struct lk_record *at = file->records;
    for (size_t i = 0; i < file->n; i++) {
        const struct run *run = &runs[i];
        if (run->n > LK_MAX_RECORDS)
            return FAIL(err, LK_LIMIT, "'%s': a path has %zu lines; at most %d may be of one", name,
                        run->n, LK_MAX_RECORDS);
        unsigned medium;
        TRY(medium_of(lines, run, name, &medium, err));
        file->paths[i] = lines[run->first].path;
        file->sequences[i] =
            (struct lk_sequence){.medium = (uint8_t)medium, .records = at, .n_records = run->n};
        for (size_t k = 0; k < run->n; k++)
            *at++ = lines[run->first + k].record;
    }
    return LK_OK;
}

static enum lk_status no_memory(const char *name, struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for the lines of '%s'", name);
}

static enum lk_status group(struct line_file *file, struct line *lines, size_t n, const char *name,
                            struct lk_error *err)
{
    struct run *runs = calloc(n + 1, sizeof *runs);
    if (runs == NULL)
        return no_memory(name, err);
    qsort(lines, n, sizeof *lines, by_path);
    file->n = find_runs(lines, n, runs);
    file->n_records = n;
    qsort(runs, file->n, sizeof *runs, by_number);
    file->sequences = calloc(file->n + 1, sizeof *file->sequences);
    file->paths = calloc(file->n + 1, sizeof *file->paths);
    file->records = calloc(n + 1, sizeof *file->records);
    enum lk_status status = file->sequences == NULL || file->paths == NULL || file->records == NULL
                                ? no_memory(name, err)
                                : fill(file, lines, runs, name, err);
    free(runs);
    return status;
}

enum lk_status line_file_read(const char *path, struct line_file *out, struct lk_error *err)
{
    *out = (struct line_file){0};
    buf_init(&out->text, lk_alloc_heap(), FILE_BYTES);
    TRY(file_read_all(path, &out->text, err));
    if (out->text.n > 0 && out->text.p[out->text.n - 1] != '\n')
        buf_char(&out->text, '\n');
    TRY(buf_status(&out->text, "file of lines", err));
    struct line *lines = calloc(count_lines(&out->text) + 1, sizeof *lines);
    if (lines == NULL)
        return no_memory(path, err);
    size_t n;
    enum lk_status status = read_lines(&out->text, path, lines, &n, err);
    if (status == LK_OK)
        status = group(out, lines, n, path, err);
    free(lines);
    return status;
}

void line_file_fini(struct line_file *file)
{
    free(file->sequences);
    free(file->paths);
    free(file->records);
    buf_fini(&file->text);
}
