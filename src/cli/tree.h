/* cli/tree.h - the files below directories. */
#ifndef CLI_TREE_H
#define CLI_TREE_H

#include "inputs.h"

/* Each path that is a directory gives way to the files below it, in the order of their names, links
 * not followed; others stay. Errors: LK_IO, LK_DENIED (a directory that cannot be read), LK_NOMEM.
 */
enum lk_status tree_spread(struct cli_call *call, struct inputs *inputs,
                           struct lk_error *err) LK_MUST_CHECK;

#endif
