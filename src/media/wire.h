/* media/wire.h - what the client and likeness-decode say to each other.
 *
 * A job goes down a SOCK_SEQPACKET socket as one fixed message with three descriptors: the input,
 * a pipe for the answer, a pipe for the verdict. The decoding child writes the answer: one header,
 * then the pixels. The zygote, which the child cannot impersonate, writes the verdict: how the
 * child ended. The child may have been taken over by what it decoded, so an answer carries numbers
 * and codes only; every one is checked here against the job, and the words are chosen here. */
#ifndef MEDIA_WIRE_H
#define MEDIA_WIRE_H

#include <likeness/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WIRE_SOCKET_FD = 3, /* where the zygote finds its end of the socket */
    WIRE_N_FDS = 3,     /* of a job: input, answer, verdict */
    WIRE_ANSWER_BYTES = 64,
};

enum wire_format {
    WIRE_UNKNOWN = 0,
    WIRE_JPEG,
    WIRE_PNG,
    WIRE_WEBP,
    WIRE_GIF,
    WIRE_HEIC,
    WIRE_AVIF,
    WIRE_TIFF,
    WIRE_BMP,
    WIRE_PNM,
    WIRE_N_FORMATS
};

/* Why there is no picture. wire.c holds the status and the words of each. */
enum wire_reason {
    WIRE_FINE = 0,
    WIRE_EMPTY,
    WIRE_NO_FORMAT,
    WIRE_CUT_SHORT,
    WIRE_DAMAGED,
    WIRE_VARIANT, /* a kind of this format that nobody here decodes */
    WIRE_TOO_MANY_BYTES,
    WIRE_TOO_MANY_PIXELS, /* the answer's source size says how many */
    WIRE_TOO_LONG_SIDE,
    WIRE_NO_MEMORY,
    WIRE_READ_FAILED,
    WIRE_N_REASONS
};

/* The zygote's first message. */
struct wire_ready {
    uint32_t magic; /* WIRE_MAGIC */
    uint32_t landlock_abi;
    uint32_t has_namespaces;
};

struct wire_job {
    uint32_t magic; /* WIRE_MAGIC */
    uint32_t timeout_ms;
    uint64_t max_bytes, max_pixels, memory_bytes;
    uint8_t front_end; /* enum lk_front_end */
    uint8_t ignore_orientation;
};

struct wire_verdict {
    uint32_t magic;      /* WIRE_MAGIC */
    int32_t wait_status; /* as waitpid(2) gives it */
    uint32_t timed_out;  /* the zygote killed it at its deadline */
};

/* Both ends are built together and run on one machine: messages to and from the zygote are plain
 * structs. The number changes with them. */
#define WIRE_MAGIC 0x314a4b4cu

/* The header of an answer, in memory. */
struct wire_answer {
    uint32_t reason; /* enum wire_reason; unless WIRE_FINE the rest may be 0 */
    uint32_t width, height;
    uint32_t source_width, source_height;
    uint8_t format; /* enum wire_format */
    uint8_t channels, orientation, reduced_by;
};

void wire_answer_put(const struct wire_answer *answer, uint8_t bytes[WIRE_ANSWER_BYTES]);

/* Reads and checks a header: a WIRE_FINE one describes a picture that can be the answer to `job`.
 * Errors: LK_INTERNAL (the decoder talks nonsense). */
enum lk_status wire_answer_get(const uint8_t bytes[WIRE_ANSWER_BYTES], const struct wire_job *job,
                               struct wire_answer *out, struct lk_error *err) LK_MUST_CHECK;

/* Turns a reason other than WIRE_FINE into status and words. */
enum lk_status wire_refusal(const struct wire_answer *answer, const struct wire_job *job,
                            struct lk_error *err) LK_MUST_CHECK;

/* Turns the end of a child that gave no answer into status and words; verdict NULL: the zygote
 * itself is gone. */
enum lk_status wire_death(const struct wire_verdict *verdict, const struct wire_job *job,
                          struct lk_error *err) LK_MUST_CHECK;

/* "jpeg", ...; "unknown". */
const char *wire_format_name(unsigned format);

#endif
