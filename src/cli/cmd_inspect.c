/* likeness inspect: what files say of how they were made. Nothing is decoded: the parsers are our
 * own and pure, read a few pieces of the file, and run in this process. */
#include "base/err.h"
#include "commands.h"
#include "inspect/inspect.h"
#include "inspect/made_json.h"
#include "inspect/made_text.h"
#include "media/media.h"
#include "sys/file.h"
#include "sys/signature.h"

#include <string.h>
#include <unistd.h>

const struct cli_option cmd_inspect_options[] = {
    {"json", NULL, "one JSON object a file"},
    {"show-prompts", NULL, "show what a generator was asked for, and by whom"},
    {NULL, NULL, NULL},
};

const char cmd_inspect_notes[] =
    "Reads Content Credentials (C2PA), XMP, IPTC, EXIF and what generators leave in JPEG, PNG, "
    "WebP,\n"
    "GIF, TIFF, HEIC, AVIF, MP4, MOV, M4A, WAV and MP3, of any size; from a pipe or FILE -, "
    "standard\n"
    "input, up to 1 GiB. Says one of: found, signed - found, unsigned - not found - cannot tell; "
    "never whether\n"
    "something is real. Prompts are hidden unless asked for: they may be abusive themselves.\n\n"
    "Of a credential it checks the signature, the hashes of its statements and the hash of the\n"
    "content. It keeps no list of whom to trust: the signer is who its certificate says.\n\n"
    "exit: 0 every file was read, 2 usage, 3 and up by what went wrong first";

enum { FILE_MEMORY_BYTES = 128 << 20 };

struct opened {
    int fd;
    struct lk_error *err; /* why a read failed, for whoever opened it */
};

static bool read_file(void *ctx, uint64_t offset, void *bytes, size_t n)
{
    struct opened *opened = ctx;
    size_t got = 0;
    return file_pread(opened->fd, bytes, n, (int64_t)offset, &got, opened->err) == LK_OK &&
           got == n;
}

/* Fills in what the pure parsers leave open. */
static void check_seals(struct inspect_report *report)
{
    for (struct inspect_credential *c = report->credentials; c != NULL; c = c->next) {
        struct lk_error why;
        const struct inspect_seal *seal = &c->seal;
        const struct signature s = {seal->algorithm,  seal->key.p,     seal->key.n,
                                    seal->message.p,  seal->message.n, seal->signature.p,
                                    seal->signature.n};
        if (s.n_bytes == 0)
            continue;
        enum lk_status status = signature_check(&s, &why);
        if (status == LK_OK || status == LK_DENIED)
            c->signature = status == LK_OK ? INSPECT_HOLDS : INSPECT_FAILS;
        else
            c->signature_why = status == LK_UNSUPPORTED ? INSPECT_ALGORITHM : INSPECT_NO_KEY;
    }
}

static void write_report(struct cli_call *call, const char *path,
                         const struct inspect_report *report)
{
    bool with_prompts = cli_has(call, "show-prompts");
    if (!cli_has(call, "json")) {
        buf_fmt(&call->out, "%s\n", path);
        made_text(&call->out, report, with_prompts);
        return;
    }
    struct json j;
    json_init(&j, &call->out);
    json_object(&j);
    json_put_text(&j, "path", path);
    made_json(&j, report, with_prompts);
    json_end_object(&j);
    buf_char(&call->out, '\n');
}

static enum lk_status inspect_fd(struct cli_call *call, const char *path, int fd,
                                 struct lk_error *err)
{
    const struct inspect_options options = {.max_hashed_bytes = 0};
    struct inspect_report report;
    struct arena arena;
    int64_t size;
    TRY(file_size(fd, &size, err));
    struct lk_error why = {.status = LK_OK};
    struct opened opened = {fd, &why};
    const struct inspect_source source = {read_file, &opened, (uint64_t)size};
    arena_init(&arena, lk_alloc_heap(), FILE_MEMORY_BYTES);
    inspect_read(&source, &options, &arena, &report);
    enum lk_status status = why.status;
    if (status == LK_OK) {
        check_seals(&report);
        write_report(call, path, &report);
        status = cli_flush(call, err);
    } else {
        *err = why;
    }
    arena_fini(&arena);
    return status;
}

/* What comes from a pipe is copied to memory first, so that it can be read at any place. */
static enum lk_status inspect_file(struct cli_call *call, const char *path, struct lk_error *err)
{
    int fd = STDIN_FILENO, readable;
    if (strcmp(path, "-") != 0)
        TRY(file_open(path, O_RDONLY, 0, &fd, err));
    enum lk_status status = media_spool(fd, &readable, err);
    if (fd != STDIN_FILENO)
        close(fd);
    TRY(status);
    status = inspect_fd(call, path, readable, err);
    close(readable);
    return status;
}

int cmd_inspect(struct cli_call *call)
{
    enum lk_status first_failure = LK_OK;
    struct lk_error err;
    if (call->n_args == 0)
        return cli_usage(call, "no files given");
    for (size_t i = 0; i < call->n_args; i++) {
        enum lk_status status = inspect_file(call, call->args[i], &err);
        if (status == LK_OK)
            continue;
        if (first_failure == LK_OK)
            first_failure = status;
        cli_say("%s", err.text);
    }
    if (!cli_has(call, "json") && first_failure == LK_OK) {
        buf_char(&call->out, '\n');
        made_text_reminders(&call->out);
    }
    return lk_status_exit(first_failure);
}
