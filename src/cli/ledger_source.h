/* cli/ledger_source.h - a ledger's files: read from a directory or an address, written to a
 * directory. */
#ifndef CLI_LEDGER_SOURCE_H
#define CLI_LEDGER_SOURCE_H

#include "ledger/audit.h"

#define LEDGER_PLACE_BYTES 1024

struct ledger_source {
    struct audit_source source; /* its ctx is this: it must not move */
    char place[LEDGER_PLACE_BYTES];
};

/* A place that begins with http:// or https:// is an address. Errors: LK_LIMIT (too long). */
enum lk_status ledger_source_init(struct ledger_source *s, const char *place,
                                  struct lk_error *err) LK_MUST_CHECK;

/* Writes the checkpoint and every file under it, the newest of partial ones. Errors: LK_IO. */
enum lk_status ledger_export(struct ledger *ledger, uint64_t size, const char *dir,
                             struct lk_error *err) LK_MUST_CHECK;

#endif
