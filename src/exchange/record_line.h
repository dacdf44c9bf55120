/* exchange/record_line.h - a record and where it comes from as one line of text, the form that
 * scripts pipe from command to command.
 *
 *   hex quality kind front_end x y size turn<TAB>path
 *   hex quality kind front_end x y size turn time_ms<TAB>path
 *
 * 64 hexadecimal digits, then words between single blanks: kind and front_end by name ("-" where
 * there is none), the numbers in decimal. Records of a video or a recording have a time, those of a
 * picture have none. The path is all that follows the tab, blanks included.
 * `hex quality path` is read too, with a blank or a tab before the path: the whole print of a
 * picture of unknown shape. */
#ifndef EXCHANGE_RECORD_LINE_H
#define EXCHANGE_RECORD_LINE_H

#include "base/buf.h"

#include <likeness/print.h>

/* Whether a path fits such a line: it is not empty and has neither tab nor line break. */
bool record_line_can_name(const char *path);

/* Writes one line, with its line break; the time where the medium is not LK_IMAGE. The path fits.
 */
void record_line_write(struct buf *out, unsigned medium, const struct lk_record *record,
                       const char *path);

/* Reads one line of n bytes, without its line break; *path is where in it the path begins. The
 * record is one that lk_sequence_check() accepts in a medium that has its kind; *medium is that:
 * without a time LK_IMAGE, with one LK_AUDIO for a sound, else LK_VIDEO. Errors: LK_INVALID, naming
 * what is wrong. Threads: any. */
enum lk_status record_line_read(const char *line, size_t n, struct lk_record *record,
                                unsigned *medium, size_t *path, struct lk_error *err) LK_MUST_CHECK;

#endif
