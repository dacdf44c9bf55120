/* store/sql.h - how the *_rows.c speak to an engine.
 *
 *     struct sql q;
 *     TRY(sql_start(tx, &q, "SELECT id FROM entry WHERE case_id = $1",
 *                   SQL_ARGS(SQL_INT(id)), err));
 *     while (sql_row(&q))
 *         use(sql_i64(&q, 0));
 *     return sql_end(&q);
 *
 * An error while stepping ends the rows and is returned by sql_end(), which must always be called
 * after a successful sql_start(). SQL texts must be literals (store/engine.h). */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include "store/engine.h"

struct store_tx {
    const struct store_ops *ops;
    struct store_conn *conn;
};

struct sql {
    const struct store_ops *ops;
    struct store_stmt *stmt;
    struct lk_error *err;
    enum lk_status status;
};

#define SQL_INT(v)     ((struct store_value){STORE_INT, (int64_t)(v), NULL, 0})
#define SQL_BLOB(p, n) ((struct store_value){STORE_BLOB, 0, (p), (n)})
#define SQL_TEXT(p, n) ((struct store_value){STORE_TEXT, 0, (p), (n)})
#define SQL_ARGS(...)                                                                              \
    (const struct store_value[]){__VA_ARGS__},                                                     \
        sizeof((const struct store_value[]){__VA_ARGS__}) / sizeof(struct store_value)
#define SQL_NO_ARGS NULL, 0

enum lk_status sql_start(struct store_tx *tx, struct sql *q, const char *sql,
                         const struct store_value *values, size_t n,
                         struct lk_error *err) LK_MUST_CHECK;

/* Steps; true when there is a row. */
bool sql_row(struct sql *q);

int64_t sql_i64(struct sql *q, int column);

/* Borrowed until the next step. */
const void *sql_bytes(struct sql *q, int column, size_t *n);

/* Copies a blob of exactly n bytes. Errors: LK_CORRUPT, returned by sql_end() too. */
void sql_copy(struct sql *q, int column, void *out, size_t n);

/* Copies a text with a NUL behind it; "" when there is none, or it does not fit. */
void sql_word(struct sql *q, int column, char *out, size_t n_out);

enum lk_status sql_end(struct sql *q) LK_MUST_CHECK;

/* A statement without rows. */
enum lk_status sql_run(struct store_tx *tx, const char *sql, const struct store_value *values,
                       size_t n, struct lk_error *err) LK_MUST_CHECK;

/* A statement with one row of one number; LK_NOT_FOUND, with the text `missing`, without. */
enum lk_status sql_number(struct store_tx *tx, const char *sql, const struct store_value *values,
                          size_t n, const char *missing, int64_t *out,
                          struct lk_error *err) LK_MUST_CHECK;

#endif
