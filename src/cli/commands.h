/* cli/commands.h - the rows that the command files give to the table in main.c. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli.h"

extern const struct cli_option cmd_hash_options[], cmd_inspect_options[], cmd_match_options[],
    cmd_serve_options[];
extern const char cmd_hash_notes[], cmd_inspect_notes[], cmd_match_notes[], cmd_serve_notes[];
extern const struct cli_option cmd_bank_dedupe_options[];
extern const char cmd_bank_dedupe_notes[], cmd_partner_snapshot_notes[],
    cmd_partner_protocols_notes[], cmd_partner_rotate_notes[];
extern const struct cli_option cmd_partner_protocols_options[];
extern const struct cli_command cmd_admin_table[], cmd_case_table[];
extern const struct cli_command cmd_bank_table[], cmd_node_table[], cmd_partner_table[],
    cmd_desk_table[], cmd_exchange_table[], cmd_webhook_table[], cmd_canary_table[],
    cmd_partner_key_table[], cmd_ledger_table[];

/* Says on standard error what the bank found damaged so far. */
struct bank;
enum lk_status cmd_bank_say_damage(struct bank *bank, struct lk_error *err) LK_MUST_CHECK;

int cmd_hash(struct cli_call *call);
int cmd_inspect(struct cli_call *call);
int cmd_match(struct cli_call *call);
int cmd_bank_info(struct cli_call *call);
int cmd_bank_check(struct cli_call *call);
int cmd_bank_compact(struct cli_call *call);
int cmd_bank_dedupe(struct cli_call *call);
int cmd_desk_import(struct cli_call *call);
int cmd_desk_proposals(struct cli_call *call);
int cmd_desk_take(struct cli_call *call);
int cmd_desk_decline(struct cli_call *call);
int cmd_desk_watch(struct cli_call *call);
int cmd_desk_watches(struct cli_call *call);
int cmd_desk_unwatch(struct cli_call *call);
int cmd_desk_look(struct cli_call *call);
int cmd_node_allow_add(struct cli_call *call);
int cmd_node_allow_list(struct cli_call *call);
int cmd_node_allow_count(struct cli_call *call);
int cmd_node_allow_remove(struct cli_call *call);
int cmd_node_quarantine_list(struct cli_call *call);
int cmd_node_quarantine_release(struct cli_call *call);
int cmd_node_archive_add(struct cli_call *call);
int cmd_node_archive_list(struct cli_call *call);
int cmd_node_archive_count(struct cli_call *call);
int cmd_node_archive_remove(struct cli_call *call);
int cmd_node_findings(struct cli_call *call);
int cmd_node_mark(struct cli_call *call);
int cmd_node_report(struct cli_call *call);
int cmd_node_scan(struct cli_call *call);
int cmd_partner_nodes(struct cli_call *call);
int cmd_partner_snapshot(struct cli_call *call);
int cmd_partner_rotate(struct cli_call *call);
int cmd_partner_protocols(struct cli_call *call);
int cmd_partner_submitted(struct cli_call *call);
int cmd_exchange_add(struct cli_call *call);
int cmd_exchange_list(struct cli_call *call);
int cmd_exchange_match(struct cli_call *call);
int cmd_exchange_pull(struct cli_call *call);
int cmd_exchange_remove(struct cli_call *call);
int cmd_serve(struct cli_call *call);

#endif
