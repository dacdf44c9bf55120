/* Read everything, tell the format, shut the jail, decode, write. The exit codes only serve
 * whoever reads the client's "stopped without an answer". */
#include "job.h"

#include "av.h"
#include "codec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_NO_JAIL = 3, EXIT_NO_READER = 4, FIRST_BYTES = 1 << 16 };

struct input {
    uint8_t *bytes;
    size_t n, cap;
};

/* Room for what the file says it has, so that reading it rarely copies. */
static size_t first_guess(uint64_t max_bytes)
{
    struct stat st;
    uint64_t guess = FIRST_BYTES;
    if (fstat(JAIL_INPUT_FD, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > FIRST_BYTES)
        guess = (uint64_t)st.st_size + 1;
    return (size_t)(guess <= max_bytes ? guess : max_bytes + 1);
}

static enum wire_reason read_input(struct input *in, uint64_t max_bytes)
{
    in->cap = first_guess(max_bytes);
    in->bytes = malloc(in->cap);
    while (in->bytes != NULL) {
        ssize_t r = read(JAIL_INPUT_FD, in->bytes + in->n, in->cap - in->n);
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return WIRE_READ_FAILED;
        if (r == 0)
            return in->n > 0 ? WIRE_FINE : WIRE_EMPTY;
        in->n += (size_t)r;
        if (in->n > max_bytes)
            return WIRE_TOO_MANY_BYTES;
        if (in->n < in->cap)
            continue;
        in->cap *= 2;
        uint8_t *more = realloc(in->bytes, in->cap);
        if (more == NULL)
            return WIRE_NO_MEMORY;
        in->bytes = more;
    }
    return WIRE_NO_MEMORY;
}

static void write_all(const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        ssize_t w = write(JAIL_OUTPUT_FD, bytes, n);
        if (w < 0 && errno != EINTR)
            _exit(EXIT_NO_READER);
        if (w > 0) {
            bytes += w;
            n -= (size_t)w;
        }
    }
}

static void write_prints(const struct wire_prints *answer)
{
    uint8_t header[WIRE_PRINTS_BYTES];
    wire_prints_put(answer, header);
    write_all(header, sizeof header);
}

static void write_progress(void *ctx, unsigned percent)
{
    (void)ctx;
    write_prints(&(struct wire_prints){.percent = percent});
}

/* Video and sound: the input is read as it is decoded. */
static _Noreturn void run_prints(const struct jail *jail, const struct wire_job *job)
{
    struct av_prints prints;
    uint8_t *bytes = NULL;
    if (jail_shut(jail, JAIL_AV) != 0)
        _exit(EXIT_NO_JAIL);
    av_run(JAIL_INPUT_FD, job, write_progress, NULL, &prints);
    if (prints.answer.reason == WIRE_FINE) {
        bytes = malloc(lk_sequence_encoded_bytes(&prints.sequence));
        if (bytes == NULL)
            prints.answer.reason = WIRE_NO_MEMORY;
        else
            prints.answer.n_bytes = (uint32_t)lk_sequence_encode(&prints.sequence, bytes);
    }
    write_prints(&prints.answer);
    write_all(bytes, prints.answer.n_bytes);
    _exit(0);
}

_Noreturn void job_run(const struct jail *jail, const struct wire_job *job, int input_fd,
                       int output_fd)
{
    struct input in = {0};
    struct picture picture = {0};
    struct wire_answer answer = {0};
    if (jail_enter_child(jail, job, input_fd, output_fd) != 0)
        _exit(EXIT_NO_JAIL);
    if (job->task == WIRE_PRINTS)
        run_prints(jail, job);
    answer.reason = read_input(&in, job->max_bytes);
    const struct codec *codec = answer.reason == WIRE_FINE ? codec_find(in.bytes, in.n) : NULL;
    bool needs_threads = codec != NULL && codec->needs_threads;
    if (jail_shut(jail, needs_threads ? JAIL_HEIF : JAIL_PLAIN) != 0)
        _exit(EXIT_NO_JAIL);
    if (codec != NULL)
        codec_run(codec, in.bytes, in.n, job, &answer, &picture);
    else if (answer.reason == WIRE_FINE)
        answer.reason = WIRE_NO_FORMAT;
    uint8_t header[WIRE_ANSWER_BYTES];
    wire_answer_put(&answer, header);
    write_all(header, sizeof header);
    if (answer.reason == WIRE_FINE)
        write_all(picture.pixels, (size_t)picture.width * picture.height * picture.channels);
    _exit(0);
}
