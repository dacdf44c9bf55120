/* cli/inputs.h - the pictures that a command is given, decoded and fingerprinted.
 *
 * Files come as arguments ("-" is the picture on standard input) or as a list of paths
 * (--files-from, "-" for standard input). They are worked on side by side, and handed over one by
 * one in the order they were given. */
#ifndef CLI_INPUTS_H
#define CLI_INPUTS_H

#include "cli.h"

#include <likeness/fingerprint.h>

/* What became of one file. */
struct input_result {
    const char *path;
    enum lk_status status;
    struct lk_error err; /* when status is not LK_OK */
    struct lk_image_prints prints;
    size_t n_records; /* where a purpose was given */
    struct lk_record records[LK_MAX_IMAGE_RECORDS];
    uint32_t width, height; /* of the picture in the file, as it is shown */
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

struct input_options {
    enum lk_front_end front_end;
    bool ignore_orientation;
    unsigned purpose; /* enum lk_purpose: all its records are made; 0: the whole prints alone */
    const char *verb; /* for the progress line on a terminal: "hashed" */
};

/* Reads --front-end and --ignore-orientation, where the command has them. */
enum lk_status inputs_options(const struct cli_call *call, struct input_options *out,
                              struct lk_error *err) LK_MUST_CHECK;

/* Says whether a picture may be registered or looked up: its own error, or lk_image_refusal() with
 * the path before it. Errors: as result->err, LK_INVALID. */
enum lk_status input_refusal(const struct input_result *result, struct lk_error *err) LK_MUST_CHECK;

/* Fingerprints every file and calls each() with the results, in order. each() returns LK_OK to go
 * on; any other status ends the run and is returned, as is a decoder that cannot be started. */
enum lk_status inputs_run(const struct inputs *inputs, const struct input_options *options,
                          enum lk_status (*each)(void *ctx, const struct input_result *result,
                                                 struct lk_error *err),
                          void *ctx, struct lk_error *err) LK_MUST_CHECK;

#endif
