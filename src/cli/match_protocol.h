/* cli/match_protocol.h - likeness match --protocol: lines of prints against lines of prints.
 *
 * Every path of the first file is an entry of a bank in memory, every path of the second a query;
 * no picture is decoded. For measuring recall and false matches with any hasher's prints. */
#ifndef CLI_MATCH_PROTOCOL_H
#define CLI_MATCH_PROTOCOL_H

#include "cli.h"

/* The exit code: 0 whenever it ran, whatever matched. */
int match_protocol(struct cli_call *call);

#endif
