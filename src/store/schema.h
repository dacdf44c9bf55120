/* store/schema.h - the files of schema/, built in (tools/embed_sql.py). */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "store/engine.h"

extern const struct store_schema store_schemas_sqlite[];

#endif
