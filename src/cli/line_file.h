/* cli/line_file.h - a file of record lines (exchange/record_line.h), as pictures, videos and
 * recordings.
 *
 * `likeness hash --register` and `--query` write such files, any hasher may. The lines of one path
 * are one of them, wherever in the file they stand. */
#ifndef CLI_LINE_FILE_H
#define CLI_LINE_FILE_H

#include "base/buf.h"

#include <likeness/print.h>

struct line_file {
    struct lk_sequence *sequences; /* one a path, in the order in which the paths come */
    const char **paths;            /* of the same */
    size_t n, n_records;
    struct lk_record *records;
    struct buf text;
};

/* Reads the file at `path` ("-" is standard input). An empty one has no pictures; a line that
 * cannot be read is an error, as scores made without it would be wrong unseen. Errors: LK_INVALID
 * with file, line and reason; LK_LIMIT (2 GiB; 65535 records of one path), LK_NOT_FOUND, LK_DENIED,
 * LK_IO, LK_NOMEM. The caller frees with line_file_fini(), after an error too. */
enum lk_status line_file_read(const char *path, struct line_file *out,
                              struct lk_error *err) LK_MUST_CHECK;
void line_file_fini(struct line_file *file);

#endif
