/* exchange/csv.h - tables as text (RFC 4180), read as they come.
 *
 * Fields are apart by commas, semicolons or tabs: whichever comes first in the first row. A field
 * may stand in quotation marks, with "" for one of them, and then hold separators and line breaks.
 * Rows end with LF, CRLF or CR; empty lines are passed over, as is a byte order mark. Rows may
 * differ in length: what a column means is for the caller. */
#ifndef EXCHANGE_CSV_H
#define EXCHANGE_CSV_H

#include "base/buf.h"

#define CSV_MAX_FIELDS    64
#define CSV_MAX_ROW_BYTES 65536

struct csv_row {
    uint64_t line;                /* where it begins, from 1 */
    char *fields[CSV_MAX_FIELDS]; /* C strings, borrowed during the call, which may change them */
    size_t n_fields;
};

typedef enum lk_status csv_take(void *ctx, const struct csv_row *row, struct lk_error *err);

struct csv {
    csv_take *take;
    void *ctx;
    struct buf text; /* of the row so far: fields, each with its NUL */
    size_t starts[CSV_MAX_FIELDS];
    size_t n_fields;
    uint64_t line, row_line, n_bytes;
    uint8_t state;
    char separator; /* 0: not known yet */
    bool had_row;
};

void csv_init(struct csv *c, csv_take *take, void *ctx);
void csv_fini(struct csv *c);

/* Reads the next bytes; rows that end in them are handed over. Errors, naming the line: LK_INVALID
 * (quotation marks, a NUL), LK_LIMIT, LK_NOMEM, and what take returns. After an error only
 * csv_fini() may follow. */
enum lk_status csv_feed(struct csv *c, const void *bytes, size_t n,
                        struct lk_error *err) LK_MUST_CHECK;

/* The end of the text: hands over a last row without a line break. Errors: as above; LK_INVALID: a
 * quotation mark is still open. */
enum lk_status csv_end(struct csv *c, struct lk_error *err) LK_MUST_CHECK;

/* Appends a field; `after` is what follows it, ',' or '\n' (then CRLF). In quotation marks where it
 * must be. A text that a table program would take for a formula gets an apostrophe in front. */
void csv_put(struct buf *out, const char *text, char after);

#endif
