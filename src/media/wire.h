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
    WIRE_PRINTS_BYTES = 80,
    WIRE_MAX_FRAMES = 4000000, /* of one video */
    WIRE_MAX_STREAMS = 64,     /* of one file */
};

/* What a job asks for: the pixels of a picture, or the prints of a video or a recording. */
enum wire_task { WIRE_PICTURE = 0, WIRE_PRINTS = 1 };

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
    WIRE_N_PICTURE_FORMATS,
    WIRE_MP4 = WIRE_N_PICTURE_FORMATS, /* and what is built like it: MOV, M4A, 3GP */
    WIRE_WEBM,                         /* and Matroska */
    WIRE_AVI,
    WIRE_MPEG_TS,
    WIRE_MP3,
    WIRE_AAC,
    WIRE_OGG,
    WIRE_FLAC,
    WIRE_WAV,
    WIRE_AMR,
    WIRE_N_FORMATS
};

/* Why there is no picture, or there are no prints. wire.c holds the status and the words. */
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
    WIRE_ONE_PICTURE, /* an animation of a single frame: to be read as a picture */
    WIRE_NO_TRACK,    /* nothing that is decoded here */
    WIRE_TOO_LONG,    /* the answer's duration says how long */
    WIRE_TOO_MANY_FRAMES,
    WIRE_TOO_MANY_STREAMS,
    WIRE_SAYS_NOTHING, /* read, but too flat, too quiet or too short; the reports say how */
    WIRE_N_REASONS
};

/* What was not as it should be in a file that was read all the same. Bits. */
enum wire_warning {
    WIRE_WARN_CUT_SHORT = 1 << 0,
    WIRE_WARN_DAMAGED = 1 << 1,
    WIRE_WARN_NO_PICTURES = 1 << 2, /* there are, but of a kind that is not decoded here */
    WIRE_WARN_NO_SOUND = 1 << 3,    /* likewise */
    WIRE_WARN_CHANGES = 1 << 4,     /* the sound changes its form, and was read up to there */
    WIRE_WARN_QUIET = 1 << 5,       /* the sound says too little, and was left out */
    WIRE_WARN_FLAT = 1 << 6,        /* the pictures likewise */
    WIRE_WARN_ALL = (1 << 7) - 1,
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
    uint8_t task;      /* enum wire_task */
    uint8_t front_end; /* enum lk_front_end, of a picture */
    uint8_t ignore_orientation;
    uint8_t purpose;            /* enum lk_purpose, of prints */
    uint32_t query_interval_ms; /* as of lk_video_options */
    uint32_t max_duration_ms;
};

struct wire_verdict {
    uint32_t magic;      /* WIRE_MAGIC */
    int32_t wait_status; /* as waitpid(2) gives it */
    uint32_t timed_out;  /* the zygote killed it at its deadline */
};

/* Both ends are built together and run on one machine: messages to and from the zygote are plain
 * structs. The number changes with them. */
#define WIRE_MAGIC 0x324a4b4cu

/* The header of an answer, in memory. */
struct wire_answer {
    uint32_t reason; /* enum wire_reason; unless WIRE_FINE the rest may be 0 */
    uint32_t width, height;
    uint32_t source_width, source_height;
    uint8_t format; /* enum wire_format */
    uint8_t channels, orientation, reduced_by;
};

/* The answer to a job of WIRE_PRINTS: any number that say percent only (reason WIRE_FINE, no
 * bytes, below 100 percent), then one, after which the sequence follows in its binary form. */
struct wire_prints {
    uint32_t reason;
    uint32_t percent;
    uint32_t n_bytes; /* of the sequence */
    uint32_t width, height, duration_ms;
    uint32_t warnings;                               /* enum wire_warning */
    uint32_t n_frames, n_used, n_flat, n_kept;       /* as of lk_video_report */
    uint32_t sound_ms, active_ms, n_blocks, n_gated; /* as of lk_audio_report */
    uint8_t format;
    uint8_t is_static;
};

void wire_prints_put(const struct wire_prints *answer, uint8_t bytes[WIRE_PRINTS_BYTES]);

/* Reads and checks one. Errors: LK_INTERNAL (the decoder talks nonsense). */
enum lk_status wire_prints_get(const uint8_t bytes[WIRE_PRINTS_BYTES], const struct wire_job *job,
                               struct wire_prints *out, struct lk_error *err) LK_MUST_CHECK;

/* Turns a reason other than WIRE_FINE into status and words. */
enum lk_status wire_prints_refusal(const struct wire_prints *answer, const struct wire_job *job,
                                   struct lk_error *err) LK_MUST_CHECK;

/* The words of one warning; NULL when the bit is none. */
const char *wire_warning_text(unsigned bit);

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
