#include "inputs.h"

#include "base/err.h"
#include "progress.h"
#include "sys/file.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIST_BYTES = 256 << 20, MAX_THREADS = 16, WINDOW = 64 };

static size_t count_lines(const char *text, size_t n)
{
    size_t lines = 0;
    for (size_t i = 0; i < n; i++)
        lines += text[i] == '\n';
    return lines + 1;
}

/* Each line of the list is a path; empty lines are passed over. */
static enum lk_status add_list(struct cli_call *call, const char *list, struct inputs *in,
                               struct lk_error *err)
{
    struct buf text;
    buf_init(&text, &call->arena.alloc, LIST_BYTES);
    TRY(file_read_all(list, &text, err));
    size_t lines = count_lines(text.p, text.n);
    const char **paths = arena_zalloc(&call->arena, in->n + lines, sizeof *paths);
    buf_char(&text, '\n');
    if (paths == NULL || text.status != LK_OK)
        return FAIL(err, LK_NOMEM, "no memory for the list of files");
    memcpy(paths, in->paths, in->n * sizeof *paths);
    for (char *p = text.p, *end = text.p + text.n; p < end;) {
        char *newline = memchr(p, '\n', (size_t)(end - p));
        *newline = '\0';
        if (newline > p)
            paths[in->n++] = p;
        p = newline + 1;
    }
    in->paths = paths;
    return LK_OK;
}

enum lk_status inputs_read_list(struct cli_call *call, const char *list, struct inputs *out,
                                struct lk_error *err)
{
    *out = (struct inputs){call->args, 0};
    return add_list(call, list, out, err);
}

enum lk_status inputs_gather(struct cli_call *call, size_t first, struct inputs *out,
                             struct lk_error *err)
{
    *out = (struct inputs){call->args + first, call->n_args - first};
    const char *list = cli_value(call, "files-from");
    if (list != NULL)
        return add_list(call, list, out, err);
    if (out->n == 0)
        return FAIL(err, LK_INVALID, "no files given (name them, or use --files-from LIST)");
    return LK_OK;
}

enum lk_status inputs_options(const struct cli_call *call, struct input_options *out,
                              struct lk_error *err)
{
    const char *name = cli_value(call, "front-end");
    out->ignore_orientation = cli_has(call, "ignore-orientation");
    out->front_end = LK_FULLRES;
    if (name == NULL)
        return LK_OK;
    unsigned front_end = lk_front_end_from_name(name, strlen(name));
    if (front_end == 0 || front_end > LK_SCALED)
        return FAIL(err, LK_INVALID, "--front-end is fullres, ref512 or scaled, not '%s'", name);
    out->front_end = (enum lk_front_end)front_end;
    return LK_OK;
}

enum lk_status inputs_interval(const struct cli_call *call, struct input_options *out,
                               struct lk_error *err)
{
    int64_t every_ms = 0;
    TRY(cli_number(call, "every-ms", 10, 3600000, &every_ms, err));
    out->query_interval_ms = (uint32_t)every_ms;
    return LK_OK;
}

static enum lk_status open_file(const char *path, int *fd, struct lk_error *err)
{
    struct stat st;
    TRY(file_open(path, O_RDONLY, 0, fd, err));
    if (fstat(*fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        close(*fd);
        return FAIL(err, LK_INVALID, "'%s' is a directory; name the files in it", path);
    }
    return LK_OK;
}

static enum lk_status make_prints(const struct lk_pixels *pixels,
                                  const struct input_options *options, struct input_result *result)
{
    const struct lk_alloc *heap = lk_alloc_heap();
    if (options->purpose == 0)
        return lk_image_print(heap, pixels, options->front_end, &result->prints, &result->err);
    const struct lk_fingerprint_options how = {.purpose = (uint8_t)options->purpose,
                                               .front_end = (uint8_t)options->front_end};
    result->sequence.records = result->records;
    return lk_image_fingerprint(heap, pixels, &how, &result->prints, result->records,
                                &result->sequence.n_records, &result->err);
}

static enum lk_status print_picture(struct media *media, int fd,
                                    const struct input_options *options,
                                    struct input_result *result)
{
    struct media_request request = {.front_end = options->front_end,
                                    .ignore_orientation = options->ignore_orientation};
    struct media_image image;
    result->sequence.medium = LK_IMAGE;
    TRY(media_decode(media, fd, &request, &image, &result->err));
    enum lk_status status = make_prints(&image.pixels, options, result);
    result->width = image.source_width;
    result->height = image.source_height;
    snprintf(result->format, sizeof result->format, "%s", image.format);
    media_image_fini(&image);
    return status;
}

static enum lk_status print_timed(struct media *media, int fd, const struct input_options *options,
                                  struct input_result *result)
{
    const struct media_prints_request request = {
        .purpose = (uint8_t)(options->purpose != 0 ? options->purpose : LK_REGISTRATION),
        .ignore_orientation = options->ignore_orientation,
        .query_interval_ms = options->query_interval_ms,
    };
    TRY(media_prints(media, fd, &request, &result->timed, &result->err));
    result->sequence = result->timed.sequence;
    result->width = result->timed.width;
    result->height = result->timed.height;
    snprintf(result->format, sizeof result->format, "%s", result->timed.format);
    return LK_OK;
}

static enum lk_status print_file(struct media *media, int fd, const struct input_options *options,
                                 struct input_result *result)
{
    uint8_t head[MEDIA_HEAD_BYTES];
    const ssize_t n = pread(fd, head, sizeof head, 0);
    const size_t n_head = n > 0 ? (size_t)n : 0;
    if (media_sort_of(head, n_head) != MEDIA_TIMED)
        return print_picture(media, fd, options, result);
    enum lk_status status = print_timed(media, fd, options, result);
    bool is_gif = n_head > 3 && memcmp(head, "GIF", 3) == 0;
    return status == LK_UNSUPPORTED && is_gif ? print_picture(media, fd, options, result) : status;
}

static enum lk_status fingerprint(struct media *media, const struct input_options *options,
                                  struct input_result *result)
{
    struct lk_error *err = &result->err;
    int fd = -1;
    enum lk_status status = strcmp(result->path, "-") == 0 ? media_spool(STDIN_FILENO, &fd, err)
                                                           : open_file(result->path, &fd, err);
    if (status != LK_OK)
        return strcmp(result->path, "-") == 0 ? FAIL(err, status, "'-': %s", err->text) : status;
    status = print_file(media, fd, options, result);
    close(fd);
    return status == LK_OK ? LK_OK : FAIL(err, status, "'%s': %s", result->path, err->text);
}

enum lk_status input_refusal(const struct input_result *result, struct lk_error *err)
{
    *err = result->err;
    TRY(result->status);
    if (result->sequence.medium != LK_IMAGE)
        return LK_OK; /* media_prints() has refused */
    enum lk_status status = lk_image_refusal(&result->prints, err);
    return status == LK_OK ? LK_OK : FAIL(err, status, "'%s': %s", result->path, err->text);
}

/* Workers take paths in order and never run more than WINDOW ahead of what was handed over. */
struct crew {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    const struct inputs *inputs;
    const struct input_options *options;
    struct media *media;
    size_t next, handed;
    bool stop;
    bool done[WINDOW];
    struct input_result results[WINDOW];
};

static void *work(void *arg)
{
    struct crew *crew = arg;
    pthread_mutex_lock(&crew->lock);
    while (!crew->stop && crew->next < crew->inputs->n) {
        if (crew->next >= crew->handed + WINDOW) {
            pthread_cond_wait(&crew->changed, &crew->lock);
            continue;
        }
        size_t i = crew->next++;
        struct input_result *result = &crew->results[i % WINDOW];
        pthread_mutex_unlock(&crew->lock);
        result->path = crew->inputs->paths[i];
        result->err = (struct lk_error){0};
        result->sequence = (struct lk_sequence){.medium = LK_IMAGE};
        result->timed = (struct media_prints){0};
        result->status = fingerprint(crew->media, crew->options, result);
        pthread_mutex_lock(&crew->lock);
        crew->done[i % WINDOW] = true;
        pthread_cond_broadcast(&crew->changed);
    }
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

static void say_warnings(const struct input_result *result)
{
    uint32_t warnings = result->timed.warnings;
    for (const char *text; (text = media_warning_text(&warnings)) != NULL;)
        cli_say("'%s': %s", result->path, text);
}

static enum lk_status hand_over(struct crew *crew, struct progress *progress,
                                enum lk_status (*each)(void *ctx, const struct input_result *result,
                                                       struct lk_error *err),
                                void *ctx, struct lk_error *err)
{
    enum lk_status status = LK_OK;
    for (size_t i = 0; i < crew->inputs->n && status == LK_OK; i++) {
        pthread_mutex_lock(&crew->lock);
        while (!crew->done[i % WINDOW])
            pthread_cond_wait(&crew->changed, &crew->lock);
        pthread_mutex_unlock(&crew->lock);
        struct input_result *result = &crew->results[i % WINDOW];
        say_warnings(result);
        status = each(ctx, result, err);
        media_prints_fini(&result->timed);
        pthread_mutex_lock(&crew->lock);
        crew->done[i % WINDOW] = false;
        crew->handed = i + 1;
        crew->stop = status != LK_OK;
        pthread_cond_broadcast(&crew->changed);
        pthread_mutex_unlock(&crew->lock);
        progress_show(progress, i + 1);
    }
    return status;
}

static size_t thread_count(size_t n_inputs)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = cpus > 0 ? (size_t)cpus : 1;
    n = n < n_inputs ? n : n_inputs;
    return n < MAX_THREADS ? n : MAX_THREADS;
}

enum lk_status inputs_run(const struct inputs *inputs, const struct input_options *options,
                          enum lk_status (*each)(void *ctx, const struct input_result *result,
                                                 struct lk_error *err),
                          void *ctx, struct lk_error *err)
{
    if (inputs->n == 0)
        return LK_OK;
    struct media *media;
    TRY(media_open(NULL, NULL, &media, err));
    struct crew *crew = calloc(1, sizeof *crew);
    if (crew == NULL) {
        media_close(media);
        return FAIL(err, LK_NOMEM, "no memory for the results of %d files", WINDOW);
    }
    crew->inputs = inputs;
    crew->options = options;
    crew->media = media;
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->changed, NULL);
    pthread_t threads[MAX_THREADS];
    size_t n_threads = 0, wanted = thread_count(inputs->n);
    while (n_threads < wanted && pthread_create(&threads[n_threads], NULL, work, crew) == 0)
        n_threads++;
    enum lk_status status;
    if (n_threads > 0) {
        struct progress progress;
        progress_init(&progress, options->verb, inputs->n);
        status = hand_over(crew, &progress, each, ctx, err);
        progress_fini(&progress);
    } else {
        status = FAIL(err, LK_BUSY, "cannot start a thread; try again when the machine is freer");
    }
    for (size_t i = 0; i < n_threads; i++)
        pthread_join(threads[i], NULL);
    pthread_cond_destroy(&crew->changed);
    pthread_mutex_destroy(&crew->lock);
    free(crew);
    media_close(media);
    return status;
}
