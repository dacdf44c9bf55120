/* service/api/api.h - the handlers of the interface for programs, one file a resource. What each
 * takes and answers is specified in docs/api.yaml. */
#ifndef SERVICE_API_API_H
#define SERVICE_API_API_H

#include "service/route.h"

handler api_case_open, api_case_status, api_case_add;                   /* cases.c */
handler api_case_withdraw, api_case_open_many;                          /* cases.c */
handler api_match;                                                      /* match_query.c */
handler api_match_list, api_match_get, api_match_answer;                /* matches.c */
handler api_notice_list, api_notice_get, api_notice_answer;             /* notices.c */
handler api_notice_statement, api_match_statement, api_statements;      /* statements.c */
handler api_blocks;                                                     /* blocks.c */
handler api_blocks;                                                     /* blocks.c */
handler api_answers;                                                    /* answers.c */
handler api_webhook_list, api_webhook_add, api_webhook_log;             /* webhooks.c */
handler api_webhook_remove, api_webhook_test;                           /* webhooks.c */
handler api_webhook_enable, api_webhook_rotate;                         /* webhooks.c */
handler api_feed_join, api_feed, api_feed_receipt;                      /* feed.c */
handler api_stopncii_fetch, api_stopncii_feedback, api_stopncii_submit; /* stopncii.c */
handler api_ncmec_status, api_ncmec_members, api_ncmec_entries;         /* ncmec.c */
handler api_ncmec_reasons, api_ncmec_feedback;                          /* ncmec.c */
handler api_threat_updates;                                             /* threat_updates.c */
handler api_livez, api_readyz, api_metrics, api_security_txt;           /* health.c */
handler api_ledger_checkpoint, api_ledger_tile;                         /* ledger.c */
handler api_asset, api_icon, api_wasm_hashes;                           /* asset.c */

#endif
