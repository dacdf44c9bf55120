/* cli/allow.h - addresses that the operator opens for webhooks: the option --webhook-allow. */
#ifndef CLI_ALLOW_H
#define CLI_ALLOW_H

#include "cli.h"
#include "sys/fetch.h"

#define ALLOW_OPTION                                                                               \
    {                                                                                              \
        "webhook-allow", "HOST:PORT",                                                              \
            "webhooks may go there, inside your network and by http too; several apart by commas"  \
    }

/* Fills out->allow, in the call's arena; text NULL: with nothing. Errors: LK_INVALID (naming the
 * part that is no NUMBER:PORT), LK_NOMEM. */
enum lk_status allow_read(struct cli_call *call, const char *text, struct fetch_config *out,
                          struct lk_error *err) LK_MUST_CHECK;

#endif
