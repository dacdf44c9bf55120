/* store/engine.h - what a database engine must offer: statements, nothing about cases.
 *
 * The SQL above this is written once, in the subset that SQLite and PostgreSQL share: parameters
 * $1, $2 ...; integers of 64 bits, BLOB/BYTEA, TEXT; INSERT .. ON CONFLICT DO NOTHING; RETURNING.
 * Only the schema files differ.
 *
 * A connection is used by one thread at a time. Statements are prepared once per connection and
 * found again by the address of their text, which must be a literal. */
#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include <likeness/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store_conn; /* the engine's */
struct store_stmt; /* the engine's */

enum store_type { STORE_NULL, STORE_INT, STORE_BLOB, STORE_TEXT };

/* A parameter. Borrowed until the call returns. */
struct store_value {
    enum store_type type;
    int64_t i;
    const void *p; /* NULL is NULL */
    size_t n;
};

/* One numbered step of the schema. */
struct store_schema {
    int version; /* 1, 2, ... */
    const char *sql;
};

struct store_ops {
    const char *name;
    const struct store_schema *schemas; /* rising, ends with version 0 */

    /* Errors of all of them: LK_BUSY (another process writes), LK_IO (disk full, device),
     * LK_CORRUPT, LK_NOMEM, LK_CONFLICT (a constraint), LK_INTERNAL (our SQL is wrong). */
    enum lk_status (*open)(const char *url, bool writer, struct store_conn **out,
                           struct lk_error *err);
    void (*close)(struct store_conn *conn);

    /* Runs a text of statements without parameters or rows. */
    enum lk_status (*exec)(struct store_conn *conn, const char *sql, struct lk_error *err);

    enum lk_status (*begin)(struct store_conn *conn, bool write, struct lk_error *err);
    enum lk_status (*commit)(struct store_conn *conn, struct lk_error *err);
    void (*rollback)(struct store_conn *conn);
    enum lk_status (*savepoint)(struct store_conn *conn, struct lk_error *err);
    enum lk_status (*release)(struct store_conn *conn, struct lk_error *err);
    enum lk_status (*rollback_savepoint)(struct store_conn *conn, struct lk_error *err);
    /* false when an error has ended the transaction by itself. */
    bool (*in_transaction)(struct store_conn *conn);

    /* The number of the schema, kept with the data; inside a transaction. */
    enum lk_status (*get_version)(struct store_conn *conn, int *version, struct lk_error *err);
    enum lk_status (*set_version)(struct store_conn *conn, int version, struct lk_error *err);

    /* A statement with its parameters, not yet stepped. */
    enum lk_status (*prepare)(struct store_conn *conn, const char *sql,
                              const struct store_value *values, size_t n, struct store_stmt **out,
                              struct lk_error *err);
    /* *row: there is a row to look at. */
    enum lk_status (*step)(struct store_stmt *stmt, bool *row, struct lk_error *err);
    int64_t (*get_i64)(struct store_stmt *stmt, int column); /* NULL gives 0 */
    /* Blob or text, borrowed until the next step; NULL gives NULL, 0. */
    const void *(*get_bytes)(struct store_stmt *stmt, int column, size_t *n);
    void (*finish)(struct store_stmt *stmt);

    /* Overwrites on disk what was deleted, journals included. Outside a transaction.
     * Errors: LK_BUSY when readers were in the way for too long. */
    enum lk_status (*scrub)(struct store_conn *conn, struct lk_error *err);
};

extern const struct store_ops store_sqlite;

#endif
