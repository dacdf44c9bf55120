/* cli/inputs.h - the pictures, videos and recordings that a command is given, decoded and
 * fingerprinted.
 *
 * Files come as arguments ("-" is the file on standard input) or as a list of paths
 * (--files-from, "-" for standard input). They are worked on side by side, and handed over one by
 * one in the order they were given. */
#ifndef CLI_INPUTS_H
#define CLI_INPUTS_H

#include "cli.h"

#include "media/media.h"

#include <likeness/fingerprint.h>

/* What became of one file. */
struct input_result {
    const char *path;
    enum lk_status status;
    struct lk_error err;         /* when status is not LK_OK */
    struct lk_sequence sequence; /* of a picture: where a purpose was given; borrowed from here */
    /* Of a picture. */
    struct lk_image_prints prints;
    struct lk_record records[LK_MAX_IMAGE_RECORDS];
    /* Of a video or recording. */
    struct media_prints timed;
    uint32_t width, height; /* of the picture in the file, as it is shown; 0: there is none */
    char format[12];
};

struct inputs {
    const char **paths;
    size_t n;
};

/* Gathers the paths of a call: its arguments from `first` on, then the lines of --files-from.
 * Errors: LK_INVALID when there are none. */
enum lk_status inputs_gather(struct cli_call *call, size_t first, struct inputs *out,
                             struct lk_error *err) LK_MUST_CHECK;

/* Reads the paths of a list, one a line; "-" is standard input. */
enum lk_status inputs_read_list(struct cli_call *call, const char *list, struct inputs *out,
                                struct lk_error *err) LK_MUST_CHECK;

struct input_options {
    enum lk_front_end front_end;
    bool ignore_orientation;
    unsigned purpose; /* enum lk_purpose: all its records are made; 0: of pictures the whole prints
                         alone, of the others what registering needs */
    uint32_t query_interval_ms; /* as of lk_video_options */
    const char *verb;           /* for the progress line on a terminal: "hashed" */
};

/* Reads --front-end and --ignore-orientation, where the command has them. */
enum lk_status inputs_options(const struct cli_call *call, struct input_options *out,
                              struct lk_error *err) LK_MUST_CHECK;

#define EVERY_MS_OPTION                                                                            \
    {                                                                                              \
        "every-ms", "N", "look up a frame of a video every N milliseconds (default 500)"           \
    }

/* Reads --every-ms. */
enum lk_status inputs_interval(const struct cli_call *call, struct input_options *out,
                               struct lk_error *err) LK_MUST_CHECK;

/* Says whether a file may be registered or looked up: its own error, or lk_image_refusal() with
 * the path before it. Errors: as result->err, LK_INVALID. */
enum lk_status input_refusal(const struct input_result *result, struct lk_error *err) LK_MUST_CHECK;

/* Fingerprints every file and calls each() with the results, in order. each() returns LK_OK to go
 * on; any other status ends the run and is returned, as is a decoder that cannot be started. */
enum lk_status inputs_run(const struct inputs *inputs, const struct input_options *options,
                          enum lk_status (*each)(void *ctx, const struct input_result *result,
                                                 struct lk_error *err),
                          void *ctx, struct lk_error *err) LK_MUST_CHECK;

#endif
