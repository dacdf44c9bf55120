#include "store/meta_rows.h"

#include "base/err.h"
#include "store/sql.h"

#include <string.h>

enum lk_status meta_get(struct store_tx *tx, const char *name, void *value, size_t n, bool *found,
                        struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, "SELECT value FROM meta WHERE name = $1",
                  SQL_ARGS(SQL_TEXT(name, strlen(name))), err));
    *found = sql_row(&q);
    if (*found)
        sql_copy(&q, 0, value, n);
    return sql_end(&q);
}

enum lk_status meta_put(struct store_tx *tx, const char *name, const void *value, size_t n,
                        struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO meta (name, value) VALUES ($1, $2)"
                   " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                   SQL_ARGS(SQL_TEXT(name, strlen(name)), SQL_BLOB(value, n)), err);
}
