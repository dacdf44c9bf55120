/* The table of commands: dispatch, help and documentation at once. */
#include "commands.h"

const struct cli_command cli_commands[] = {
    {.name = "hash",
     .arguments = "FILE...",
     .summary = "compute the prints of pictures, videos and recordings",
     .options = cmd_hash_options,
     .run = cmd_hash,
     .notes = cmd_hash_notes},
    {.name = "match",
     .arguments = "FILE...",
     .summary = "look pictures up in a bank",
     .options = cmd_match_options,
     .run = cmd_match,
     .notes = cmd_match_notes},
    {.name = "inspect",
     .arguments = "FILE...",
     .summary = "say what files tell of how they were made",
     .options = cmd_inspect_options,
     .run = cmd_inspect,
     .notes = cmd_inspect_notes},
    {.name = "bank",
     .arguments = "...",
     .summary = "keep a bank of prints in a directory",
     .below = cmd_bank_table},
    {.name = "serve",
     .arguments = "",
     .summary = "run the service: pages and API",
     .options = cmd_serve_options,
     .run = cmd_serve,
     .notes = cmd_serve_notes},
    {.name = "partner",
     .arguments = "...",
     .summary = "keys for platforms, helplines and others",
     .below = cmd_partner_table},
    {.name = "desk",
     .arguments = "...",
     .summary = "the helpline: what people wrote, answers, cases for others",
     .below = cmd_desk_table},
    {.name = "admin",
     .arguments = "...",
     .summary = "accounts of the desk's staff",
     .below = cmd_admin_table},
    {.name = NULL},
};

int main(int argc, char **argv)
{
    return cli_main(argc, argv);
}
