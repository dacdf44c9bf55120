/* SQLite as an engine; the only file that includes sqlite3.h.
 *
 * WAL with synchronous FULL: a commit is on the device before it is acknowledged, readers never
 * wait for the writer. secure_delete zeroes what is deleted; scrub() then moves it through the log
 * and cuts the log to nothing. DEFENSIVE, trusted_schema OFF: a file made hostile cannot run code
 * through its schema. The file is made with mode 0600, which the log and index inherit. */
#include "store/engine.h"

#include "base/buf.h"
#include "base/err.h"
#include "store/schema.h"
#include "sys/file.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    APPLICATION_ID = 0x4c4b5354, /* "LKST" */
    BUSY_TIMEOUT_MS = 5000,
    SCRUB_TIMEOUT_MS = 500,
    N_STATEMENTS = 256, /* more than the SQL texts there are; a power of two is not needed */
    MAX_PARAMETERS = 24
};

struct store_stmt {
    const char *sql; /* NULL: a free place */
    sqlite3_stmt *stmt;
    struct store_conn *conn;
};

struct store_conn {
    sqlite3 *db;
    struct store_stmt statements[N_STATEMENTS];
};

static enum lk_status status_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return LK_BUSY;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return LK_IO;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return LK_CORRUPT;
    case SQLITE_NOMEM:
        return LK_NOMEM;
    case SQLITE_CONSTRAINT:
        return LK_CONFLICT;
    default:
        return LK_INTERNAL;
    }
}

static enum lk_status failed(struct store_conn *conn, int code, const char *doing,
                             struct lk_error *err)
{
    return FAIL(err, status_of(code), "the store cannot %s: %s", doing,
                conn->db != NULL ? sqlite3_errmsg(conn->db) : sqlite3_errstr(code));
}

static enum lk_status run(struct store_conn *conn, const char *sql, const char *doing,
                          struct lk_error *err)
{
    int code = sqlite3_exec(conn->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? LK_OK : failed(conn, code, doing, err);
}

static enum lk_status sqlite_exec(struct store_conn *conn, const char *sql, struct lk_error *err)
{
    return run(conn, sql, "change its schema", err);
}

static enum lk_status pragma_get(struct store_conn *conn, const char *sql, int64_t *value,
                                 struct lk_error *err)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(conn->db, sql, -1, &stmt, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    if (code == SQLITE_ROW)
        *value = sqlite3_column_int64(stmt, 0);
    enum lk_status status =
        code == SQLITE_ROW ? LK_OK : failed(conn, code, "read its settings", err);
    sqlite3_finalize(stmt);
    return status;
}

static enum lk_status pragma_set(struct store_conn *conn, const char *name, int64_t value,
                                 struct lk_error *err)
{
    char *sql = sqlite3_mprintf("PRAGMA %s = %lld", name, (long long)value);
    if (sql == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the store");
    enum lk_status status = run(conn, sql, "write its settings", err);
    sqlite3_free(sql);
    return status;
}

/* Refuses a file that is another program's. A new one has neither id nor tables. */
static enum lk_status check_owner(struct store_conn *conn, const char *url, struct lk_error *err)
{
    int64_t id = 0, n_tables = 0;
    TRY(pragma_get(conn, "PRAGMA application_id", &id, err));
    TRY(pragma_get(conn, "SELECT count(*) FROM sqlite_schema", &n_tables, err));
    if (id != APPLICATION_ID && (id != 0 || n_tables != 0))
        return FAIL(err, LK_INVALID, "'%s' is a database of another program", url);
    return LK_OK;
}

static enum lk_status configure(struct store_conn *conn, const char *url, bool writer,
                                struct lk_error *err)
{
    sqlite3_extended_result_codes(conn->db, 1);
    sqlite3_busy_timeout(conn->db, BUSY_TIMEOUT_MS);
    sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    TRY(run(conn,
            "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;"
            "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;",
            "set itself up", err));
    if (!writer)
        return run(conn, "PRAGMA query_only = ON", "set itself up", err);
    TRY(check_owner(conn, url, err));
    return run(conn,
               "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;",
               "set itself up", err);
}

static void sqlite_close(struct store_conn *conn)
{
    if (conn == NULL)
        return;
    for (size_t i = 0; i < N_STATEMENTS; i++)
        sqlite3_finalize(conn->statements[i].stmt);
    sqlite3_close(conn->db);
    free(conn);
}

/* SQLite would make the file readable by all: made here first, its log and index inherit 0600. */
static enum lk_status make_file(const char *url, struct lk_error *err)
{
    int fd = -1;
    TRY(file_open(url, O_RDWR | O_CREAT, 0600, &fd, err));
    close(fd);
    return LK_OK;
}

static enum lk_status sqlite_open(const char *url, bool writer, struct store_conn **out,
                                  struct lk_error *err)
{
    if (writer)
        TRY(make_file(url, err));
    struct store_conn *conn = calloc(1, sizeof *conn);
    if (conn == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the store");
    int code = sqlite3_open_v2(
        url, &conn->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    enum lk_status status =
        code == SQLITE_OK ? configure(conn, url, writer, err) : failed(conn, code, "open", err);
    if (status != LK_OK) {
        sqlite_close(conn);
        return status;
    }
    *out = conn;
    return LK_OK;
}

static enum lk_status sqlite_begin(struct store_conn *conn, bool write, struct lk_error *err)
{
    return run(conn, write ? "BEGIN IMMEDIATE" : "BEGIN", "begin a transaction", err);
}

static enum lk_status sqlite_commit(struct store_conn *conn, struct lk_error *err)
{
    return run(conn, "COMMIT", "commit", err);
}

static void sqlite_rollback(struct store_conn *conn)
{
    if (!sqlite3_get_autocommit(conn->db))
        sqlite3_exec(conn->db, "ROLLBACK", NULL, NULL, NULL);
}

static enum lk_status sqlite_savepoint(struct store_conn *conn, struct lk_error *err)
{
    return run(conn, "SAVEPOINT job", "begin a step", err);
}

static enum lk_status sqlite_release(struct store_conn *conn, struct lk_error *err)
{
    return run(conn, "RELEASE job", "end a step", err);
}

static enum lk_status sqlite_rollback_savepoint(struct store_conn *conn, struct lk_error *err)
{
    return run(conn, "ROLLBACK TO job; RELEASE job", "undo a step", err);
}

static bool sqlite_in_transaction(struct store_conn *conn)
{
    return !sqlite3_get_autocommit(conn->db);
}

static enum lk_status sqlite_get_version(struct store_conn *conn, int *version,
                                         struct lk_error *err)
{
    int64_t value = 0;
    TRY(pragma_get(conn, "PRAGMA user_version", &value, err));
    *version = (int)value;
    return LK_OK;
}

static enum lk_status sqlite_set_version(struct store_conn *conn, int version, struct lk_error *err)
{
    TRY(pragma_set(conn, "application_id", APPLICATION_ID, err));
    return pragma_set(conn, "user_version", version, err);
}

static enum lk_status find_statement(struct store_conn *conn, const char *sql,
                                     struct store_stmt **out, struct lk_error *err)
{
    size_t place = (uintptr_t)sql / 8 % N_STATEMENTS;
    for (size_t i = 0; i < N_STATEMENTS; i++) {
        struct store_stmt *s = &conn->statements[(place + i) % N_STATEMENTS];
        if (s->sql == sql) {
            *out = s;
            return LK_OK;
        }
        if (s->sql != NULL)
            continue;
        int code = sqlite3_prepare_v3(conn->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->stmt, NULL);
        if (code != SQLITE_OK)
            return failed(conn, code, "understand a statement", err);
        s->sql = sql;
        s->conn = conn;
        *out = s;
        return LK_OK;
    }
    return FAIL(err, LK_INTERNAL, "more than %d statements on one connection", N_STATEMENTS);
}

static int bind(sqlite3_stmt *stmt, int at, const struct store_value *v)
{
    if (v->type == STORE_INT)
        return sqlite3_bind_int64(stmt, at, v->i);
    if (v->type == STORE_NULL || v->p == NULL)
        return sqlite3_bind_null(stmt, at);
    if (v->type == STORE_TEXT)
        return sqlite3_bind_text64(stmt, at, v->p, v->n, SQLITE_TRANSIENT, SQLITE_UTF8);
    return sqlite3_bind_blob64(stmt, at, v->p, v->n, SQLITE_TRANSIENT);
}

static enum lk_status sqlite_prepare(struct store_conn *conn, const char *sql,
                                     const struct store_value *values, size_t n,
                                     struct store_stmt **out, struct lk_error *err)
{
    static const char names[MAX_PARAMETERS][4] = {
        "$1",  "$2",  "$3",  "$4",  "$5",  "$6",  "$7",  "$8",  "$9",  "$10", "$11", "$12",
        "$13", "$14", "$15", "$16", "$17", "$18", "$19", "$20", "$21", "$22", "$23", "$24"};
    struct store_stmt *s = NULL;
    TRY(find_statement(conn, sql, &s, err));
    if ((size_t)sqlite3_bind_parameter_count(s->stmt) != n || n > MAX_PARAMETERS)
        return FAIL(err, LK_INTERNAL, "a statement was given %zu parameters", n);
    for (size_t i = 0; i < n; i++) {
        int at = sqlite3_bind_parameter_index(s->stmt, names[i]);
        int code = at > 0 ? bind(s->stmt, at, &values[i]) : SQLITE_RANGE;
        if (code != SQLITE_OK)
            return failed(conn, code, "bind a value", err);
    }
    *out = s;
    return LK_OK;
}

static enum lk_status sqlite_step(struct store_stmt *stmt, bool *row, struct lk_error *err)
{
    int code = sqlite3_step(stmt->stmt);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return failed(stmt->conn, code, "read or write", err);
    *row = code == SQLITE_ROW;
    return LK_OK;
}

static int64_t sqlite_get_i64(struct store_stmt *stmt, int column)
{
    return sqlite3_column_int64(stmt->stmt, column);
}

static const void *sqlite_get_bytes(struct store_stmt *stmt, int column, size_t *n)
{
    const void *p = sqlite3_column_blob(stmt->stmt, column);
    *n = p == NULL ? 0 : (size_t)sqlite3_column_bytes(stmt->stmt, column);
    return p;
}

static void sqlite_finish(struct store_stmt *stmt)
{
    sqlite3_reset(stmt->stmt);
    sqlite3_clear_bindings(stmt->stmt);
}

static enum lk_status sqlite_scrub(struct store_conn *conn, struct lk_error *err)
{
    sqlite3_busy_timeout(conn->db, SCRUB_TIMEOUT_MS);
    int code = sqlite3_wal_checkpoint_v2(conn->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    enum lk_status status =
        code == SQLITE_OK ? LK_OK : failed(conn, code, "overwrite its log", err);
    sqlite3_busy_timeout(conn->db, BUSY_TIMEOUT_MS);
    return status;
}

const struct store_ops store_sqlite = {
    .name = "sqlite",
    .schemas = store_schemas_sqlite,
    .open = sqlite_open,
    .close = sqlite_close,
    .exec = sqlite_exec,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .savepoint = sqlite_savepoint,
    .release = sqlite_release,
    .rollback_savepoint = sqlite_rollback_savepoint,
    .in_transaction = sqlite_in_transaction,
    .get_version = sqlite_get_version,
    .set_version = sqlite_set_version,
    .prepare = sqlite_prepare,
    .step = sqlite_step,
    .get_i64 = sqlite_get_i64,
    .get_bytes = sqlite_get_bytes,
    .finish = sqlite_finish,
    .scrub = sqlite_scrub,
};
